#include "model/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace farmwall {
namespace {

constexpr std::uint32_t task_canceled = 0x0300400C;
constexpr std::uint32_t printing_canceled = 0x0500400E;
constexpr std::uint32_t card_slow = 0x0500C011;  // P1, advisory
constexpr std::uint32_t not_signed = 0x05024007;
constexpr std::uint32_t bad_signature = 0x05024009;

// AMS, AMS Lite, AMS HT: their codes name a unit and a slot.
bool is_ams_module(std::uint32_t module) { return module == 0x07 || module == 0x12 || module == 0x18; }

std::string module_name(std::uint32_t module) {
    switch (module) {
        case 0x03:
            return "motion controller";
        case 0x05:
            return "mainboard";
        case 0x07:
            return "AMS";
        case 0x08:
            return "toolhead";
        case 0x0C:
            return "camera";
        case 0x12:
            return "AMS Lite";
        case 0x18:
            return "AMS HT";
        case 0x1A:
            return "hotend rack";
        default:
            return fmt::format("module {:02X}", module);
    }
}

// External spools are instances FF (right or only) and FE (left) of the AMS modules. An AMS HT is counted
// from 0 here, and from 128 wherever else it is named (protocol 1.4).
int unit_of(std::uint32_t module, std::uint32_t instance) {
    const bool ams_ht = module == 0x18 && instance < 8;
    return static_cast<int>(ams_ht ? 128 + instance : instance);
}

// A print_error of the run-out rows of protocol 5.4.
std::optional<Runout> runout_of(std::uint32_t code) {
    if (code == 0x03008004 || code == 0x03008015) return Runout{};
    const std::uint32_t module = code >> 24;
    if (!is_ams_module(module) || (code & 0xFFFF) != 0x8011) return std::nullopt;
    return Runout{unit_of(module, (code >> 16) & 0xFF), std::nullopt};
}

}  // namespace

std::string error_code_text(std::uint32_t code) {
    return fmt::format("{:04X}-{:04X}", code >> 16, code & 0xFFFF);
}

bool is_cancel_code(std::uint32_t code) { return code == task_canceled || code == printing_canceled; }

bool is_noise_code(std::uint32_t code) { return is_cancel_code(code) || code == card_slow; }

bool is_signature_code(std::uint32_t code) { return code == not_signed || code == bad_signature; }

std::string_view severity_name(Severity severity) {
    switch (severity) {
        case Severity::unknown:
            return "unknown";
        case Severity::fatal:
            return "fatal";
        case Severity::serious:
            return "serious";
        case Severity::common:
            return "common";
        case Severity::info:
            return "info";
    }
    return "unknown";
}

HmsMeaning explain(const HmsEntry& entry) {
    HmsMeaning meaning;
    const std::uint32_t module = entry.attr >> 24;
    const std::uint32_t severity = entry.code >> 16;
    meaning.module = module_name(module);
    if (severity == 0) {
        // A short code of the print_error table (seen on P2S).
        const std::uint32_t code = (entry.attr & 0xFFFF0000U) | (entry.code & 0xFFFFU);
        meaning.code = error_code_text(code);
        meaning.key = fmt::format("{:08X}", code);
        meaning.runout = runout_of(code).has_value();
        if (is_ams_module(module)) meaning.unit = unit_of(module, (entry.attr >> 16) & 0xFF);
        return meaning;
    }
    meaning.key = fmt::format("{:08X}{:08X}", entry.attr, entry.code);
    meaning.code = fmt::format("HMS_{:04X}_{:04X}_{:04X}_{:04X}", entry.attr >> 16, entry.attr & 0xFFFF,
                               entry.code >> 16, entry.code & 0xFFFF);
    switch (severity) {
        case 1:
            meaning.severity = Severity::fatal;
            break;
        case 2:
            meaning.severity = Severity::serious;
            break;
        case 3:
            meaning.severity = Severity::common;
            break;
        case 4:
            meaning.severity = Severity::info;
            break;
        default:
            break;
    }
    if (is_ams_module(module)) {
        meaning.unit = unit_of(module, (entry.attr >> 16) & 0xFF);
        const std::uint32_t part = (entry.attr >> 8) & 0xFF;
        if (part >= 0x20 && part <= 0x23) {
            meaning.slot = static_cast<int>(part - 0x20);
            // …_0003_0001 and _0002 with the same start: the printer switches over by itself.
            meaning.runout = entry.code == 0x00020001 && (entry.attr & 0xFF) == 0;
        }
    }
    return meaning;
}

std::vector<HmsMeaning> explain_all(const Report& report) {
    std::vector<HmsMeaning> out;
    if (!report.hms) return out;
    for (const HmsEntry& entry : *report.hms) {
        if (entry.attr != 0 || entry.code != 0) out.push_back(explain(entry));
    }
    return out;
}

std::optional<Runout> runout(const Report& report) {
    if (report.state != JobState::pause) return std::nullopt;
    for (const HmsMeaning& meaning : explain_all(report)) {
        if (meaning.runout) return Runout{meaning.unit, meaning.slot};
    }
    if (report.print_error) {
        if (const auto found = runout_of(*report.print_error)) return found;
    }
    if (report.stage == 6) return Runout{};
    return std::nullopt;
}

bool is_soft_fail(const Report& report) {
    return report.state == JobState::failed && report.print_error.value_or(0) == 0 &&
           report.mc_print_error_code.value_or(0) == 0 && report.fail_reason.value_or(0) == 0 &&
           explain_all(report).empty();
}

JobOutcome job_outcome(const Report& after, bool own_stop) {
    if (after.state == JobState::finish) return JobOutcome::completed;
    if (own_stop || is_soft_fail(after)) return JobOutcome::canceled;
    for (const auto& code : {after.print_error, after.fail_reason, after.mc_print_error_code}) {
        if (code && is_cancel_code(*code)) return JobOutcome::canceled;
    }
    // IDLE straight from an active state, with nothing wrong: somebody ended the job.
    if (after.state == JobState::idle && !shown_error(after)) return JobOutcome::canceled;
    return JobOutcome::failed;
}

std::optional<std::uint32_t> shown_error(const Report& report) {
    for (const auto& code : {report.print_error, report.mc_print_error_code}) {
        if (code && *code != 0 && !is_noise_code(*code)) return code;
    }
    if (report.state == JobState::failed && report.fail_reason && *report.fail_reason != 0 &&
        !is_noise_code(*report.fail_reason)) {
        return report.fail_reason;
    }
    return std::nullopt;
}

}  // namespace farmwall
