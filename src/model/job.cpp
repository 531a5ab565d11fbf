#include "model/job.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace farmwall {
namespace {

constexpr std::array phase_names{
    std::pair{JobPhase::queued, std::string_view{"queued"}},
    std::pair{JobPhase::held, std::string_view{"held"}},
    std::pair{JobPhase::slicing, std::string_view{"slicing"}},
    std::pair{JobPhase::claimed, std::string_view{"claimed"}},
    std::pair{JobPhase::uploading, std::string_view{"uploading"}},
    std::pair{JobPhase::starting, std::string_view{"starting"}},
    std::pair{JobPhase::running, std::string_view{"running"}},
    std::pair{JobPhase::completed, std::string_view{"completed"}},
    std::pair{JobPhase::failed, std::string_view{"failed"}},
    std::pair{JobPhase::canceled, std::string_view{"canceled"}},
};
constexpr std::array plate_names{
    std::pair{PlateState::unknown, std::string_view{"unknown"}},
    std::pair{PlateState::clear, std::string_view{"clear"}},
    std::pair{PlateState::occupied, std::string_view{"occupied"}},
};

template <class Table, class Value>
std::string_view name_in(const Table& table, Value value) {
    const auto found = std::ranges::find_if(table, [&](const auto& entry) { return entry.first == value; });
    return found == table.end() ? std::string_view{} : found->second;
}
template <class Table>
auto value_in(const Table& table, std::string_view name)
    -> std::optional<typename Table::value_type::first_type> {
    const auto found = std::ranges::find_if(table, [&](const auto& entry) { return entry.second == name; });
    if (found == table.end()) return std::nullopt;
    return found->first;
}

auto all_but_sliced(const Job& job) {
    return std::tie(job.id, job.file_name, job.file_path, job.plate, job.printer, job.auto_assign, job.tag,
                    job.priority, job.options, job.start_after, job.start_before, job.origin, job.phase,
                    job.error, job.created, job.started, job.finished, job.assigned, job.attempt,
                    job.attempts);
}

}  // namespace

std::string_view name(JobPhase phase) { return name_in(phase_names, phase); }
std::optional<JobPhase> job_phase_from(std::string_view name) { return value_in(phase_names, name); }
std::string_view name(PlateState state) { return name_in(plate_names, state); }
std::optional<PlateState> plate_state_from(std::string_view name) { return value_in(plate_names, name); }

std::string_view contract_status(JobPhase phase) {
    switch (phase) {
        case JobPhase::queued:
        case JobPhase::held:
        case JobPhase::slicing:
            return "queued";
        case JobPhase::claimed:
        case JobPhase::uploading:
        case JobPhase::starting:
            return "dispatching";
        case JobPhase::running:
        case JobPhase::completed:
        case JobPhase::failed:
        case JobPhase::canceled:
            return name(phase);
    }
    return "queued";
}

bool is_over(JobPhase phase) {
    return phase == JobPhase::completed || phase == JobPhase::failed || phase == JobPhase::canceled;
}

bool holds_printer(JobPhase phase) {
    return phase == JobPhase::claimed || phase == JobPhase::uploading || phase == JobPhase::starting ||
           phase == JobPhase::running;
}

bool operator==(const Job& a, const Job& b) {
    const bool same_sliced =
        a.sliced == b.sliced || (a.sliced != nullptr && b.sliced != nullptr && *a.sliced == *b.sliced);
    return same_sliced && all_but_sliced(a) == all_but_sliced(b);
}

const SlicedPlate* plate_of(const Job& job) {
    return job.sliced == nullptr ? nullptr : find_plate(*job.sliced, job.plate);
}

}  // namespace farmwall
