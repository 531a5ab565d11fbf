#pragma once

#include <cstdint>
#include <deque>

#include "base/clock.hpp"
#include "link/upload_times.hpp"

namespace farmwall::link {

// Which limit of UploadTimes is passed.
enum class Overrun {
    none,
    silent,       // no answer to a command
    stalled,      // no byte of the data was taken
    too_slow,     // the data takes longer than its size allows
    unconfirmed,  // all was sent, but the printer does not say that it has it
};

// How long the data of a file may take, and the word that all of it lies on the card.
[[nodiscard]] UploadTimes::Ms deadline_of(std::uint64_t total_bytes, const UploadTimes& times);
[[nodiscard]] UploadTimes::Ms final_wait_of(std::uint64_t total_bytes, const UploadTimes& times);

// Measures one connection against its limits: first words are exchanged, then the data goes out, then its
// confirmation is waited for. Values in, values out; one thread.
class UploadWatch {
public:
    UploadWatch(const UploadTimes& times, std::uint64_t total_bytes, TimePoint now);

    // Words are exchanged (again).
    void talk(TimePoint now);
    // The other side said something.
    void heard(TimePoint now);
    // The other side takes the data from now on.
    void begin_data(TimePoint now);
    // So much of the data is out by now.
    void sent(std::uint64_t bytes, TimePoint now);

    [[nodiscard]] Overrun overrun(TimePoint now) const;
    // Over the last five seconds.
    [[nodiscard]] std::uint64_t bytes_per_second() const;
    [[nodiscard]] std::uint64_t sent_bytes() const { return sent_; }

private:
    enum class Phase { talking, sending, finishing };
    struct Sample {
        TimePoint when;
        std::uint64_t bytes = 0;
    };

    UploadTimes times_;
    std::uint64_t total_ = 0;
    Phase phase_ = Phase::talking;
    TimePoint since_;  // the last sign of life within the phase
    TimePoint data_since_;
    std::uint64_t sent_ = 0;
    std::deque<Sample> samples_;  // oldest first, at least a tenth of a second apart
};

}  // namespace farmwall::link
