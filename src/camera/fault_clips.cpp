#include "camera/fault_clips.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace farmwall::camera {
namespace {

constexpr std::size_t most_texts = 8;

}  // namespace

TimePoint FaultClips::due(const Waiting& waiting) const {
    return std::min(waiting.latest, waiting.subject.at + after_) + after_;
}

void FaultClips::fault(ClipSubject subject) {
    if (waiting_.empty() || subject.at > due(waiting_.back())) {
        Waiting fresh;
        fresh.latest = subject.at;
        fresh.texts.push_back(subject.text);
        fresh.subject = std::move(subject);
        waiting_.push_back(std::move(fresh));
        return;
    }
    Waiting& waiting = waiting_.back();
    waiting.latest = std::max(waiting.latest, subject.at);
    waiting.subject.telemetry = std::move(subject.telemetry);
    if (std::ranges::find(waiting.texts, subject.text) != waiting.texts.end()) return;
    if (waiting.texts.size() < most_texts) {
        waiting.texts.push_back(std::move(subject.text));
    } else {
        ++waiting.more;
    }
}

std::optional<TimePoint> FaultClips::next_due() const {
    if (waiting_.empty()) return std::nullopt;
    return due(waiting_.front());
}

std::vector<DueClip> FaultClips::tick(TimePoint now) {
    std::vector<DueClip> clips;
    while (!waiting_.empty() && due(waiting_.front()) <= now) {
        Waiting& waiting = waiting_.front();
        DueClip clip{std::move(waiting.subject), {}, due(waiting)};
        clip.from = clip.subject.at - before_;
        clip.subject.text = fmt::format("{}", fmt::join(waiting.texts, "; "));
        if (waiting.more > 0) clip.subject.text += fmt::format("; and {} more", waiting.more);
        clips.push_back(std::move(clip));
        waiting_.erase(waiting_.begin());
    }
    return clips;
}

void FaultClips::save_due(TimePoint now, const PacketRing& ring, ClipWriter& writer) {
    for (DueClip& clip : tick(now)) {
        std::vector<Packet> packets = ring.since(clip.from);
        if (packets.empty()) {
            if (!std::exchange(said_no_picture_, true)) {
                log::info("clips", fmt::format("{}: no clip of \"{}\": the camera gave no picture",
                                               clip.subject.printer.value, clip.subject.cause));
            }
            continue;
        }
        said_no_picture_ = false;
        static_cast<void>(writer.write(std::move(clip.subject), std::move(packets)));  // counted there
    }
}

}  // namespace farmwall::camera
