#include "camera/camera_station.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace farmwall::camera {
namespace {

// A smoothed value follows each new one by this share.
constexpr double follow = 0.2;

void smooth(double& value, double next) { value = value == 0 ? next : value + (next - value) * follow; }

}  // namespace

CameraStation::CameraStation(CameraConfig config, const StationTimes& times,
                             std::optional<net::Certificate> pin, std::function<double()> random,
                             const Clock& clock, StationPort& port, PacketRing ring)
    : config_{std::move(config)},
      times_{times},
      clock_{clock},
      port_{port},
      trust_{config_.serial, std::move(pin)},
      ladder_{std::move(random)},
      ring_{std::move(ring)} {
    published_.since = clock_.now();
}

void CameraStation::facts(const CameraFacts& facts) {
    if (stopped_) return;
    const bool came_back = facts.link_up && !witness_.facts.link_up;
    if (facts.printing && !witness_.facts.printing) witness_.printing_since = clock_.now();
    if (!facts.printing) witness_.printing_since.reset();
    witness_.facts = facts;
    retarget();
    // A printer that just answered again will take the camera's connection, too.
    if (came_back && next_attempt_) connect_now();
    settle();
}

void CameraStation::retarget() {
    CameraTarget wanted = camera_target(config_, witness_.facts);
    witness_.facts.obstacle = wanted.obstacle;  // of the camera that is configured
    // An address that is only not known any more is no reason to hang up.
    if (wanted == target_ && (source_ || next_attempt_ || wanted.kind == CameraTarget::Kind::none)) return;
    const bool same = wanted == target_;
    target_ = std::move(wanted);
    if (target_.kind != CameraTarget::Kind::none) stats_.kind = kind_word(target_);
    next_attempt_.reset();
    if (!same) {
        ladder_.reset();
        witness_.problem = CameraProblem::none;
        witness_.codec = usual_codec(target_);
        detail_.clear();
    }
    if (source_) {
        close(CameraProblem::none);
    } else {
        open();
    }
}

void CameraStation::open() {
    next_attempt_.reset();
    if (stopped_ || source_ || target_.kind == CameraTarget::Kind::none) return;
    closing_ = false;
    closing_for_ = CameraProblem::none;
    pictures_in_this_connection_ = false;
    witness_.connected = false;
    witness_.connected_at.reset();
    witness_.last_byte.reset();
    witness_.undecodable_since.reset();
    bad_since_.reset();
    source_ = port_.open(
        target_, [this](const net::Certificate& shown) { return judge_certificate(shown); }, *this);
    source_->set_prompt(prompt_);
}

// The goodbye takes its time; the next connection waits for source_ended().
void CameraStation::close(CameraProblem why) {
    if (!source_ || closing_) return;
    closing_ = true;
    closing_for_ = why;
    source_->stop();
}

CameraProblem CameraStation::judge_certificate(const net::Certificate& shown) {
    bool first_use = false;
    const CameraProblem problem = trust_.judge(shown, first_use);
    if (first_use) port_.save_pin(shown);
    return problem;
}

bool CameraStation::trust(const std::string& sha256) {
    const net::Certificate* trusted = trust_.trust(sha256);
    if (trusted == nullptr) return false;
    port_.save_pin(*trusted);
    connect_now();
    return true;
}

void CameraStation::connect_now() {
    if (stopped_) return;
    ladder_.reset();
    if (!source_) open();
    settle();
}

void CameraStation::set_prompt(bool prompt) {
    if (std::exchange(prompt_, prompt) != prompt && source_) source_->set_prompt(prompt);
}

void CameraStation::stop() {
    stopped_ = true;
    next_attempt_.reset();
    close(CameraProblem::none);
}

void CameraStation::source_opened() {
    if (closing_) return;
    const TimePoint now = clock_.now();
    ++stats_.connects;
    witness_.connected = true;
    witness_.connected_at = now;
    witness_.last_byte = now;
    period_.interrupted();
    port_.opened();
    settle();
}

void CameraStation::source_alive() {
    if (!closing_) witness_.last_byte = clock_.now();
}

void CameraStation::source_packet(Packet packet) {
    if (closing_ || stopped_) return;
    ++stats_.packets;
    if (packet.key) ++key_count_;
    stats_.bytes += packet.bytes->size();
    period_.note(packet.arrived);
    witness_.codec = packet.codec;
    witness_.last_byte = packet.arrived;
    witness_.last_packet = packet.arrived;
    if (!std::exchange(pictures_in_this_connection_, true)) {
        ladder_.pictures_began(packet.arrived);
        witness_.problem = CameraProblem::none;
        detail_.clear();
        trust_.forget_refused();
    }
    ring_.push(packet);
    port_.decode(packet);
    // While all is well the timer alone looks; a picture only postpones what it would find.
    if (!shows_now(published_.truth) && published_.truth != CameraTruth::frozen &&
        published_.truth != CameraTruth::dark)
        settle();
}

void CameraStation::source_lost_packets(std::uint64_t count) { stats_.lost_packets += count; }

