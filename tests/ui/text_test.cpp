#include <doctest/doctest.h>

#include "ui/text_format.hpp"

using namespace farmwall;
using namespace farmwall::ui;
using namespace std::chrono_literals;

TEST_CASE("minutes_text: hours and days appear only when they are needed") {
    CHECK(minutes_text(-3) == "0 min");
    CHECK(minutes_text(48) == "48 min");
    CHECK(minutes_text(125) == "2 h 05 min");
    CHECK(minutes_text(3 * 24 * 60 + 4 * 60 + 59) == "3 d 4 h");
}

TEST_CASE("temperature_text: the target shows only while the heater is on, the unknown is a dash") {
    CHECK(temperature_text(std::nullopt) == "–");
    CHECK(temperature_text(Temperature{218.6, 220.0}) == "219 → 220°");
    CHECK(temperature_text(Temperature{31.2, 0.0}) == "31°");
    CHECK(temperature_text(Temperature{31.2, std::nullopt}) == "31°");
    CHECK(temperature_text(Temperature{1e300, 0.0}) == "9999°");
}

TEST_CASE("bytes_text and count_text: short and grouped") {
    CHECK(bytes_text(999) == "999 B");
    CHECK(bytes_text(18'600) == "19 kB");
    CHECK(bytes_text(4'200'000) == "4.2 MB");
    CHECK(bytes_text(2'340'000'000) == "2.34 GB");
    CHECK(count_text(0) == "0");
    CHECK(count_text(999) == "999");
    CHECK(count_text(1'234'567) == "1 234 567");
}

TEST_CASE("age_text: changes rarely, and age_lasts says when") {
    CHECK(age_text(0s) == "live");
    CHECK(age_text(14s) == "live");
    CHECK(age_text(15s) == "15 s");
    CHECK(age_text(59s) == "45 s");
    CHECK(age_text(60s) == "1 min");
    CHECK(age_text(59min + 59s) == "59 min");
    CHECK(age_text(3h) == "3 h");
    CHECK(age_text(50h) == "2 d");
    for (Duration age = 0s; age < 30h; age += 7s) {
        const Duration lasts = age_lasts(age);
        REQUIRE(lasts > 0s);
        CHECK(age_text(age) == age_text(age + lasts - 1ns));
        CHECK(age_text(age) != age_text(age + lasts));
    }
}

TEST_CASE("elide: never wider than the limit, never cuts inside a letter") {
    // Every byte that starts a letter is one wide.
    const auto width = [](std::string_view text) {
        float letters = 0;
        for (const char byte : text)
            letters += (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U ? 1.0F : 0.0F;
        return letters;
    };
    CHECK(elide("Bracket", 7, width) == "Bracket");
    CHECK(elide("Bracket", 5, width) == "Brac…");
    CHECK(elide("Gehäuse", 5, width) == "Gehä…");
    CHECK(elide("Gehäuse", 4, width) == "Geh…");
    CHECK(elide("a b c", 3, width) == "a…");
    CHECK(elide("äöü", 1, width) == "…");
    for (float limit = 1; limit < 12; ++limit)
        CHECK(width(elide("Süßwasser-Öl", limit, width)) <= limit);
}

TEST_CASE("capitalised: only the first letter changes") {
    CHECK(capitalised("heat-bed preheating") == "Heat-bed preheating");
    CHECK(capitalised("AMS") == "AMS");
    CHECK(capitalised("").empty());
}
