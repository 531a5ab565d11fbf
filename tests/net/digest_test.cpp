#include "net/digest.hpp"

#include <doctest/doctest.h>

using farmwall::net::md5_hex;

TEST_CASE("digest: the examples of RFC 1321") {
    CHECK(md5_hex("") == "d41d8cd98f00b204e9800998ecf8427e");
    CHECK(md5_hex("abc") == "900150983cd24fb0d6963f7d28e17f72");
    CHECK(md5_hex("abcdefghijklmnopqrstuvwxyz") == "c3fcd3d76192e4007dfb496cca67e13b");
}
