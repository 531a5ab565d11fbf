#include "config/palette.hpp"

#include <doctest/doctest.h>

#include "config_texts.hpp"

using namespace farmwall;
using namespace farmwall::config;

namespace {

Palette palette_of(const std::string& text) {
    const TemporaryFolder folder;
    return load_palette(folder.write("theme.toml", text));
}

}  // namespace

TEST_CASE("palette: colors become RGBA, opaque unless they say otherwise, and sizes numbers") {
    const Palette palette = palette_of(
        "[colors]\nbackground = \"#0A141E\"\nshade = \"#ffffff80\"\n[sizes]\ngap = 4\nline = 1.5\n");
    CHECK(joined(palette.problems) == "");
    CHECK(palette.colors ==
          std::map<std::string, std::uint32_t>{{"background", 0x0A141EFF}, {"shade", 0xFFFFFF80}});
    CHECK(palette.sizes == std::map<std::string, double>{{"gap", 4}, {"line", 1.5}});
}

TEST_CASE("palette: every problem is reported in one pass, with its line") {
    const Palette palette = palette_of(
        "[colors]\na = \"#12345\"\nb = 5\nc = \"#12345G\"\nd = \"0x123456\"\ne = #123456\n[sizes]\nf = "
        "\"4\"\n"
        "g = nan\n[fonts]\n");
    REQUIRE(palette.problems.size() == 8);
    CHECK(palette.problems[0].key == "colors.a");
    CHECK(palette.problems[0].line == 2);
    CHECK(contains(palette.problems[0].what, "\"#RRGGBB\" or \"#RRGGBBAA\""));
    CHECK(contains(palette.problems[1].what, "found a whole number"));
    CHECK(palette.problems[2].line == 4);
    CHECK(palette.problems[3].line == 5);
    CHECK(contains(palette.problems[4].what, "There is no value after the '='"));
    CHECK(palette.problems[5].key == "sizes.f");
    CHECK(contains(palette.problems[6].what, "finite"));
    CHECK(palette.problems[7].key == "fonts");
}

TEST_CASE("palette: sections that are none, and a missing file, are problems") {
    CHECK(palette_of("colors = 1\nsizes = 2\n").problems.size() == 2);
    const Palette none = load_palette("no-such-folder/theme.toml");
    REQUIRE(none.problems.size() == 1);
    CHECK(none.problems[0].line == 0);
}

TEST_CASE("palette: an empty theme has no colors and no problems") {
    const Palette palette = palette_of("");
    CHECK(palette.problems.empty());
    CHECK(palette.colors.empty());
}
