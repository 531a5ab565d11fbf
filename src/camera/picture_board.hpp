#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/synchronized.hpp"
#include "camera/frame.hpp"

namespace farmwall::camera {

// The newest picture of one camera: the decoder never waits, a reader takes only what is newer than
// what it has. Any thread.
class FrameSlot {
public:
    void put(SharedFrame frame) {
        std::lock_guard lock{mutex_};
        frame_.swap(frame);
        ++sequence_;
    }
    // Null when there is nothing newer than `seen`; also the last word after clear().
    [[nodiscard]] SharedFrame newer_than(std::uint64_t& seen) const {
        std::lock_guard lock{mutex_};
        if (seen == sequence_) return nullptr;
        seen = sequence_;
        return frame_;
    }
    [[nodiscard]] SharedFrame newest() const {
        std::lock_guard lock{mutex_};
        return frame_;
    }
    [[nodiscard]] std::uint64_t sequence() const {
        std::lock_guard lock{mutex_};
        return sequence_;
    }

private:
    mutable std::mutex mutex_;
    SharedFrame frame_;
    std::uint64_t sequence_ = 0;
};

// How one viewer wants to see one camera.
struct PictureWish {
    // Pixels it is drawn in; 0: not visible.
    int width = 0;
    int height = 0;
    // A person looks at this one: it keeps its rate longest.
    bool focused = false;
    // It needs hands: it should move even when it is small.
    bool attention = false;
    friend bool operator==(const PictureWish&, const PictureWish&) = default;
};

// How much of a stream is decoded.
enum class DecodeLevel {
    discard,     // read and thrown away
    keys,        // key frames only
    no_deblock,  // every picture, without the deblocking filter
    full,
};
[[nodiscard]] std::string_view word(DecodeLevel level);

// For Diagnostics: counted since the start of the program unless said otherwise.
struct CameraStats {
    std::string kind;     // "RTSPS", "JPEG", "RTSP"; empty: not known yet
    std::string decoder;  // "software", "VAAPI", "software (VAAPI failed: …)", "turbo"
    DecodeLevel level = DecodeLevel::discard;
    int source_width = 0;
    int source_height = 0;
    std::uint64_t bytes = 0;
    std::uint64_t packets = 0;
    std::uint64_t decoded = 0;
    std::uint64_t late = 0;          // packets not decoded because the decoder was behind
    std::uint64_t lost_packets = 0;  // RTP packets that never came
    std::uint64_t bad_pictures = 0;  // could not be decoded
    std::uint64_t connects = 0;
    double packets_per_second = 0;  // over the last seconds
    double decoded_per_second = 0;
    double decode_ms = 0;        // CPU a picture, mean of the last ones
    std::size_t ring_bytes = 0;  // of the black box
    friend bool operator==(const CameraStats&, const CameraStats&) = default;
};

// What all cameras share, for Diagnostics.
struct DecoderStats {
    std::string decoder;           // the choice for the whole machine, and why
    double machine_speed = 0;      // 1080p pictures a second that one core decodes, as measured
    double budget_cores = 0;       // what decoding may use
    double load_cores = 0;         // what it uses, over the last seconds
    double rate = 1;               // what is left of the wished rates: below 1 the budget is tight
    std::uint64_t clips = 0;       // written since the start
    std::uint64_t clip_bytes = 0;  // on disk
    std::string clip_problem;      // of the newest clip; empty: none
    friend bool operator==(const DecoderStats&, const DecoderStats&) = default;
};

// Where screens and the API meet the cameras: pictures and figures out, wishes in. One entry a printer,
// in config order. Any thread.
class PictureBoard {
public:
    explicit PictureBoard(std::vector<Serial> serials);
    PictureBoard(const PictureBoard&) = delete;
    PictureBoard& operator=(const PictureBoard&) = delete;

    [[nodiscard]] std::size_t size() const { return serials_.size(); }
    [[nodiscard]] const Serial& serial(std::size_t camera) const { return serials_[camera]; }
    [[nodiscard]] FrameSlot& slot(std::size_t camera) { return *slots_[camera]; }
    [[nodiscard]] const FrameSlot& slot(std::size_t camera) const { return *slots_[camera]; }

    // The wishes of one viewer ("window", an HTTP viewer's number), one a camera; replaces what it wished
    // before. An empty list: it looks at nothing any more. Cheap when nothing changes.
    void wish(const std::string& viewer, std::vector<PictureWish> wishes);
    // What all viewers together want of each camera: the largest of everything.
    [[nodiscard]] std::vector<PictureWish> wishes() const;
    // The layout in which pictures are wanted; i420 until said otherwise.
    void set_layout(PixelLayout layout);
    [[nodiscard]] PixelLayout layout() const;

    [[nodiscard]] CameraStats stats(std::size_t camera) const;
    void set_stats(std::size_t camera, CameraStats stats);
    [[nodiscard]] DecoderStats decoder_stats() const;
    void set_decoder_stats(DecoderStats stats);

    // A viewer's wishes changed; called on the viewer's thread, outside our locks. Set once, before
    // anybody else uses the board.
    void on_wish(std::function<void()> call) { on_wish_ = std::move(call); }
    // A newer frame is in the slot of this camera; called on a decoder's thread. Set once, as above.
    void on_frame(std::function<void(std::size_t)> call) { on_frame_ = std::move(call); }
    // Puts a frame and tells. The frame's serial has to be the camera's: another one is refused and
    // false returned.
    bool put(std::size_t camera, SharedFrame frame);
    // No picture of this camera may be shown any more (it is another camera's now).
    void clear(std::size_t camera);

private:
    std::vector<Serial> serials_;
    std::vector<std::unique_ptr<FrameSlot>> slots_;
    struct Shared {
        std::map<std::string, std::vector<PictureWish>> wishes;
        std::vector<CameraStats> stats;
        DecoderStats decoder;
        PixelLayout layout = PixelLayout::i420;
    };
    Synchronized<Shared> shared_;
    std::function<void()> on_wish_;
    std::function<void(std::size_t)> on_frame_;
};

}  // namespace farmwall::camera
