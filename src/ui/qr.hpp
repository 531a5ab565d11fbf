#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ui/canvas.hpp"

namespace farmwall::ui {

struct QrCode {
    int size = 0;            // modules a side
    std::vector<bool> dark;  // row by row
    friend bool operator==(const QrCode&, const QrCode&) = default;
};

// False where the program was built without the library for it.
[[nodiscard]] bool can_make_qr();
// Nothing for an empty text, one that is too long, or where can_make_qr() is false.
[[nodiscard]] std::optional<QrCode> make_qr(std::string_view text);

// The most modules a code of ours has, with the light border of 4 that readers need.
inline constexpr int most_qr_modules = 57 + 8;
// Black on white with its border, as big as whole pixels allow; returns the white box.
Rect draw_qr(const Canvas& canvas, const Rect& box, const QrCode& code);

}  // namespace farmwall::ui
