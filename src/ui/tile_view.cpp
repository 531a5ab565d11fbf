#include "ui/tile_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/text.hpp"
#include "model/availability.hpp"
#include "model/errors.hpp"
#include "ui/text_format.hpp"

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_swatches = 16;

// Whether a job's progress is worth a number.
bool has_job(Condition condition) {
    switch (condition) {
        case Condition::printing:
        case Condition::preparing:
        case Condition::paused:
        case Condition::paused_error:
        case Condition::runout:
        case Condition::failed:
        case Condition::stopped:
            return true;
        case Condition::finished:
        case Condition::refused:
        case Condition::offline:
        case Condition::connecting:
        case Condition::idle:
        case Condition::unknown:
            return false;
    }
    return false;
}

// The age of the last report as the one number of a tile that has nothing newer to say.
void put_age_number(TileView& view, const PrinterState& printer, TimePoint now) {
    const auto age = report_age(printer, now);
    if (!age) return;
    const std::string text = age_text(*age);
    const auto gap = text.find(' ');
    if (gap == std::string::npos) return;  // "live"
    view.number = text.substr(0, gap);
    view.unit = text.substr(gap + 1);
}

void put_progress(TileView& view, const Report& report) {
    if (view.condition == Condition::preparing && report.prepare_percent && report.percent.value_or(0) == 0) {
        view.progress = static_cast<float>(std::clamp(*report.prepare_percent, 0, 100)) / 100.0F;
        return;  // the bar moves, the number would be read as the job's
    }
    if (!report.percent) return;
    const int percent = std::clamp(*report.percent, 0, 100);
    view.number = fmt::format("{}", percent);
    view.unit = "%";
    view.progress = static_cast<float>(percent) / 100.0F;
}

std::vector<Swatch> swatches(const PrinterState& printer) {
    std::vector<Swatch> found;
    const Report& report = printer.report;
    const auto active = active_tray(report);
    const auto add = [&](const Tray& tray, const TraySource& source) {
        if (found.size() >= most_swatches) return;
        if (const auto color = tray_color(tray)) found.push_back({*color, active == source});
    };
    if (report.ams) {
        for (const AmsUnit& unit : *report.ams) {
            for (const Tray& tray : unit.trays) {
                if (tray_presence(report, unit, tray.id) == Presence::empty) continue;
                add(tray, {TraySource::Kind::ams, unit.id, tray.id});
            }
        }
    }
    bool first = true;
    for (const Tray& spool : external_spools(report)) {
        add(spool, {first ? TraySource::Kind::external : TraySource::Kind::external_left, 0, 0});
        first = false;
    }
    return found;
}

std::string_view without_ending(std::string_view file) {
    if (const auto slash = file.find_last_of('/'); slash != std::string_view::npos)
        file.remove_prefix(slash + 1);
    for (const std::string_view ending : {".3mf", ".gcode"}) {
        if (file.size() > ending.size() && iequals(file.substr(file.size() - ending.size()), ending)) {
            file.remove_suffix(ending.size());
        }
    }
    return file;
}

std::string error_text(const Report& report) {
    if (const auto out = runout(report)) {
        if (out->unit && out->slot && *out->unit < 4 && *out->unit >= 0) {
            return fmt::format("Filament ran out in {}{}", static_cast<char>('A' + *out->unit),
                               *out->slot + 1);
        }
        return "Filament ran out";
    }
    if (const auto code = shown_error(report)) return fmt::format("Error {}", error_code_text(*code));
    for (const HmsMeaning& meaning : explain_all(report)) {
        if (meaning.severity == Severity::fatal || meaning.severity == Severity::serious) {
            return fmt::format("{}: {}", severity_name(meaning.severity), meaning.module);
        }
    }
    return {};
}

}  // namespace

bool is_stale(const PrinterState& printer) {
    switch (printer.link.link) {
        case Link::offline:
        case Link::refused:
            return true;
        case Link::connecting:
            return printer.last_report.has_value();
        case Link::online:
        case Link::quiet:
        case Link::half_dead:
            return false;
    }
    return true;
}

std::string layers_text(const Report& report) {
    if (!report.layer) return {};
    if (!report.total_layers || *report.total_layers <= 0) return fmt::format("{}", *report.layer);
    return fmt::format("{} / {}", *report.layer, *report.total_layers);
}

std::string job_name(const Report& report) {
    for (const auto& candidate : {report.subtask_name, report.gcode_file}) {
        if (!candidate) continue;
        const std::string_view name = without_ending(trim(*candidate));
        if (!name.empty()) return printable(name);
    }
    return {};
}

std::string detail_text(const PrinterState& printer) {
    if (printer.link.problem != LinkProblem::none) return std::string{sentence(printer.link.problem)};
    switch (condition(printer)) {
        case Condition::failed:
        case Condition::runout:
        case Condition::paused_error:
            return capitalised(error_text(printer.report));
        case Condition::printing:
        case Condition::preparing:
        case Condition::paused:
            if (const auto stage = shown_stage(printer.report); stage && *stage > 0) {
                return capitalised(stage_name(*stage));
            }
            return {};
        case Condition::finished:
            return "Take the print off the plate";
        case Condition::refused:
        case Condition::offline:
        case Condition::connecting:
        case Condition::stopped:
        case Condition::unknown:
            return {};
        case Condition::idle:
            return is_available(printer) ? "Ready for a job" : std::string{sentence(availability(printer))};
    }
    return {};
}

std::optional<Color> tray_color(const Tray& tray) {
    if (!tray.color || !tray.material || tray.material->empty() || tray.color->size() < 6)
        return std::nullopt;
    const auto rgb = parse_hex(tray.color->substr(0, 6));
    if (!rgb) return std::nullopt;
    return color_from_rgba(static_cast<std::uint32_t>(*rgb) << 8 | 0xFFU);
}

TileView tile_view(const PrinterState& printer, TimePoint now) {
    TileView view;
    view.condition = condition(printer);
    view.needs_hands = needs_hands(view.condition);
    view.stale = is_stale(printer);
    view.maintenance = printer.maintenance;
    view.name = printable(printer.name);
    view.word = word(view.condition);
    view.detail = detail_text(printer);
    const auto age = report_age(printer, now);
    view.age = age ? age_text(*age) : "no data";
    if (view.stale && view.age == "live") view.age = "< 15 s";  // nobody answers: not live
    view.nozzle = temperature_text(active_nozzle(printer));
    view.bed = temperature_text(bed(printer));
    if (const auto inside = chamber(printer)) view.chamber = temperature_text(inside);
    view.swatches = swatches(printer);
    const bool job_shown = has_job(view.condition) || view.condition == Condition::finished || view.stale;
    if (job_shown) view.file = job_name(printer.report);
    if (has_job(view.condition)) {
        put_progress(view, printer.report);
        view.layers = layers_text(printer.report);
        if (is_active(printer.report.state.value_or(JobState::unknown)) && printer.report.remaining_minutes &&
            *printer.report.remaining_minutes > 0) {
            view.left = minutes_text(*printer.report.remaining_minutes) + " left";
        }
    }
    if (view.condition == Condition::finished) view.progress = 1.0F;
    if (view.stale) {
        put_age_number(view, printer, now);
        if (!view.number.empty()) view.left = "since the last report";
    }
    return view;
}

std::optional<TimePoint> next_change(const PrinterState& printer, TimePoint now) {
    const auto age = report_age(printer, now);
    if (!age) return std::nullopt;
    return now + age_lasts(*age);
}

}  // namespace farmwall::ui
