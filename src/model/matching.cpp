#include "model/matching.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

#include "model/prepared_place.hpp"

namespace farmwall {
namespace {

constexpr Finding passes{};
Finding refused(std::string_view reason) { return {Verdict::refuse, reason}; }
Finding warned(std::string_view reason) { return {Verdict::warn, reason}; }

struct KindName {
    CheckKind kind;
    std::string_view name;
    std::string_view title;
};
constexpr std::array<KindName, check_kinds> kind_names{{
    {CheckKind::online, "online", "Connected"},
    {CheckKind::report, "report", "Report"},
    {CheckKind::maintenance, "maintenance", "In service"},
    {CheckKind::developer_mode, "developer_mode", "Developer Mode"},
    {CheckKind::idle, "idle", "Idle"},
    {CheckKind::plate_clear, "plate_clear", "Plate clear"},
    {CheckKind::fdm, "fdm", "Prints filament"},
    {CheckKind::storage, "storage", "Storage"},
    {CheckKind::target, "target", "Wanted printer"},
    {CheckKind::file, "file", "File"},
    {CheckKind::model, "model", "Model"},
    {CheckKind::nozzle_diameter, "nozzle_diameter", "Nozzle"},
    {CheckKind::nozzle_type, "nozzle_type", "Nozzle type"},
    {CheckKind::plate_type, "plate_type", "Plate type"},
    {CheckKind::space, "space", "Free storage"},
    {CheckKind::filament, "filament", "Filament"},
    {CheckKind::amount, "amount", "Enough filament"},
    {CheckKind::humidity, "humidity", "Humidity"},
}};

constexpr int red_warning = 3;                 // of the slicer
constexpr int visible_difference = 150 * 150;  // of color_difference: nobody takes one for the other

void note(Match& match, CheckKind kind, Verdict verdict) {
    const std::uint32_t bit = 1U << static_cast<unsigned>(kind);
    if (verdict == Verdict::refuse) match.refused |= bit;
    if (verdict == Verdict::warn) match.warned |= bit;
}

bool same_diameter(double a, double b) { return std::abs(a - b) < 0.005; }

// 0 for the same preset and colour; more the worse it fits.
int misfit(const WantedFilament& wanted, const LoadedTray& tray) {
    constexpr int color_step = 4'096;
    constexpr int preset_weight = 200;  // more than any colour
    const int difference = color_difference(wanted.color, tray.color);
    const bool same_preset = !wanted.preset.empty() && wanted.preset == tray.preset;
    return (same_preset ? 0 : preset_weight) + (difference == 0 ? 0 : 1 + difference / color_step);
}

int fit_of(const Pairing& pair, const Match& match) {
    constexpr int without_tray = 10'000;
    constexpr int more_than_warnings = check_kinds + 1;
    int worse = pair.job.filaments == 0 ? without_tray : 0;
    for (std::size_t i = 0; i < pair.job.filaments; ++i) {
        const LoadedTray* tray = pair.tray(i);
        worse += tray == nullptr ? without_tray : misfit(pair.job.filament[i], *tray);
    }
    return -(worse * more_than_warnings + std::popcount(match.warned));
}

void note_plate(Match& match, const Pairing& pair) {
    note(match, CheckKind::model, check_model(pair).verdict);
    note(match, CheckKind::nozzle_diameter, check_nozzle_diameter(pair).verdict);
    note(match, CheckKind::nozzle_type, check_nozzle_type(pair).verdict);
    note(match, CheckKind::space, check_space(pair).verdict);
    note(match, CheckKind::filament, check_filaments(pair).verdict);
    for (std::size_t i = 0; i < pair.job.filaments; ++i) {
        note(match, CheckKind::filament, check_filament(pair, i).verdict);
        note(match, CheckKind::amount, check_amount(pair, i).verdict);
        note(match, CheckKind::humidity, check_humidity(pair, i).verdict);
    }
    match.fit = fit_of(pair, match);
}

bool wears_nozzle(const WantedFilament& filament, const LoadedTray* tray) {
    return filament.abrasive || (tray != nullptr && tray->abrasive);
}

// The extruders that the plate prints with, as bits; all of a machine where that is not said.
unsigned used_extruders(const Pairing& pair) {
    const unsigned all = (1U << static_cast<unsigned>(pair.place.extruders)) - 1;
    if (pair.place.extruders == 1) return all;
    unsigned used = 0;
    for (std::size_t i = 0; i < pair.job.filaments; ++i) {
        const int extruder = pair.job.filament[i].extruder;
        if (extruder < 0 || extruder >= pair.place.extruders) return all;
        used |= 1U << static_cast<unsigned>(extruder);
    }
    return used == 0 ? all : used;
}

bool prints_with(const WantedFilament& filament, std::size_t extruder, const PreparedPlace& place) {
    return place.extruders == 1 || filament.extruder < 0 || std::cmp_equal(filament.extruder, extruder);
}

bool is_soft(NozzleMaterial material) {
    return material == NozzleMaterial::brass || material == NozzleMaterial::stainless_steel;
}

}  // namespace

std::string_view name(CheckKind kind) { return kind_names[static_cast<std::size_t>(kind)].name; }
std::string_view title(CheckKind kind) { return kind_names[static_cast<std::size_t>(kind)].title; }

Pairing::Pairing(const PreparedJob& j, const PreparedPlace& at) : job{j}, plate{j.plate}, place{at} {
    if (j.filaments != 0) plan = plan_trays(j, at);
}

Finding check_idle(const Pairing& pair) {
    const auto& holder = pair.place.place.desk.job;
    if (holder && *holder != pair.job.job.id) return refused("Another job holds the printer.");
    return pair.place.findings[static_cast<std::size_t>(CheckKind::idle)];
}

Finding check_target(const Pairing& pair) {
    const Job& job = pair.job.job;
    if (job.printer && *job.printer != pair.place.place.printer.id)
        return refused("The job is for another printer.");
    if (!job.printer && !job.auto_assign)
        return refused("The job names no printer and takes none by itself.");
    const auto& tags = pair.place.place.place.tags;
    if (job.tag.empty() || std::ranges::find(tags, job.tag) != tags.end()) return passes;
    return refused("The printer does not have the tag that the job asks for.");
}

Finding check_file(const Pairing& pair) {
    if (pair.job.job.sliced == nullptr) return refused("The file is not sliced yet.");
    if (pair.plate == nullptr) return refused("The file has no such plate.");
    if (pair.plate->outside) return refused("Something lies outside the plate.");
    for (const SliceWarning& warning : pair.plate->warnings) {
        if (warning.level >= red_warning) return warned("The slicer warns of this plate.");
    }
    return passes;
}

Finding check_model(const Pairing& pair) {
    const PrinterModel wanted = pair.plate->model;
    const PrinterModel found = pair.place.place.printer.model.model;
    if (wanted == PrinterModel::unknown) return refused("The file does not say for which known model it is.");
    if (found == PrinterModel::unknown) return refused("The model of this printer is not known.");
    if (wanted == found) return passes;
    if (same_print_group(wanted, found)) return warned("The file was sliced for a similar model.");
    return refused("The file was sliced for another model.");
}

Finding check_nozzle_diameter(const Pairing& pair) {
    const auto& wanted = pair.plate->nozzle_diameters_mm;
    const auto mounted = pair.place.mounted();
    if (wanted.empty()) return refused("The file does not say for which nozzle it is.");
    if (wanted.size() != mounted.size()) return refused("The file was sliced for another number of nozzles.");
    for (std::size_t i = 0; i < mounted.size(); ++i) {
        if (!mounted[i].diameter_mm) return refused("Which nozzle is fitted is not known.");
        if (!same_diameter(wanted[i], *mounted[i].diameter_mm))
            return refused("The nozzle has another diameter than the file was sliced for.");
    }
    return passes;
}

Finding check_nozzle_type(const Pairing& pair) {
    const auto mounted = pair.place.mounted();
    const unsigned used = used_extruders(pair);
    const NozzleMaterial wanted = pair.job.nozzle;
    bool differs = false;
    for (std::size_t e = 0; e < mounted.size(); ++e) {
        if ((used >> e & 1U) == 0 || mounted[e].material == NozzleMaterial::unknown) continue;
        if (wanted != NozzleMaterial::unknown && wanted != mounted[e].material) differs = true;
        if (!is_soft(mounted[e].material)) continue;
        for (std::size_t i = 0; i < pair.job.filaments; ++i) {
            const WantedFilament& filament = pair.job.filament[i];
            if (prints_with(filament, e, pair.place) && wears_nozzle(filament, pair.tray(i)))
                return warned("The filament is abrasive and wears this nozzle.");
        }
    }
    return differs ? warned("The nozzle is of another kind than the file was sliced for.") : passes;
}

Finding check_space(const Pairing& pair) {
    const auto& free = pair.place.place.desk.free_bytes;
    if (!free || *free >= pair.job.job.sliced->bytes) return passes;
    return refused("The printer's storage has not enough room for the file.");
}

Finding check_filaments(const Pairing& pair) {
    const auto& filaments = pair.plate->filaments;
    if (filaments.empty()) return refused("The file does not say which filament it needs.");
    if (filaments.size() > most_filaments)
        return refused("The plate uses more filaments than can be told to a printer.");
    return passes;
}

Finding check_filament(const Pairing& pair, std::size_t index) {
    const WantedFilament& filament = pair.job.filament[index];
    if (const LoadedTray* tray = pair.tray(index)) {
        const bool both = filament.color.known && tray->color.known;
        const bool other = both && color_difference(filament.color, tray->color) > visible_difference;
        return other ? warned("The nearest colour that is loaded is another one.") : passes;
    }
    if (filament.material.empty()) return refused("The file does not say which material it needs.");
    if (pair.place.extruders > 1 && filament.extruder < 0)
        return refused("The file does not say which nozzle prints this filament.");
    bool loaded = false;
    bool reaches = false;
    for (const LoadedTray& tray : pair.place.loaded()) {
        if (!(tray.material == filament.material)) continue;
        loaded = true;
        if (pair.place.extruders == 1 || tray.extruder == filament.extruder) reaches = true;
    }
    if (!loaded) return refused("No tray holds this material.");
    if (!reaches) return refused("No tray with this material feeds the nozzle that prints it.");
    return refused("The trays with this material are needed for other filaments of the plate.");
}

Finding check_amount(const Pairing& pair, std::size_t index) {
    const LoadedTray* tray = pair.tray(index);
    if (tray == nullptr || !tray->grams) return passes;
    const bool enough = *tray->grams >= pair.grams(index);
    return enough ? passes : warned("The spool may run out during the print.");
}

Finding check_humidity(const Pairing& pair, std::size_t index) {
    const LoadedTray* tray = pair.tray(index);
    return tray != nullptr && tray->humid ? warned("The filament may be damp.") : passes;
}

Match match(const PreparedJob& job, const PreparedPlace& place) {
    const Pairing pair{job, place};
    Match match = place.printer;
    note(match, CheckKind::idle, check_idle(pair).verdict);
    note(match, CheckKind::target, check_target(pair).verdict);
    note(match, CheckKind::file, check_file(pair).verdict);
    if (pair.plate != nullptr) note_plate(match, pair);
    return match;
}

Match match(const Job& job, const Place& place, const MatchRules& rules, TimePoint now) {
    return match(PreparedJob{job}, PreparedPlace{place, rules, now});
}

Match match_printer(const Place& place, const MatchRules& rules, TimePoint now) {
    Match found = bits_of(check_printer(place, rules, now));
    if (place.desk.job) note(found, CheckKind::idle, Verdict::refuse);
    return found;
}

bool could_print(const Match& match) {
    std::uint32_t passing = 0;  // what comes and goes
    for (const CheckKind kind :
         {CheckKind::online, CheckKind::report, CheckKind::maintenance, CheckKind::developer_mode,
          CheckKind::idle, CheckKind::plate_clear, CheckKind::storage})
        passing |= 1U << static_cast<unsigned>(kind);
    return (match.refused & ~passing) == 0;
}

}  // namespace farmwall
