#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/printer_state.hpp"

namespace farmwall {

// print_error, err_code, fail_reason (protocol 5.1).

// "0500-400C".
[[nodiscard]] std::string error_code_text(std::uint32_t code);
// The codes that a cancelled job leaves behind.
[[nodiscard]] bool is_cancel_code(std::uint32_t code);
// Noise: cancel codes and advisories that come while printing well.
[[nodiscard]] bool is_noise_code(std::uint32_t code);
// "command not signed" and "signature wrong": Developer Mode is off (protocol 8.3).
[[nodiscard]] bool is_signature_code(std::uint32_t code);

// HMS (protocol 5.2).
enum class Severity { unknown, fatal, serious, common, info };
[[nodiscard]] std::string_view severity_name(Severity severity);

struct HmsMeaning {
    std::string code;  // "HMS_0300_0100_0001_0007", or "0500-8092" for a short code
    std::string key;   // key into the text tables: 16 or 8 hex digits
    Severity severity = Severity::unknown;
    std::string module;       // "motion controller", "AMS"; hex for others
    std::optional<int> unit;  // AMS modules: 0-3 A-D, 128- AMS HT, 255 external right/only, 254 external left
    std::optional<int> slot;  // AMS modules: 0-3
    bool runout = false;      // filament ran out, a person is needed (5.4)
    friend bool operator==(const HmsMeaning&, const HmsMeaning&) = default;
};
[[nodiscard]] HmsMeaning explain(const HmsEntry& entry);
// Entries that mean something, in the report's order; [0,0] entries are skipped.
[[nodiscard]] std::vector<HmsMeaning> explain_all(const Report& report);

// Where filament ran out.
struct Runout {
    std::optional<int> unit;  // as in HmsMeaning
    std::optional<int> slot;
    friend bool operator==(const Runout&, const Runout&) = default;
};
// Paused because filament ran out: PAUSE with stage 6, or a run-out print_error or HMS (12.4).
[[nodiscard]] std::optional<Runout> runout(const Report& report);

// FAILED with every code zero and no HMS: what firmware leaves after a person's stop.
[[nodiscard]] bool is_soft_fail(const Report& report);
// How a job that left the active set ended. `own_stop`: we sent a stop in the last 30 s.
enum class JobOutcome { completed, failed, canceled };
[[nodiscard]] JobOutcome job_outcome(const Report& after, bool own_stop);

// The error that a person should see: print_error, else the newest of the other two, noise left out.
[[nodiscard]] std::optional<std::uint32_t> shown_error(const Report& report);

}  // namespace farmwall
