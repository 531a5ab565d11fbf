#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "model/report.hpp"
#include "wire/message.hpp"

namespace farmwall::wire {

// The message of a text that must be readable.
inline Message read(std::string_view text) {
    static MessageParser parser;
    auto result = parser.parse(text);
    REQUIRE_MESSAGE(result.ok(), std::string{text}.substr(0, 200));
    return std::move(result).value();
}

inline ReportDelta read_report(std::string_view text) {
    Message message = read(text);
    REQUIRE(std::holds_alternative<ReportDelta>(message));
    return std::get<ReportDelta>(std::move(message));
}

inline Echo read_echo(std::string_view text) {
    Message message = read(text);
    REQUIRE(std::holds_alternative<Echo>(message));
    return std::get<Echo>(std::move(message));
}

inline VersionAnswer read_version(std::string_view text) {
    Message message = read(text);
    REQUIRE(std::holds_alternative<VersionAnswer>(message));
    return std::get<VersionAnswer>(std::move(message));
}

inline bool is_error(std::string_view text) {
    MessageParser parser;
    const auto result = parser.parse(text);
    return !result.ok() && result.error().kind == ErrorKind::bad_input && !result.error().what.empty();
}

// What a status report says that has just these members of `print`.
inline Report said(const std::string& members) {
    const ReportDelta delta = read_report(R"({"print":{"command":"push_status","msg":1,)" + members + "}}");
    CHECK(delta.lost_fields == 0);
    return delta.said;
}

// How many fields are lost of it; nothing else may be said by it.
inline int lost(const std::string& members) {
    const ReportDelta delta = read_report(R"({"print":{"command":"push_status","msg":1,)" + members + "}}");
    CHECK(delta.said == Report{});
    return delta.lost_fields;
}

// Applies the messages one after the other, the first as it comes.
template <class... Texts>
Report merged(const Texts&... texts) {
    Report state;
    ((state = merge(std::move(state), read_report(texts))), ...);
    return state;
}

}  // namespace farmwall::wire
