#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/report.hpp"
#include "wire/json_reader.hpp"
#include "wire/message.hpp"

namespace farmwall::wire {

// What is gathered while one message is walked. Whether it is a report, an answer or an echo is
// known only at its end: `command` may come last.
struct Draft {
    Report& said;
    ReportDelta::Kind kind = ReportDelta::Kind::unmarked;
    bool in_print = false;              // `print` was there as an object
    bool print_status = false;          // and had a key of a report in it
    bool outside_status = false;        // a key of a report stood beside `print` (protocol 3.4)
    std::optional<Echo> envelope = {};  // of `print`, when it has a command
};

inline Report& record(Draft& draft) { return draft.said; }

// Members of the object `print`: report fields and the envelope of an echo together.
void read_print(JsonReader& json, Draft& draft, const JsonValue& value);

// A key of a report that some firmware sends beside `print`. False: not such a key.
bool read_outside_key(JsonReader& json, Draft& draft, std::string_view key, const JsonValue& value);

// Takes the member when it belongs to the envelope of an echo (protocol 3.6).
bool read_envelope_key(JsonReader& json, Echo& echo, std::string_view key, const JsonValue& value);

// Sections, each into the report of the draft.
void read_ams(JsonReader& json, Draft& draft, const JsonValue& value);       // 4.12
void read_vt_tray(JsonReader& json, Draft& draft, const JsonValue& value);   // 4.13
void read_vir_slot(JsonReader& json, Draft& draft, const JsonValue& value);  // 4.13
void read_device(JsonReader& json, Draft& draft, const JsonValue& value);    // 4.14, 4.6, 4.5
void read_xcam(JsonReader& json, Draft& draft, const JsonValue& value);      // 4.10
// The same, or the echo of a command of that family.
void read_xcam_or_echo(JsonReader& json, Draft& draft, Echo& echo, const JsonValue& value);
void read_ipcam(JsonReader& json, Draft& draft, const JsonValue& value);    // 4.10
void read_net(JsonReader& json, Draft& draft, const JsonValue& value);      // 4.7
void read_wifi(JsonReader& json, Draft& draft, const JsonValue& value);     // 4.7
void read_lights(JsonReader& json, Draft& draft, const JsonValue& value);   // 4.7
void read_hms(JsonReader& json, Draft& draft, const JsonValue& value);      // 5.2
void read_upgrade(JsonReader& json, Draft& draft, const JsonValue& value);  // 4.11

}  // namespace farmwall::wire
