#include "dispatch/belief.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "model/availability.hpp"
#include "model/facts.hpp"

namespace farmwall::dispatch {
namespace {

enum class Whose { nobodys, ours, others };

bool telling(const std::string& id) { return !id.empty() && id != "0"; }

Whose whose(const Report& report, const StartAttempt& ours, const std::string& subtask_name) {
    const std::string id = report.subtask_id.value_or("");
    if (telling(id)) return id == std::to_string(ours.task_id) ? Whose::ours : Whose::others;
    const std::string file = report.gcode_file.value_or("");
    const std::string name = report.subtask_name.value_or("");
    if (!ours.remote_name.empty() && file.ends_with(ours.remote_name)) return Whose::ours;
    if (file.empty() && name.empty()) return Whose::nobodys;
    // The newer models call every file "plate_N.gcode": there the name alone tells.
    const bool says_little = file.empty() || file.find("Metadata/plate_") != std::string::npos;
    return says_little && !name.empty() && name == subtask_name ? Whose::ours : Whose::others;
}

}  // namespace

Sighting sight(const PrinterState& printer, const StartAttempt& ours, const std::string& subtask_name) {
    if (!is_connected(printer) || !printer.full_report_seen || !printer.report.state)
        return Sighting::unknown;
    const Whose print = whose(printer.report, ours, subtask_name);
    switch (*printer.report.state) {
        case JobState::prepare:
        case JobState::slicing:
        case JobState::running:
        case JobState::pause:
            if (print == Whose::ours) return Sighting::ours_active;
            // A name may come a moment after the state.
            return print == Whose::others ? Sighting::other_active : Sighting::unknown;
        case JobState::finish:
            return print == Whose::ours ? Sighting::ours_finished : Sighting::nothing;
        case JobState::failed:
        case JobState::idle:
            return print == Whose::ours ? Sighting::ours_ended : Sighting::nothing;
        case JobState::init:
        case JobState::offline:
        case JobState::unknown:
            return print == Whose::ours ? Sighting::landed : Sighting::unknown;
    }
    return Sighting::unknown;
}

std::string print_mark(const Report& report) {
    const std::string id = report.subtask_id.value_or("");
    const std::string name = report.subtask_name.value_or("");
    if (!telling(id) && name.empty()) return "";
    return fmt::format("{}/{}", telling(id) ? id : std::string{}, name);
}

std::string seen_mark(const Report& report) {
    std::string mark = print_mark(report);
    return mark.empty() ? "none" : mark;
}

bool is_other_print(const std::string& seen_before, const std::string& mark_now) {
    if (seen_before == "none") return !mark_now.empty();
    const auto differ = [](std::string_view a, std::string_view b) {
        return !a.empty() && !b.empty() && a != b;
    };
    const std::size_t cut_before = std::min(seen_before.find('/'), seen_before.size());
    const std::size_t cut_now = std::min(mark_now.find('/'), mark_now.size());
    const std::string_view one{seen_before};
    const std::string_view other{mark_now};
    return differ(one.substr(0, cut_before), other.substr(0, cut_now)) ||
           differ(one.substr(cut_before), other.substr(cut_now));
}

std::string subtask_name_of(const Job& job) {
    std::string name = job.file_name;
    const std::string low = to_lower(name);
    for (const std::string_view ending : {".gcode.3mf", ".3mf", ".gcode"}) {
        if (!low.ends_with(ending) || low.size() == ending.size()) continue;
        name.resize(name.size() - ending.size());
        break;
    }
    constexpr std::size_t longest = 80;
    if (name.size() > longest) {
        std::size_t end = longest;
        while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U)
            --end;  // not inside a character
        name.resize(end);
    }
    return name;
}

std::string remote_name_of(const Job& job, int task_id) {
    return fmt::format("{}{}-{}.gcode.3mf", remote_prefix, job.id.value, task_id);
}

std::optional<bool> shows_filament(const Report& report) {
    if (active_tray(report)) return true;
    if (report.toolhead_filament && *report.toolhead_filament != 0) return true;
    if (!report.toolhead_filament && !report.tray_now && !report.extruders) return std::nullopt;
    return false;
}

}  // namespace farmwall::dispatch
