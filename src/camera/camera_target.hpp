#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/secret.hpp"
#include "camera/packet.hpp"
#include "model/camera_state.hpp"

namespace farmwall::camera {

// What the configuration says of one printer's camera.
struct CameraConfig {
    PrinterId id;
    Serial serial;
    std::string name;
    Secret access_code;
    // "rtsps" and "jpeg": the printer's own, read by our readers; "rtsp" and "http": another kind of
    // camera at the printer's address. Nothing: by model and report (protocol 10.4).
    std::optional<std::string> protocol;
    std::optional<std::uint16_t> port;  // nothing: the protocol's
    std::optional<std::string> path;
    std::optional<std::string> user;
    std::optional<Secret> url;  // another camera altogether; beats all of the above
};

// Where pictures are to be had, or why not.
struct CameraTarget {
    enum class Kind { none, rtsps, jpeg, foreign };
    Kind kind = Kind::none;
    CameraProblem obstacle = CameraProblem::none;  // with none
    std::string address;                           // rtsps, jpeg
    std::uint16_t port = 0;
    std::string path;
    std::string user;
    Secret url;  // foreign; holds the code when the configuration names no address of its own
    friend bool operator==(const CameraTarget&, const CameraTarget&) = default;
};

// Pure. What the configuration says beats what the model suggests; a camera that is not the printer's
// own does not care whether the printer has one.
[[nodiscard]] CameraTarget camera_target(const CameraConfig& config, const CameraFacts& facts);

// For Diagnostics: "RTSPS", "JPEG", "RTSP", "HTTP"; empty for none.
[[nodiscard]] std::string kind_word(const CameraTarget& target);
// How the pictures are coded, as far as that is known before the first.
[[nodiscard]] Codec usual_codec(const CameraTarget& target);

}  // namespace farmwall::camera
