#pragma once

#include <array>
#include <vector>

#include "base/result.hpp"

struct ImFont;

namespace farmwall::ui {

// `digits` is bold in more sizes, with digits only.
enum class Weight { regular, medium, bold, digits, mono, icon };

// A font at the size it was made for; text is drawn at no other, so that it stays crisp.
struct FontRef {
    ImFont* font = nullptr;
    float px = 0;
};

// The fonts of one ImGui context: a ladder of sizes a weight, with tabular figures.
class Fonts {
public:
    // Reads the system's font files into the current ImGui context. Blocks on the disk. Errors:
    // not_found names the package to install.
    [[nodiscard]] static Result<Fonts> load();

    // The biggest made size that is not above `px`, or the smallest of all.
    [[nodiscard]] FontRef pick(Weight weight, float px) const;

private:
    std::array<std::vector<FontRef>, 6> ladders_;  // ascending, by weight
};

}  // namespace farmwall::ui
