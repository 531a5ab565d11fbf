#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "camera/packet.hpp"

namespace farmwall::camera {

// The newest packets of one camera, as received. A value of one thread.
class PacketRing {
public:
    // Bounds of time and of bytes; whichever is reached first drops the oldest. What could not be decoded
    // any more goes with it: the ring begins at a key frame, by time at the one that leads into the span.
    PacketRing(Duration longest, std::size_t most_bytes) : longest_{longest}, most_bytes_{most_bytes} {}

    // In the order of arrival.
    void push(Packet packet);
    void set_most_bytes(std::size_t bytes);
    // Held in memory by the packets, what they need besides their bytes included.
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    // Oldest first, not older than `since`, but beginning at a key frame: the last one before `since`
    // where the ring still has it. Empty when nothing came since. The bytes are shared, not copied.
    [[nodiscard]] std::vector<Packet> since(TimePoint since) const;
    void clear();

private:
    struct Held {
        Packet packet;
        std::size_t bytes = 0;
    };
    void drop_first();
    void drop_group();
    void trim();
    Duration longest_;
    std::size_t most_bytes_;
    std::deque<Held> held_;
    std::size_t bytes_ = 0;
};

// What a clip is about.
struct ClipSubject {
    PrinterId printer;
    Serial serial;
    std::string name;   // of the printer, for people
    std::string cause;  // short and safe for a file name: "print_failed"
    std::string text;   // one sentence
    WallTime when{};    // of the fault
    TimePoint at{};     // the same moment
    // The printer's telemetry: one JSON value, written into the clip's JSON as it is.
    std::string telemetry = "null";
};

struct ClipBounds {
    std::uint64_t most_bytes = std::uint64_t{2} << 30;  // of all clips together; the oldest go first
    Duration before = std::chrono::seconds{60};
    Duration after = std::chrono::seconds{10};
};

// Writes clips below `folder`, which is made when needed: <folder>/<printer id>/<time>_<cause>.mp4 (H.264) or
// .mkv (JPEG), and .json beside it; no picture is encoded again. Own thread.
class ClipWriter {
public:
    struct Totals {
        std::uint64_t written = 0;
        std::uint64_t bytes = 0;  // on disk
        std::string problem;      // of the newest clip; empty: none
    };

    ClipWriter(std::filesystem::path folder, ClipBounds bounds);
    // Writes what is queued, joins.
    ~ClipWriter();
    ClipWriter(const ClipWriter&) = delete;
    ClipWriter& operator=(const ClipWriter&) = delete;

    [[nodiscard]] const ClipBounds& bounds() const { return bounds_; }
    // Any thread; never waits for the disk. False when too many wait: then it is counted as a problem.
    bool write(ClipSubject subject, std::vector<Packet> packets);
    [[nodiscard]] Totals totals() const;

private:
    struct Impl;
    ClipBounds bounds_;
    std::unique_ptr<Impl> impl_;
};

// Writes one clip; blocks on the disk. The paths made, the video first. What a power cut leaves behind has
// another name (see remove_leftovers()): under its final name a clip is whole. Where the stream's
// parameters change, the clip is the stretch with those of the fault's moment. Errors: bad_input (no key
// frame among the packets, pictures of no size), io.
[[nodiscard]] Result<std::vector<std::filesystem::path>> write_clip(const std::filesystem::path& folder,
                                                                    const ClipSubject& subject,
                                                                    const std::vector<Packet>& packets);
// Removes the oldest clips below `folder` until what is left takes at most `most_bytes`, always keeping
// the newest by name, and `also` (the video of a clip), which is newer than a clock that jumped says.
// Returns the bytes left. Touches nothing but files that write_clip() makes.
std::uint64_t keep_newest(const std::filesystem::path& folder, std::uint64_t most_bytes,
                          const std::filesystem::path& also = {});
// Removes what write_clip() had begun below `folder` when the program or the machine was stopped.
void remove_leftovers(const std::filesystem::path& folder);

}  // namespace farmwall::camera
