#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/machine/machine.hpp"
#include "sim/picture/canvas.hpp"

namespace farmwall::sim {

// What a camera would see of a printer, as values.
struct Scene {
    std::string name;          // the printer's
    std::string note;          // what it does, for people
    std::uint16_t number = 0;  // place in the farm counted from 0
    bool bed_slinger = false;  // an open frame whose bed moves, instead of a chamber
    bool light = true;
    bool dark = false;  // a camera that sees next to nothing, its strip included
    bool working = false;
    bool has_object = false;
    float height = 0;            // printed share of the object, 0 to 1
    std::uint64_t shape = 0;     // chooses the object
    std::vector<Rgb> filaments;  // of the job, in turn every few layers
    int layers = 100;
    friend bool operator==(const Scene&, const Scene&) = default;
};

[[nodiscard]] Scene scene_of(const Machine& machine, const std::string& name, int number);

}  // namespace farmwall::sim
