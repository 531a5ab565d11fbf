#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "sim/machine/virtual_printer.hpp"

namespace farmwall::sim {

struct PlannedPrinter {
    std::string id;    // "x1c-01"
    std::string name;  // "X1C 01"
    std::string serial;
    Secret access_code;  // 8 digits
    std::string address;
    Model model = Model::x1c;
    std::uint64_t seed = 1;
};

// `count` printers, 1 to 500, their models taken from `models` in turn (empty: the usual mix). The same
// arguments give the same farm.
[[nodiscard]] std::vector<PlannedPrinter> plan_farm(int count, std::uint64_t seed, std::vector<Model> models);

// 127.77.0.1 for the first printer; `generation` counts how often its address has changed.
[[nodiscard]] std::string address_of(int index, int generation);

// Spools, AMS units and a first state for a planned printer; `lively` gives it something to do.
void furnish(VirtualPrinter& printer, const PlannedPrinter& plan, bool lively);

}  // namespace farmwall::sim
