#include "base/text.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace farmwall;

TEST_CASE("text: numbers are read whole or not at all") {
    CHECK(parse_int("42") == 42);
    CHECK(parse_int("-90") == -90);
    CHECK_FALSE(parse_int(""));
    CHECK_FALSE(parse_int("12x"));
    CHECK_FALSE(parse_int("99999999999999999999"));
    CHECK(parse_double("21.5") == 21.5);
    CHECK(parse_double("-0.25") == -0.25);
    CHECK_FALSE(parse_double("21,5"));
    CHECK_FALSE(parse_double("nan"));
    CHECK_FALSE(parse_double("1e999"));
}

TEST_CASE("text: hex fields have 1 to 16 digits of any case and no sign") {
    CHECK(parse_hex("1000f") == 0x1000FU);
    CHECK(parse_hex("3EC1AFFF9CFF") == 0x3EC1AFFF9CFFU);
    CHECK(parse_hex("FFFFFFFFFFFFFFFF") == 0xFFFFFFFFFFFFFFFFU);
    CHECK_FALSE(parse_hex("10000000000000000"));
    CHECK_FALSE(parse_hex("-1"));
    CHECK_FALSE(parse_hex("0x10"));
    CHECK_FALSE(parse_hex(""));
}

TEST_CASE("text: bytes that are not UTF-8 become U+FFFD, one each, the rest is kept") {
    CHECK(valid_utf8("plate \xC3\xBC.3mf") == "plate \xC3\xBC.3mf");
    CHECK(valid_utf8("a\xFF"
                     "b") ==
          "a\xEF\xBF\xBD"
          "b");
    CHECK(valid_utf8("\xC3") == "\xEF\xBF\xBD");
    CHECK(valid_utf8("\xE2\x82") == "\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(is_valid_utf8(valid_utf8("\xED\xA0\x80\xC0\xAF\xF5")));
    CHECK(printable("one\ntwo\x1B[31m") == "one?two?[31m");
}

TEST_CASE("text: an IPv4 address has four plain decimal parts") {
    CHECK(is_ipv4("127.0.0.1"));
    CHECK(is_ipv4("255.255.255.255"));
    CHECK_FALSE(is_ipv4("256.0.0.1"));
    CHECK_FALSE(is_ipv4("1.2.3"));
    CHECK_FALSE(is_ipv4("1.2.3.4.5"));
    CHECK_FALSE(is_ipv4("01.2.3.4"));
    CHECK_FALSE(is_ipv4("1.2.3.x"));
    CHECK_FALSE(is_ipv4(""));
}

TEST_CASE("text: the nearest known word is offered only when it is a likely slip") {
    constexpr std::array<std::string_view, 3> keys{"printer_ip", "access_code", "serial"};
    CHECK(nearest("acces_code", keys) == "access_code");
    CHECK(nearest("Serial", keys) == "serial");
    CHECK(nearest("colour", keys).empty());
}
