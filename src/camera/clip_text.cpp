#include "camera/clip_text.hpp"

#include <fmt/format.h>

#include <iterator>

#include "base/text.hpp"
#include "camera/clip_names.hpp"

namespace farmwall::camera {
namespace {

std::string json_text(std::string_view text) {
    std::string made = "\"";
    for (const char c : valid_utf8(text)) {
        if (c == '"' || c == '\\') {
            made += '\\';
            made += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            fmt::format_to(std::back_inserter(made), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
            made += c;
        }
    }
    return made + '"';
}

double seconds_between(TimePoint from, TimePoint to) {
    return std::chrono::duration<double>(to - from).count();
}

}  // namespace

std::string clip_json(const ClipSubject& subject, const ClipFacts& facts) {
    const WallTime first =
        subject.when - std::chrono::duration_cast<WallTime::duration>(subject.at - facts.first_picture);
    std::string text = "{\n";
    const auto add = [&](std::string_view key, const std::string& value, const char* end = ",\n") {
        fmt::format_to(std::back_inserter(text), "  \"{}\": {}{}", key, value, end);
    };
    add("printer", json_text(subject.printer.value));
    add("name", json_text(subject.name));
    if (!subject.serial.empty()) add("serial", json_text(subject.serial.value));
    add("cause", json_text(subject.cause));
    add("text", json_text(subject.text));
    add("when", json_text(iso_time(subject.when)));
    add("fault_at_sec", fmt::format("{:.3f}", seconds_between(facts.first_picture, subject.at)));
    add("first_picture", json_text(iso_time(first)));
    add("pictures", std::to_string(facts.pictures));
    add("seconds", fmt::format("{:.3f}", facts.seconds));
    add("codec", json_text(facts.codec == Codec::h264 ? "h264" : "jpeg"));
    add("width", std::to_string(facts.width));
    add("height", std::to_string(facts.height));
    add("telemetry", subject.telemetry.empty() ? "null" : subject.telemetry, "\n");
    return text + "}\n";
}

}  // namespace farmwall::camera
