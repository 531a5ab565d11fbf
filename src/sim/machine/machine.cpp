#include "sim/machine/machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/text.hpp"

namespace farmwall::sim {

namespace {

constexpr double ambient_celsius = 24;
constexpr double longest_step_s = 2;
constexpr double longest_advance_s = 7 * 24 * 3600.0;
constexpr double load_s = 60;
constexpr std::uint32_t cancelled_code = 0x0300400C;

constexpr std::array<std::pair<GcodeState, std::string_view>, 9> state_names = {{
    {GcodeState::idle, "IDLE"},
    {GcodeState::prepare, "PREPARE"},
    {GcodeState::slicing, "SLICING"},
    {GcodeState::running, "RUNNING"},
    {GcodeState::pause, "PAUSE"},
    {GcodeState::finish, "FINISH"},
    {GcodeState::failed, "FAILED"},
    {GcodeState::init, "INIT"},
    {GcodeState::offline, "OFFLINE"},
}};

void step_heater(Heater& heater, double seconds, double degrees_per_s, double cooling_s) {
    if (heater.target > heater.celsius) {
        heater.celsius = std::min(heater.target, heater.celsius + degrees_per_s * seconds);
        return;
    }
    const double floor = std::max(heater.target, ambient_celsius);
    heater.celsius = floor + (heater.celsius - floor) * std::exp(-seconds / cooling_s);
    if (std::abs(heater.celsius - floor) < 0.05) heater.celsius = floor;
}

double speed_factor(int level) {
    constexpr std::array<double, 4> factors = {0.5, 1.0, 1.24, 1.66};
    return factors[static_cast<std::size_t>(std::clamp(level, 1, 4) - 1)];
}

double stage_seconds(int stage) {
    struct Row {
        int stage;
        double seconds;
    };
    static constexpr std::array<Row, 9> rows{{
        {1, 90},    // bed levelling
        {2, 60},    // bed preheating, longer while the bed is cold
        {3, 60},    // vibration
        {4, 30},    // filament change
        {8, 40},    // dynamic flow
        {13, 20},   // homing
        {14, 40},   // nozzle cleaning
        {24, 30},   // filament loading
        {49, 120},  // chamber
    }};
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.stage == stage; });
    return row == rows.end() ? 15 : row->seconds;
}

}  // namespace

std::string_view text_of(GcodeState state) {
    for (const auto& [value, name] : state_names)
        if (value == state) return name;
    return "";
}

std::optional<GcodeState> gcode_state_named(std::string_view text) {
    for (const auto& [value, name] : state_names)
        if (iequals(name, text)) return value;
    return std::nullopt;
}

bool is_active(GcodeState state) {
    return state == GcodeState::prepare || state == GcodeState::slicing || state == GcodeState::running ||
           state == GcodeState::pause;
}

bool Spool::tagged() const { return tag.find_first_not_of('0') != std::string::npos; }

Machine::Machine(Model model, std::uint64_t seed)
    : spec_{&spec_of(model)}, random_{(seed * 0x9E3779B97F4A7C15ULL + 0x1234567ULL) | 1ULL} {
    state_.wifi_dbm = -40 - static_cast<int>(pick(30));
    state_.chamber_light = pick(3) == 0 ? "off" : "on";
    state_.chamber_light2 = state_.chamber_light;
    state_.external.color = "00000000";
    state_.external_left.color = "00000000";
}

std::uint32_t Machine::pick(std::uint32_t bound) {
    random_ ^= random_ << 13;
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    return bound == 0 ? 0 : static_cast<std::uint32_t>((random_ >> 16) % bound);
}

void Machine::advance(double seconds) {
    double left = std::clamp(seconds, 0.0, longest_advance_s);
    while (left > 0) {
        const double now = std::min(left, longest_step_s);
        step(now);
        left -= now;
    }
}

void Machine::step(double seconds) {
    step_heaters(seconds);
    step_load(seconds);
    step_drying(seconds);
    step_late_start(seconds);
    step_job(seconds);
    state_.age_s += seconds;
}

