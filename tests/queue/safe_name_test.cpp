#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

#include "queue/job_files.hpp"

using farmwall::queue::safe_file_name;

TEST_CASE("safe name: a good name stays") {
    for (const char* name : {"bracket.gcode.3mf", "Part_v2-left.gcode", "a.3mf", "README", "x.STL"})
        CHECK(safe_file_name(name) == name);
}

TEST_CASE("safe name: every run of other characters becomes one underscore") {
    CHECK(safe_file_name("Halter für Lüfter (2).gcode.3mf") == "Halter_f_r_L_fter_2_.gcode.3mf");
    CHECK(safe_file_name("a<>:\"|?*\x01\x7F"
                         "b.3mf") == "a_b.3mf");
    CHECK(safe_file_name(" x.3mf ") == "x.3mf");
}

TEST_CASE("safe name: folders are left out") {
    CHECK(safe_file_name("/home/me/x.gcode") == "x.gcode");
    CHECK(safe_file_name("C:\\parts\\x.gcode") == "x.gcode");
    CHECK(safe_file_name("../../etc/passwd") == "passwd");
}

TEST_CASE("safe name: it is never empty, begins with no dot and ends with none") {
    CHECK(safe_file_name("") == "file");
    CHECK(safe_file_name("...") == "file");
    CHECK(safe_file_name("x/") == "file");
    CHECK(safe_file_name(".gcode.3mf") == "file.gcode.3mf");
    CHECK(safe_file_name("..hidden.3mf") == "hidden.3mf");
    CHECK(safe_file_name("x.") == "x");
    CHECK(safe_file_name("x..3mf") == "x.3mf");
}

TEST_CASE("safe name: a long name is cut before its ending") {
    const std::string name = safe_file_name(std::string(300, 'x') + ".gcode.3mf");
    CHECK(name.size() == 80);
    CHECK(name.ends_with("xx.gcode.3mf"));
    CHECK(safe_file_name(std::string(300, 'x')).size() == 80);
}

TEST_CASE("safe name: whatever comes in, the rules hold, and a safe name is its own safe name") {
    std::mt19937 chance{7};
    const std::string alphabet = "aZ09._-/\\ \t\n:\xC3\xA4\xFF..3mfgcode";
    for (int round = 0; round < 5000; ++round) {
        std::string name(std::uniform_int_distribution<std::size_t>{0, 120}(chance), ' ');
        for (char& c : name)
            c = alphabet[std::uniform_int_distribution<std::size_t>{0, alphabet.size() - 1}(chance)];
        const std::string safe = safe_file_name(name);
        CAPTURE(name);
        CAPTURE(safe);
        REQUIRE_FALSE(safe.empty());
        REQUIRE(safe.size() <= 80);
        REQUIRE(safe.front() != '.');
        REQUIRE(safe.back() != '.');
        REQUIRE(std::all_of(safe.begin(), safe.end(), [](unsigned char c) {
            return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
                   c == '_' || c == '-';
        }));
        REQUIRE(safe_file_name(safe) == safe);
    }
}
