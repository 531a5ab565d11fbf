#include <fmt/format.h>

#include <algorithm>

#include <string>
#include <utility>
#include <vector>

#include "model/action.hpp"
#include "model/facts.hpp"
#include "model/prepared_place.hpp"
#include "model/start_gate.hpp"

// The matrix in words: the verdicts are those of match(), the values on both sides are added here.

namespace farmwall {
namespace {

struct Sides {
    std::string wanted;
    std::string found;
};

std::string or_unknown(std::string text) { return text.empty() ? "not known" : text; }

std::string age_text(const PrinterState& printer, TimePoint now) {
    if (!printer.full_report_seen || !printer.last_message) return "none yet";
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now - *printer.last_message).count();
    return fmt::format("{} s old", std::max<long long>(seconds, 0));
}

std::string_view developer_text(DeveloperMode mode) {
    switch (mode) {
        case DeveloperMode::on:
            return "on";
        case DeveloperMode::off:
            return "off";
        case DeveloperMode::unknown:
            break;
    }
    return "not known";
}

std::string_view storage_text(Storage storage) {
    switch (storage) {
        case Storage::none:
            return "none";
        case Storage::normal:
            return "ready";
        case Storage::abnormal:
            return "faulty";
        case Storage::read_only:
            return "write-protected";
        case Storage::unknown:
            break;
    }
    return "not known";
}

std::string plate_text(const PlateRecord& plate) {
    if (plate.state != PlateState::occupied || plate.print.empty()) return std::string{name(plate.state)};
    return fmt::format("occupied by {}", plate.print);
}

std::string fdm_text(const Report& report) {
    if (!report.device_type) return "not reported";
    return prints_filament(report) ? "yes" : "no";
}

Sides printer_sides(CheckKind kind, const Place& place, TimePoint now) {
    const PrinterState& printer = place.printer;
    switch (kind) {
        case CheckKind::online:
            return {"", std::string{word(printer.link.link)}};
        case CheckKind::report:
            return {"", age_text(printer, now)};
        case CheckKind::maintenance:
            return {"", printer.maintenance          ? "in maintenance"
                        : place.desk.flagged.empty() ? "in service"
                                                     : "flagged"};
        case CheckKind::developer_mode:
            return {"on", std::string{developer_text(developer_mode(printer))}};
        case CheckKind::idle:
            return {"", std::string{wire_name(printer.report.state.value_or(JobState::unknown))}};
        case CheckKind::plate_clear:
            return {"clear", plate_text(place.desk.plate)};
        case CheckKind::fdm:
            return {"yes", fdm_text(printer.report)};
        default:
            return {"writable", std::string{storage_text(storage(printer.report))}};
    }
}

template <class Values, class Text>
std::string joined(const Values& values, std::string_view between, const Text& text) {
    std::string all;
    for (const auto& value : values) {
        if (!all.empty()) all += between;
        all += text(value);
    }
    return all;
}

Sides target_sides(const Pairing& pair) {
    const Place& place = pair.place.place;
    Sides sides;
    sides.wanted = pair.job.job.printer ? pair.job.job.printer->value : "any";
    sides.found = place.printer.id.value;
    if (pair.job.job.tag.empty()) return sides;
    sides.wanted += fmt::format(", tag {}", pair.job.job.tag);
    sides.found +=
        place.place.tags.empty()
            ? ", no tags"
            : fmt::format(", tags {}", joined(place.place.tags, ", ", [](const auto& tag) { return tag; }));
    return sides;
}

Sides file_sides(const Pairing& pair) {
    Sides sides{fmt::format("plate {}", pair.job.job.plate), "not sliced"};
    if (pair.job.job.sliced == nullptr) return sides;
    sides.found = "plates " + joined(pair.job.job.sliced->plates, ", ",
                                     [](const SlicedPlate& plate) { return std::to_string(plate.index); });
    if (pair.plate == nullptr) return sides;
    for (const SliceWarning& warning : pair.plate->warnings)
        sides.found += fmt::format("; {}", warning.message);
    return sides;
}

std::string diameters(std::span<const double> millimetres) {
    return or_unknown(joined(millimetres, " + ", [](double mm) { return fmt::format("{} mm", mm); }));
}

std::string mounted_diameters(const PreparedPlace& place) {
    return joined(place.mounted(), " + ", [](const MountedNozzle& nozzle) {
        return nozzle.diameter_mm ? fmt::format("{} mm", *nozzle.diameter_mm) : std::string{"not known"};
    });
}

std::string mounted_types(const PreparedPlace& place) {
    return joined(place.mounted(), " + ",
                  [](const MountedNozzle& nozzle) { return or_unknown(std::string{nozzle.type}); });
}

Sides model_sides(const Pairing& pair) {
    const SlicedPlate& plate = *pair.plate;
    const bool known = plate.model != PrinterModel::unknown;
    return {known ? std::string{model_info(plate.model).name} : or_unknown(plate.model_code),
            std::string{model_info(pair.place.place.printer.model.model).name}};
}

std::string megabytes(std::uint64_t bytes) {
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string filament_text(std::string_view material, const FilamentColor& color) {
    const std::string_view shade = color_name(color);
    return shade.empty() ? std::string{material} : fmt::format("{}, {}", material, shade);
}

std::string tray_label(const TraySource& source) {
    std::string label = describe(source);
    constexpr std::string_view word = "Tray ";
    return label.starts_with(word) ? label.substr(word.size()) : label;
}

std::string tray_text(const LoadedTray& tray) {
    std::string text = tray_label(tray.source) + ": " + filament_text(tray.material.text(), tray.color);
    if (tray.grams) text += fmt::format(", {:.0f} g", *tray.grams);
    return text;
}

std::string all_trays(const PreparedPlace& place) {
    if (place.tray_count == 0) return "nothing loaded";
    return joined(place.loaded(), "; ", tray_text);
}

std::string humidity_text(const LoadedTray& tray) {
    if (tray.unit == nullptr) return "";
    if (tray.unit->humidity_percent) return fmt::format("{} %", *tray.unit->humidity_percent);
    const int index = tray.unit->humidity_index.value_or(0);
    return index > 0 ? fmt::format("index {} of 5", index) : std::string{"not known"};
}

class Matrix {
public:
    void add(CheckKind kind, const Finding& finding, Sides sides) {
        checks.push_back({kind, finding.verdict, std::move(sides.wanted), std::move(sides.found),
                          std::string{finding.reason}});
    }
    std::vector<Check> checks;
};

void add_filaments(Matrix& to, const Pairing& pair) {
    const std::size_t count = pair.job.filaments;
    if (count == 0) {
        const std::size_t used = pair.plate->filaments.size();
        to.add(CheckKind::filament, check_filaments(pair),
               {used == 0 ? "not said" : fmt::format("{} filaments", used), all_trays(pair.place)});
    }
    for (std::size_t i = 0; i < count; ++i) {
        const WantedFilament& filament = pair.job.filament[i];
        const LoadedTray* tray = pair.tray(i);
        to.add(CheckKind::filament, check_filament(pair, i),
               {filament_text(or_unknown(std::string{filament.material.text()}), filament.color),
                tray != nullptr ? tray_text(*tray) : all_trays(pair.place)});
    }
    for (std::size_t i = 0; i < count; ++i) {
        const LoadedTray* tray = pair.tray(i);
        const bool known = tray != nullptr && tray->grams;
        const double grams = pair.grams(i);
        to.add(CheckKind::amount, check_amount(pair, i),
               {grams > 0 ? fmt::format("{:.0f} g", grams) : std::string{"not known"},
                known ? fmt::format("{:.0f} g", *tray->grams) : std::string{"not known"}});
    }
    for (std::size_t i = 0; i < count; ++i) {
        const LoadedTray* tray = pair.tray(i);
        to.add(CheckKind::humidity, check_humidity(pair, i),
               {fmt::format("{} % at most", pair.place.rules.most_humid_percent),
                tray != nullptr ? humidity_text(*tray) : std::string{"not known"}});
    }
}

void add_plate(Matrix& to, const Pairing& pair) {
    const SlicedPlate& plate = *pair.plate;
    const auto& free = pair.place.place.desk.free_bytes;
    to.add(CheckKind::model, check_model(pair), model_sides(pair));
    to.add(CheckKind::nozzle_diameter, check_nozzle_diameter(pair),
           {diameters(plate.nozzle_diameters_mm), mounted_diameters(pair.place)});
    to.add(CheckKind::nozzle_type, check_nozzle_type(pair),
           {or_unknown(plate.nozzle_type), mounted_types(pair.place)});
    to.add(CheckKind::plate_type, {}, {std::string{describe(plate.plate_type)}, "not reported"});
    to.add(CheckKind::space, check_space(pair),
           {megabytes(pair.job.job.sliced->bytes), free ? megabytes(*free) : std::string{"not known"}});
    add_filaments(to, pair);
}

}  // namespace

std::vector<Check> explain(const Job& job, const Place& place, const MatchRules& rules, TimePoint now) {
    const PreparedPlace prepared{place, rules, now};
    const PreparedJob prepared_job{job};
    const Pairing pair{prepared_job, prepared};
    Matrix matrix;
    for (std::size_t i = 0; i < prepared.findings.size(); ++i) {
        const auto kind = static_cast<CheckKind>(i);
        const Finding finding = kind == CheckKind::idle ? check_idle(pair) : prepared.findings[i];
        matrix.add(kind, finding, printer_sides(kind, place, now));
    }
    matrix.add(CheckKind::target, check_target(pair), target_sides(pair));
    matrix.add(CheckKind::file, check_file(pair), file_sides(pair));
    if (pair.plate != nullptr) add_plate(matrix, pair);
    return std::move(matrix.checks);
}

}  // namespace farmwall