void CameraStation::source_ended(CameraProblem problem, const std::string& detail) {
    const TimePoint now = clock_.now();
    port_.retire(std::move(source_));
    port_.forget();
    period_.interrupted();
    const bool was_ours = std::exchange(closing_, false);
    if (was_ours) problem = closing_for_;
    // The port of a camera that never gave a picture and closes at once is as good as refused.
    witness_.connected = false;
    witness_.connected_at.reset();
    if (stopped_) return;
    if (was_ours && problem == CameraProblem::none) {  // another target
        open();
        return settle();
    }
    witness_.problem = problem;
    detail_ = detail;
    const Duration wait = ladder_.next(problem, now);
    witness_.problem = ladder_.told(problem);
    next_attempt_ = now + wait;
    settle();
}

void CameraStation::decoded(const Decoded& decoded) {
    cpu_ms_ += decoded.cpu_ms;
    if (!decoded.decoder.empty()) stats_.decoder = decoded.decoder;
    stats_.late = decoded.late;
    if (!decoded.ok) {
        ++stats_.bad_pictures;
        // One bad picture is a lost packet; from the second on none is known to be good since the first.
        if (bad_since_) {
            witness_.undecodable_since = bad_since_;
        } else {
            bad_since_ = decoded.arrived;
        }
        return settle();
    }
    bad_since_.reset();
    witness_.undecodable_since.reset();
    ++stats_.decoded;
    stats_.source_width = decoded.width;
    stats_.source_height = decoded.height;
    smooth(stats_.decode_ms, decoded.cpu_ms);
    if (decoded.full_ms > 0) {
        double smoothed = full_ms_.value_or(0);
        smooth(smoothed, decoded.full_ms);
        full_ms_ = smoothed;
    }
    witness_.last_decoded = decoded.arrived;
    if (decoded.changed || !witness_.last_change) witness_.last_change = decoded.arrived;
    witness_.mean_luma = decoded.mean_luma;
    settle();
}

Duration CameraStation::silence_limit() const {
    return witness_.codec == Codec::jpeg ? times_.jpeg_silence : times_.rtsps_silence;
}

void CameraStation::watch_silence(TimePoint now) {
    if (!source_ || closing_ || !witness_.connected || !witness_.last_byte) return;
    // Life without pictures is no better than silence, but gets more time: a key frame may be far away.
    TimePoint due = *witness_.last_byte + silence_limit();
    const TimePoint picture = std::max(witness_.last_packet.value_or(TimePoint{}), *witness_.connected_at);
    due = std::min(due, picture + 2 * silence_limit());
    if (now < due) return arm(due);
    close(pictures_in_this_connection_ ? CameraProblem::stalled : CameraProblem::no_picture);
}

void CameraStation::tick() {
    armed_.reset();
    if (stopped_) return;
    const TimePoint now = clock_.now();
    if (next_attempt_ && *next_attempt_ <= now) open();
    settle();
}

void CameraStation::arm(TimePoint due) {
    if (armed_ && *armed_ <= due) return;
    armed_ = due;
    port_.wake_at(due);
}

void CameraStation::settle() {
    if (stopped_) return;
    const TimePoint now = clock_.now();
    watch_silence(now);
    if (next_attempt_) arm(*next_attempt_);
    witness_.usual_period = period_.median();
    const Verdict verdict = judge(witness_, times_.truth, now);
    if (verdict.changes_at) arm(*verdict.changes_at);

    CameraState next;
    next.truth = verdict.truth;
    next.problem = verdict.problem;
    next.detail = detail_;
    next.since = verdict.truth == published_.truth ? published_.since : now;
    if (verdict.truth == CameraTruth::frozen) {
        next.last_picture = witness_.last_change;
    } else if (!shows_now(verdict.truth) && verdict.truth != CameraTruth::dark) {
        next.last_picture = newest_picture(witness_);
    }
    next.next_attempt = next_attempt_;
    if (verdict.problem == CameraProblem::certificate_changed) next.new_certificate = trust_.refused_sha256();
    if (next == published_) return;
    const CameraState before = std::exchange(published_, std::move(next));
    say(before);
    port_.publish(published_);
}

// On change only, so that a camera that is off does not fill the log.
void CameraStation::say(const CameraState& before) const {
    const CameraState& now = published_;
    const bool worth = before.problem != now.problem ||
                       (before.truth != now.truth && !shows_now(before.truth)) ||
                       (before.truth != now.truth && !shows_now(now.truth));
    if (!worth) return;
    std::string line = fmt::format("{}: camera {}", config_.id.value, word(now.truth));
    if (now.problem != CameraProblem::none) line += fmt::format(", {}", sentence(now.problem));
    if (!now.detail.empty()) line += fmt::format(" ({})", now.detail);
    port_.log(line);
}

PacingInput CameraStation::pacing_input(const PictureWish& wish) const {
    PacingInput input;
    input.codec = witness_.codec;
    input.open = witness_.connected || (source_ && witness_.problem == CameraProblem::none);
    input.wish = wish;
    // Whether the picture changes is looked at also when nobody sees it, as long as it should.
    input.watched = witness_.facts.printing;
    input.pictures_a_second = packets_.value();
    input.keys_a_second = keys_.value();
    input.full_ms = full_ms_;
    input.source_height = stats_.source_height;
    return input;
}

CameraStats CameraStation::look(TimePoint now, DecodeLevel level) {
    stats_.level = level;
    stats_.packets_per_second = packets_.look(stats_.packets, now);
    keys_.look(key_count_, now);
    stats_.decoded_per_second = decoded_.look(stats_.decoded, now);
    stats_.ring_bytes = ring_.bytes();
    return stats_;
}

}  // namespace farmwall::camera
