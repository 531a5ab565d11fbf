#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>

#include "base/text.hpp"
#include "sim/machine/machine.hpp"

namespace farmwall::sim {

namespace {

constexpr std::size_t gcode_log_bytes = 2000;

// The value after `letter` in a line such as "M106 P1 S255"; a bare letter is nothing.
std::optional<double> parameter(std::string_view line, char letter) {
    std::size_t at = line.find(' ');
    while (at != std::string_view::npos && at + 1 < line.size()) {
        const std::size_t begin = at + 1;
        const std::size_t end = std::min(line.find(' ', begin), line.size());
        if (end > begin && std::toupper(static_cast<unsigned char>(line[begin])) == letter)
            return parse_double(line.substr(begin + 1, end - begin - 1));
        at = line.find(' ', begin);
    }
    return std::nullopt;
}

bool has_parameter(std::string_view line, char letter) {
    const std::string with_space{' ', letter};
    return line.find(with_space) != std::string_view::npos;
}

}  // namespace

void Machine::run_gcode(std::string_view lines) {
    state_.gcode_log += lines;
    if (state_.gcode_log.size() > gcode_log_bytes)
        state_.gcode_log.erase(0, state_.gcode_log.size() - gcode_log_bytes);
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        run_gcode_line(trim(lines.substr(0, end)));
        lines.remove_prefix(std::min(lines.size(), end + 1));
    }
}

void Machine::home(bool x, bool y, bool z) {
    if (x) state_.position_mm[0] = spec_->volume_mm[0] / 2;
    if (y) state_.position_mm[1] = spec_->volume_mm[1] / 2;
    if (z) state_.position_mm[2] = 10;
    state_.homed = {state_.homed[0] || x, state_.homed[1] || y, state_.homed[2] || z};
    state_.motors_on = true;
}

void Machine::move(int axis, double by_mm) {
    const auto index = static_cast<std::size_t>(axis);
    double& at = state_.position_mm.at(index);
    at += by_mm;
    if (end_stops_) at = std::clamp(at, 0.0, spec_->volume_mm.at(index));
    state_.motors_on = true;
}

void Machine::set_fan_by_gcode(int port, int value) {
    const int speed = std::clamp(value, 0, 255);
    if (port == 2) {
        state_.aux_fan = speed;
    } else if (port == 3) {
        state_.chamber_fan = speed;
    } else if (port == 10) {
        state_.second_aux_fan = speed;
    } else {
        state_.part_fan = speed;
    }
}

void Machine::run_gcode_line(std::string_view line) {
    const std::string code = to_upper(line.substr(0, std::min(line.find(' '), line.size())));
    const auto s = parameter(line, 'S');
    if (code == "M104" || code == "M109") {
        const int tool = static_cast<int>(parameter(line, 'T').value_or(state_.active_extruder));
        const bool fitted = tool >= 0 && tool < spec_->extruders;
        if (s && fitted)
            state_.nozzles[static_cast<std::size_t>(tool)].target =
                std::clamp(*s, 0.0, spec_->nozzle_max_celsius);
    } else if (code == "M140" || code == "M190") {
        if (s) state_.bed.target = std::clamp(*s, 0.0, spec_->bed_max_celsius);
    } else if (code == "M141") {
        if (s && spec_->chamber_heater)
            state_.chamber.target = std::clamp(*s, 0.0, spec_->chamber_max_celsius);
    } else if (code == "M106") {
        set_fan_by_gcode(static_cast<int>(parameter(line, 'P').value_or(1)),
                         static_cast<int>(s.value_or(255)));
    } else if (code == "M107") {
        set_fan_by_gcode(static_cast<int>(parameter(line, 'P').value_or(1)), 0);
    } else if (code == "M960") {
        const bool on = parameter(line, 'P').value_or(0) != 0;
        if (s && *s == 5) state_.logo_light = on;
        if (s && *s == 4) state_.nozzle_light = on;
    } else if (code == "G28") {
        const bool x = has_parameter(line, 'X');
        const bool y = has_parameter(line, 'Y');
        const bool z = has_parameter(line, 'Z');
        const bool all = !x && !y && !z;
        home(all || x, all || y, all || z);
    } else if (code == "G90" || code == "G91") {
        relative_moves_ = code == "G91";
    } else if (code == "M211") {
        end_stops_ = parameter(line, 'X').value_or(end_stops_ ? 1 : 0) != 0;
        if (has_parameter(line, 'R')) end_stops_ = true;
    } else if (code == "M1002") {
        if (line.find("pop_ref_mode") != std::string_view::npos) relative_moves_ = false;
    } else if (code == "M84" || code == "M18") {
        state_.motors_on = false;
        state_.homed = {false, false, false};
    } else if (code == "G0" || code == "G1") {
        constexpr std::array<char, 3> axes = {'X', 'Y', 'Z'};
        for (int axis = 0; axis < 3; ++axis) {
            const auto to = parameter(line, axes[static_cast<std::size_t>(axis)]);
            if (!to) continue;
            move(axis, relative_moves_ ? *to : *to - state_.position_mm[static_cast<std::size_t>(axis)]);
        }
        const bool hot = state_.nozzles[static_cast<std::size_t>(state_.active_extruder)].celsius >= 170;
        if (const auto e = parameter(line, 'E'); e && hot) state_.extruded_mm += *e;
    }
}

}  // namespace farmwall::sim
