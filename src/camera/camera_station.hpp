#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "camera/black_box.hpp"
#include "camera/camera_target.hpp"
#include "camera/camera_trust.hpp"
#include "camera/camera_truth.hpp"
#include "camera/decode_pool.hpp"
#include "camera/ladder.hpp"
#include "camera/pacing.hpp"
#include "camera/picture_board.hpp"
#include "camera/rates.hpp"
#include "camera/source.hpp"

namespace farmwall::camera {

// What a station asks of the world around it. On the network thread.
class StationPort {
public:
    virtual ~StationPort() = default;
    // Opens a connection to the target, which is not `none`. `judge` looks at the certificate.
    [[nodiscard]] virtual std::unique_ptr<Source> open(
        const CameraTarget& target, std::function<CameraProblem(const net::Certificate&)> judge,
        SourceListener& listener) = 0;
    // The connection stands: pictures may come any moment.
    virtual void opened() = 0;
    // Destroys a source later, because it may be the caller's caller.
    virtual void retire(std::unique_ptr<Source> source) = 0;
    virtual void decode(const Packet& packet) = 0;
    // The connection ended: nothing of it is decoded any more.
    virtual void forget() = 0;
    virtual void publish(const CameraState& state) = 0;
    // tick() at this time at the latest; an earlier call counts.
    virtual void wake_at(TimePoint when) = 0;
    virtual void save_pin(const net::Certificate& certificate) = 0;
    virtual void log(const std::string& line) = 0;
};

struct StationTimes {
    TruthTimes truth;
    // Nothing comes for so long: the connection is given up. A P1 or A1 is silent while it prepares a
    // print (protocol 10.2), so it has more patience.
    Duration rtsps_silence = std::chrono::seconds{10};
    Duration jpeg_silence = std::chrono::seconds{30};
};

// One printer's camera: at most one connection at any time, from the first attempt to the last. Knows
// when to try again, what may be believed of the picture, and keeps the newest packets. A state machine
// around its port; all of it on the network thread.
class CameraStation final : private SourceListener {
public:
    CameraStation(CameraConfig config, const StationTimes& times, std::optional<net::Certificate> pin,
                  std::function<double()> random, const Clock& clock, StationPort& port, PacketRing ring);
    ~CameraStation() override = default;
    CameraStation(const CameraStation&) = delete;
    CameraStation& operator=(const CameraStation&) = delete;

    // What is known of the printer now; the first call begins.
    void facts(const CameraFacts& facts);
    void tick();
    // A picture of this camera was decoded.
    void decoded(const Decoded& decoded);
    // Somebody wants it now, or the printer just came back: no more waiting.
    void connect_now();
    // True when this was the certificate that was refused; it is trusted from now on.
    bool trust(const std::string& sha256);
    // Whether each picture is wanted the moment it comes; otherwise bytes are gathered, which costs less.
    void set_prompt(bool prompt);
    // No more attempts; what is open says goodbye.
    void stop();

    // No socket is open.
    [[nodiscard]] bool closed() const { return source_ == nullptr; }
    [[nodiscard]] const CameraConfig& config() const { return config_; }
    [[nodiscard]] const CameraState& state() const { return published_; }
    [[nodiscard]] PacketRing& ring() { return ring_; }
    // For the plan of all cameras; `wish` is what the viewers want of this one.
    [[nodiscard]] PacingInput pacing_input(const PictureWish& wish) const;
    // Counters and rates; to be called at regular intervals, a second or two apart.
    [[nodiscard]] CameraStats look(TimePoint now, DecodeLevel level);
    // CPU that decoding took since the last call, in ms.
    [[nodiscard]] double take_cpu_ms() { return std::exchange(cpu_ms_, 0); }

private:
    void source_opened() override;
    void source_alive() override;
    void source_packet(Packet packet) override;
    void source_lost_packets(std::uint64_t count) override;
    void source_ended(CameraProblem problem, const std::string& detail) override;

    void retarget();
    void open();
    void close(CameraProblem why);
    [[nodiscard]] CameraProblem judge_certificate(const net::Certificate& shown);
    void watch_silence(TimePoint now);
    [[nodiscard]] Duration silence_limit() const;
    void settle();
    void arm(TimePoint due);
    void say(const CameraState& before) const;

    const CameraConfig config_;
    const StationTimes times_;
    const Clock& clock_;
    StationPort& port_;
    CameraTrust trust_;
    Ladder ladder_;
    PacketRing ring_;

    CameraTarget target_;
    std::unique_ptr<Source> source_;
    bool stopped_ = false;
    bool prompt_ = false;
    bool closing_ = false;  // stop() of the source was called
    // Why we ended the connection ourselves; none: because the target changed.
    CameraProblem closing_for_ = CameraProblem::none;
    std::optional<TimePoint> next_attempt_;
    std::optional<TimePoint> armed_;

    CameraWitness witness_;
    std::optional<TimePoint> bad_since_;  // the first of pictures in a row that could not be decoded
    bool pictures_in_this_connection_ = false;
    std::string detail_;
    CameraState published_;

    UsualPeriod period_;
    CameraStats stats_;
    Rate packets_;
    Rate keys_;
    Rate decoded_;
    std::uint64_t key_count_ = 0;
    std::optional<double> full_ms_;
    double cpu_ms_ = 0;
};

}  // namespace farmwall::camera
