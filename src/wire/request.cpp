#include "wire/request.hpp"

#include <fmt/format.h>

namespace farmwall::wire {

std::string encode_get_version(std::uint32_t sequence_id) {
    return fmt::format(R"({{"info":{{"sequence_id":"{}","command":"get_version"}}}})", sequence_id);
}

std::string encode_pushall(std::uint32_t sequence_id) {
    return fmt::format(
        R"({{"pushing":{{"sequence_id":"{}","command":"pushall","version":1,"push_target":1}}}})",
        sequence_id);
}

std::string report_topic(const std::string& serial) { return fmt::format("device/{}/report", serial); }

std::string request_topic(const std::string& serial) { return fmt::format("device/{}/request", serial); }

}  // namespace farmwall::wire
