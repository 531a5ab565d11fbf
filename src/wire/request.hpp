#pragma once

#include <cstdint>
#include <string>

namespace farmwall::wire {

// Requests as they go to device/SERIAL/request: questions, which may be repeated and need no
// Developer Mode (protocol 3.3, 6.1).
[[nodiscard]] std::string encode_get_version(std::uint32_t sequence_id);
[[nodiscard]] std::string encode_pushall(std::uint32_t sequence_id);

[[nodiscard]] std::string report_topic(const std::string& serial);
[[nodiscard]] std::string request_topic(const std::string& serial);

}  // namespace farmwall::wire
