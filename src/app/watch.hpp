#pragma once

#include <functional>
#include <string>

#include "fleet/fleet_state.hpp"

namespace farmwall::app {

// Turns published states into lines: one for each printer whose state changed since the last
// call, one for each new event, each step of a command, each change of a job or a plate, and the alarms when
// they change. For `--headless
// --watch`: scripts read them from standard output.
class Watch {
public:
    explicit Watch(std::function<void(const std::string&)> write_line) : write_line_{std::move(write_line)} {}
    void look(const FleetSnapshot& now, TimePoint time);

private:
    void look_at_control(const FleetState& now, std::size_t printer);
    void look_at_jobs(const FleetState& now);

    std::function<void(const std::string&)> write_line_;
    FleetSnapshot seen_ = std::make_shared<const FleetState>();
};

}  // namespace farmwall::app
