// Which job goes to which printer, and when.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include "dispatch/scheduler.hpp"
#include "dispatch/waiting.hpp"
#include "model/prepared_place.hpp"

namespace farmwall::dispatch {
namespace {

using namespace std::chrono_literals;

constexpr auto between_forecasts = 10s;
constexpr std::size_t most_skipped = 200;
// Somebody may have removed files at the printer; the next upload asks again.
constexpr auto space_counts_for = 10min;

// Jobs with equal needs have equal verdicts.
using Needs = std::tuple<const SlicedFile*, int, std::optional<PrinterId>, std::string>;
Needs needs_of(const Job& job) { return {job.sliced.get(), job.plate, job.printer, job.tag}; }

}  // namespace

std::vector<std::size_t> Scheduler::dispatch_order() const {
    std::vector<std::size_t> order(entries_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::erase_if(order, [&](std::size_t i) { return entries_[i].job.phase != JobPhase::queued; });
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        return entries_[a].job.priority > entries_[b].job.priority;
    });
    return order;
}

bool Scheduler::may_start_by_time(Call& call, Entry& entry) {
    const Job& job = entry.job;
    if (job.start_before && *job.start_before <= call.wall) {
        hold(call, entry, "The time in which it was to start is over.");
        return false;
    }
    if (job.start_after && *job.start_after > call.wall) {
        const auto minutes = std::chrono::ceil<std::chrono::minutes>(*job.start_after - call.wall).count();
        set_waiting(entry, minutes < 120 ? fmt::format("Starts in {} min at the earliest.", minutes)
                                         : fmt::format("Starts in {} h at the earliest.", minutes / 60));
        return false;
    }
    return true;
}

void Scheduler::set_waiting(Entry& entry, std::string text) {
    if (entry.waiting == text) return;
    entry.waiting = std::move(text);
    changed(entry, false);
}

// The printer whose loaded filament fits best, then the one that was not used for longest, then the first.
std::optional<std::size_t> Scheduler::best_of(const std::vector<Match>& matches) const {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < matches.size(); ++i) {
        if (!matches[i].possible() || printers_[i].desk.job) continue;
        if (!best || matches[i].fit > matches[*best].fit ||
            (matches[i].fit == matches[*best].fit &&
             printers_[i].desk.last_used < printers_[*best].desk.last_used))
            best = i;
    }
    return best;
}

void Scheduler::dispatch(Call& call) {
    dispatch_wanted_ = false;
    next_dispatch_ = call.now + settings_.interval;
    auto result = std::make_shared<DispatchResult>();
    std::vector<PreparedPlace> places;
    places.reserve(printers_.size());
    for (std::size_t i = 0; i < printers_.size(); ++i) {
        if (call.now > printers_[i].space_known_at + space_counts_for) forget_space(i);
        places.emplace_back(place(i), settings_.rules, call.now);
        if (places.back().printer.possible()) result->available.push_back(settings_.printers[i]);
    }
    std::map<Needs, std::vector<Match>> verdicts;
    const std::vector<std::size_t> order = dispatch_order();
    result->queued = static_cast<int>(order.size());
    for (const std::size_t index : order) {
        Entry& entry = entries_[index];
        if (!may_start_by_time(call, entry)) continue;
        if (entry.job.sliced == nullptr) {
            begin_slicing(call, entry);
            continue;
        }
        auto [verdict, fresh] = verdicts.try_emplace(needs_of(entry.job));
        if (fresh) {
            const PreparedJob prepared{entry.job};
            for (const PreparedPlace& one : places)
                verdict->second.push_back(match(prepared, one));
        }
        if (const auto best = best_of(verdict->second)) {
            claim(call, entry, *best);
            result->dispatched.push_back({entry.job.id, settings_.printers[*best], {}});
            continue;
        }
        std::string why =
            waiting_text(verdict->second, entry.job.printer ? index_of(*entry.job.printer) : std::nullopt);
        if (why.empty()) why = "Every printer that could print it was just given another job.";
        if (result->skipped.size() < most_skipped) result->skipped.push_back({entry.job.id, why});
        set_waiting(entry, std::move(why));
    }
    last_dispatch_ = call.wall;
    ++dispatches_;
    last_result_ = std::move(result);
    ++published_revision_;
}

