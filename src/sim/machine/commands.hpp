#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/machine/json_text.hpp"
#include "sim/machine/machine.hpp"

namespace farmwall::sim {

// What a request leads to (protocol 3.6, 6.7).
struct Answer {
    bool echo = false;         // the request comes back with the fields below
    bool full_report = false;  // pushall
    bool versions = false;     // get_version
    bool changes_state = false;
    std::optional<bool> push = {};  // pushing start, stop
    std::string result = "success";
    std::string reason = "success";
    std::optional<std::uint32_t> err_code = {};
    std::optional<int> errno_value = {};
};

// Carries out one request on the machine. `group` is print, system, info, pushing, camera or xcam.
// Nothing for a command that no printer knows: it stays unanswered. `body` may get fields that the
// echo differs in.
[[nodiscard]] std::optional<Answer> carry_out(Machine& machine, std::string_view group,
                                              boost::json::object& body);

// Commands under `print` need Developer Mode on (protocol 8.2).
[[nodiscard]] bool needs_developer_mode(std::string_view group);

// project_file (protocol 7), in commands_print.cpp.
[[nodiscard]] Answer start_project_file(Machine& machine, const boost::json::object& body);

// Lenient readers for request fields; the fallback when the key is missing or of another kind.
namespace field {
[[nodiscard]] std::string text(const boost::json::object& body, std::string_view key);
[[nodiscard]] std::int64_t number(const boost::json::object& body, std::string_view key,
                                  std::int64_t fallback);
[[nodiscard]] bool flag(const boost::json::object& body, std::string_view key, bool fallback);
}  // namespace field

}  // namespace farmwall::sim
