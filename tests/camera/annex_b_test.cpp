#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "camera/h264_units.hpp"

using namespace farmwall::camera;

namespace {

using Unit = std::vector<std::uint8_t>;

std::vector<Unit> copies(std::span<const std::uint8_t> bytes) {
    std::vector<Unit> made;
    for (const auto unit : units_of(bytes))
        made.emplace_back(unit.begin(), unit.end());
    return made;
}

}  // namespace

TEST_CASE("Annex B: units are found behind start codes of three and four bytes, and zeros belong to those") {
    const Unit stream{9, 0, 0, 0, 1, 0x67, 1, 0, 2, 0, 0, 1, 0x68, 4, 0, 0, 0, 0, 1, 0x65, 9, 0, 0};
    CHECK(copies(stream) == std::vector<Unit>{{0x67, 1, 0, 2}, {0x68, 4}, {0x65, 9}});
    CHECK(copies({}).empty());
    CHECK(copies(Unit{0, 0, 1}).empty());
    CHECK(copies(Unit{0, 0, 1, 0, 0, 1, 0, 0, 0, 1}).empty());
    CHECK(copies(Unit{0x67, 1, 2}).empty());
}

TEST_CASE("Annex B: cut off at any length, each unit is whole or a beginning of what it was") {
    const Unit stream{0, 0, 0, 1, 0x67, 1, 2, 3, 0, 0, 1, 0x68, 4, 5, 0, 0, 0, 1, 0x65, 9, 9};
    const auto whole = copies(stream);
    for (std::size_t length = 0; length <= stream.size(); ++length) {
        const auto found = copies({stream.data(), length});
        REQUIRE(found.size() <= whole.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            REQUIRE(found[i].size() <= whole[i].size());
            CHECK(std::equal(found[i].begin(), found[i].end(), whole[i].begin()));
        }
    }
}
