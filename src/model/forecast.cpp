#include "model/forecast.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "model/facts.hpp"
#include "model/prepared_place.hpp"

namespace farmwall {
namespace {

using std::chrono::seconds;

constexpr seconds when_nothing_is_known{3'600};
constexpr seconds shortest_rest{60};  // of a print that should be over
constexpr std::chrono::hours longest_horizon{8};
constexpr std::chrono::hours shortest_horizon{1};

WallTime later(WallTime from, Duration by) {
    return from + std::chrono::duration_cast<WallTime::duration>(by);
}

std::optional<seconds> known_length(const Job& job) {
    const SlicedPlate* plate = plate_of(job);
    if (plate == nullptr || !plate->prediction || plate->prediction->count() <= 0) return std::nullopt;
    return plate->prediction;
}

// For jobs that do not say how long they take.
seconds mean_length(const ForecastInput& input) {
    seconds sum{0};
    std::int64_t count = 0;
    for (const auto& jobs : {input.queue, input.active}) {
        for (const Job* job : jobs) {
            const auto length = job != nullptr ? known_length(*job) : std::nullopt;
            if (!length) continue;
            sum += *length;
            ++count;
        }
    }
    return count == 0 ? when_nothing_is_known : sum / count;
}

// More than a clear plate is missing: no one knows when it will print again.
bool is_out(const PreparedPlace& place, const Report& report) {
    for (const CheckKind kind : {CheckKind::online, CheckKind::report, CheckKind::maintenance,
                                 CheckKind::developer_mode, CheckKind::storage}) {
        if (place.printer.refuses(kind)) return true;
    }
    const JobState state = report.state.value_or(JobState::unknown);
    return !is_active(state) && !changes_filament(report) && place.printer.refuses(CheckKind::idle);
}

class Forecaster {
public:
    explicit Forecaster(const ForecastInput& input) : input_{input}, mean_{mean_length(input)} {
        places_.reserve(input.places.size());
        for (const Place& place : input.places)
            places_.emplace_back(place, input.rules, input.steady_now);
        free_.assign(input.places.size(), std::nullopt);
        for (std::size_t i = 0; i < places_.size(); ++i)
            take_present(i);
        for (const Job* job : input.queue) {
            if (job != nullptr) take_queued(*job);
        }
        finish();
    }
    [[nodiscard]] Forecast take() { return std::move(out_); }

private:
    [[nodiscard]] const PrinterState& printer(std::size_t i) const { return input_.places[i].printer; }
    [[nodiscard]] const Job* active(std::size_t i) const {
        return i < input_.active.size() ? input_.active[i] : nullptr;
    }
    // When somebody, or an ejector, has cleared the plate.
    [[nodiscard]] WallTime cleared(std::size_t i, WallTime end) const {
        return input_.places[i].place.auto_clear ? end : later(end, input_.plate_change);
    }

    void take_present(std::size_t i) {
        const Report& report = printer(i).report;
        const bool works = report.state && is_active(*report.state);
        const Job* job = active(i);
        if (job != nullptr || works) {
            const WallTime end = take_active(i, job, works);
            if (!is_out(places_[i], report)) free_[i] = cleared(i, end);
            return;
        }
        if (is_out(places_[i], report)) return;
        free_[i] = places_[i].printer.refuses(CheckKind::plate_clear) ? cleared(i, input_.now) : input_.now;
    }

    // What it prints now, ours or somebody's. When that ends.
    WallTime take_active(std::size_t i, const Job* job, bool works) {
        const Report& report = printer(i).report;
        const WallTime start = job != nullptr ? job->started.value_or(input_.now) : input_.now;
        const auto length = job != nullptr ? known_length(*job) : std::nullopt;
        const bool tells = works && report.remaining_minutes.value_or(0) > 0;
        WallTime end = later(start, length.value_or(mean_));
        if (tells) end = later(input_.now, std::chrono::minutes{*report.remaining_minutes});
        end = std::max(end, later(input_.now, shortest_rest));
        out_.blocks.push_back({i, job != nullptr ? std::optional{job->id} : std::nullopt, start, end});
        if (job != nullptr) out_.jobs.push_back({job->id, i, start, end, !tells && !length});
        if (!out_.next_free_at || end < *out_.next_free_at) {
            out_.next_free = i;
            out_.next_free_at = end;
        }
        return end;
    }

    void take_queued(const Job& job) {
        ForecastEntry entry;
        entry.job = job.id;
        const auto length = known_length(job);
        entry.estimated = !length;
        if (job.phase != JobPhase::held) place_job(job, length.value_or(mean_), entry);
        out_.jobs.push_back(std::move(entry));
    }

    void place_job(const Job& job, seconds length, ForecastEntry& entry) {
        for (const std::size_t i : printers_for(job)) {
            if (!entry.printer) entry.printer = i;
            if (!free_[i]) continue;
            if (!free_[*entry.printer] || *free_[i] < *free_[*entry.printer]) entry.printer = i;
        }
        if (!entry.printer || !free_[*entry.printer]) return;
        WallTime start = *free_[*entry.printer];
        if (job.start_after) start = std::max(start, *job.start_after);
        if (job.start_before && start > *job.start_before) return;
        entry.start = start;
        entry.end = later(start, length);
        out_.blocks.push_back({*entry.printer, job.id, start, *entry.end});
        free_[*entry.printer] = cleared(*entry.printer, *entry.end);
        if (!out_.runs_dry || start > *out_.runs_dry) out_.runs_dry = start;
    }

    // Those that could print it, worked out once for all jobs that ask the same.
    const std::vector<std::size_t>& printers_for(const Job& job) {
        const Question asked{job.sliced.get(), job.plate,
                             job.printer ? std::string_view{job.printer->value} : std::string_view{},
                             job.auto_assign, job.tag};
        const auto [found, is_new] = could_.try_emplace(asked);
        if (!is_new) return found->second;
        const PreparedJob prepared{job};
        for (std::size_t i = 0; i < places_.size(); ++i) {
            if (could_print(match(prepared, places_[i]))) found->second.push_back(i);
        }
        return found->second;
    }

    void finish() {
        std::ranges::stable_sort(out_.blocks, {}, [](const ForecastBlock& block) {
            return std::pair{block.printer, block.start};
        });
        WallTime::duration horizon = longest_horizon;
        if (out_.runs_dry)
            horizon = std::clamp<WallTime::duration>(*out_.runs_dry - input_.now, shortest_horizon,
                                                     longest_horizon);
        const auto changes = std::ranges::count_if(out_.blocks, [&](const ForecastBlock& block) {
            return !input_.places[block.printer].place.auto_clear && block.end <= input_.now + horizon;
        });
        const double hours = std::chrono::duration<double, std::ratio<3'600>>(horizon).count();
        out_.plate_changes_per_hour = static_cast<double>(changes) / hours;
    }

    using Question = std::tuple<const SlicedFile*, int, std::string_view, bool, std::string_view>;

    const ForecastInput& input_;
    seconds mean_;
    std::vector<PreparedPlace> places_;
    std::vector<std::optional<WallTime>> free_;  // nothing: not known when, or whether ever
    std::map<Question, std::vector<std::size_t>> could_;
    Forecast out_;
};

bool warms(double celsius, double target_celsius) {
    constexpr double near_enough = 3;
    return target_celsius > 0 && target_celsius - celsius > near_enough;
}

bool heats(const std::optional<Temperature>& heater) {
    return heater && heater->target_celsius && warms(heater->celsius, *heater->target_celsius);
}

}  // namespace

Forecast forecast(const ForecastInput& input) { return Forecaster{input}.take(); }

int heat_up_watts(PrinterModel model) {
    // At 220 V, where bed and nozzle heat together: by the makers' figures, the larger for a class.
    switch (model) {
        case PrinterModel::a1_mini:
            return 150;
        case PrinterModel::x1c:
        case PrinterModel::x1:
        case PrinterModel::p1p:
        case PrinterModel::p1s:
            return 1'000;
        case PrinterModel::p2s:
        case PrinterModel::x2d:
            return 1'200;
        case PrinterModel::a1:
        case PrinterModel::a2l:
            return 1'300;
        case PrinterModel::x1e:
            return 1'350;
        case PrinterModel::h2s:
        case PrinterModel::h2d:
        case PrinterModel::h2d_pro:
        case PrinterModel::h2c:
        case PrinterModel::unknown:
            break;
    }
    return 2'200;
}

int heating_watts(const PrinterState& printer) {
    const bool nozzle_warms =
        std::ranges::any_of(nozzle_temperatures(printer),
                            [](const NozzleTemperature& nozzle) { return heats(nozzle.temperature); });
    const bool begins = printer.report.state == JobState::prepare;
    if (!begins && !nozzle_warms && !heats(bed(printer))) return 0;
    return heat_up_watts(printer.model.model);
}

}  // namespace farmwall
