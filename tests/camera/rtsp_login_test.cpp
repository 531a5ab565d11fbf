#include "camera/rtsp_login.hpp"

#include <doctest/doctest.h>

using namespace farmwall;
using namespace farmwall::camera;

namespace {

RtspChallenge only(std::string_view header) {
    const auto challenges = parse_challenges(header);
    REQUIRE(challenges.size() == 1);
    return challenges[0];
}

bool holds(const Secret& value, std::string_view part) {
    return value.reveal().find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("rtsp login: the example of RFC 2617, with qop and in the older form") {
    const RtspLogin mufasa{"Mufasa", Secret{"Circle Of Life"}};
    RtspChallenge challenge = only(
        "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", "
        "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
        "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"");
    const Secret with_qop = authorization(challenge, mufasa, "GET", "/dir/index.html", 1, "0a4f113b");
    CHECK(with_qop.reveal() ==
          "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "
          "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", "
          "response=\"6629fae49393a05397450978507c4ef1\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\", "
          "qop=auth, nc=00000001, cnonce=\"0a4f113b\"");
    challenge.qop_auth = false;
    CHECK(holds(authorization(challenge, mufasa, "GET", "/dir/index.html", 1, "0a4f113b"),
                "response=\"670fd8c2df070c60b045671b8b24ff02\""));
}

TEST_CASE("rtsp login: Basic is user and password in base64") {
    const RtspChallenge challenge = only("Basic realm=\"WallyWorld\"");
    CHECK(challenge.kind == RtspChallenge::Kind::basic);
    CHECK(authorization(challenge, {"Aladdin", Secret{"open sesame"}}, "DESCRIBE", "x", 1, "y").reveal() ==
          "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST_CASE("rtsp login: a challenge is read with or without quotes and spaces, in any case") {
    const RtspChallenge challenge =
        only("dIGEST Realm=\"LIVE555 \\\"Streaming\\\", Media\",NONCE = abc123 , algorithm=MD5,stale=TRUE");
    CHECK(challenge.kind == RtspChallenge::Kind::digest);
    CHECK(challenge.realm == "LIVE555 \"Streaming\", Media");
    CHECK(challenge.nonce == "abc123");
    CHECK(challenge.algorithm == "MD5");
    CHECK(challenge.stale);
    CHECK_FALSE(challenge.qop_auth);
    CHECK_FALSE(challenge.opaque);
    const Secret answer =
        authorization(challenge, {"bblp", Secret{"12345678"}}, "DESCRIBE", "rtsps://h/p", 1, "c");
    CHECK(holds(answer, "realm=\"LIVE555 \\\"Streaming\\\", Media\""));
    CHECK(holds(answer, "algorithm=MD5"));
    CHECK_FALSE(holds(answer, "12345678"));
}

TEST_CASE("rtsp login: several challenges may stand in one header") {
    const auto both = parse_challenges("Basic realm=\"a\", Digest realm=\"b\", nonce=\"c\"");
    REQUIRE(both.size() == 2);
    CHECK(both[0].kind == RtspChallenge::Kind::basic);
    CHECK(both[1].nonce == "c");
}

TEST_CASE("rtsp login: kinds that are not understood are left out") {
    for (const char* other :
         {"", "Bearer realm=\"x\"", "Digest realm=\"no nonce\"",
          "Digest realm=\"a\", nonce=\"b\", algorithm=SHA-256",
          "Digest realm=\"a\", nonce=\"b\", algorithm=MD5-sess",
          "Digest realm=\"a\", nonce=\"b\", qop=\"auth-int\"", "=,=\"", "\"", "realm=\"x\""}) {
        CAPTURE(other);
        CHECK(parse_challenges(other).empty());
    }
    CHECK(
        parse_challenges("Digest algorithm=SHA-256, nonce=\"a\", Digest algorithm=MD5, nonce=\"b\"").size() ==
        1);
}

TEST_CASE("rtsp login: a challenge cut at any length is survived") {
    const std::string header =
        "Basic realm=\"a\", Digest realm=\"b\\\"\", nonce=\"c\", qop=\"auth\", opaque=\"\"";
    for (std::size_t length = 0; length <= header.size(); ++length) {
        CHECK(parse_challenges(header.substr(0, length)).size() <= 2);
    }
}
