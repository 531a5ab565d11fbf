#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/slicer_settings.hpp"

namespace farmwall::wire {

// What the comment blocks of a G-code say (protocol 11.6); lists in the order of its used filaments.
struct GcodeText {
    bool has_blocks = false;    // HEADER, CONFIG and EXECUTABLE
    bool has_commands = false;  // a line that is a G or M command
    std::string slicer;
    std::optional<std::chrono::seconds> prediction;
    std::optional<int> layers;
    std::vector<double> grams;
    std::vector<double> metres;
    std::vector<int> filament_ids;  // used ones, from 1
    SlicerSettings settings;
};

// Keeps the beginning and the end of a G-code that goes by in pieces; the rest is only looked at.
class GcodeSample {
public:
    void add(std::string_view piece);
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    // A zero byte somewhere: not text.
    [[nodiscard]] bool is_binary() const { return binary_; }
    // The blocks of the beginning, and of the end what the beginning does not have.
    [[nodiscard]] GcodeText read() const;

private:
    std::string head_;
    std::string tail_;  // what follows the head; the newest bytes of it
    std::uint64_t bytes_ = 0;
    bool binary_ = false;
};

}  // namespace farmwall::wire
