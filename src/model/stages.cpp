#include <array>
#include <string_view>

#include "model/facts.hpp"

namespace farmwall {
namespace {

// The table of protocol 4.4, by id.
constexpr std::array<std::string_view, 78> stage_names{
    "printing",
    "auto bed levelling",
    "heat-bed preheating",
    "vibration compensation",
    "changing filament",
    "paused: M400",
    "paused: filament ran out",
    "heating nozzle",
    "calibrating dynamic flow",
    "scanning bed surface",
    "inspecting first layer",
    "identifying build plate",
    "calibrating micro lidar",
    "homing toolhead",
    "cleaning nozzle tip",
    "checking extruder temperature",
    "paused by user",
    "paused: front cover fell off",
    "calibrating micro lidar",
    "calibrating flow ratio",
    "paused: nozzle temperature fault",
    "paused: bed temperature fault",
    "filament unloading",
    "paused: step loss",
    "filament loading",
    "motor noise cancellation",
    "paused: AMS lost",
    "paused: heat-break fan slow",
    "paused: chamber temperature problem",
    "cooling chamber",
    "paused: G-code of the user",
    "motor noise show-off",
    "paused: nozzle clumping",
    "paused: cutter error",
    "paused: first layer error",
    "paused: nozzle clog",
    "measuring motion precision",
    "enhancing motion precision",
    "measuring motion accuracy",
    "nozzle offset calibration",
    "high-temperature bed levelling",
    "check quick-release lever",
    "check door and cover",
    "laser calibration",
    "check platform",
    "confirming bird's-eye camera",
    "calibrating bird's-eye camera",
    "bed levelling phase 1",
    "bed levelling phase 2",
    "heating chamber",
    "adjusting bed temperature",
    "printing calibration lines",
    "check material",
    "live view camera calibration",
    "waiting for heat-bed temperature",
    "check material position",
    "cutter offset calibration",
    "measuring surface",
    "thermal preconditioning",
    "homing blade holder",
    "calibrating camera offset",
    "calibrating blade holder position",
    "hotend pick-and-place test",
    "waiting for chamber to equalize",
    "preparing hotend",
    "calibrating clump detection",
    "purifying chamber air",
    "measuring rotary attachment",
    "toolhead moves above purge chute",
    "cooling nozzle",
    "toolhead moves to bed centre",
    "arc fitting active",
    "hotend type detection",
    "build plate alignment check",
    "foreign object on bed check",
    "foreign object under bed check",
    "pre-extrusion",
    "preparing AMS",
};

}  // namespace

std::string stage_name(int stage) {
    if (stage >= 0 && stage < static_cast<int>(stage_names.size())) {
        return std::string{stage_names[static_cast<std::size_t>(stage)]};
    }
    return "stage " + std::to_string(stage);
}

bool is_pause_stage(int stage) {
    return stage >= 0 && stage < static_cast<int>(stage_names.size()) &&
           stage_names[static_cast<std::size_t>(stage)].starts_with("paused");
}

std::optional<int> shown_stage(const Report& report) {
    // X1 class reports -1 for "no stage", P1 and A1 255.
    if (!report.stage || *report.stage < 0 || *report.stage == 255) return std::nullopt;
    const JobState state = report.state.value_or(JobState::unknown);
    const bool works = state == JobState::running || state == JobState::prepare || state == JobState::pause;
    return works ? report.stage : std::nullopt;
}

}  // namespace farmwall
