#include "wire/alarm_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.hpp"

namespace farmwall::wire {
namespace {

namespace json = boost::json;
using What = AlarmRecord::What;

bool ends_it(What what) {
    return what == What::acknowledged || what == What::snoozed || what == What::cleared;
}

std::string_view title_words(const AlarmMessage& message) {
    if (message.what == "test") return "test message";
    if (message.what == "repeated") return "still waiting";
    if (message.what == "escalated") return "nobody has come";
    if (message.over) return message.what;
    return message.urgent ? "needs a person" : "for information";
}

// " (for 5 min)", from the first minute on.
std::string duration_words(std::chrono::seconds after) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(after).count();
    if (minutes < 1) return {};
    if (minutes < 120) return fmt::format(" (for {} min)", minutes);
    return fmt::format(" (for {} h)", minutes / 60);
}

}  // namespace

AlarmMessage alarm_message(const AlarmRecord& record) {
    AlarmMessage message;
    message.printer = record.key.printer.value;
    message.printer_name = valid_utf8(record.printer_name);
    message.kind = name(record.key.kind);
    message.what = name(record.what);
    message.text = valid_utf8(record.text);
    message.level = record.level;
    message.over = ends_it(record.what);
    message.urgent = !message.over && rings(record.key.kind);
    message.since = record.when - std::chrono::duration_cast<WallTime::duration>(record.after);
    message.when = record.when;
    message.after = std::chrono::duration_cast<std::chrono::seconds>(record.after);
    return message;
}

AlarmMessage test_alarm_message(WallTime now) {
    AlarmMessage message;
    message.printer_name = "Farmwall";
    message.kind = "test";
    message.what = "test";
    message.text = "This is a test. No printer needs anything.";
    message.since = now;
    message.when = now;
    return message;
}

std::string alarm_json(const AlarmMessage& message) {
    return json::serialize(json::object{{"printer", message.printer},
                                        {"printer_name", message.printer_name},
                                        {"kind", message.kind},
                                        {"what", message.what},
                                        {"text", message.text},
                                        {"level", message.level},
                                        {"since", iso_time(message.since)},
                                        {"when", iso_time(message.when)},
                                        {"after_sec", message.after.count()}});
}

PushText push_text(const AlarmMessage& message) {
    PushText out;
    out.title = header_text(fmt::format("{}: {}", message.printer_name, title_words(message)));
    out.text = message.text + duration_words(message.after);
    if (message.over) {
        out.priority = 2;
        out.tags = "white_check_mark";
    } else if (message.urgent) {
        out.priority = message.level > 0 ? 5 : 4;
        out.tags = message.level > 0 ? "rotating_light" : "warning";
    } else {
        out.priority = 3;
        out.tags = "information_source";
    }
    return out;
}

std::string iso_time(WallTime when) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(when);
    const auto day = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{seconds - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string header_text(std::string_view text) {
    const std::string clean = printable(text);
    const bool ascii =
        std::all_of(clean.begin(), clean.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii && clean.find("=?") == std::string::npos) return clean;
    std::string out = "=?UTF-8?Q?";
    for (const char c : clean) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (plain) {
            out += c;
        } else if (c == ' ') {
            out += '_';
        } else {
            out += fmt::format("={:02X}", static_cast<unsigned char>(c));
        }
    }
    return out + "?=";
}

}  // namespace farmwall::wire
