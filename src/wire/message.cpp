#include "wire/message.hpp"

#include <utility>

#include <fmt/format.h>

#include "model/errors.hpp"
#include "wire/field_handlers.hpp"
#include "wire/json_reader.hpp"
#include "wire/key_table.hpp"
#include "wire/report_reader.hpp"

namespace farmwall::wire {
namespace {

constexpr std::string_view status_command = "push_status";

void module_text(JsonReader& json, const JsonValue& value, std::string& target) {
    if (const auto text = json.text(value)) target = *text;
}

template <auto Field>
void module_field(JsonReader& json, FirmwareModule& module, const JsonValue& value) {
    module_text(json, value, module.*Field);
}

constexpr auto module_keys = key_table<FirmwareModule>({
    {"name", module_field<&FirmwareModule::name>},
    {"sn", module_field<&FirmwareModule::serial>},
    {"hw_ver", module_field<&FirmwareModule::hardware>},
    {"sw_ver", module_field<&FirmwareModule::software>},
    {"product_name", module_field<&FirmwareModule::product_name>},
    {"project_name", module_field<&FirmwareModule::project_name>},
});

// One message while its top level is walked.
struct Reading {
    Draft draft;
    std::optional<Echo> info;
    std::optional<std::vector<FirmwareModule>> modules;
    std::optional<Echo> other;  // of any other family, the first that has a command
};

void read_modules(JsonReader& json, Reading& reading, const JsonValue& value) {
    if (!value.is_array()) return json.lose();
    std::vector<FirmwareModule>& modules = reading.modules.emplace();
    json.elements(value, [&](const JsonValue& element) {
        if (!element.is_object()) return json.lose();
        module_keys.read(json, modules.emplace_back(), element);
    });
}

void read_info(JsonReader& json, Reading& reading, const JsonValue& value) {
    if (!value.is_object()) return json.lose();
    Echo& envelope = reading.info.emplace();
    envelope.family = "info";
    json.fields(value, [&](std::string_view key, const JsonValue& member) {
        if (key == "module") {
            read_modules(json, reading, member);
        } else {
            read_envelope_key(json, envelope, key, member);
        }
    });
}

// The object of another family: an echo, when it has a command.
void read_other(JsonReader& json, Reading& reading, std::string_view family, const JsonValue& value) {
    if (!value.is_object()) return;
    Echo envelope;
    envelope.family = family;
    json.fields(value, [&](std::string_view key, const JsonValue& member) {
        read_envelope_key(json, envelope, key, member);
    });
    if (!envelope.command.empty() && !reading.other) reading.other = std::move(envelope);
}

// `xcam` at top level is a family of commands, and on some firmware a part of the report.
void read_outside_xcam(JsonReader& json, Reading& reading, const JsonValue& value) {
    Echo envelope;
    envelope.family = "xcam";
    read_xcam_or_echo(json, reading.draft, envelope, value);
    if (envelope.command.empty()) {
        reading.draft.outside_status = true;
    } else if (!reading.other) {
        reading.other = std::move(envelope);
    }
}

void read_top_level(JsonReader& json, Reading& reading, std::string_view key, const JsonValue& value) {
    if (key == "print") {
        read_print(json, reading.draft, value);
    } else if (key == "info") {
        read_info(json, reading, value);
    } else if (key == "xcam") {
        read_outside_xcam(json, reading, value);
    } else if (read_outside_key(json, reading.draft, key, value)) {
        reading.draft.outside_status = true;
    } else if (key != "mc_print") {
        read_other(json, reading, key, value);
    }
}

// Whether the draft is a report at all (protocol 3.4, rule 4 and its exception).
bool is_report(const Draft& draft) {
    if (draft.in_print && draft.envelope->command == status_command) return true;
    if (draft.in_print && draft.envelope->command.empty() && draft.print_status) return true;
    return draft.outside_status;
}

bool is_print_echo(const Draft& draft) {
    return draft.in_print && !draft.envelope->command.empty() && draft.envelope->command != status_command;
}

}  // namespace

bool Echo::failed() const {
    return result.starts_with("fail") || err_code.value_or(0) != 0 || error_number.value_or(0) < 0;
}

bool Echo::wants_signature() const {
    if (!failed()) return false;
    return (err_code && is_signature_code(*err_code)) || reason.find("verify failed") != std::string::npos;
}

struct MessageParser::Buffers {
    JsonReader json;
};

MessageParser::MessageParser() : buffers_{std::make_unique<Buffers>()} {}
MessageParser::~MessageParser() = default;
MessageParser::MessageParser(MessageParser&&) noexcept = default;
MessageParser& MessageParser::operator=(MessageParser&&) noexcept = default;

Result<Message> MessageParser::parse(std::string_view payload) {
    if (payload.size() > max_message_bytes) {
        return Error{ErrorKind::bad_input, fmt::format("the message has {} bytes, more than {}",
                                                       payload.size(), max_message_bytes)};
    }
    JsonReader& json = buffers_->json;
    // Read in place, because a report is large to move about.
    Result<Message> result{Message{std::in_place_type<ReportDelta>}};
    ReportDelta& delta = std::get<ReportDelta>(result.value());
    Reading reading{Draft{delta.said}, {}, {}, {}};
    const Status walked = json.walk(payload, [&](std::string_view key, const JsonValue& value) {
        read_top_level(json, reading, key, value);
    });
    if (!walked) return walked.error();
    Draft& draft = reading.draft;
    if (is_print_echo(draft)) {
        draft.envelope->family = "print";
        return Message{std::move(*draft.envelope)};
    }
    if (is_report(draft)) {
        // Keys beside `print` alone are never everything that a printer could say.
        delta.kind = draft.in_print ? draft.kind : ReportDelta::Kind::partial;
        delta.lost_fields = json.lost();
        if (draft.in_print && !draft.envelope->sequence_id.empty()) {
            delta.said.sequence_id = std::move(draft.envelope->sequence_id);
        }
        return result;
    }
    if (reading.modules) {
        return Message{VersionAnswer{std::move(reading.info->sequence_id), std::move(*reading.modules)}};
    }
    if (reading.info && !reading.info->command.empty()) return Message{std::move(*reading.info)};
    if (reading.other) return Message{std::move(*reading.other)};
    return Message{Ignored{}};
}

}  // namespace farmwall::wire
