#include "model/availability.hpp"

#include "model/errors.hpp"

namespace farmwall {

bool is_connected(const PrinterState& printer) {
    return printer.link.link == Link::online || printer.link.link == Link::quiet;
}

Availability report_availability(const PrinterState& printer) {
    if (!printer.full_report_seen || !printer.report.state) return Availability::no_report_yet;
    const Report& report = printer.report;
    switch (*report.state) {
        case JobState::idle:
        case JobState::finish:
            return Availability::available;
        case JobState::failed: {
            // The soft fail of http-api.md, which does not look at fail_reason.
            const bool clean = report.print_error.value_or(0) == 0 &&
                               report.mc_print_error_code.value_or(0) == 0 && explain_all(report).empty();
            return clean ? Availability::available : Availability::failed;
        }
        case JobState::prepare:
        case JobState::slicing:
        case JobState::running:
        case JobState::pause:
            return Availability::busy;
        case JobState::unknown:
        case JobState::init:
        case JobState::offline:
            return Availability::not_ready;
    }
    return Availability::not_ready;
}

Availability availability(const PrinterState& printer) {
    if (printer.maintenance) return Availability::maintenance;
    if (!is_connected(printer)) return Availability::not_connected;
    return report_availability(printer);
}

bool is_available(const PrinterState& printer) { return availability(printer) == Availability::available; }

std::string_view sentence(Availability availability) {
    switch (availability) {
        case Availability::available:
            return "Ready for a job.";
        case Availability::not_connected:
            return "Not connected to the printer.";
        case Availability::no_report_yet:
            return "The printer has not reported its state yet.";
        case Availability::busy:
            return "The printer is busy with a job.";
        case Availability::failed:
            return "The last job failed; somebody must look at the printer.";
        case Availability::not_ready:
            return "The printer is starting up or in a state that is not known.";
        case Availability::maintenance:
            return "The printer is taken out of service for maintenance.";
    }
    return "";
}

}  // namespace farmwall
