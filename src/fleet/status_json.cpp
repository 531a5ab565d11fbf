#include "fleet/status_json.hpp"

#include <boost/json.hpp>
#include <cmath>

#include "base/text.hpp"
#include "model/attention.hpp"
#include "model/availability.hpp"
#include "model/errors.hpp"
#include "model/facts.hpp"

namespace farmwall {
namespace {

namespace json = boost::json;

template <class T>
json::value or_null(const std::optional<T>& value) {
    return value ? json::value_from(*value) : json::value();
}

// One decimal, so that a float's noise does not look like news.
json::value degrees(const std::optional<double>& celsius) {
    return celsius ? json::value(std::round(*celsius * 10) / 10) : json::value();
}

double unix_seconds(WallTime when) { return std::chrono::duration<double>(when.time_since_epoch()).count(); }

json::array hms_json(const Report& report) {
    constexpr std::size_t contract_limit = 10;
    json::array out;
    for (const HmsMeaning& meaning : explain_all(report)) {
        if (out.size() == contract_limit) break;
        out.push_back(json::object{{"code", meaning.code},
                                   {"severity", severity_name(meaning.severity)},
                                   {"module", meaning.module},
                                   {"unit", or_null(meaning.unit)},
                                   {"slot", or_null(meaning.slot)}});
    }
    return out;
}

json::value selected_json(const Report& report) {
    const auto source = active_tray(report);
    if (!source || source->kind != TraySource::Kind::ams) return nullptr;
    return json::object{
        {"ams_id", source->unit}, {"tray_id", source->slot}, {"tool_id", source->unit * 4 + source->slot}};
}

json::value light_json(const Report& report) {
    const auto mode = chamber_light(report);
    if (!mode) return nullptr;
    return *mode == LightMode::off ? "off" : "on";
}

std::optional<double> target(const std::optional<Temperature>& temperature) {
    return temperature ? temperature->target_celsius : std::nullopt;
}
std::optional<double> current(const std::optional<Temperature>& temperature) {
    return temperature ? std::optional{temperature->celsius} : std::nullopt;
}

void add_contract_keys(json::object& out, const PrinterState& printer) {
    const Report& report = printer.report;
    const Fans blowing = fans(printer);
    const auto stage = shown_stage(report);
    out["id"] = printer.id.value;
    out["name"] = printer.name;
    out["connected"] = is_connected(printer);
    out["last_update"] =
        printer.last_report_wall ? json::value(unix_seconds(*printer.last_report_wall)) : json::value();
    const std::string_view problem = sentence(printer.link.problem);
    out["last_error"] = problem.empty() ? json::value() : json::value(problem);
    out["printer_state"] = report.state ? json::value(wire_name(*report.state)) : json::value();
    out["print_status"] = stage ? json::value(stage_name(*stage)) : json::value();
    out["filament_runout"] = runout(report).has_value();
    out["sequence_id"] = or_null(report.sequence_id);
    out["print_error_code"] = or_null(report.print_error);
    out["print_error_raw"] = or_null(report.print_error);
    out["fail_reason"] = or_null(report.fail_reason);
    out["mc_print_error_code"] = or_null(report.mc_print_error_code);
    out["hms"] = hms_json(report);
    out["gcode_file"] = or_null(report.gcode_file);
    out["subtask_name"] = or_null(report.subtask_name);
    out["selected_ams"] = selected_json(report);
    out["part_fan_percent"] = or_null(blowing.part_percent);
    out["aux_fan_percent"] = or_null(blowing.aux_percent);
    out["chamber_fan_percent"] = or_null(blowing.chamber_percent);
    out["percentage"] = or_null(report.percent);
    out["bed_temp"] = degrees(current(bed(printer)));
    out["nozzle_temp"] = degrees(current(active_nozzle(printer)));
    out["remaining_time"] = or_null(report.remaining_minutes);
    out["camera_enabled"] = printer.camera_enabled;
    out["light_state"] = light_json(report);
}

void add_our_keys(json::object& out, const PrinterState& printer, TimePoint now) {
    const auto age = report_age(printer, now);
    out["available"] = is_available(printer);
    out["link"] = word(printer.link.link);
    out["address"] = printer.link.address;
    out["condition"] = word(condition(printer));
    out["model"] = model_info(printer.model.model).key;
    out["full_report_seen"] = printer.full_report_seen;
    out["age_sec"] =
        age ? json::value(std::chrono::duration_cast<std::chrono::seconds>(*age).count()) : json::value();
    out["nozzle_target"] = degrees(target(active_nozzle(printer)));
    out["bed_target"] = degrees(target(bed(printer)));
    out["chamber_temp"] = degrees(current(chamber(printer)));
    out["layer"] = or_null(printer.report.layer);
    out["total_layers"] = or_null(printer.report.total_layers);
    const DeveloperMode mode = developer_mode(printer);
    out["developer_mode"] =
        mode == DeveloperMode::unknown ? json::value() : json::value(mode == DeveloperMode::on);
    out["new_certificate"] =
        printer.link.new_certificate.empty() ? json::value() : json::value(printer.link.new_certificate);
    const LinkStats& stats = printer.stats;
    out["stats"] = json::object{{"messages", stats.messages},
                                {"bytes", stats.bytes},
                                {"lost_fields", stats.lost_fields},
                                {"bad_messages", stats.bad_messages},
                                {"oversized", stats.oversized},
                                {"connects", stats.connects},
                                {"foreign_echoes", stats.foreign_echoes}};
}

json::object camera_json(const CameraState& camera, TimePoint now) {
    const std::string_view problem = sentence(camera.problem);
    json::object out;
    out["truth"] = word(camera.truth);
    out["problem"] = problem.empty() ? json::value() : json::value(problem);
    out["detail"] = camera.detail;
    out["picture_age_sec"] =
        camera.last_picture
            ? json::value(
                  std::chrono::duration_cast<std::chrono::seconds>(now - *camera.last_picture).count())
            : json::value();
    out["new_certificate"] =
        camera.new_certificate.empty() ? json::value() : json::value(camera.new_certificate);
    return out;
}

}  // namespace

std::string status_json(const PrinterState& printer, const CameraState& camera, TimePoint now) {
    json::object out;
    add_contract_keys(out, printer);
    add_our_keys(out, printer, now);
    out["camera"] = camera_json(camera, now);
    return json::serialize(out);
}

std::string event_json(const Event& event) {
    return json::serialize(json::object{{"event", name(event.kind)},
                                        {"printer", event.printer.value},
                                        {"when", unix_seconds(event.when)},
                                        {"text", event.text}});
}

}  // namespace farmwall
