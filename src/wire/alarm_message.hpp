#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "model/alarm.hpp"

namespace farmwall::wire {

// What is told of one alarm outside the program.
struct AlarmMessage {
    std::string printer;  // its id; empty: a test
    std::string printer_name;
    std::string kind;  // "print_failed"; "test"
    std::string what;  // "raised"; "test"
    std::string text;
    int level = 0;
    bool urgent = false;  // rings here as well: raised, repeated or escalated, of a kind that rings
    bool over = false;    // acknowledged, snoozed or cleared
    WallTime since{};     // it was raised
    WallTime when{};
    std::chrono::seconds after{};  // when - since
    friend bool operator==(const AlarmMessage&, const AlarmMessage&) = default;
};
[[nodiscard]] AlarmMessage alarm_message(const AlarmRecord& record);
[[nodiscard]] AlarmMessage test_alarm_message(WallTime now);

// {"printer":"left","printer_name":"Left","kind":"print_failed","what":"raised","text":"...","level":0,
//  "since":"2026-11-24T11:14:21Z","when":"...","after_sec":0}
[[nodiscard]] std::string alarm_json(const AlarmMessage& message);

// For a push service that takes a title, a priority from 1 to 5, tags and a text (ntfy).
struct PushText {
    std::string title;  // fit for a header: ASCII, words of other alphabets as RFC 2047 has them
    int priority = 3;
    std::string tags;
    std::string text;
    friend bool operator==(const PushText&, const PushText&) = default;
};
[[nodiscard]] PushText push_text(const AlarmMessage& message);

// UTC, whole seconds: "2026-11-24T11:14:21Z".
[[nodiscard]] std::string iso_time(WallTime when);
// A text as the value of an HTTP header: ASCII as it is, anything else as one encoded word (RFC 2047).
[[nodiscard]] std::string header_text(std::string_view text);

}  // namespace farmwall::wire
