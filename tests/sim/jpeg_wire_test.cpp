#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>

#include "sim/machine/jpeg_wire.hpp"

using namespace farmwall;
using namespace farmwall::sim;

namespace {

using Login = std::array<std::uint8_t, jpeg_login_bytes>;

// As a client sends it, written out from the table of protocol 10.2.
Login login_of(std::string_view user, std::string_view code) {
    Login login{};
    login[0] = 0x40;
    login[5] = 0x30;
    std::copy(user.begin(), user.end(), login.begin() + 16);
    std::copy(code.begin(), code.end(), login.begin() + 48);
    return login;
}

}  // namespace

TEST_CASE("jpeg wire: a login has user and code, each in 32 bytes") {
    CHECK(is_jpeg_login(login_of("bblp", "12345678"), Secret{"12345678"}));
    CHECK_FALSE(is_jpeg_login(login_of("bblp", "12345679"), Secret{"12345678"}));
    CHECK_FALSE(is_jpeg_login(login_of("bblp", "1234567"), Secret{"12345678"}));
    CHECK_FALSE(is_jpeg_login(login_of("root", "12345678"), Secret{"12345678"}));
    const std::string longest(32, '7');
    CHECK(is_jpeg_login(login_of("bblp", longest), Secret{longest}));
    CHECK_FALSE(is_jpeg_login(login_of("bblp", longest), Secret{longest + "7"}));
}

TEST_CASE("jpeg wire: every byte of a login counts") {
    const Login good = login_of("bblp", "12345678");
    for (std::size_t i = 0; i < good.size(); ++i) {
        CAPTURE(i);
        Login changed = good;
        changed[i] = static_cast<std::uint8_t>(changed[i] ^ 1U);
        CHECK_FALSE(is_jpeg_login(changed, Secret{"12345678"}));
    }
}

TEST_CASE("jpeg wire: a picture is announced by its size, low byte first, and one flag") {
    const auto header = jpeg_header(0x01020304);
    const std::array<std::uint8_t, 16> expected{4, 3, 2, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0};
    CHECK(header == expected);
}
