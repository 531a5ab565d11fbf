#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

struct _GstPadProbeInfo;
struct _GstBuffer;
struct _GstBufferList;

namespace farmwall::sim {

// What goes wrong with RTP packets on their way out of the payloader. Settings: any thread; packets: the
// stream's thread.
class PacketFaults {
public:
    PacketFaults();
    ~PacketFaults();
    PacketFaults(const PacketFaults&) = delete;
    PacketFaults& operator=(const PacketFaults&) = delete;

    void hold_timestamps(bool held) { timestamps_held_ = held; }
    void lose(double share) { lost_share_ = share; }

    // Changes what the probe caught. False: nothing of it goes on.
    [[nodiscard]] bool apply(_GstPadProbeInfo& caught);

private:
    void pass(_GstBuffer* packet, _GstBufferList* out);
    _GstBuffer* with_held_timestamp(_GstBuffer* packet);
    [[nodiscard]] double dice();

    std::atomic<bool> timestamps_held_ = false;
    std::atomic<double> lost_share_ = 0;
    std::uint32_t random_ = 0x2545F491;
    bool holding_ = false;
    std::uint32_t timestamp_ = 0;  // network byte order
    struct Late;
    std::unique_ptr<Late> late_;  // a packet that the next one overtakes
};

}  // namespace farmwall::sim
