#include "ui/theme.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "fake_farm.hpp"
#include "ui/pacer.hpp"
#include "ui/plot.hpp"
#include "ui/table.hpp"

using namespace farmwall;
using namespace farmwall::ui;
using namespace std::chrono_literals;

TEST_CASE("make_theme: the file of the program is complete and has nothing else") {
    const MadeTheme made = test::theme_from_assets();
    for (const std::string& problem : made.problems)
        MESSAGE(problem);
    CHECK(made.problems.empty());
}

TEST_CASE("make_theme: every missing name is told in one pass") {
    const MadeTheme made = make_theme({}, {});
    CHECK(made.problems.size() > 30);
    CHECK(made.problems.front() == "The theme's [colors] lacks \"background\".");
}

TEST_CASE("make_theme: an unknown name is told with the nearest known one") {
    const MadeTheme made = make_theme({{"backgruond", 0}}, {{"quite_else", 3}});
    CHECK(std::count_if(made.problems.begin(), made.problems.end(), [](const std::string& text) {
              return text.find("\"backgruond\"") != std::string::npos &&
                     text.find("\"background\" is") != std::string::npos;
          }) == 1);
    CHECK(made.problems.back() == "The theme's [sizes] has \"quite_else\", a name that no screen uses.");
}

TEST_CASE("make_theme: a size out of range names what is allowed, NaN included") {
    for (const double size : {-5.0, 4000.0, std::nan("")}) {
        const MadeTheme made = make_theme({}, {{"gap", size}});
        const bool told =
            std::any_of(made.problems.begin(), made.problems.end(), [](const std::string& text) {
                return text.find("\"gap\"") != std::string::npos &&
                       text.find("allowed is 0 to 64") != std::string::npos;
            });
        CHECK(told);
    }
}

TEST_CASE("theme: conditions that need hands keep apart in lightness or have another shape") {
    const Theme theme = test::theme_from_assets().theme;
    CHECK(theme.of(Condition::failed) != theme.of(Condition::printing));
    // Text on every surface stays readable.
    CHECK(lightness(theme.text_color) - lightness(theme.surface) > 0.7F);
    CHECK(lightness(theme.text_muted) - lightness(theme.surface) > 0.45F);
}

TEST_CASE("pacer: 30 frames a second for data, 15 on the CPU, 60 while a person interacts") {
    const TimePoint t0{100h};
    Pacer pacer{false};
    pacer.ran(t0);
    CHECK(pacer.earliest(t0) - t0 == Duration{1s} / 30);
    pacer.input(t0);
    CHECK(pacer.earliest(t0) - t0 == Duration{1s} / 60);
    CHECK(pacer.earliest(t0 + 2s) - t0 == Duration{1s} / 30);
    Pacer slow{true};
    slow.ran(t0);
    CHECK(slow.earliest(t0) - t0 == Duration{1s} / 15);
    slow.input(t0);
    CHECK(slow.earliest(t0) - t0 == Duration{1s} / 30);
}

TEST_CASE("pacer: input is owed three frames, and then there is rest") {
    const TimePoint t0{100h};
    Pacer pacer{false};
    CHECK_FALSE(pacer.owes_frames());
    pacer.input(t0);
    for (int frame = 0; frame < 3; ++frame) {
        CHECK(pacer.owes_frames());
        pacer.ran(t0);
    }
    CHECK_FALSE(pacer.owes_frames());
}

TEST_CASE("axis_top: holds the highest value and has round quarters") {
    for (float highest = 0; highest < 700; highest += 3) {
        const float top = axis_top(highest);
        CHECK(top >= highest);
        CHECK(std::fmod(top / 4, 20.0F) == 0.0F);
    }
}

TEST_CASE("plot_span: grows with the samples, from five minutes to an hour") {
    using namespace std::chrono_literals;
    const TimePoint now{48h};
    CHECK(plot_span({}, now) == 5min);
    const auto reaching_back = [&](Duration age) {
        std::vector<Sample> samples(3);
        samples[0].at = now - 2h;  // nothing was known then
        samples[1].at = now - age;
        samples[1].bed_celsius = 60;
        samples[2].at = now;
        return plot_span(samples, now);
    };
    CHECK(reaching_back(25s) == 5min);
    CHECK(reaching_back(5min) == 5min);
    CHECK(reaching_back(5min + 1s) == 10min);
    CHECK(reaching_back(18min) == 20min);
    CHECK(reaching_back(45min) == 60min);
    CHECK(reaching_back(100min) == 60min);
}

TEST_CASE("place_columns: drops the least important until the rest fits, and never overlaps") {
    const std::vector<TableColumn> columns{{"a", "A", 100, 1, Align::left, 0},
                                           {"b", "B", 100, 0, Align::left, 2},
                                           {"c", "C", 100, 1, Align::left, 1}};
    CHECK(place_columns(columns, 400, 1, 10).size() == 3);
    const auto two = place_columns(columns, 250, 1, 10);
    REQUIRE(two.size() == 2);
    CHECK(two[1].index == 2);
    CHECK(two[0].x + two[0].width <= two[1].x);
    CHECK(two[1].x + two[1].width == doctest::Approx(250));
    CHECK(place_columns(columns, 10, 1, 10).size() == 1);
}
