#include "wire/inspect.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>
#include <utility>
#include <variant>

#include "base/text.hpp"
#include "model/printer_model.hpp"
#include "model/report.hpp"
#include "wire/message.hpp"
#include "wire/pretty_json.hpp"

namespace farmwall::wire {
namespace {

namespace json = boost::json;

std::string_view word(ReportDelta::Kind kind) {
    switch (kind) {
        case ReportDelta::Kind::full:
            return "full report";
        case ReportDelta::Kind::partial:
            return "partial report";
        case ReportDelta::Kind::unmarked:
            return "report without msg";
    }
    return "";
}

// Plays messages into a printer of which nothing is known, and keeps a note of each.
class Inspection {
public:
    Inspection() { printer_.link.link = Link::online; }

    void play(const std::string& where, std::string_view text) {
        auto parsed = parser_.parse(text);
        json::object note{{"where", where}};
        if (parsed.ok()) {
            ++readable_;
            std::visit([&](auto& message) { take(message, note); }, parsed.value());
        } else {
            ++bad_;
            if (first_trouble_.empty()) first_trouble_ = where + ": " + parsed.error().text();
            note["error"] = parsed.error().text();
        }
        notes_.push_back(std::move(note));
    }

    void assume_model(std::string_view text) {
        if (const auto model = model_from_text(text)) {
            printer_.model = better(printer_.model, {*model, ModelSource::configured});
        }
    }

    [[nodiscard]] Result<std::string> result() {
        if (readable_ == 0) {
            return Error{ErrorKind::bad_input, "no message in the file can be read; " + first_trouble_};
        }
        const json::object out{{"messages", std::move(notes_)},
                               {"lost_fields", printer_.stats.lost_fields},
                               {"bad_messages", bad_},
                               {"understood", json::parse(understood_json(printer_))}};
        return pretty(json::serialize(out));
    }

private:
    void take(ReportDelta& delta, json::object& note) {
        note["kind"] = word(delta.kind);
        note["lost_fields"] = delta.lost_fields;
        printer_.stats.lost_fields += static_cast<std::uint64_t>(delta.lost_fields);
        if (delta.kind != ReportDelta::Kind::partial) printer_.full_report_seen = true;
        printer_.report = merge(std::move(printer_.report), std::move(delta));
    }
    void take(VersionAnswer& answer, json::object& note) {
        note["kind"] = "version answer";
        note["modules"] = answer.modules.size();
        printer_.modules = std::move(answer.modules);
        printer_.model = better(printer_.model, model_from_modules(printer_.modules));
    }
    void take(const Echo& echo, json::object& note) {
        note["kind"] = "echo";
        note["command"] = echo.family + "." + echo.command;
        note["failed"] = echo.failed();
        if (echo.wants_signature()) printer_.learnt_developer_mode = DeveloperMode::off;
    }
    void take(const Ignored&, json::object& note) { note["kind"] = "ignored"; }

    MessageParser parser_;
    PrinterState printer_;
    json::array notes_;
    std::uint64_t readable_ = 0;
    std::uint64_t bad_ = 0;
    std::string first_trouble_;
};

bool is_recording(const json::object& object) {
    return object.contains("pushall") || object.contains("deltas") || object.contains("get_version");
}

void play_recording(Inspection& inspection, const json::object& recording) {
    // The version first: a printer that is connected to answers it before its first report.
    for (const std::string part : {"get_version", "pushall"}) {
        if (const json::value* message = recording.if_contains(part)) {
            inspection.play(part, json::serialize(*message));
        }
    }
    if (const json::value* deltas = recording.if_contains("deltas");
        deltas != nullptr && deltas->is_array()) {
        std::size_t number = 0;
        for (const json::value& message : deltas->get_array()) {
            inspection.play(fmt::format("delta {}", ++number), json::serialize(message));
        }
    }
    const json::value* fixture = recording.if_contains("fixture");
    if (fixture == nullptr || !fixture->is_object()) return;
    for (const std::string_view key : {"model", "model_code"}) {
        const json::value* model = fixture->get_object().if_contains(key);
        if (model != nullptr && model->is_string()) inspection.assume_model(model->get_string());
    }
}

// "device/SERIAL/report {…}", as a log of a broker has it.
std::string_view without_topic(std::string_view line) {
    if (!line.starts_with("device/")) return line;
    const auto blank = line.find_first_of(" \t");
    return blank == std::string_view::npos ? line : trim(line.substr(blank));
}

void play_lines(Inspection& inspection, std::string_view text) {
    std::size_t number = 0;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::string_view line = trim(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        ++number;
        if (!line.empty()) inspection.play(fmt::format("line {}", number), without_topic(line));
    }
}

}  // namespace

Result<std::string> inspect(std::string_view file_text) {
    if (trim(file_text).empty()) {
        return Error{ErrorKind::bad_input,
                     "the file is empty; it must hold a recorded report, or messages one a line"};
    }
    Inspection inspection;
    json::error_code problem;
    const json::value whole = json::parse(valid_utf8(file_text), problem);
    if (!problem && whole.is_object() && is_recording(whole.get_object())) {
        play_recording(inspection, whole.get_object());
    } else if (!problem && whole.is_object()) {
        inspection.play("line 1", file_text);
    } else {
        play_lines(inspection, file_text);
    }
    return inspection.result();
}

}  // namespace farmwall::wire