void Scheduler::claim(Call& call, Entry& entry, std::size_t printer) {
    Job& job = entry.job;
    job.phase = JobPhase::claimed;
    job.assigned = settings_.printers[printer];
    job.attempt.task_id = new_task_id();
    job.attempt.remote_name = remote_name_of(job, job.attempt.task_id);
    entry.waiting.clear();
    printers_[printer].desk.job = job.id;
    desk_changed(printer);
    begin_upload(call, entry, printer);
    changed(entry);
}

int Scheduler::new_task_id() {
    constexpr std::uint64_t largest = 2147483647;
    while (true) {
        const auto id = static_cast<int>(settings_.random() % largest + 1);
        const bool taken = std::ranges::any_of(
            entries_, [&](const Entry& entry) { return entry.job.attempt.task_id == id; });
        if (!taken) return id;
    }
}

// For the printer it asks for, else for the first that is free: what is sliced for one model prints on no
// other.
void Scheduler::begin_slicing(Call& call, Entry& entry) {
    const std::string obstacle = settings_.slicer_obstacle ? settings_.slicer_obstacle() : std::string{};
    if (!obstacle.empty()) {
        hold(call, entry, obstacle);
        return;
    }
    PrinterModel model = PrinterModel::unknown;
    for (std::size_t i = 0; i < printers_.size() && model == PrinterModel::unknown; ++i) {
        if (entry.job.printer && *entry.job.printer != settings_.printers[i]) continue;
        const auto& tags = settings_.places[i].tags;
        if (!entry.job.tag.empty() && std::ranges::find(tags, entry.job.tag) == tags.end()) continue;
        if (!entry.job.printer && !match_printer(place(i), settings_.rules, call.now).possible()) continue;
        model = place(i).printer.model.model;
    }
    if (model == PrinterModel::unknown) {
        set_waiting(entry, "Waits for a printer to be sliced for.");
        return;
    }
    entry.job.phase = JobPhase::slicing;
    entry.waiting.clear();
    entry.progress = 0;
    call.effects.emplace_back(BeginSlice{entry.job.id, entry.job.file_path, model});
    changed(entry);
}

SchedulerEffects Scheduler::slice_event(const SliceEvent& event, TimePoint now, WallTime wall) {
    Call call{now, wall, {}};
    Entry* entry = find(event.job);
    if (entry == nullptr || entry->job.phase != JobPhase::slicing) {
        if (event.kind == SliceEvent::Kind::done) forget_file(call, event.path);
        return finish(call);
    }
    switch (event.kind) {
        case SliceEvent::Kind::progress:
            entry->progress = std::max(event.percent, 0) / 100.0;
            entry->slicer_line = event.text;
            changed(*entry, false);
            break;
        case SliceEvent::Kind::done: {
            const std::string before = std::exchange(entry->job.file_path, event.path);
            entry->job.sliced = event.sliced;
            entry->job.phase = JobPhase::queued;
            entry->progress = 0;
            if (plate_of(entry->job) == nullptr)
                hold(call, *entry, fmt::format("The sliced file has no plate {}.", entry->job.plate));
            changed(*entry);
            forget_file(call, before);
            next_dispatch_ = now;
            dispatch_wanted_ = true;
            break;
        }
        case SliceEvent::Kind::failed:
            hold(call, *entry, event.text);
            break;
    }
    return finish(call);
}

void Scheduler::make_forecast(const Call& call) {
    next_forecast_ = call.now + between_forecasts;
    std::vector<const Job*> waiting;
    for (const std::size_t index : dispatch_order())
        waiting.push_back(&entries_[index].job);
    for (const Entry& entry : entries_) {
        if (entry.job.phase == JobPhase::held || entry.job.phase == JobPhase::slicing)
            waiting.push_back(&entry.job);
    }
    std::vector<Place> places;
    std::vector<const Job*> active;
    for (std::size_t i = 0; i < printers_.size(); ++i) {
        places.push_back(place(i));
        const Entry* entry = job_at(i);
        active.push_back(entry == nullptr ? nullptr : &entry->job);
    }
    ForecastInput input;
    input.queue = waiting;
    input.places = places;
    input.active = active;
    input.plate_change = settings_.plate_change;
    input.now = call.wall;
    input.steady_now = call.now;
    input.rules = settings_.rules;
    forecast_ = std::make_shared<const Forecast>(forecast(input));
}

}  // namespace farmwall::dispatch
