#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "model/printer_model.hpp"

namespace farmwall {

struct PrinterState;

// What may be believed of a camera's picture (design 6).
enum class CameraTruth {
    off,         // no picture is wanted, or there is no camera: see CameraProblem
    connecting,  // no picture yet, and no verdict
    live,
    slow,       // pictures come as they usually do from a P1 or A1: normal
    stale,      // the newest picture is old
    frozen,     // data flows, but the picture does not change while the print advances
    dark,       // the picture is nearly black
    no_signal,  // no connection, or never a picture: see CameraProblem
};

// Why there is no picture; each has one sentence for people.
enum class CameraProblem {
    none,
    switched_off,     // in the configuration
    no_camera,        // the printer says so, or the model has none that is known
    liveview_off,     // LAN liveview is switched off at the printer (protocol 10.3)
    address_unknown,  // nothing to connect to yet
    unreachable,
    refused_connection,      // nobody listens on the camera's port
    refused_often,           // again and again: an X1 then needs a restart or its liveview switched
    no_tls,                  // something answers that is no camera of a printer
    bad_access_code,         // the camera refused the login
    certificate_changed,     // not the one trusted so far
    wrong_serial,            // the certificate names another printer
    no_picture,              // connected, but no picture came: in use elsewhere, or busy
    wrong_data,              // what came is no picture of the kind expected
    closed_by_printer,       // the camera ended the connection
    stalled,                 // the camera stopped sending
    foreign_address_failed,  // camera_url could not be opened or read
    unsupported,             // a stream of a kind this program cannot show
};

// One sentence for people: what is wrong and what to do. Empty for `none`.
[[nodiscard]] std::string_view sentence(CameraProblem problem);
// One or two words in capitals: "LIVE", "NO SIGNAL".
[[nodiscard]] std::string_view word(CameraTruth truth);
// Live or slow: a picture that shows what is so now.
[[nodiscard]] bool shows_now(CameraTruth truth);

// What is published of one camera; changes only when one of these does, not with every picture.
struct CameraState {
    CameraTruth truth = CameraTruth::connecting;
    CameraProblem problem = CameraProblem::none;
    std::string detail;  // more for Diagnostics: the system's words; no secrets, no address
    TimePoint since{};   // of this truth
    // The newest picture when the truth is neither live nor slow: what "STALE n s" counts from.
    std::optional<TimePoint> last_picture;
    std::optional<TimePoint> next_attempt;  // while waiting to connect again
    std::string new_certificate;            // SHA-256 in hex, while certificate_changed
    friend bool operator==(const CameraState&, const CameraState&) = default;
};

// What the cameras need to know of a printer; made from each published state.
struct CameraFacts {
    CameraKind kind = CameraKind::unknown;
    CameraProblem obstacle = CameraProblem::none;  // no picture can be had for this reason
    std::string address;                           // dotted IPv4, as used now
    bool link_up = false;                          // the printer answers
    // The print advances: the picture has to change.
    bool printing = false;
    friend bool operator==(const CameraFacts&, const CameraFacts&) = default;
};
[[nodiscard]] CameraFacts camera_facts(const PrinterState& printer);

}  // namespace farmwall
