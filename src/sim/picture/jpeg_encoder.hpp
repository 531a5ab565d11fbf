#pragma once

#include <cstdint>
#include <vector>

#include "sim/picture/canvas.hpp"

namespace farmwall::sim {

// One JPEG picture, FF D8 … FF D9. Empty: the library failed. Any thread.
[[nodiscard]] std::vector<std::uint8_t> to_jpeg(const Canvas& canvas, int quality);

}  // namespace farmwall::sim
