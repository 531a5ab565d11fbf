#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "camera/rtsp_login.hpp"
#include "camera/rtsp_reader.hpp"
#include "camera/sdp.hpp"
#include "model/camera_state.hpp"

namespace farmwall::camera {

// The conversation with one RTSP server, from the first request to the last, without I/O: OPTIONS,
// DESCRIBE, SETUP of the H.264 track over the same connection, PLAY, keep-alives, TEARDOWN.
class RtspSession {
public:
    static constexpr Duration answer_limit = std::chrono::seconds{10};

    // What to do now: send this; then, perhaps, give up.
    struct Steps {
        std::string send;
        CameraProblem problem = CameraProblem::none;
        std::string detail;
    };

    // `url` without user and password. `cnonce` is a random word.
    RtspSession(std::string url, RtspLogin login, std::string cnonce);

    [[nodiscard]] Steps start(TimePoint now);
    [[nodiscard]] Steps message(const RtspMessage& message, TimePoint now);
    // Something of the stream came: proof that the server lives.
    void heard(TimePoint now) { heard_ = now; }
    // To be called when it is due().
    [[nodiscard]] Steps tick(TimePoint now);
    [[nodiscard]] std::optional<TimePoint> due() const;
    // The last request, whose answer nobody waits for; empty: there is nothing to end.
    [[nodiscard]] std::string teardown();

    // Known once the server described its stream.
    [[nodiscard]] const std::optional<SdpTrack>& track() const { return track_; }
    [[nodiscard]] bool playing() const { return stage_ == Stage::playing; }
    // On which channels the stream and its control packets come; nothing: not set up yet.
    struct Channels {
        std::uint8_t rtp = 0;
        std::uint8_t rtcp = 1;
    };
    [[nodiscard]] const std::optional<Channels>& channels() const { return channels_; }

private:
    enum class Stage { options, describe, setup, play, playing, over };
    struct Pending {
        std::string method;
        std::string uri;
        std::string extra;  // headers of this request alone
        unsigned number = 0;
        TimePoint sent{};
        bool logged_in = false;  // it carried a login
        bool renewed = false;    // and once more, with a newer nonce
    };

    Steps request(std::string method, std::string uri, std::string extra, TimePoint now);
    std::string text_of(Pending& pending);
    Steps answer(const RtspMessage& message, TimePoint now);
    Steps log_in(const RtspMessage& message, TimePoint now);
    Steps refused(int status);
    Steps accepted(const RtspMessage& message, TimePoint now);
    Steps described(const RtspMessage& message, TimePoint now);
    Steps set_up(const RtspMessage& message, TimePoint now);
    Steps keep_alive(TimePoint now);
    Steps serve(const RtspMessage& message);
    Steps give_up(CameraProblem problem, std::string detail);
    [[nodiscard]] std::string resolve(std::string_view control) const;

    std::string url_;
    RtspLogin login_;
    std::string cnonce_;
    Stage stage_ = Stage::options;
    std::optional<Pending> pending_;
    unsigned requests_ = 0;
    std::optional<RtspChallenge> challenge_;
    unsigned nonce_uses_ = 0;
    bool login_proved_ = false;  // the server accepted it once
    std::string base_;           // what relative addresses stand behind
    std::optional<SdpTrack> track_;
    std::optional<Channels> channels_;
    std::string session_;
    Duration keep_alive_interval_ = std::chrono::seconds{30};
    bool knows_get_parameter_ = false;
    TimePoint next_keep_alive_{};
    std::optional<TimePoint> heard_;
};

}  // namespace farmwall::camera