void Machine::step_heaters(double seconds) {
    for (auto& nozzle : state_.nozzles)
        step_heater(nozzle, seconds, 3.5, 70);
    step_heater(state_.bed, seconds, 0.6, 420);
    if (spec_->chamber_heater && state_.chamber.target > 0) {
        step_heater(state_.chamber, seconds, 0.08, 900);
        return;
    }
    // Without a heater the bed warms the air, to a third of its own excess.
    const double warm = ambient_celsius + (state_.bed.celsius - ambient_celsius) / 3;
    state_.chamber.celsius = warm + (state_.chamber.celsius - warm) * std::exp(-seconds / 600);
    if (std::abs(state_.chamber.celsius - warm) < 0.05) state_.chamber.celsius = warm;
}

void Machine::step_drying(double seconds) {
    for (auto& unit : state_.ams)
        if (unit.dry_minutes > 0) unit.dry_minutes = std::max(0.0, unit.dry_minutes - seconds / 60);
}

void Machine::step_load(double seconds) {
    if (!state_.load) return;
    state_.load->left_s -= seconds;
    if (state_.load->left_s > 0) return;
    const Source wanted = state_.load->wanted;
    state_.load.reset();
    auto& extruder = state_.loaded[static_cast<std::size_t>(state_.active_extruder)];
    if (!wanted.none() && !wanted.external() && spool_at(wanted) == nullptr) {
        extruder = Source{};
        state_.print_error = 0x07008011U | (static_cast<std::uint32_t>(wanted.ams & 0x0F) << 16);
        return;
    }
    extruder = wanted;
}

void Machine::step_late_start(double seconds) {
    if (!state_.late_start) return;
    state_.late_start->left_s -= seconds;
    if (state_.late_start->left_s > 0) return;
    Job job = std::move(state_.late_start->job);
    state_.late_start.reset();
    start(std::move(job));
}

void Machine::step_job(double seconds) {
    const bool moving = state_.state == GcodeState::prepare || state_.state == GcodeState::running;
    if (!moving) return;
    switch (state_.progress) {
        case Progress::none:
            return;
        case Progress::unpacking:
            state_.stage_left_s -= seconds;
            if (state_.stage_left_s > 0) return;
            if (state_.job.unpacking_error != 0) return fail(state_.job.unpacking_error);
            state_.state = GcodeState::running;
            state_.progress = Progress::preparing;
            state_.stage_index = 0;
            heat_for_job(true);
            enter_next_stage();
            return;
        case Progress::preparing: {
            state_.stage_left_s -= seconds;
            const bool bed_is_cold = state_.stage == 2 && state_.bed.celsius < state_.bed.target - 1;
            if (state_.stage_left_s > 0 || bed_is_cold) return;
            ++state_.stage_index;
            enter_next_stage();
            return;
        }
        case Progress::printing:
            print_for(seconds);
            return;
    }
}

void Machine::enter_next_stage() {
    if (state_.stage_index < state_.job.stages.size()) {
        state_.stage = state_.job.stages[state_.stage_index];
        state_.stage_left_s = stage_seconds(state_.stage);
        if (state_.stage == 13) home(true, true, true);
        return;
    }
    if (state_.job.mapping_error != 0) {
        state_.print_error = state_.job.mapping_error;
        pause(0);
        return;
    }
    begin_printing();
}

void Machine::begin_printing() {
    state_.progress = Progress::printing;
    state_.stage = 0;
    state_.homed = {true, true, true};
    state_.motors_on = true;
    if (!state_.job.sources.empty())
        state_.loaded[static_cast<std::size_t>(state_.active_extruder)] = state_.job.sources.front();
    print_for(0);
}

