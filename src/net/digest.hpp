#pragma once

#include <string>
#include <string_view>

namespace farmwall::net {

// 32 lower-case hex digits; empty where the system's rules forbid MD5. For Digest logins (RFC 2617).
[[nodiscard]] std::string md5_hex(std::string_view text);

}  // namespace farmwall::net
