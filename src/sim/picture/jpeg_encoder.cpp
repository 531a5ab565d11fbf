#include "sim/picture/jpeg_encoder.hpp"

#include <turbojpeg.h>

#include <memory>

namespace farmwall::sim {

namespace {

struct Closer {
    void operator()(void* handle) const noexcept { tjDestroy(handle); }
};
struct Freer {
    void operator()(unsigned char* bytes) const noexcept { tjFree(bytes); }
};

}  // namespace

std::vector<std::uint8_t> to_jpeg(const Canvas& canvas, int quality) {
    const std::unique_ptr<void, Closer> handle{tjInitCompress()};
    if (!handle) return {};
    unsigned char* made = nullptr;
    unsigned long size = 0;  // NOLINT(google-runtime-int): the library's type
    const Size s = canvas.size();
    const int failed =
        tjCompress2(handle.get(), reinterpret_cast<const unsigned char*>(canvas.row(0)), s.width, s.width * 4,
                    s.height, TJPF_BGRX, &made, &size, TJSAMP_420, quality, TJFLAG_FASTDCT);
    const std::unique_ptr<unsigned char, Freer> bytes{made};
    if (failed != 0 || made == nullptr) return {};
    return {made, made + size};
}

}  // namespace farmwall::sim