void Machine::print_for(double seconds) {
    if (state_.job.print_type == "system") {
        finish();
        return;
    }
    auto& nozzle = state_.nozzles[static_cast<std::size_t>(state_.active_extruder)];
    if (nozzle.target > 0 && nozzle.celsius < nozzle.target - 5) return;  // waits for its heat
    state_.printed_s += seconds * speed_factor(state_.speed_level);
    const double done = std::min(1.0, state_.printed_s / std::max(1.0, state_.job.duration_s));
    state_.percent = static_cast<int>(done * 100);
    state_.layer = std::min(state_.job.layers, 1 + static_cast<int>(done * state_.job.layers));
    const double left_s = (state_.job.duration_s - state_.printed_s) / speed_factor(state_.speed_level);
    state_.remaining_minutes = std::max(0, static_cast<int>(std::ceil(left_s / 60)));
    state_.part_fan = state_.layer > 2 ? 255 : 0;
    state_.aux_fan = spec_->aux_fan && state_.layer > 2 ? 178 : 0;
    state_.position_mm = {spec_->volume_mm[0] / 2 + 20 * std::sin(state_.printed_s),
                          spec_->volume_mm[1] / 2 + 20 * std::cos(state_.printed_s), 0.2 * state_.layer};
    if (state_.job.sources.size() > 1) {
        constexpr int layers_between_changes = 10;
        const auto turn = static_cast<std::size_t>(state_.layer / layers_between_changes);
        state_.loaded[static_cast<std::size_t>(state_.active_extruder)] =
            state_.job.sources[turn % state_.job.sources.size()];
    }
    if (done >= 1.0) finish();
}

void Machine::heat_for_job(bool on) {
    auto& nozzle = state_.nozzles[static_cast<std::size_t>(state_.active_extruder)];
    nozzle.target = on ? std::min(state_.job.nozzle_celsius, spec_->nozzle_max_celsius) : 0;
    state_.bed.target = on ? std::min(state_.job.bed_celsius, spec_->bed_max_celsius) : 0;
    state_.chamber.target = on && spec_->chamber_heater ? state_.job.chamber_celsius : 0;
    if (on && state_.job.print_type != "system") state_.dirty_plate = true;
    if (on) return;
    for (auto& each : state_.nozzles)
        each.target = 0;
    state_.part_fan = state_.aux_fan = state_.chamber_fan = 0;
}

bool Machine::start(Job job) {
    if (is_active(state_.state)) return false;
    state_.job = std::move(job);
    if (state_.job.wedged) return true;
    if (state_.job.stages.empty()) state_.job.stages = made_up_job().stages;
    state_.state = GcodeState::prepare;
    state_.progress = Progress::unpacking;
    state_.stage = spec_->style == ReportStyle::changes ? 0 : -1;
    state_.stage_left_s = 12;
    state_.printed_s = 0;
    state_.percent = 0;
    state_.layer = 0;
    state_.remaining_minutes = static_cast<int>(state_.job.duration_s / 60);
    state_.paused_by_runout = false;
    state_.speed_level = 2;
    state_.skipped_objects = state_.job.skipped;
    state_.fail_reason = 0;
    state_.print_error = 0;
    state_.logo_light = true;
    return true;
}

Job Machine::made_up_job() {
    constexpr std::array<std::string_view, 12> names = {
        "Cable clip",     "Gear housing", "Plant pot 12 cm", "Drawer divider", "Benchy fleet", "Lamp shade",
        "Filter adapter", "Hinge set",    "Tool tray",       "Phone stand",    "Fan duct",     "Test cube"};
    Job job;
    job.name = names[pick(names.size())];
    job.file = job.name + ".gcode.3mf";
    std::replace(job.file.begin(), job.file.end(), ' ', '_');
    job.layers = 60 + static_cast<int>(pick(300));
    job.duration_s = 60.0 * (40 + pick(240));
    job.task_id = job.subtask_id = job.project_id = fmt::format("{}", 100'000 + pick(2'000'000'000));
    if (is_small_controller(spec_->model)) {
        job.stages = {2, 13, 24, 14, 1};
    } else {
        job.stages = {2, 13, 14, 1, 3};
    }
    if (spec_->chamber_heater) job.stages.insert(job.stages.begin(), 29);
    job.bed_celsius = std::min(65.0, spec_->bed_max_celsius);
    for (const auto& unit : state_.ams)
        for (std::size_t slot = 0; slot < unit.slots.size(); ++slot)
            if (job.sources.empty() && unit.extruder == state_.active_extruder && unit.slots[slot])
                job.sources = {Source{unit.id, static_cast<int>(slot)}};
    if (job.sources.empty()) job.sources = {Source{state_.active_extruder == 0 ? 255 : 254, 0}};
    if (const auto* spool = spool_at(job.sources.front()); spool != nullptr && spool->nozzle_max > 0)
        job.nozzle_celsius = std::midpoint(spool->nozzle_min, spool->nozzle_max);  // whole degrees
    return job;
}

