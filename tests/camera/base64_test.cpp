#include "camera/base64.hpp"

#include <doctest/doctest.h>

using namespace farmwall::camera;

namespace {

std::optional<std::string> decoded(std::string_view text) {
    const auto bytes = from_base64(text);
    if (!bytes) return std::nullopt;
    return std::string{bytes->begin(), bytes->end()};
}

}  // namespace

TEST_CASE("base64: the examples of RFC 4648, in both directions, with padding or without") {
    const std::pair<std::string, std::string> examples[] = {{"", ""},
                                                            {"f", "Zg=="},
                                                            {"fo", "Zm8="},
                                                            {"foo", "Zm9v"},
                                                            {"foob", "Zm9vYg=="},
                                                            {"fooba", "Zm9vYmE="},
                                                            {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, coded] : examples) {
        CHECK(to_base64(plain) == coded);
        CHECK(decoded(coded) == plain);
        CHECK(decoded(coded.substr(0, coded.find('='))) == plain);
    }
}

TEST_CASE("base64: every byte survives") {
    std::string all;
    for (int i = 0; i < 256; ++i)
        all += static_cast<char>(i);
    CHECK((decoded(to_base64(all)) == all));
}

TEST_CASE("base64: what is none is refused") {
    for (const char* wrong : {"Z", "Zm9vY", "Zg=a", "====", "Zm 9v", "Zm9v\n", "Z-_v", "Zg==="}) {
        CAPTURE(wrong);
        CHECK_FALSE(from_base64(wrong));
    }
}
