#include "camera/camera_target.hpp"

#include <fmt/format.h>

namespace farmwall::camera {
namespace {

constexpr std::uint16_t rtsps_port = 322;
constexpr std::uint16_t jpeg_port = 6000;
constexpr std::uint16_t rtsp_port = 554;
constexpr std::uint16_t http_port = 80;
constexpr std::string_view printer_path = "/streaming/live/1";
constexpr std::string_view printer_user = "bblp";

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out += c;
        } else {
            out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        }
    }
    return out;
}

CameraTarget nothing(CameraProblem why) {
    CameraTarget target;
    target.obstacle = why;
    return target;
}

CameraTarget own(CameraTarget::Kind kind, const CameraConfig& config, const CameraFacts& facts) {
    const bool rtsps = kind == CameraTarget::Kind::rtsps;
    CameraTarget target;
    target.kind = kind;
    target.address = facts.address;
    target.port = config.port.value_or(rtsps ? rtsps_port : jpeg_port);
    if (rtsps) target.path = config.path.value_or(std::string{printer_path});
    target.user = config.user.value_or(std::string{printer_user});
    return target;
}

// A URL at the printer's address, for a camera of another make that was put into its place.
CameraTarget foreign_at(const CameraConfig& config, const CameraFacts& facts) {
    const bool rtsp = *config.protocol == "rtsp";
    std::string login;
    if (config.user)
        login = percent_encoded(*config.user) + ":" + percent_encoded(config.access_code.reveal()) + "@";
    CameraTarget target;
    target.kind = CameraTarget::Kind::foreign;
    target.url = Secret{fmt::format("{}://{}{}:{}{}", *config.protocol, login, facts.address,
                                    config.port.value_or(rtsp ? rtsp_port : http_port),
                                    config.path.value_or(rtsp ? std::string{printer_path} : "/"))};
    return target;
}

}  // namespace

CameraTarget camera_target(const CameraConfig& config, const CameraFacts& facts) {
    if (facts.obstacle == CameraProblem::switched_off) return nothing(facts.obstacle);
    if (config.url) {
        CameraTarget target;
        target.kind = CameraTarget::Kind::foreign;
        target.url = *config.url;
        return target;
    }
    if (facts.address.empty()) return nothing(CameraProblem::address_unknown);
    if (config.protocol && (*config.protocol == "rtsp" || *config.protocol == "http"))
        return foreign_at(config, facts);
    const bool told = config.protocol.has_value();
    // The kind is the configuration's to say, and then an unknown model is no obstacle.
    if (facts.obstacle == CameraProblem::address_unknown && !told) return nothing(facts.obstacle);
    if (facts.obstacle == CameraProblem::liveview_off || facts.obstacle == CameraProblem::no_camera)
        return nothing(facts.obstacle);
    const bool rtsps = told ? *config.protocol == "rtsps" : facts.kind == CameraKind::rtsps;
    return own(rtsps ? CameraTarget::Kind::rtsps : CameraTarget::Kind::jpeg, config, facts);
}

std::string kind_word(const CameraTarget& target) {
    switch (target.kind) {
        case CameraTarget::Kind::none:
            return "";
        case CameraTarget::Kind::rtsps:
            return "RTSPS";
        case CameraTarget::Kind::jpeg:
            return "JPEG";
        case CameraTarget::Kind::foreign:
            return target.url.reveal().starts_with("http") ? "HTTP" : "RTSP";
    }
    return "";
}

Codec usual_codec(const CameraTarget& target) {
    return target.kind == CameraTarget::Kind::jpeg || kind_word(target) == "HTTP" ? Codec::jpeg : Codec::h264;
}

}  // namespace farmwall::camera
