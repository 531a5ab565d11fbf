#include "camera/hardware.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "camera/h264_decoder.hpp"
#include "camera/libav.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/hwcontext.h>
}

namespace farmwall::camera {
namespace {

struct DeviceKind {
    const char* name;
    AVHWDeviceType type;
    AVPixelFormat format;
};
constexpr DeviceKind vaapi{"VAAPI", AV_HWDEVICE_TYPE_VAAPI, AV_PIX_FMT_VAAPI};
constexpr DeviceKind d3d11{"D3D11", AV_HWDEVICE_TYPE_D3D11VA, AV_PIX_FMT_D3D11};

HardwareDecoder none(std::string name, std::string reason) {
    return {std::move(name), nullptr, std::move(reason)};
}

// The device's own pixels or nothing: libavcodec would go on in software without a word.
template <AVPixelFormat format>
AVPixelFormat only(AVCodecContext*, const AVPixelFormat* offered) {
    for (; *offered != AV_PIX_FMT_NONE; ++offered) {
        if (*offered == format) return format;
    }
    return AV_PIX_FMT_NONE;
}

Result<std::unique_ptr<VideoDecoder>> finish(AvCodec codec, const AVCodec* kind,
                                             const PictureMemory& memory) {
    const int code = avcodec_open2(codec.get(), kind, nullptr);
    if (code < 0) return Error{ErrorKind::io, "the decoder could not be opened", libav_error(code)};
    return std::unique_ptr<VideoDecoder>{std::make_unique<H264Decoder>(std::move(codec), memory)};
}

Result<std::unique_ptr<VideoDecoder>> open_on(const DeviceKind& device_kind, AVBufferRef* device,
                                              const PictureMemory& memory) {
    const AVCodec* kind = avcodec_find_decoder(AV_CODEC_ID_H264);
    AvCodec codec{kind != nullptr ? avcodec_alloc_context3(kind) : nullptr};
    if (!codec) return Error{ErrorKind::unsupported, "this libavcodec has no decoder for H.264"};
    H264Decoder::prepare(*codec);
    codec->hw_device_ctx = av_buffer_ref(device);
    codec->get_format =
        device_kind.type == AV_HWDEVICE_TYPE_VAAPI ? only<AV_PIX_FMT_VAAPI> : only<AV_PIX_FMT_D3D11>;
    return finish(std::move(codec), kind, memory);
}

// Whether libavcodec can put H.264 on such a device at all.
bool built_for(const DeviceKind& device) {
    const AVCodec* kind = avcodec_find_decoder(AV_CODEC_ID_H264);
    for (int i = 0; kind != nullptr; ++i) {
        const AVCodecHWConfig* config = avcodec_get_hw_config(kind, i);
        if (config == nullptr) return false;
        if (config->device_type == device.type && config->pix_fmt == device.format) return true;
    }
    return false;
}

HardwareDecoder find_device(const DeviceKind& kind, const PictureMemory& memory) {
    const std::string name = kind.name;
    if (!built_for(kind)) return none(name, "no " + name + " in this libavcodec");
    AVBufferRef* opened = nullptr;
    const int code = av_hwdevice_ctx_create(&opened, kind.type, nullptr, nullptr, 0);
    if (code < 0) return none(name, "no " + name + " device");
    const std::shared_ptr<AVBufferRef> device{opened, LibavFree{}};
    return {name, [&kind, device, memory] { return open_on(kind, device.get(), memory); }, {}};
}

HardwareDecoder find_v4l2(const PictureMemory& memory) {
    const AVCodec* kind = avcodec_find_decoder_by_name("h264_v4l2m2m");
    if (kind == nullptr) return none("V4L2", "no V4L2 in this libavcodec");
    const auto open = [kind, memory]() -> Result<std::unique_ptr<VideoDecoder>> {
        AvCodec codec{avcodec_alloc_context3(kind)};
        if (!codec) return Error{ErrorKind::io, "no memory"};
        H264Decoder::prepare(*codec);
        return finish(std::move(codec), kind, memory);
    };
    // Opening one is the only way to ask for the device.
    if (!open().ok()) return none("V4L2", "no V4L2 device");
    return {"V4L2", open, {}};
}

HardwareDecoder find_one(HardwareDecoding wish, const PictureMemory& memory) {
    switch (wish) {
        case HardwareDecoding::vaapi:
            return find_device(vaapi, memory);
        case HardwareDecoding::v4l2:
            return find_v4l2(memory);
        case HardwareDecoding::d3d11:
            return find_device(d3d11, memory);
        case HardwareDecoding::automatic:
        case HardwareDecoding::off:
            break;
    }
    return none({}, {});
}

}  // namespace

HardwareDecoder find_hardware(HardwareDecoding wish, PictureMemory memory) {
    silence_libav();
    if (wish != HardwareDecoding::automatic) return find_one(wish, memory);
#ifdef _WIN32
    constexpr std::array tried{HardwareDecoding::d3d11};
#else
    constexpr std::array tried{HardwareDecoding::vaapi, HardwareDecoding::v4l2};
#endif
    HardwareDecoder first;
    for (const HardwareDecoding kind : tried) {
        HardwareDecoder found = find_one(kind, memory);
        if (found.open) return found;
        if (first.reason.empty()) first = std::move(found);
    }
    return first;
}

HardwareChoice::HardwareChoice(HardwareDecoding wish, PictureMemory memory,
                               std::optional<HardwareDecoder> instead)
    : wish_{wish}, memory_{std::move(memory)} {
    if (!instead) return;
    state_.with([&](State& state) {
        state.looked = true;
        state.decoder = std::move(*instead);
    });
}

void HardwareChoice::look() {
    if (state_.with([](State& state) { return std::exchange(state.looked, true); })) return;
    HardwareDecoder found = find_hardware(wish_, memory_);
    state_.with([&](State& state) { state.decoder = std::move(found); });
}

std::unique_ptr<VideoDecoder> HardwareChoice::open() {
    const DecoderOpener opener = state_.with([](const State& state) { return state.decoder.open; });
    if (!opener) return nullptr;
    auto opened = opener();
    if (opened) return std::move(opened).value();
    state_.with([&](State& state) {
        state.decoder.open = nullptr;
        state.decoder.reason = state.decoder.name + ": " + opened.error().text();
    });
    return nullptr;
}

std::string HardwareChoice::name() const {
    return state_.with([](const State& state) { return state.decoder.name; });
}

std::string HardwareChoice::text() const {
    return state_.with([](const State& state) {
        if (state.decoder.open) return state.decoder.name;
        return state.decoder.reason.empty() ? std::string{"software"}
                                            : "software (" + state.decoder.reason + ")";
    });
}

}  // namespace farmwall::camera
