#include "sim/machine/faults.hpp"

#include <array>
#include <utility>

namespace farmwall::sim {

namespace {

constexpr std::array<std::pair<FaultKind, std::string_view>, fault_kinds> names = {{
    {FaultKind::refuse_login, "refuse_login"},
    {FaultKind::refuse_connection, "refuse_connection"},
    {FaultKind::silent, "silent"},
    {FaultKind::drop_session, "drop_session"},
    {FaultKind::wrong_certificate, "wrong_certificate"},
    {FaultKind::wrong_serial_certificate, "wrong_serial_certificate"},
    {FaultKind::changed_address, "changed_address"},
    {FaultKind::mute_reports, "mute_reports"},
    {FaultKind::half_dead, "half_dead"},
    {FaultKind::malformed_json, "malformed_json"},
    {FaultKind::huge_message, "huge_message"},
    {FaultKind::echo_late, "echo_late"},
    {FaultKind::echo_twice, "echo_twice"},
    {FaultKind::echo_never, "echo_never"},
    {FaultKind::fail, "fail"},
    {FaultKind::hms, "hms"},
    {FaultKind::runout, "runout"},
    {FaultKind::soft_fail, "soft_fail"},
    {FaultKind::developer_mode_off, "developer_mode_off"},
    {FaultKind::start_ignored, "start_ignored"},
    {FaultKind::start_wedged, "start_wedged"},
    {FaultKind::start_late, "start_late"},
    {FaultKind::camera_freeze, "camera_freeze"},
    {FaultKind::camera_dark, "camera_dark"},
    {FaultKind::camera_stall, "camera_stall"},
    {FaultKind::camera_cut, "camera_cut"},
    {FaultKind::camera_refuse, "camera_refuse"},
    {FaultKind::camera_refuse_login, "camera_refuse_login"},
    {FaultKind::camera_timestamps, "camera_timestamps"},
    {FaultKind::camera_second_client, "camera_second_client"},
    {FaultKind::camera_wrong_certificate, "camera_wrong_certificate"},
    {FaultKind::camera_loss, "camera_loss"},
    {FaultKind::camera_plain, "camera_plain"},
    {FaultKind::liveview_off, "liveview_off"},
    {FaultKind::ftps_refuse, "ftps_refuse"},
    {FaultKind::ftps_refuse_login, "ftps_refuse_login"},
    {FaultKind::ftps_slow, "ftps_slow"},
    {FaultKind::ftps_full, "ftps_full"},
    {FaultKind::ftps_cut, "ftps_cut"},
    {FaultKind::ftps_wrong_size, "ftps_wrong_size"},
    {FaultKind::ftps_stall, "ftps_stall"},
}};

}  // namespace

std::optional<FaultKind> fault_named(std::string_view name) {
    for (const auto& [kind, text] : names)
        if (text == name) return kind;
    return std::nullopt;
}

std::string_view name_of(FaultKind kind) {
    for (const auto& [value, text] : names)
        if (value == kind) return text;
    return "";
}

bool is_network_fault(FaultKind kind) { return kind <= FaultKind::changed_address; }

bool is_camera_fault(FaultKind kind) { return kind >= FaultKind::camera_freeze && !is_storage_fault(kind); }

bool is_storage_fault(FaultKind kind) { return kind >= FaultKind::ftps_refuse; }

}  // namespace farmwall::sim
