#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/machine/json_text.hpp"
#include "sim/machine/machine.hpp"

namespace farmwall::sim {

// What the machine would put under `print` in a full report, with neither `msg` nor `sequence_id`
// (protocol 4). `noise` shifts the readings of heaters that hold a temperature.
[[nodiscard]] boost::json::object full_report(const Machine& machine, std::uint32_t noise);

// The keys of `now` that differ from `before`; `ams` as P1 and A1 shorten it (protocol 3.4).
[[nodiscard]] boost::json::object changes(const boost::json::object& before, const boost::json::object& now);

// The `module` list of a get_version answer (protocol 4.11).
[[nodiscard]] boost::json::array version_modules(const Machine& machine, std::string_view serial);

// The true state for the control connection, one JSON object.
[[nodiscard]] boost::json::object truth_of(const Machine& machine);

// Parts shared by the report writers.
namespace parts {
void add_p1(boost::json::object& print, const Machine& machine, std::uint32_t noise);
void add_x1_old(boost::json::object& print, const Machine& machine, std::uint32_t noise);
void add_modern(boost::json::object& print, const Machine& machine, std::uint32_t noise);
void add_job(boost::json::object& print, const Machine& machine);
void add_common(boost::json::object& print, const Machine& machine);
[[nodiscard]] boost::json::object ams(const Machine& machine);
[[nodiscard]] boost::json::object external_tray(const Machine& machine, const Spool& spool, int id);
[[nodiscard]] boost::json::object device(const Machine& machine);
[[nodiscard]] boost::json::object bit_fields(const Machine& machine);
[[nodiscard]] std::int64_t home_flag(const Machine& machine);
// Celsius as this model shows it: P1 and A1 in 32nds of a degree, others whole.
[[nodiscard]] double reading(const Machine& machine, const Heater& heater, std::uint32_t noise);
// Low 16 bits current, high 16 target (protocol 4.5).
[[nodiscard]] std::int64_t packed(const Heater& heater);
}  // namespace parts

}  // namespace farmwall::sim
