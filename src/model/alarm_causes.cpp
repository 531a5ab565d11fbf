#include <fmt/format.h>

#include <algorithm>

#include "model/action.hpp"
#include "model/alarm.hpp"
#include "model/attention.hpp"
#include "model/errors.hpp"
#include "model/facts.hpp"

namespace farmwall {
namespace {

constexpr std::size_t most_named = 3;

// Reports come; half_dead among them.
bool is_heard(const PrinterState& printer) {
    const Link link = printer.link.link;
    return link == Link::online || link == Link::quiet || link == Link::half_dead;
}

std::vector<HmsMeaning> grave_hms(const Report& report) {
    std::vector<HmsMeaning> grave = explain_all(report);
    std::erase_if(grave, [](const HmsMeaning& one) {
        return one.severity != Severity::fatal && one.severity != Severity::serious;
    });
    return grave;
}

std::vector<std::string> codes_of(const std::vector<HmsMeaning>& meanings) {
    std::vector<std::string> codes;
    codes.reserve(meanings.size());
    for (const HmsMeaning& one : meanings)
        codes.push_back(one.code);
    return codes;
}

// "HMS_… (toolhead, serious), HMS_… (AMS, fatal)"; the gravest first.
std::string named(std::vector<HmsMeaning> meanings) {
    std::ranges::stable_sort(meanings, {}, [](const HmsMeaning& one) { return one.severity; });
    std::string text;
    for (std::size_t i = 0; i < std::min(meanings.size(), most_named); ++i) {
        const HmsMeaning& one = meanings[i];
        text += fmt::format("{}{} ({}, {})", i == 0 ? "" : ", ", one.code, one.module,
                            severity_name(one.severity));
    }
    if (meanings.size() > most_named) text += fmt::format(" and {} more", meanings.size() - most_named);
    return text;
}

// Where the message names only a part, the tray in use counts if it fits.
std::optional<TraySource> runout_tray(const Report& report, const Runout& where) {
    if (where.unit == 255) return TraySource{TraySource::Kind::external, 0, 0};
    if (where.unit == 254) return TraySource{TraySource::Kind::external_left, 0, 0};
    const auto active = active_tray(report);
    if (!where.unit) return active;
    const int unit = *where.unit;
    if (where.slot || unit >= 128)
        return TraySource{TraySource::Kind::ams, unit, unit >= 128 ? 0 : *where.slot};
    return active && active->kind == TraySource::Kind::ams && active->unit == unit ? active : std::nullopt;
}

// "Tray A2" within a sentence.
std::string within(std::string text) {
    if (!text.starts_with("AMS")) text.front() = static_cast<char>(text.front() | 0x20);
    return text;
}

AlarmCause runout_cause(const Report& report, const Runout& where) {
    std::string text = "Filament ran out";
    if (const auto tray = runout_tray(report, where)) {
        const bool ams = tray->kind == TraySource::Kind::ams;
        text += fmt::format(" {} {}", ams ? "in" : "on the", within(describe(*tray)));
    } else if (where.unit) {
        text += *where.unit < 4 ? fmt::format(" in AMS {}", static_cast<char>('A' + *where.unit))
                                : std::string{" in the AMS"};
    }
    return {AlarmKind::runout, text + ".", {text}};
}

// What stopped the print, by the code, else by the grave HMS entries (then `hms_told`), else by the stage.
AlarmCause stopped_cause(AlarmKind kind, const Report& report, bool& hms_told) {
    const std::string_view how = kind == AlarmKind::print_failed ? "Print failed with" : "Print paused by";
    if (const auto error = shown_error(report)) {
        const std::string code = error_code_text(*error);
        return {kind, fmt::format("{} error {}.", how, code), {code}};
    }
    if (const auto grave = grave_hms(report); !grave.empty()) {
        hms_told = true;
        return {kind, fmt::format("{} {}.", how, named(grave)), codes_of(grave)};
    }
    if (const auto stage = shown_stage(report); stage && is_pause_stage(*stage)) {
        const std::string name = stage_name(*stage);
        return {kind, fmt::format("Print {}.", name), {name}};
    }
    return {kind, kind == AlarmKind::print_failed ? "Print failed." : "Print paused.", {}};
}

void job_causes(const Report& report, std::vector<AlarmCause>& out) {
    bool hms_told = false;
    std::vector<HmsMeaning> grave = grave_hms(report);
    switch (job_condition(report)) {
        case Condition::failed:
            out.push_back(stopped_cause(AlarmKind::print_failed, report, hms_told));
            break;
        case Condition::paused_error:
            out.push_back(stopped_cause(AlarmKind::paused_by_error, report, hms_told));
            break;
        case Condition::runout:
            out.push_back(runout_cause(report, runout(report).value_or(Runout{})));
            std::erase_if(grave, [](const HmsMeaning& one) { return one.runout; });
            break;
        case Condition::finished:
            out.push_back({AlarmKind::waiting_for_clearing, "Finished: the plate waits to be cleared."});
            break;
        case Condition::refused:
        case Condition::paused:
        case Condition::offline:
        case Condition::connecting:
        case Condition::printing:
        case Condition::preparing:
        case Condition::stopped:
        case Condition::idle:
        case Condition::unknown:
            break;
    }
    if (!grave.empty() && !hms_told)
        out.push_back({AlarmKind::hms_serious, named(grave) + ".", codes_of(grave)});
}

void certificate_cause(const PrinterState& printer, const CameraState& camera, std::vector<AlarmCause>& out) {
    AlarmCause cause{AlarmKind::certificate_changed, ""};
    if (printer.link.problem == LinkProblem::certificate_changed) {
        cause.text = sentence(LinkProblem::certificate_changed);
        cause.subjects.emplace_back("printer");
    }
    if (camera.problem == CameraProblem::certificate_changed) {
        if (cause.text.empty()) cause.text = std::string{sentence(CameraProblem::certificate_changed)} + ".";
        cause.subjects.emplace_back("camera");
    }
    if (!cause.subjects.empty()) out.push_back(std::move(cause));
}

}  // namespace

std::vector<AlarmCause> alarm_causes(const PrinterState& printer, const CameraState& camera,
                                     bool was_printing) {
    std::vector<AlarmCause> out;
    if (printer.full_report_seen) job_causes(printer.report, out);
    const bool heard = is_heard(printer);
    // A changed certificate says more of the same silence.
    if (was_printing && !heard && printer.link.problem != LinkProblem::certificate_changed) {
        const std::string_view why = sentence(printer.link.problem);
        out.push_back(
            {AlarmKind::offline_while_printing,
             why.empty() ? "Offline while printing." : fmt::format("Offline while printing: {}", why)});
    }
    const bool running = printer.full_report_seen && printer.report.state == JobState::running;
    if (heard && running && camera.truth == CameraTruth::frozen)
        out.push_back({AlarmKind::camera_frozen, "The camera's picture is frozen while the print goes on."});
    certificate_cause(printer, camera, out);
    if (developer_mode(printer) == DeveloperMode::off) {
        out.push_back({AlarmKind::needs_developer_mode,
                       "Developer Mode is off: the printer refuses commands until it is switched on there."});
    }
    return out;
}

}  // namespace farmwall
