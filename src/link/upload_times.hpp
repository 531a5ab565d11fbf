#pragma once

#include <chrono>
#include <cstdint>

namespace farmwall::link {

// How long an upload waits for what (protocol 9.2).
struct UploadTimes {
    using Ms = std::chrono::milliseconds;
    Ms connect{10'000};        // TCP and TLS together
    Ms reply{30'000};          // to a command
    Ms stall{30'000};          // of the data, without a byte taken
    Ms deadline_base{60'000};  // of the data, beside size / slowest
    std::uint64_t slowest_bytes_per_second = 25'000;
    Ms final_base{60'000};  // for the word that all of it lies on the card, beside size / flush
    std::uint64_t flush_bytes_per_second = 500'000;
    Ms final_most{300'000};
    Ms progress{200};       // between two reports of progress
    Ms retry{5'000};        // before another try
    int tries = 3;          // of a printer that is busy with another connection, and of a removal
    Ms tidy{20'000};        // to look at what lies there and remove it
    Ms tidy_in_haste{600};  // the same while the program ends
};

}  // namespace farmwall::link
