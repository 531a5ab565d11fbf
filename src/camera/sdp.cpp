#include "camera/sdp.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "camera/base64.hpp"

namespace farmwall::camera {

namespace {

constexpr std::size_t most_parameter_sets = 32;
// Packets of several pictures mixed (RFC 6184, 5.4).
constexpr std::int64_t interleaved_mode = 2;

// The part of `text` before `mark`, which is removed from it together with the mark.
std::string_view cut_until(std::string_view& text, char mark) {
    const std::size_t at = std::min(text.find(mark), text.size());
    const std::string_view part = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return part;
}

// The value behind `name` of an attribute line.
std::optional<std::string_view> attribute(std::string_view line, std::string_view name) {
    if (!line.starts_with("a=")) return std::nullopt;
    line.remove_prefix(2);
    if (!iequals(cut_until(line, ':'), name)) return std::nullopt;
    return trim(line);
}

// Splits "96 rest" where the number is `payload_type`.
std::optional<std::string_view> of_type(std::string_view value, int payload_type) {
    if (parse_int(cut_until(value, ' ')) != payload_type) return std::nullopt;
    return trim(value);
}

struct Media {
    std::vector<int> payload_types;
    std::vector<std::string_view> lines;
};

std::vector<int> payload_types(std::string_view media_line) {
    std::vector<int> types;
    for (int i = 0; i < 3; ++i)
        cut_until(media_line, ' ');  // kind, port, transport
    while (!media_line.empty()) {
        const auto type = parse_int(trim(cut_until(media_line, ' ')));
        if (type && *type >= 0 && *type <= 127) types.push_back(static_cast<int>(*type));
    }
    return types;
}

std::optional<int> h264_type(const Media& media) {
    for (const int type : media.payload_types) {
        for (const std::string_view line : media.lines) {
            const auto map = attribute(line, "rtpmap");
            auto encoding = map ? of_type(*map, type) : std::nullopt;
            if (encoding && iequals(cut_until(*encoding, '/'), "H264")) return type;
        }
    }
    return std::nullopt;
}

// False: a mode that is not understood.
bool read_format(std::string_view format, SdpTrack& track) {
    while (!format.empty()) {
        std::string_view value = trim(cut_until(format, ';'));
        const std::string_view name = trim(cut_until(value, '='));
        if (iequals(name, "packetization-mode") && parse_int(trim(value)) == interleaved_mode) return false;
        if (!iequals(name, "sprop-parameter-sets")) continue;
        while (!value.empty() && track.parameter_sets.size() < most_parameter_sets) {
            auto unit = from_base64(trim(cut_until(value, ',')));
            if (unit && !unit->empty()) track.parameter_sets.push_back(*std::move(unit));
        }
    }
    return true;
}

Result<SdpTrack> read_track(const Media& media, int payload_type, std::string_view session_control) {
    SdpTrack track;
    track.payload_type = payload_type;
    track.session_control = session_control;
    for (const std::string_view line : media.lines) {
        if (const auto control = attribute(line, "control")) track.control = *control;
        const auto format = attribute(line, "fmtp");
        const auto own = format ? of_type(*format, payload_type) : std::nullopt;
        if (own && !read_format(*own, track)) {
            return Error{ErrorKind::unsupported, "the camera mixes the packets of several pictures"};
        }
    }
    return track;
}

}  // namespace

Result<SdpTrack> find_h264(std::string_view sdp) {
    if (!sdp.starts_with("v=")) return Error{ErrorKind::bad_input, "this is not a session description"};
    std::string_view session_control;
    std::vector<Media> videos;
    bool in_video = false;
    bool in_session = true;
    while (!sdp.empty()) {
        const std::string_view line = trim(cut_until(sdp, '\n'));
        if (line.starts_with("m=")) {
            in_session = false;
            in_video = line.starts_with("m=video ");
            if (in_video) videos.push_back({payload_types(line), {}});
        } else if (in_video) {
            videos.back().lines.push_back(line);
        } else if (const auto control = attribute(line, "control"); control && in_session) {
            session_control = *control;
        }
    }
    for (const Media& media : videos) {
        if (const auto type = h264_type(media)) return read_track(media, *type, session_control);
    }
    return Error{ErrorKind::unsupported,
                 videos.empty() ? "the camera offers no video" : "the camera's video is not H.264"};
}

}  // namespace farmwall::camera
