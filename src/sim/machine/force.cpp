#include "sim/machine/force.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/text.hpp"
#include "sim/machine/commands.hpp"

namespace farmwall::sim {

namespace json = boost::json;

namespace {

Error bad(std::string what) { return Error{ErrorKind::bad_input, std::move(what)}; }

Result<json::value> parsed(std::string_view text) {
    boost::system::error_code failed;
    json::value value = text.empty() ? json::value{} : json::parse(text, failed);
    if (failed) return bad("The value is not valid JSON");
    return value;
}

std::optional<double> number_of(const json::value& value) {
    if (value.is_int64()) return static_cast<double>(value.get_int64());
    if (value.is_double()) return value.get_double();
    return std::nullopt;
}

std::string hex_digits_of(std::string_view text) {
    std::string digits;
    for (const char c : text)
        if (c != '-' && c != '_') digits += c;
    return digits;
}

Result<HmsEntry> hms_entry(const json::value& value) {
    if (value.is_string()) {
        const auto bits = parse_hex(hex_digits_of(std::string_view{value.get_string()}));
        if (bits) return HmsEntry{static_cast<std::uint32_t>(*bits >> 32), static_cast<std::uint32_t>(*bits)};
    } else if (value.is_object()) {
        const auto attr = field::number(value.get_object(), "attr", -1);
        const auto code = field::number(value.get_object(), "code", -1);
        if (attr >= 0 && code >= 0)
            return HmsEntry{static_cast<std::uint32_t>(attr), static_cast<std::uint32_t>(code)};
    }
    return bad("An HMS entry is {\"attr\":number,\"code\":number} or \"XXXX_XXXX_XXXX_XXXX\"");
}

Status start_from(Machine& machine, const json::value& value) {
    Job job = machine.made_up_job();
    if (value.is_object()) {
        const auto& body = value.get_object();
        if (const auto name = field::text(body, "name"); !name.empty()) job.name = job.file = name;
        if (const auto id = field::text(body, "subtask_id"); !id.empty()) job.subtask_id = job.task_id = id;
        job.layers =
            static_cast<int>(std::clamp<std::int64_t>(field::number(body, "layers", job.layers), 1, 100'000));
        if (const auto minutes = field::number(body, "minutes", 0); minutes > 0)
            job.duration_s = 60.0 * static_cast<double>(minutes);
    }
    if (value.is_string()) job.name = job.file = std::string{value.get_string()};
    machine.stop(true);  // whatever ran before
    machine.start(std::move(job));
    return Done{};
}

Status set_tray(Machine& machine, const json::value& value) {
    if (!value.is_object()) return bad("tray needs {\"ams\":0,\"slot\":1, …}");
    const auto& body = value.get_object();
    auto* unit = machine.unit(static_cast<int>(field::number(body, "ams", 0)));
    const auto slot = field::number(body, "slot", -1);
    if (unit == nullptr || slot < 0 || slot >= static_cast<std::int64_t>(unit->slots.size()))
        return bad("This printer has no such tray");
    auto& place = unit->slots[static_cast<std::size_t>(slot)];
    if (field::flag(body, "empty", false)) {
        place.reset();
        return Done{};
    }
    Spool spool = place.value_or(Spool{});
    if (const auto type = field::text(body, "type"); !type.empty()) spool.type = type;
    if (const auto preset = field::text(body, "preset"); !preset.empty()) spool.preset = preset;
    if (const auto color = field::text(body, "color"); !color.empty()) spool.color = color;
    spool.remain_percent = static_cast<int>(field::number(body, "remain", spool.remain_percent));
    place = spool;
    return Done{};
}

// A printer that never printed has nothing to have finished: it gets a job first.
Status set_finish(Machine& machine, const json::value&) {
    if (!is_active(machine.state().state)) machine.start_printing_at(99);
    machine.finish();
    return Done{};
}

Status set_state(Machine& machine, const json::value& value) {
    const auto wanted =
        value.is_string() ? gcode_state_named(std::string_view{value.get_string()}) : std::nullopt;
    if (!wanted)
        return bad("gcode_state is IDLE, PREPARE, SLICING, RUNNING, PAUSE, FINISH, FAILED, INIT or OFFLINE");
    auto& s = machine.edit();
    switch (*wanted) {
        case GcodeState::running:
            if (s.state == GcodeState::pause) {
                machine.resume();
            } else {
                machine.start_printing_at(s.percent < 100 ? s.percent : 0);
            }
            break;
        case GcodeState::pause:
            if (!is_active(s.state)) machine.start_printing_at(20);
            machine.pause(16);
            break;
        case GcodeState::finish:
            return set_finish(machine, value);
        case GcodeState::failed:
            if (!is_active(s.state)) machine.start_printing_at(20);
            machine.stop(true);
            break;
        case GcodeState::prepare:
            machine.stop(true);
            machine.start(machine.made_up_job());
            break;
        case GcodeState::idle:
            machine.stop(true);
            [[fallthrough]];
        case GcodeState::slicing:
        case GcodeState::init:
        case GcodeState::offline:
            s.state = *wanted;
            break;
    }
    return Done{};
}

using Setter = Status (*)(Machine&, const json::value&);

template <auto Member>
Status set_bool(Machine& machine, const json::value& value) {
    if (!value.is_bool()) return bad("The value must be true or false");
    machine.edit().*Member = value.get_bool();
    return Done{};
}

Status set_heater(Heater& heater, const json::value& value) {
    if (value.is_object()) {
        const auto now = value.get_object().if_contains("now");
        const auto target = value.get_object().if_contains("target");
        if (now != nullptr) heater.celsius = number_of(*now).value_or(heater.celsius);
        if (target != nullptr) heater.target = number_of(*target).value_or(heater.target);
        return Done{};
    }
    const auto celsius = number_of(value);
    if (!celsius) return bad("A temperature is a number, or {\"now\":number,\"target\":number}");
    heater.celsius = *celsius;
    return Done{};
}

Status set_progress(Machine& machine, const json::value& value) {
    const auto percent = number_of(value);
    if (!percent || *percent < 0 || *percent > 100) return bad("progress is a number from 0 to 100");
    if (!is_active(machine.state().state)) {
        machine.start_printing_at(static_cast<int>(*percent));
        return Done{};
    }
    auto& s = machine.edit();
    s.progress = Progress::printing;
    s.printed_s = s.job.duration_s * *percent / 100;
    return Done{};
}

struct Named {
    std::string_view what;
    Setter setter;
};

constexpr std::array<Named, 21> setters = {{
    {"gcode_state", set_state},
    {"nozzle", [](Machine& m, const json::value& v) { return set_heater(m.edit().nozzles[0], v); }},
    {"nozzle_left", [](Machine& m, const json::value& v) { return set_heater(m.edit().nozzles[1], v); }},
    {"bed", [](Machine& m, const json::value& v) { return set_heater(m.edit().bed, v); }},
    {"chamber", [](Machine& m, const json::value& v) { return set_heater(m.edit().chamber, v); }},
    {"progress", set_progress},
    {"developer_mode", set_bool<&MachineState::developer_mode>},
    {"door", set_bool<&MachineState::door_open>},
    {"storage", set_bool<&MachineState::storage>},
    {"files_missing", set_bool<&MachineState::files_missing>},
    {"plate_clean",
     [](Machine& m, const json::value& v) -> Status {
         if (!v.is_bool()) return bad("plate_clean must be true or false");
         m.edit().dirty_plate = !v.get_bool();
         return Done{};
     }},
    {"start", start_from},
    {"tray", set_tray},
    {"finish", set_finish},
    {"stop",
     [](Machine& m, const json::value&) -> Status {
         m.stop(false);
         return Done{};
     }},
    {"pause",
     [](Machine& m, const json::value&) -> Status {
         m.pause(16);
         return Done{};
     }},
    {"resume",
     [](Machine& m, const json::value&) -> Status {
         m.resume();
         return Done{};
     }},
    {"runout",
     [](Machine& m, const json::value&) -> Status {
         m.run_out();
         return Done{};
     }},
    {"refill",
     [](Machine& m, const json::value&) -> Status {
         m.refill();
         return Done{};
     }},
    {"homed",
     [](Machine& m, const json::value& v) -> Status {
         if (!v.is_bool()) return bad("homed must be true or false");
         if (v.get_bool())
             m.home(true, true, true);
         else
             m.edit().homed = {false, false, false};
         return Done{};
     }},
    {"wifi",
     [](Machine& m, const json::value& v) -> Status {
         const auto dbm = number_of(v);
         if (!dbm) return bad("wifi is a number in dBm");
         m.edit().wifi_dbm = static_cast<int>(*dbm);
         return Done{};
     }},
}};

}  // namespace

Result<std::uint32_t> error_code_from(std::string_view json_value) {
    auto value = parsed(json_value);
    if (!value) return value.error();
    if (const auto number = number_of(value.value()); number && *number >= 0 && *number <= 4294967295.0)
        return static_cast<std::uint32_t>(*number);
    if (value.value().is_string()) {
        const auto digits = hex_digits_of(std::string_view{value.value().get_string()});
        const auto code = parse_hex(digits);
        if (code && digits.size() <= 8) return static_cast<std::uint32_t>(*code);
    }
    return bad("An error code is a number or text such as \"0300-4001\"");
}

Result<std::vector<HmsEntry>> hms_from(std::string_view json_value) {
    auto value = parsed(json_value);
    if (!value) return value.error();
    std::vector<HmsEntry> entries;
    json::array list;
    if (value.value().is_array()) {
        list = value.value().get_array();
    } else {
        list.push_back(value.value());
    }
    for (const auto& item : list) {
        const auto entry = hms_entry(item);
        if (!entry) return entry.error();
        entries.push_back(entry.value());
    }
    return entries;
}

Status force(Machine& machine, std::string_view what, std::string_view value) {
    if (what == "print_error") {
        const auto code = error_code_from(value);
        if (!code) return code.error();
        machine.edit().print_error = code.value();
        return Done{};
    }
    if (what == "hms") {
        auto entries = hms_from(value);
        if (!entries) return entries.error();
        machine.edit().hms = std::move(entries).value();
        return Done{};
    }
    const auto content = parsed(value);
    if (!content) return content.error();
    for (const auto& [name, setter] : setters)
        if (name == what) return setter(machine, content.value());
    std::string allowed = "print_error, hms, loop, speed";
    for (const auto& [name, setter] : setters)
        allowed += ", " + std::string{name};
    return bad("Nothing is called '" + printable(what) + "' here; allowed are " + allowed);
}

}  // namespace farmwall::sim
