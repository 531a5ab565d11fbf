#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "camera/rtp_stream.hpp"
#include "camera/rtsp_reader.hpp"
#include "camera/rtsp_session.hpp"
#include "camera/source.hpp"
#include "camera/tls_source.hpp"
#include "net/io_thread.hpp"

namespace farmwall::camera {

using namespace std::chrono_literals;

namespace {

constexpr auto relaxed_gathering = 100ms;

std::string random_word() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}", random(), random());
}

class RtspsSource final : public TlsSource, RtspReader::Sink {
public:
    RtspsSource(net::IoThread& io, const Clock& clock, const PrinterCamera& camera, SourceListener& listener)
        : TlsSource{io, clock, camera, listener},
          io_{io},
          session_{fmt::format("rtsps://{}:{}{}", camera.address, camera.port, camera.path),
                   {camera.user, camera.access_code},
                   random_word()} {}

    void set_prompt(bool prompt) override {
        prompt_ = prompt;
        set_pace();
    }

private:
    void connected() override { carry_out(session_.start(now())); }
    void received(std::string_view bytes) override;
    [[nodiscard]] CameraProblem problem_of_closing() const override {
        return CameraProblem::closed_by_printer;
    }
    std::string farewell() override { return session_.teardown(); }

    void rtsp_message(const RtspMessage& message) override;
    void rtsp_frame(std::uint8_t channel, std::string_view payload) override;

    void carry_out(const RtspSession::Steps& steps);
    [[nodiscard]] bool deliver();
    void spread_arrivals(TimePoint moment);
    void set_pace() { gather(prompt_ || !key_seen_ ? 0ms : relaxed_gathering); }
    void set_timer();

    net::IoThread& io_;
    RtspSession session_;
    RtspReader reader_;
    std::optional<RtpStream> stream_;
    bool opened_ = false;
    bool prompt_ = true;
    bool key_seen_ = false;
    TimePoint read_before_{};  // when the read before this one was
    std::uint64_t told_lost_ = 0;
    net::Timer timer_;
    std::optional<TimePoint> timer_due_;
    // During received(): what is to be told afterwards.
    TimePoint moment_{};
    std::vector<Packet> packets_;
    CameraProblem problem_ = CameraProblem::none;
    std::string detail_;
};

void RtspsSource::received(std::string_view bytes) {
    moment_ = now();
    if (!reader_.read(bytes, *this) && problem_ == CameraProblem::none) {
        problem_ = CameraProblem::wrong_data;
        detail_ = "what came is not RTSP";
    }
    spread_arrivals(moment_);
    read_before_ = moment_;
    if (!deliver()) return;
    if (problem_ != CameraProblem::none) return fail(problem_, detail_);
    set_timer();
}

void RtspsSource::rtsp_message(const RtspMessage& message) {
    if (problem_ != CameraProblem::none) return;
    const RtspSession::Steps steps = session_.message(message, moment_);
    problem_ = steps.problem;
    detail_ = steps.detail;
    if (!steps.send.empty()) send(steps.send);
    if (!stream_ && session_.track()) stream_.emplace(*session_.track());
}

void RtspsSource::rtsp_frame(std::uint8_t channel, std::string_view payload) {
    const auto& channels = session_.channels();
    if (!channels || !stream_) return;
    session_.heard(moment_);
    if (channel == channels->rtp) stream_->put(payload, moment_, packets_);
}

// False: it is over, nothing may be touched any more.
bool RtspsSource::deliver() {
    if (!opened_ && (session_.playing() || !packets_.empty())) {
        opened_ = true;
        if (!tell_opened()) return false;
    }
    if (stream_ && stream_->lost() != told_lost_) {
        const std::uint64_t more = stream_->lost() - std::exchange(told_lost_, stream_->lost());
        if (!tell_lost(more)) return false;
    }
    std::vector<Packet> packets;
    packets.swap(packets_);
    for (Packet& packet : packets) {
        if (packet.key && !key_seen_) {
            key_seen_ = true;
            set_pace();
        }
        if (!tell_packet(std::move(packet))) return false;
    }
    return true;
}

// Pictures that came with one read came one after the other.
void RtspsSource::spread_arrivals(TimePoint moment) {
    const Duration span = std::min<Duration>(moment - read_before_, relaxed_gathering);
    const auto count = static_cast<Duration::rep>(packets_.size());
    for (Duration::rep i = 0; i + 1 < count; ++i) {
        packets_[static_cast<std::size_t>(i)].arrived = moment - span * (count - 1 - i) / count;
    }
}

void RtspsSource::carry_out(const RtspSession::Steps& steps) {
    if (steps.problem != CameraProblem::none) return fail(steps.problem, steps.detail);
    if (!steps.send.empty()) send(steps.send);
    set_timer();
}

void RtspsSource::set_timer() {
    const auto due = session_.due();
    if (due == timer_due_) return;
    timer_due_ = due;
    if (!due) return timer_.cancel();
    timer_ = io_.after(std::max<Duration>(*due - now(), 0s), [this] {
        timer_due_.reset();
        carry_out(session_.tick(now()));
    });
}

}  // namespace

std::unique_ptr<Source> open_rtsps(net::IoThread& io, const Clock& clock, const PrinterCamera& camera,
                                   SourceListener& listener) {
    return std::make_unique<RtspsSource>(io, clock, camera, listener);
}

}  // namespace farmwall::camera