void Machine::start_printing_at(int percent) {
    if (is_active(state_.state)) stop(true);
    start(made_up_job());
    state_.state = GcodeState::running;
    heat_for_job(true);
    auto& nozzle = state_.nozzles[static_cast<std::size_t>(state_.active_extruder)];
    nozzle.celsius = nozzle.target;
    state_.bed.celsius = state_.bed.target;
    state_.printed_s = state_.job.duration_s * std::clamp(percent, 0, 99) / 100;
    begin_printing();
}

bool Machine::pause(int stage) {
    const bool running = is_active(state_.state) && state_.state != GcodeState::pause;
    if (!running) return false;
    state_.state = GcodeState::pause;
    state_.stage = stage;
    state_.part_fan = state_.aux_fan = 0;
    return true;
}

bool Machine::filament_present() const {
    const Source now = state_.loaded[static_cast<std::size_t>(state_.active_extruder)];
    return !now.none() && spool_at(now) != nullptr;
}

bool Machine::resume() {
    if (state_.state != GcodeState::pause) return false;
    if (state_.paused_by_runout && !filament_present()) {
        run_out();
        return true;
    }
    if (state_.job.mapping_error != 0 && state_.progress == Progress::preparing) return true;
    if (state_.paused_by_runout)
        std::replace(state_.job.sources.begin(), state_.job.sources.end(), state_.ran_out,
                     state_.loaded[static_cast<std::size_t>(state_.active_extruder)]);
    state_.paused_by_runout = false;
    state_.state = GcodeState::running;
    const bool preparing =
        state_.progress == Progress::preparing && state_.stage_index < state_.job.stages.size();
    state_.stage = preparing ? state_.job.stages[state_.stage_index] : 0;
    heat_for_job(true);
    return true;
}

bool Machine::stop(bool all_codes_zero) {
    if (!is_active(state_.state)) return false;
    state_.state = GcodeState::failed;
    state_.progress = Progress::none;
    state_.stage = is_small_controller(spec_->model) ? 0 : -1;
    state_.percent = 0;
    state_.paused_by_runout = false;
    state_.print_error = all_codes_zero ? 0 : cancelled_code;
    state_.fail_reason = state_.print_error;
    state_.load.reset();
    if (all_codes_zero) state_.hms.clear();
    heat_for_job(false);
    return true;
}

void Machine::fail(std::uint32_t print_error) {
    const bool was_active = is_active(state_.state);
    state_.print_error = print_error;
    state_.fail_reason = print_error;
    if (!was_active) return;
    state_.state = GcodeState::failed;
    state_.progress = Progress::none;
    state_.paused_by_runout = false;
    state_.load.reset();
    heat_for_job(false);
}

void Machine::finish() {
    state_.state = GcodeState::finish;
    state_.progress = Progress::none;
    state_.stage = is_small_controller(spec_->model) ? 0 : -1;
    state_.percent = 100;
    state_.layer = state_.job.layers;
    state_.remaining_minutes = 0;
    heat_for_job(false);
    for (auto& loaded : state_.loaded)
        if (!loaded.external()) loaded = Source{};  // the end code pulls AMS filament back
}

