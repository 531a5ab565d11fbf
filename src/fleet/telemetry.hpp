#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "base/clock.hpp"
#include "base/synchronized.hpp"
#include "model/printer_state.hpp"

namespace farmwall {

// One row of a printer's plots. NaN: not known at that time.
struct Sample {
    static constexpr float unknown = std::numeric_limits<float>::quiet_NaN();
    TimePoint at{};
    float nozzle_celsius = unknown;
    float nozzle_target_celsius = unknown;
    float bed_celsius = unknown;
    float bed_target_celsius = unknown;
    float chamber_celsius = unknown;
    float part_fan_percent = unknown;
    float aux_fan_percent = unknown;
    float chamber_fan_percent = unknown;
    float percent = unknown;
};

// What the plots need of a state; a state older than `stale_after` gives NaN, not the last value.
[[nodiscard]] Sample sample_of(const PrinterState& printer, TimePoint now, Duration stale_after);

// The newest samples of every printer, a ring each. The network thread records on a timer; the
// render thread copies the ring it draws.
class TelemetryStore {
public:
    explicit TelemetryStore(std::size_t samples_a_printer = 720) : limit_{samples_a_printer} {}

    // `printer` is the index in config order.
    void record(std::size_t printer, const Sample& sample);
    // Oldest first. Any thread.
    [[nodiscard]] std::vector<Sample> read(std::size_t printer) const;

private:
    struct Ring {
        std::vector<Sample> samples;
        std::size_t next = 0;
    };
    std::size_t limit_;
    Synchronized<std::vector<Ring>> rings_;
};

}  // namespace farmwall
