#include "camera/parameter_sets.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace farmwall::camera {
namespace {

constexpr std::array<std::uint8_t, 3> start_code{0, 0, 1};

}  // namespace

std::vector<std::uint8_t> parameter_sets_of(std::span<const std::uint8_t> unit) {
    constexpr int sps = 7;
    constexpr int pps = 8;
    std::vector<std::uint8_t> found;
    bool has_sps = false;
    bool has_pps = false;
    const auto next_start = [&](auto from) {
        return std::search(from, unit.end(), start_code.begin(), start_code.end());
    };
    for (auto at = next_start(unit.begin()); at != unit.end();) {
        const auto begin = at + start_code.size();
        const auto next = next_start(begin);
        auto end = next;
        while (end != begin && *(end - 1) == 0)
            --end;  // zeros before the next start code belong to it
        const int type = begin == end ? 0 : *begin & 0x1F;
        if (type == sps || type == pps) {
            (type == sps ? has_sps : has_pps) = true;
            found.push_back(0);
            found.insert(found.end(), start_code.begin(), start_code.end());
            found.insert(found.end(), begin, end);
        }
        at = next;
    }
    if (!has_sps || !has_pps) found.clear();
    return found;
}

}  // namespace farmwall::camera
