#pragma once

#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "camera/black_box.hpp"

namespace farmwall::camera {

// A clip whose pictures are all there.
struct DueClip {
    ClipSubject subject;
    TimePoint from{};   // of the first picture wanted
    TimePoint until{};  // of the last one
};

// Turns the faults of one camera's printer into clips. A fault waits `after` for the pictures that follow
// it. Faults meanwhile go into the same clip, which then lasts `after` beyond the newest of them, but never
// beyond twice `after`: its cause and moment are the first one's, its text lists all, its telemetry is the
// newest. Pure but for save_due(); one thread.
class FaultClips {
public:
    explicit FaultClips(const ClipBounds& bounds) : before_{bounds.before}, after_{bounds.after} {}

    // How much of the past a ring has to hold for any clip.
    [[nodiscard]] static Duration longest(const ClipBounds& bounds) {
        return bounds.before + 2 * bounds.after;
    }

    // `subject.at` is about now, and not before that of an earlier fault.
    void fault(ClipSubject subject);
    // When to call tick() or save_due() next; nothing: nothing waits.
    [[nodiscard]] std::optional<TimePoint> next_due() const;
    // What is due by now, oldest first; each once. At the end of the program TimePoint::max() gives all.
    [[nodiscard]] std::vector<DueClip> tick(TimePoint now);
    // Hands what is due from the ring to the writer. A camera that gave no picture in the whole time makes no
    // clip; that is logged once, until it makes one again.
    void save_due(TimePoint now, const PacketRing& ring, ClipWriter& writer);

private:
    struct Waiting {
        ClipSubject subject;
        TimePoint latest{};  // of the newest fault
        std::vector<std::string> texts;
        std::size_t more = 0;  // texts that are only counted
    };
    [[nodiscard]] TimePoint due(const Waiting& waiting) const;

    Duration before_;
    Duration after_;
    std::vector<Waiting> waiting_;
    bool said_no_picture_ = false;
};

}  // namespace farmwall::camera
