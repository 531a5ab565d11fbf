#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "model/report.hpp"
#include "model/report_fields.hpp"

namespace farmwall {
namespace {

template <class Things>
auto& entry_with_id(Things& things, int id) {
    auto place = std::lower_bound(things.begin(), things.end(), id,
                                  [](const auto& t, int wanted) { return t.id < wanted; });
    if (place == things.end() || place->id != id) {
        place = things.emplace(place);
        place->id = id;
    }
    return *place;
}

void merge_tray(Tray& tray, const Tray& said) {
    if (said.emptied) {
        const int id = tray.id;
        tray = Tray{};
        tray.id = id;
    }
    visit_tray_fields([&](std::string_view, auto field) {
        if (said.*field) tray.*field = said.*field;
    });
}

void merge_unit(AmsUnit& unit, const AmsUnit& said) {
    visit_ams_fields([&](std::string_view, auto field) {
        if (said.*field) unit.*field = said.*field;
    });
    for (const Tray& tray : said.trays) {
        merge_tray(entry_with_id(unit.trays, tray.id), tray);
    }
}

constexpr std::array<std::pair<JobState, std::string_view>, 9> state_names{{
    {JobState::idle, "IDLE"},
    {JobState::prepare, "PREPARE"},
    {JobState::slicing, "SLICING"},
    {JobState::running, "RUNNING"},
    {JobState::pause, "PAUSE"},
    {JobState::finish, "FINISH"},
    {JobState::failed, "FAILED"},
    {JobState::init, "INIT"},
    {JobState::offline, "OFFLINE"},
}};

}  // namespace

Report merge(Report state, const ReportDelta& delta) {
    if (delta.kind == ReportDelta::Kind::full) state = Report{};
    const Report& said = delta.said;
    visit_report_fields([&](std::string_view, auto field) {
        if (said.*field) state.*field = said.*field;
    });
    if (said.ams) {
        if (!state.ams) state.ams.emplace();
        for (const AmsUnit& unit : *said.ams) {
            merge_unit(entry_with_id(*state.ams, unit.id), unit);
        }
    }
    if (said.external) {
        if (!state.external) {
            state.external.emplace();
        }
        // A partial `vt_tray` may come without its id.
        if (said.external->id != 0) state.external->id = said.external->id;
        merge_tray(*state.external, *said.external);
    }
    return state;
}

Report merge(Report state, ReportDelta&& delta) {
    if (delta.kind != ReportDelta::Kind::full) return merge(std::move(state), std::as_const(delta));
    state = std::move(delta.said);
    if (state.ams) {
        for (AmsUnit& unit : *state.ams) {
            for (Tray& tray : unit.trays)
                tray.emptied = false;
        }
    }
    if (state.external) state.external->emptied = false;
    return state;
}

bool is_active(JobState state) {
    switch (state) {
        case JobState::prepare:
        case JobState::slicing:
        case JobState::running:
        case JobState::pause:
            return true;
        case JobState::unknown:
        case JobState::idle:
        case JobState::finish:
        case JobState::failed:
        case JobState::init:
        case JobState::offline:
            return false;
    }
    return false;
}

std::string_view wire_name(JobState state) {
    for (const auto& [known, name] : state_names) {
        if (known == state) return name;
    }
    return "UNKNOWN";
}

JobState job_state_from(std::string_view text) {
    for (const auto& [known, name] : state_names) {
        if (iequals(name, trim(text))) return known;
    }
    return JobState::unknown;
}

}  // namespace farmwall
