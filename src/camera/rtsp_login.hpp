#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace farmwall::camera {

// How a server wants to be logged in to (RFC 2617).
struct RtspChallenge {
    enum class Kind { basic, digest };
    Kind kind = Kind::basic;
    // Digest only:
    std::string realm;
    std::string nonce;
    std::optional<std::string> opaque;
    std::string algorithm;  // as written; empty: not said
    bool qop_auth = false;  // it knows qop=auth; else the older form is used
    bool stale = false;     // only the nonce was old, the login itself is right
    friend bool operator==(const RtspChallenge&, const RtspChallenge&) = default;
};

// The challenges of one WWW-Authenticate header that are understood: Basic, and Digest by MD5.
[[nodiscard]] std::vector<RtspChallenge> parse_challenges(std::string_view header);

struct RtspLogin {
    std::string user;
    Secret password;
};

// The value of the Authorization header. `count` numbers the requests of this nonce from 1; `cnonce` is
// a random word of ours. Holds the password in the case of Basic.
[[nodiscard]] Secret authorization(const RtspChallenge& challenge, const RtspLogin& login,
                                   std::string_view method, std::string_view uri, unsigned count,
                                   std::string_view cnonce);

}  // namespace farmwall::camera
