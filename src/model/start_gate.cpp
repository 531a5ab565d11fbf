#include "model/start_gate.hpp"

#include <algorithm>

#include "model/availability.hpp"
#include "model/facts.hpp"
#include "model/matching.hpp"

namespace farmwall {

bool prints_filament(const Report& report) { return !report.device_type || (*report.device_type & 1U) != 0; }

std::optional<Refusal> storage_refusal(const Report& report) {
    switch (storage(report)) {
        case Storage::normal:
            return std::nullopt;
        case Storage::read_only:
            return Refusal::storage_read_only;
        case Storage::none:
        case Storage::abnormal:
        case Storage::unknown:
            break;
    }
    return Refusal::no_storage;
}

bool has_fatal_hms(const Report& report) {
    constexpr std::uint32_t fatal = 1;
    return report.hms &&
           std::ranges::any_of(*report.hms, [](const HmsEntry& e) { return e.code >> 16 == fatal; });
}

namespace {

std::optional<Refusal> work_refusal(const PrinterState& printer) {
    switch (report_availability(printer)) {
        case Availability::available:
            break;
        case Availability::busy:
            return Refusal::busy;
        case Availability::failed:
            return Refusal::shows_error;
        case Availability::no_report_yet:
            return Refusal::no_report_yet;
        case Availability::not_connected:
        case Availability::not_ready:
        case Availability::maintenance:
            return Refusal::unknown_state;
    }
    if (changes_filament(printer.report)) return Refusal::busy;
    return has_fatal_hms(printer.report) ? std::optional{Refusal::shows_error} : std::nullopt;
}

}  // namespace

std::optional<Refusal> gate_start(const PrinterState& printer, TimePoint now) {
    if (printer.link.link == Link::half_dead) return Refusal::half_dead;
    if (!is_connected(printer)) return Refusal::offline;
    if (printer.maintenance) return Refusal::maintenance;
    if (!printer.full_report_seen || !printer.report.state || !printer.last_report)
        return Refusal::no_report_yet;
    // Idle P1 and A1 printers report nothing for hours; their answers to questions count (protocol 3.5).
    const bool fresh = printer.last_message && now - *printer.last_message <= start_stale_after;
    if (!fresh) return Refusal::stale_report;
    if (developer_mode(printer) == DeveloperMode::off) return Refusal::needs_developer_mode;
    if (const auto working = work_refusal(printer)) return working;
    if (!prints_filament(printer.report)) return Refusal::not_fdm;
    return storage_refusal(printer.report);
}

}  // namespace farmwall
