#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace farmwall::sim {

// What can go wrong with a virtual printer. The first group belongs to its network side, the last two
// to its camera and its file server, the rest to the machine.
enum class FaultKind {
    refuse_login,
    refuse_connection,
    silent,
    drop_session,
    wrong_certificate,
    wrong_serial_certificate,
    changed_address,
    mute_reports,
    half_dead,
    malformed_json,
    huge_message,
    echo_late,
    echo_twice,
    echo_never,
    fail,
    hms,
    runout,
    soft_fail,
    developer_mode_off,
    start_ignored,
    start_wedged,
    start_late,
    camera_freeze,
    camera_dark,
    camera_stall,
    camera_cut,
    camera_refuse,
    camera_refuse_login,
    camera_timestamps,
    camera_second_client,
    camera_wrong_certificate,
    camera_loss,
    camera_plain,
    liveview_off,
    ftps_refuse,
    ftps_refuse_login,
    ftps_slow,
    ftps_full,
    ftps_cut,
    ftps_wrong_size,
    ftps_stall,
};

constexpr int fault_kinds = static_cast<int>(FaultKind::ftps_stall) + 1;
[[nodiscard]] std::optional<FaultKind> fault_named(std::string_view name);
[[nodiscard]] std::string_view name_of(FaultKind kind);
[[nodiscard]] bool is_network_fault(FaultKind kind);
[[nodiscard]] bool is_camera_fault(FaultKind kind);
[[nodiscard]] bool is_storage_fault(FaultKind kind);

struct Fault {
    FaultKind kind = FaultKind::silent;
    std::optional<double> for_s;  // real seconds; none: until cleared
    std::string value;            // JSON text; empty: none
};

}  // namespace farmwall::sim
