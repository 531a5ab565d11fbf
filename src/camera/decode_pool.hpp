#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "camera/pacing.hpp"
#include "camera/packet.hpp"
#include "camera/picture_board.hpp"

namespace farmwall::camera {

enum class HardwareDecoding { automatic, off, vaapi, v4l2, d3d11 };

struct HardwareDecoder;

struct DecodeOrder {
    PacingOrder pacing;
    // The box in which the picture is drawn; it is scaled down by exactly 1, 1/2 or 1/4 (JPEG also 1/8)
    // to the smallest that still fills it. 0: as sent.
    int width = 0;
    int height = 0;
    PixelLayout layout = PixelLayout::i420;
    friend bool operator==(const DecodeOrder&, const DecodeOrder&) = default;
};

// What decoding one picture told; on a decoder's thread.
struct Decoded {
    bool ok = false;       // false: the bytes were no picture
    TimePoint arrived{};   // of the packet
    bool changed = true;   // differs from the picture decoded before, beyond coding noise
    double mean_luma = 0;  // 0-255 full range
    double cpu_ms = 0;     // decoding, scaling and converting
    double full_ms = 0;    // estimate of decoding it fully at `full`, for the pacing
    int width = 0;         // as the camera sent it
    int height = 0;
    std::uint64_t late = 0;  // packets of this camera dropped so far because the decoder was behind
    std::string decoder;     // "software", "VAAPI", …, with the reason of a fallback
};

// A snapshot: JPEG bytes of the newest picture.
struct Snapshot {
    Serial serial;
    SharedBytes jpeg;
    TimePoint arrived{};
    bool as_received = false;  // a JPEG camera's own bytes, untouched
};

// Decodes, scales and converts on its own threads; finished frames go to the board. A picture is decoded
// when it came, or never: a camera whose decoder is more than a few pictures behind skips to its next
// key frame and counts what it skipped.
class DecodePool {
public:
    struct Settings {
        int threads = 1;  // 1-16
        HardwareDecoding hardware = HardwareDecoding::automatic;
        // Used instead of looking for a device: for tests.
        std::shared_ptr<const HardwareDecoder> instead = nullptr;
    };
    // `on_decoded` is called on decoder threads. `board` and `clock` outlive the pool.
    DecodePool(Settings settings, const Clock& clock, PictureBoard& board,
               std::function<void(std::size_t camera, const Decoded&)> on_decoded);
    // Lets the pictures that are being decoded end (some ms), drops the rest, joins.
    ~DecodePool();
    DecodePool(const DecodePool&) = delete;
    DecodePool& operator=(const DecodePool&) = delete;

    // All of these from any thread, never waiting for a decoder.

    void order(std::size_t camera, const DecodeOrder& order);
    void submit(std::size_t camera, Packet packet);
    // The connection ended: nothing of it may be decoded any more, its decoder gives back its memory. The
    // newest frame stays on the board.
    void forget(std::size_t camera);

    // JPEG bytes of the newest picture, at most `width` wide (0: as sent): a JPEG camera's own bytes
    // untouched when they are narrow enough; otherwise encoded from the newest frame, or, where that is
    // older or smaller than what was received, from the newest key frame. `done` is called on a
    // decoder's thread, or at once when too many wait. Errors: unavailable (no picture yet).
    void snapshot(std::size_t camera, int width, std::function<void(Result<Snapshot>)> done);

    // 1080p pictures of a typical chamber that one core decodes in a second: measured once on the first
    // call, about 0.2 s, on the calling thread.
    [[nodiscard]] static double measure_machine();
    // The hardware decoder that will be tried, and why none: "VAAPI", "software (no VAAPI device)".
    [[nodiscard]] std::string choice() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::camera
