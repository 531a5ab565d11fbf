#pragma once

#include <chrono>

namespace farmwall {

// How long silence on a link may last; [link] of the config. Defaults follow protocol 3.
struct LinkTimes {
    std::chrono::milliseconds quiet_after{60'000};           // no report: quiet, and a probe is sent
    std::chrono::milliseconds probe_timeout{10'000};         // an unanswered question counts after this
    std::chrono::milliseconds health_check{300'000};         // a question although reports flow (half-dead)
    std::chrono::milliseconds first_report_timeout{10'000};  // after asking: suspect the serial
    std::chrono::milliseconds retry_first{1'000};            // back-off, doubling
    std::chrono::milliseconds retry_longest{30'000};
    std::chrono::milliseconds retry_refused{60'000};          // after a refused access code
    std::chrono::milliseconds full_report_interval{300'000};  // at most one pushall in this time
};

}  // namespace farmwall
