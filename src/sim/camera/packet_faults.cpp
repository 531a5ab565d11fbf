#include "sim/camera/packet_faults.hpp"

#include <gst/gst.h>

#include <utility>

namespace farmwall::sim {

namespace {

constexpr gsize timestamp_at = 4;  // in an RTP header

}  // namespace

struct PacketFaults::Late {
    GstBuffer* packet = nullptr;
    ~Late() {
        if (packet != nullptr) gst_buffer_unref(packet);
    }
};

PacketFaults::PacketFaults() : late_{std::make_unique<Late>()} {}
PacketFaults::~PacketFaults() = default;

bool PacketFaults::apply(GstPadProbeInfo& caught) {
    const bool held = timestamps_held_;
    if (!held) holding_ = false;
    if (!held && lost_share_ <= 0 && late_->packet == nullptr) return true;
    GstBufferList* out = gst_buffer_list_new();
    if ((caught.type & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0) {
        auto* list = GST_PAD_PROBE_INFO_BUFFER_LIST(&caught);
        for (guint i = 0; i < gst_buffer_list_length(list); ++i)
            pass(gst_buffer_ref(gst_buffer_list_get(list, i)), out);
    } else {
        pass(gst_buffer_ref(GST_PAD_PROBE_INFO_BUFFER(&caught)), out);
    }
    const bool any = gst_buffer_list_length(out) > 0;
    if (!any) {  // the library lets go of what it drops
        gst_buffer_list_unref(out);
        return false;
    }
    if ((caught.type & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0) {
        gst_buffer_list_unref(GST_PAD_PROBE_INFO_BUFFER_LIST(&caught));
        caught.data = out;
        return true;
    }
    // A single packet is replaced by a single one; a second one goes with the next.
    gst_buffer_unref(GST_PAD_PROBE_INFO_BUFFER(&caught));
    caught.data = gst_buffer_ref(gst_buffer_list_get(out, 0));
    if (gst_buffer_list_length(out) > 1 && late_->packet == nullptr)
        late_->packet = gst_buffer_ref(gst_buffer_list_get(out, 1));
    gst_buffer_list_unref(out);
    return true;
}

// Takes the packet over.
void PacketFaults::pass(GstBuffer* packet, GstBufferList* out) {
    if (timestamps_held_) packet = with_held_timestamp(packet);
    GstBuffer* overtaken = std::exchange(late_->packet, nullptr);
    const double share = lost_share_;
    const double thrown = dice();
    if (thrown < share / 2) {
        gst_buffer_unref(packet);
    } else if (thrown < share && overtaken == nullptr) {
        late_->packet = packet;
    } else {
        gst_buffer_list_add(out, packet);
    }
    if (overtaken != nullptr) gst_buffer_list_add(out, overtaken);
}

GstBuffer* PacketFaults::with_held_timestamp(GstBuffer* packet) {
    packet = gst_buffer_make_writable(packet);
    if (!std::exchange(holding_, true))
        gst_buffer_extract(packet, timestamp_at, &timestamp_, sizeof timestamp_);
    gst_buffer_fill(packet, timestamp_at, &timestamp_, sizeof timestamp_);
    return packet;
}

double PacketFaults::dice() {
    random_ ^= random_ << 13;
    random_ ^= random_ >> 17;
    random_ ^= random_ << 5;
    return static_cast<double>(random_) / 4294967296.0;
}

}  // namespace farmwall::sim
