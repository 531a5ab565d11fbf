// The JPEG stream of P1 and A1. Cut into pieces of any size it must give what it gives in one piece.

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "camera/jpeg_framing.hpp"

using namespace farmwall::camera;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t piece = data[0] == 0 ? size : data[0];
    std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
    JpegFraming whole;
    std::vector<SharedBytes> pictures;
    const bool right = whole.read(bytes, pictures);
    JpegFraming cut;
    std::vector<SharedBytes> same;
    while (!bytes.empty()) {
        const std::string_view part = bytes.substr(0, piece);
        bytes.remove_prefix(part.size());
        static_cast<void>(cut.read(part, same));
    }
    if (right == cut.wrong().has_value() || whole.wrong() != cut.wrong()) std::abort();
    if (pictures.size() != same.size()) std::abort();
    for (const auto& picture : pictures) {
        const auto view = picture->view();
        if (view.size() < 2 || view[0] != 0xFF || view[1] != 0xD8) std::abort();
    }
    return 0;
}