void Machine::run_out() {
    if (!is_active(state_.state)) return;
    Source now = state_.loaded[static_cast<std::size_t>(state_.active_extruder)];
    if (now.none() && !state_.job.sources.empty()) now = state_.job.sources.front();
    state_.paused_by_runout = true;
    state_.ran_out = now;
    const bool from_ams = !now.none() && !now.external();
    if (state_.state != GcodeState::pause) pause(from_ams ? 0 : 6);
    state_.hms.clear();
    if (!from_ams) {
        state_.print_error = now.ams == 254 ? 0x07FE8011U : 0x07FF8011U;
        return;
    }
    auto* from = unit(now.ams);
    if (from == nullptr) return;
    from->slots[static_cast<std::size_t>(now.slot)].reset();
    const std::uint32_t module = from->kind == AmsKind::lite ? 0x12U
                                 : from->kind == AmsKind::ht ? 0x18U
                                                             : 0x07U;
    const auto number = static_cast<std::uint32_t>(now.ams >= 128 ? now.ams - 128 : now.ams);
    const std::uint32_t place = (module << 24) | (number << 16);
    state_.print_error = place | 0x8011U;
    state_.hms = {{place | ((0x20U + static_cast<std::uint32_t>(now.slot)) << 8), 0x00020001U}};
}

void Machine::refill() {
    if (state_.paused_by_runout && !state_.ran_out.external()) {
        if (auto* from = unit(state_.ran_out.ams); from != nullptr && state_.ran_out.slot < 4) {
            Spool fresh;
            fresh.type = "PLA";
            fresh.preset = "GFL99";
            fresh.color = "8A8A8AFF";
            fresh.tag = std::string(16, '0');
            fresh.uuid = std::string(32, '0');
            from->slots[static_cast<std::size_t>(state_.ran_out.slot)] = fresh;
        }
    }
    state_.paused_by_runout = false;
    clear_error();
    state_.hms.clear();
}

void Machine::clear_error() { state_.print_error = 0; }

bool Machine::begin_load(Source wanted) {
    if (!wanted.none() && !wanted.external()) {
        const auto* from = unit(wanted.ams);
        if (from == nullptr || wanted.slot < 0 || wanted.slot >= static_cast<int>(from->slots.size()))
            return false;
    }
    state_.load = LoadInProgress{wanted, load_s, state_.state == GcodeState::pause};
    return true;
}

AmsUnit* Machine::unit(int id) {
    for (auto& unit : state_.ams)
        if (unit.id == id) return &unit;
    return nullptr;
}

const AmsUnit* Machine::unit(int id) const {
    for (const auto& unit : state_.ams)
        if (unit.id == id) return &unit;
    return nullptr;
}

const Spool* Machine::spool_at(Source source) const {
    if (source.none()) return nullptr;
    if (source.external()) return source.ams == 254 ? &state_.external_left : &state_.external;
    const auto* from = unit(source.ams);
    if (from == nullptr || source.slot < 0 || source.slot >= static_cast<int>(from->slots.size()))
        return nullptr;
    const auto& spool = from->slots[static_cast<std::size_t>(source.slot)];
    return spool ? &*spool : nullptr;
}

int Machine::tray_now() const {
    const Source now = state_.loaded[static_cast<std::size_t>(state_.active_extruder)];
    if (now.none()) return 255;
    if (spec_->extruders == 2) return now.slot;
    if (now.external()) return 254;
    return now.ams >= 128 ? now.ams : 4 * now.ams + now.slot;
}

int Machine::ams_status() const {
    if (state_.load) {
        const double left = state_.load->left_s;
        const int sub = left > 45 ? 2 : left > 30 ? 4 : left > 15 ? 5 : 7;
        return 0x100 | sub;
    }
    const Source now = state_.loaded[static_cast<std::size_t>(state_.active_extruder)];
    const bool feeding = state_.progress == Progress::printing && !now.none() && !now.external();
    return feeding ? 0x300 : 0;
}

int Machine::reported_stage() const {
    if (state_.load) return state_.load->wanted.none() ? 22 : 24;
    if (is_active(state_.state)) return state_.stage;
    return is_small_controller(spec_->model) ? 0 : -1;
}

}  // namespace farmwall::sim
