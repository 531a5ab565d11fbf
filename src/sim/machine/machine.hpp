#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/machine/model_spec.hpp"
#include "sim/machine/state.hpp"
#include "sim/machine/storage.hpp"

namespace farmwall::sim {

// The printer without its network: heaters, axes, filament and the life of a job. One thread. Time
// is printer time in seconds: the owner multiplies what its clock says by the wanted speed.
class Machine {
public:
    Machine(Model model, std::uint64_t seed);

    [[nodiscard]] const ModelSpec& spec() const { return *spec_; }
    [[nodiscard]] const MachineState& state() const { return state_; }
    // For commands and tests; Machine keeps no copy of anything in it.
    [[nodiscard]] MachineState& edit() { return state_; }

    void advance(double seconds);

    // What project_file is checked against; null: it is not checked. Outlives the machine.
    void attach(const Storage* storage) { storage_ = storage; }
    [[nodiscard]] const Storage* storage() const { return storage_; }

    // A start from outside. False while a job is active.
    bool start(Job job);
    // A job as this machine would have it, for auto-started prints.
    [[nodiscard]] Job made_up_job();
    // Puts a fresh job to `percent` of its printing, heaters warm, without its preparation.
    void start_printing_at(int percent);
    bool pause(int stage);
    bool resume();
    // Ends an active job as cancelled; `all_codes_zero` is the soft fail of protocol 5.1.
    bool stop(bool all_codes_zero);
    // Ends an active job as failed and latches `print_error`.
    void fail(std::uint32_t print_error);
    void finish();
    // The spool in use is empty: pauses with the codes of protocol 5.4.
    void run_out();
    // The person at the printer put a new spool where filament ran out and answered the dialog.
    void refill();
    void clear_error();

    // False when the source does not exist. An empty slot starts and then reports an error.
    bool begin_load(Source wanted);

    // One or more lines (protocol 6.2 to 6.4). Unknown codes are accepted and do nothing.
    void run_gcode(std::string_view lines);
    void home(bool x, bool y, bool z);
    void move(int axis, double by_mm);

    [[nodiscard]] AmsUnit* unit(int id);
    [[nodiscard]] const AmsUnit* unit(int id) const;
    [[nodiscard]] const Spool* spool_at(Source source) const;
    // tray_now as this model reports it (protocol 4.12): on two extruders only the slot.
    [[nodiscard]] int tray_now() const;
    [[nodiscard]] int ams_status() const;
    // What stg_cur says when no stage applies: P1 and A1 0 while idle, others -1.
    [[nodiscard]] int reported_stage() const;
    // Reproducible, for noise in reports: 0 to below `bound`.
    [[nodiscard]] std::uint32_t pick(std::uint32_t bound);

private:
    void step(double seconds);
    void step_heaters(double seconds);
    void step_load(double seconds);
    void step_job(double seconds);
    void step_late_start(double seconds);
    void step_drying(double seconds);
    void enter_next_stage();
    void begin_printing();
    void print_for(double seconds);
    void heat_for_job(bool on);
    void run_gcode_line(std::string_view line);
    void set_fan_by_gcode(int port, int value);
    [[nodiscard]] bool filament_present() const;

    const ModelSpec* spec_;
    const Storage* storage_ = nullptr;
    MachineState state_;
    std::uint64_t random_;
    bool relative_moves_ = false;
    bool end_stops_ = true;
};

}  // namespace farmwall::sim
