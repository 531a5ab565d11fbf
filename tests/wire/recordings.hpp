#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/printer_state.hpp"
#include "model/report.hpp"

namespace farmwall::wire {

// Recorded reports lie in the folder FARMWALL_FIXTURES, by default ../shared/fixtures beside the
// project. Tests that need one that is absent are passed over, and say so.

// The messages of one recording, compact, in the order in which they came.
struct Recording {
    std::string model;        // as its wrapper names it
    std::string pushall;      // empty: the recording has none
    std::string get_version;  // empty: the recording has none
    std::vector<std::string> deltas;
};
[[nodiscard]] std::optional<Recording> load_recording(std::string_view name);
// The file of that name beside the recordings; nothing, said aloud, where it is absent.
[[nodiscard]] std::optional<std::filesystem::path> recorded_file(std::string_view name);
// Names of all recordings there are, without ".json".
[[nodiscard]] std::vector<std::string> recording_names();

// A printer that is connected to, and to which messages are played.
class Player {
public:
    explicit Player(const Recording& recording);

    void play(const std::string& message);
    void play_delta(std::size_t index) { play(deltas_.at(index)); }

    PrinterState printer;
    int lost_fields = 0;

private:
    std::vector<std::string> deltas_;
};

}  // namespace farmwall::wire
