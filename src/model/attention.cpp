#include "model/attention.hpp"

#include "model/availability.hpp"
#include "model/errors.hpp"
#include "model/facts.hpp"

namespace farmwall {
namespace {

Condition paused_condition(const Report& report) {
    if (runout(report)) return Condition::runout;
    if (shown_error(report)) return Condition::paused_error;
    for (const HmsMeaning& meaning : explain_all(report)) {
        if (meaning.severity == Severity::fatal || meaning.severity == Severity::serious)
            return Condition::paused_error;
    }
    // Stages of a pause that no person asked for: a cover, a sensor, a clog.
    const auto stage = shown_stage(report);
    const bool asked_for = !stage || *stage == 5 || *stage == 16 || *stage == 30 || !is_pause_stage(*stage);
    return asked_for ? Condition::paused : Condition::paused_error;
}

}  // namespace

Condition condition(const PrinterState& printer) {
    switch (printer.link.link) {
        case Link::refused:
            return Condition::refused;
        case Link::offline:
            return Condition::offline;
        case Link::connecting:
            return Condition::connecting;
        case Link::half_dead:
        case Link::online:
        case Link::quiet:
            break;
    }
    return printer.full_report_seen ? job_condition(printer.report) : Condition::connecting;
}

Condition job_condition(const Report& report) {
    if (!report.state) return Condition::connecting;
    switch (*report.state) {
        case JobState::running:
            return Condition::printing;
        case JobState::prepare:
        case JobState::slicing:
            return Condition::preparing;
        case JobState::pause:
            return paused_condition(report);
        case JobState::finish:
            return Condition::finished;
        case JobState::failed:
            return job_outcome(report, false) == JobOutcome::canceled ? Condition::stopped
                                                                      : Condition::failed;
        case JobState::idle:
            return Condition::idle;
        case JobState::unknown:
        case JobState::init:
        case JobState::offline:
            return Condition::unknown;
    }
    return Condition::unknown;
}

std::string_view word(Condition condition) {
    switch (condition) {
        case Condition::failed:
            return "FAILED";
        case Condition::runout:
            return "RUN OUT";
        case Condition::paused_error:
            return "ERROR";
        case Condition::refused:
            return "REFUSED";
        case Condition::paused:
            return "PAUSED";
        case Condition::offline:
            return "OFFLINE";
        case Condition::connecting:
            return "CONNECTING";
        case Condition::printing:
            return "PRINTING";
        case Condition::preparing:
            return "PREPARING";
        case Condition::finished:
            return "FINISHED";
        case Condition::stopped:
            return "STOPPED";
        case Condition::idle:
            return "IDLE";
        case Condition::unknown:
            return "UNKNOWN";
    }
    return "UNKNOWN";
}

bool needs_hands(Condition condition) {
    switch (condition) {
        case Condition::failed:
        case Condition::runout:
        case Condition::paused_error:
        case Condition::refused:
            return true;
        case Condition::paused:
        case Condition::offline:
        case Condition::connecting:
        case Condition::printing:
        case Condition::preparing:
        case Condition::finished:
        case Condition::stopped:
        case Condition::idle:
        case Condition::unknown:
            return false;
    }
    return false;
}

std::optional<Duration> report_age(const PrinterState& printer, TimePoint now) {
    if (!printer.last_report) return std::nullopt;
    return now > *printer.last_report ? now - *printer.last_report : Duration{0};
}

}  // namespace farmwall
