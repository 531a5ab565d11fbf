#pragma once

#include "config/config.hpp"
#include "link/alarm_outputs.hpp"
#include "model/alarm.hpp"

namespace farmwall::app {

// [alarms] as those who work with it want it.
[[nodiscard]] link::AlarmOutputSettings alarm_output_settings(const config::Alarms& alarms);
[[nodiscard]] AlarmTimes alarm_times(const config::Alarms& alarms);

}  // namespace farmwall::app
