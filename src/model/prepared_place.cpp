#include "model/prepared_place.hpp"

#include <algorithm>

#include "model/availability.hpp"
#include "model/facts.hpp"
#include "model/gate.hpp"
#include "model/start_gate.hpp"

namespace farmwall {
namespace {

constexpr int damp_index = 2;  // of 1 (wet) to 5 (dry)

constexpr Finding passes{};
Finding refused(std::string_view reason) { return {Verdict::refuse, reason}; }

Finding check_online(const PrinterState& printer) {
    if (is_connected(printer)) return passes;
    const std::string_view why = sentence(printer.link.problem);
    return refused(why.empty() ? sentence(Refusal::offline) : why);
}

Finding check_report(const PrinterState& printer, TimePoint now) {
    if (!printer.full_report_seen || !printer.report.state || !printer.last_report)
        return refused(sentence(Refusal::no_report_yet));
    const bool fresh = printer.last_message && now - *printer.last_message <= start_stale_after;
    return fresh ? passes : refused(sentence(Refusal::stale_report));
}

Finding check_maintenance(const Place& place) {
    if (place.printer.maintenance) return refused(sentence(Availability::maintenance));
    return place.desk.flagged.empty() ? passes : refused(place.desk.flagged);
}

Finding check_developer_mode(const PrinterState& printer) {
    const bool off = developer_mode(printer) == DeveloperMode::off;
    return off ? refused(sentence(Refusal::needs_developer_mode)) : passes;
}

Finding check_work(const PrinterState& printer) {
    const Availability can = report_availability(printer);
    if (can != Availability::available) return refused(sentence(can));
    if (changes_filament(printer.report)) return refused("The printer is changing filament.");
    return has_fatal_hms(printer.report) ? refused(sentence(Refusal::shows_error)) : passes;
}

Finding check_plate_clear(const Place& place, const MatchRules& rules) {
    if (!rules.require_plate_clear) return passes;
    switch (place.desk.plate.state) {
        case PlateState::clear:
            return passes;
        case PlateState::occupied:
            return refused("The last print still lies on the plate.");
        case PlateState::unknown:
            break;
    }
    return refused("Nobody has said yet whether the plate is clear.");
}

Finding check_fdm(const Report& report) {
    return prints_filament(report) ? passes : refused(sentence(Refusal::not_fdm));
}

Finding check_storage(const Report& report) {
    const auto refusal = storage_refusal(report);
    return refusal ? refused(sentence(*refusal)) : passes;
}

void find_nozzles(PreparedPlace& to, const PrinterState& printer) {
    const Report& report = printer.report;
    to.extruders = std::clamp(extruder_count(printer), 1, static_cast<int>(most_extruders));
    for (int extruder = 0; extruder < to.extruders; ++extruder) {
        MountedNozzle& nozzle = to.nozzles[static_cast<std::size_t>(extruder)];
        // A rack puts other nozzles into the head (protocol 4.14).
        int id = extruder;
        if (report.extruders) {
            const auto head = std::ranges::find(*report.extruders, extruder, &Extruder::id);
            if (head != report.extruders->end()) id = head->nozzle_id.value_or(extruder);
        }
        if (report.nozzles) {
            const auto mounted = std::ranges::find(*report.nozzles, id, &Nozzle::id);
            if (mounted != report.nozzles->end()) {
                nozzle.diameter_mm = mounted->diameter_mm;
                if (mounted->type) nozzle.type = *mounted->type;
            }
        }
        if (to.extruders == 1) {
            if (!nozzle.diameter_mm) nozzle.diameter_mm = report.nozzle_diameter_mm;
            if (nozzle.type.empty() && report.nozzle_type) nozzle.type = *report.nozzle_type;
        }
        nozzle.material = nozzle_material(nozzle.type);
    }
}

bool is_humid(const AmsUnit& unit, const MatchRules& rules) {
    if (unit.humidity_percent) return *unit.humidity_percent > rules.most_humid_percent;
    const int index = unit.humidity_index.value_or(0);
    return index >= 1 && index <= damp_index;
}

// Left on the spool, where the spool says it (protocol 4.12).
std::optional<double> grams_left(const Tray& tray) {
    if (!tray.remain_percent || *tray.remain_percent < 0) return std::nullopt;
    if (!tray.weight_grams || *tray.weight_grams <= 0) return std::nullopt;
    return *tray.remain_percent * static_cast<double>(*tray.weight_grams) / 100.0;
}

void add_tray(PreparedPlace& to, const TraySource& source, const Tray& tray, const AmsUnit* unit,
              int extruder) {
    if (to.tray_count == PreparedPlace::most_trays) return;
    const MaterialName material{tray.material ? std::string_view{*tray.material} : std::string_view{}};
    if (material.empty()) return;
    LoadedTray& added = to.trays[to.tray_count++];
    added.source = source;
    added.tray = &tray;
    added.unit = unit;
    added.extruder = extruder;
    added.material = material;
    if (tray.preset_id) added.preset = *tray.preset_id;
    added.color = filament_color(tray.color ? std::string_view{*tray.color} : std::string_view{});
    added.grams = grams_left(tray);
    added.abrasive = is_abrasive(material.text()) || (tray.brand && is_abrasive(*tray.brand));
    added.humid = unit != nullptr && is_humid(*unit, to.rules);
}

// Addresses that a start can name (protocol 1.4, 7.2).
bool is_slot(int unit, int slot) {
    if (unit >= 128 && unit <= 135) return slot == 0;
    return ((unit >= 0 && unit <= 3) || unit == 16) && slot >= 0 && slot <= 3;
}

void find_ams_trays(PreparedPlace& to, const Report& report) {
    if (!report.ams) return;
    for (const AmsUnit& unit : *report.ams) {
        // With two nozzles a unit counts only while it is known which of them it feeds.
        const auto fed = to.extruders > 1 ? fed_extruder(unit) : std::optional{0};
        if (!fed) continue;
        for (const Tray& tray : unit.trays) {
            if (!is_slot(unit.id, tray.id)) continue;
            if (tray_presence(report, unit, tray.id) != Presence::present) continue;
            add_tray(to, {TraySource::Kind::ams, unit.id, tray.id}, tray, &unit, *fed);
        }
    }
}

void find_spools(PreparedPlace& to, const Report& report) {
    constexpr int left_id = 254;  // on two nozzles; on one nozzle some firmware calls its only spool so
    const auto add = [&](const Tray& spool) {
        const bool left = spool.id == left_id && to.extruders > 1;
        add_tray(to, {left ? TraySource::Kind::external_left : TraySource::Kind::external, 0, 0}, spool,
                 nullptr, left ? 1 : 0);
    };
    if (!report.external_slots) {
        if (report.external) add(*report.external);
        return;
    }
    const auto& spools = *report.external_slots;
    for (const Tray& spool : spools) {
        const bool only = to.extruders > 1 || spools.size() == 1;
        if (only || spool.id != left_id) add(spool);
    }
}

}  // namespace

PrinterFindings check_printer(const Place& place, const MatchRules& rules, TimePoint now) {
    PrinterFindings findings;
    const auto at = [&](CheckKind kind) -> Finding& { return findings[static_cast<std::size_t>(kind)]; };
    const PrinterState& printer = place.printer;
    at(CheckKind::online) = check_online(printer);
    at(CheckKind::report) = check_report(printer, now);
    at(CheckKind::maintenance) = check_maintenance(place);
    at(CheckKind::developer_mode) = check_developer_mode(printer);
    at(CheckKind::idle) = check_work(printer);
    at(CheckKind::plate_clear) = check_plate_clear(place, rules);
    at(CheckKind::fdm) = check_fdm(printer.report);
    at(CheckKind::storage) = check_storage(printer.report);
    return findings;
}

Match bits_of(const PrinterFindings& findings) {
    Match match;
    for (std::size_t kind = 0; kind < findings.size(); ++kind) {
        if (findings[kind].verdict == Verdict::refuse) match.refused |= 1U << kind;
    }
    return match;
}

PreparedPlace::PreparedPlace(const Place& of, const MatchRules& by, TimePoint now)
    : place{of}, rules{by}, findings{check_printer(of, by, now)}, printer{bits_of(findings)} {
    find_nozzles(*this, of.printer);
    find_ams_trays(*this, of.printer.report);
    find_spools(*this, of.printer.report);
}

}  // namespace farmwall
