#include "ui/qr.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#ifdef FARMWALL_QRENCODE
#include <qrencode.h>
#endif

namespace farmwall::ui {

#ifdef FARMWALL_QRENCODE

namespace {

struct CodeFree {
    void operator()(QRcode* code) const noexcept { QRcode_free(code); }
};
constexpr int newest_version = 10;  // 57 modules

}  // namespace

bool can_make_qr() { return true; }

std::optional<QrCode> make_qr(std::string_view text) {
    if (text.empty() || text.find('\0') != std::string_view::npos) return std::nullopt;
    const std::string content{text};
    const std::unique_ptr<QRcode, CodeFree> made{
        QRcode_encodeString(content.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1)};
    if (!made || made->version > newest_version) return std::nullopt;
    QrCode code{made->width, {}};
    const auto modules = static_cast<std::size_t>(made->width) * static_cast<std::size_t>(made->width);
    code.dark.reserve(modules);
    for (std::size_t i = 0; i < modules; ++i)
        code.dark.push_back((made->data[i] & 1U) != 0);
    return code;
}

#else

bool can_make_qr() { return false; }
std::optional<QrCode> make_qr(std::string_view /*text*/) { return std::nullopt; }

#endif

Rect draw_qr(const Canvas& canvas, const Rect& box, const QrCode& code) {
    constexpr int border = 4;
    constexpr Color white{255, 255, 255, 255};
    constexpr Color black{0, 0, 0, 255};
    const auto whole = static_cast<float>(code.size + 2 * border);
    const float module = std::max(1.0F, std::floor(std::min(box.width, box.height) / whole));
    const Rect ground{std::floor(box.x), std::floor(box.y), module * whole, module * whole};
    canvas.fill(ground, white);
    const auto dark = [&](int x, int y) {
        return code.dark[static_cast<std::size_t>(y) * static_cast<std::size_t>(code.size) +
                         static_cast<std::size_t>(x)];
    };
    for (int y = 0; y < code.size; ++y) {
        for (int x = 0; x < code.size;) {
            const int from = x;
            while (x < code.size && dark(x, y))
                ++x;
            if (x > from) {
                canvas.fill({ground.x + module * static_cast<float>(border + from),
                             ground.y + module * static_cast<float>(border + y),
                             module * static_cast<float>(x - from), module},
                            black);
            }
            while (x < code.size && !dark(x, y))
                ++x;
        }
    }
    return ground;
}

}  // namespace farmwall::ui
