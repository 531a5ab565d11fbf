#include <boost/json.hpp>
#include <cmath>

#include "model/availability.hpp"
#include "model/errors.hpp"
#include "model/facts.hpp"
#include "wire/inspect.hpp"
#include "wire/pretty_json.hpp"

namespace farmwall::wire {
namespace {

namespace json = boost::json;

template <class T>
json::value or_null(const std::optional<T>& value) {
    return value ? json::value_from(*value) : json::value();
}

json::value degrees(double celsius) { return std::round(celsius * 10) / 10; }

json::value temperature_json(const std::optional<Temperature>& temperature) {
    if (!temperature) return nullptr;
    json::object out{{"celsius", degrees(temperature->celsius)}, {"target_celsius", nullptr}};
    if (temperature->target_celsius) out["target_celsius"] = degrees(*temperature->target_celsius);
    return out;
}

json::object temperatures_json(const PrinterState& printer) {
    json::array nozzles;
    for (const NozzleTemperature& nozzle : nozzle_temperatures(printer)) {
        json::value one = temperature_json(nozzle.temperature);
        one.as_object()["extruder"] = nozzle.extruder;
        nozzles.push_back(std::move(one));
    }
    return {{"nozzles", std::move(nozzles)},
            {"active_nozzle", temperature_json(active_nozzle(printer))},
            {"bed", temperature_json(bed(printer))},
            {"chamber", temperature_json(chamber(printer))}};
}

std::string_view word(LightMode mode) {
    switch (mode) {
        case LightMode::off:
            return "off";
        case LightMode::on:
            return "on";
        case LightMode::flashing:
            return "flashing";
    }
    return "";
}

json::value lights_json(const Report& report) {
    if (!report.lights) return nullptr;
    json::object out;
    for (const Light& light : *report.lights)
        out[light.node] = word(light.mode);
    return out;
}

std::string_view word(Presence presence) {
    switch (presence) {
        case Presence::unknown:
            return "unknown";
        case Presence::empty:
            return "empty";
        case Presence::present:
            return "present";
    }
    return "";
}

std::string_view word(Drying drying) {
    switch (drying) {
        case Drying::unknown:
            return "unknown";
        case Drying::off:
            return "off";
        case Drying::checking:
            return "checking";
        case Drying::drying:
            return "drying";
        case Drying::cooling:
            return "cooling";
        case Drying::other:
            return "other";
    }
    return "";
}

json::object tray_json(const Tray& tray) {
    return {{"id", tray.id},
            {"material", or_null(tray.material)},
            {"brand", or_null(tray.brand)},
            {"preset", or_null(tray.preset_id)},
            {"color", or_null(tray.color)},
            {"remain_percent", or_null(tray.remain_percent)},
            {"nozzle_min_celsius", or_null(tray.nozzle_min_celsius)},
            {"nozzle_max_celsius", or_null(tray.nozzle_max_celsius)}};
}

json::object unit_json(const PrinterState& printer, const AmsUnit& unit) {
    json::array trays;
    for (const Tray& tray : unit.trays) {
        json::object one = tray_json(tray);
        one["presence"] = word(tray_presence(printer.report, unit, tray.id));
        trays.push_back(std::move(one));
    }
    return {{"id", unit.id},
            {"kind", ams_kind_name(ams_kind(printer, unit))},
            {"humidity_index", or_null(unit.humidity_index)},
            {"humidity_percent", or_null(unit.humidity_percent)},
            {"celsius", or_null(unit.celsius)},
            {"drying", word(drying(unit))},
            {"drying_minutes_left", or_null(unit.drying_minutes_left)},
            {"feeds_extruder", or_null(fed_extruder(unit))},
            {"trays", std::move(trays)}};
}

json::value active_tray_json(const Report& report) {
    const auto source = active_tray(report);
    if (!source) return nullptr;
    switch (source->kind) {
        case TraySource::Kind::ams:
            return json::object{{"ams", source->unit}, {"slot", source->slot}};
        case TraySource::Kind::external:
            return "external";
        case TraySource::Kind::external_left:
            return "external left";
    }
    return nullptr;
}

json::object filament_json(const PrinterState& printer) {
    json::value units;
    if (printer.report.ams) {
        json::array& list = units.emplace_array();
        for (const AmsUnit& unit : *printer.report.ams)
            list.push_back(unit_json(printer, unit));
    }
    json::array external;
    for (const Tray& spool : external_spools(printer.report))
        external.push_back(tray_json(spool));
    return {{"ams", std::move(units)},
            {"external", std::move(external)},
            {"active", active_tray_json(printer.report)}};
}

json::value code_json(const std::optional<std::uint32_t>& code) {
    if (!code) return nullptr;
    if (*code == 0) return "none";
    return json::object{
        {"code", error_code_text(*code)}, {"cancel", is_cancel_code(*code)}, {"noise", is_noise_code(*code)}};
}

json::object errors_json(const Report& report) {
    json::value hms;
    if (report.hms) {
        json::array& list = hms.emplace_array();
        for (const HmsMeaning& meaning : explain_all(report)) {
            list.push_back(json::object{{"code", meaning.code},
                                        {"severity", severity_name(meaning.severity)},
                                        {"module", meaning.module},
                                        {"unit", or_null(meaning.unit)},
                                        {"slot", or_null(meaning.slot)},
                                        {"runout", meaning.runout}});
        }
    }
    json::value out_of_filament;
    if (const auto where = runout(report)) {
        out_of_filament = json::object{{"unit", or_null(where->unit)}, {"slot", or_null(where->slot)}};
    }
    const auto shown = shown_error(report);
    return {{"print_error", code_json(report.print_error)},
            {"mc_print_error_code", code_json(report.mc_print_error_code)},
            {"fail_reason", code_json(report.fail_reason)},
            {"shown", shown ? json::value(error_code_text(*shown)) : json::value()},
            {"hms", std::move(hms)},
            {"runout", std::move(out_of_filament)},
            {"soft_fail", is_soft_fail(report)}};
}

std::string_view word(CameraKind kind) {
    switch (kind) {
        case CameraKind::unknown:
            return "unknown";
        case CameraKind::rtsps:
            return "RTSPS";
        case CameraKind::jpeg:
            return "JPEG";
    }
    return "";
}

json::object camera_json(const PrinterState& printer) {
    const std::string_view obstacle = camera_obstacle(printer);
    return {{"kind", word(camera_kind(printer))},
            {"obstacle", obstacle.empty() ? json::value() : json::value(obstacle)},
            {"liveview", or_null(printer.report.liveview)},
            {"recording", or_null(printer.report.camera_recording)},
            {"timelapse", or_null(printer.report.timelapse)}};
}

std::string_view word(Storage storage) {
    switch (storage) {
        case Storage::unknown:
            return "unknown";
        case Storage::none:
            return "none";
        case Storage::normal:
            return "normal";
        case Storage::abnormal:
            return "abnormal";
        case Storage::read_only:
            return "read only";
    }
    return "";
}

std::string_view word(DeveloperMode mode) {
    switch (mode) {
        case DeveloperMode::unknown:
            return "unknown";
        case DeveloperMode::on:
            return "on";
        case DeveloperMode::off:
            return "off";
    }
    return "";
}

json::object job_json(const Report& report) {
    return {{"name", or_null(report.subtask_name)},
            {"file", or_null(report.gcode_file)},
            {"type", or_null(report.print_type)},
            {"percent", or_null(report.percent)},
            {"remaining_minutes", or_null(report.remaining_minutes)},
            {"layer", or_null(report.layer)},
            {"total_layers", or_null(report.total_layers)},
            {"speed_level", or_null(report.speed_level)}};
}

json::object fans_json(const PrinterState& printer) {
    const Fans blowing = fans(printer);
    return {{"part_percent", or_null(blowing.part_percent)},
            {"aux_percent", or_null(blowing.aux_percent)},
            {"chamber_percent", or_null(blowing.chamber_percent)},
            {"heatbreak_percent", or_null(blowing.heatbreak_percent)}};
}

json::object machine_json(const PrinterState& printer) {
    const Report& report = printer.report;
    return {{"developer_mode", word(developer_mode(printer))},
            {"storage", word(storage(report))},
            {"door_open", or_null(door_open(printer))},
            {"homed", or_null(homed(report))},
            {"wired_network", or_null(wired_network(report))},
            {"wifi_dbm", or_null(report.wifi_dbm)},
            {"extruders", extruder_count(printer)},
            {"active_extruder", or_null(active_extruder(report))},
            {"nozzle_diameter_mm", or_null(report.nozzle_diameter_mm)},
            {"nozzle_type", or_null(report.nozzle_type)}};
}

json::object understood(const PrinterState& printer) {
    const Report& report = printer.report;
    const auto stage = shown_stage(report);
    const Availability verdict = availability(printer);
    json::object out;
    out["model"] = model_info(printer.model.model).name;
    out["firmware"] = or_null(printer_firmware(printer.modules));
    out["full_report_seen"] = printer.full_report_seen;
    out["state"] = report.state ? json::value(wire_name(*report.state)) : json::value();
    out["stage"] = stage ? json::value(stage_name(*stage)) : json::value();
    out["available"] = verdict == Availability::available;
    out["availability"] = sentence(verdict);
    out["job"] = job_json(report);
    out["temperatures"] = temperatures_json(printer);
    out["fans"] = fans_json(printer);
    out["lights"] = lights_json(report);
    out["filament"] = filament_json(printer);
    out["errors"] = errors_json(report);
    out["camera"] = camera_json(printer);
    out["machine"] = machine_json(printer);
    return out;
}

}  // namespace

std::string understood_json(const PrinterState& printer) {
    return pretty(json::serialize(understood(printer)));
}

}  // namespace farmwall::wire
