#pragma once

#include <array>
#include <optional>

#include "camera/picture.hpp"

namespace farmwall::camera {

// Tells whether what a camera shows differs, by the mean brightness of 16 x 9 fields. A picture is
// compared with the last one that differed, so that slow movement adds up while coding noise does not.
// A value of one camera.
class ChangeDetector {
public:
    struct Look {
        bool changed = true;   // the first picture differs from nothing: true
        double mean_luma = 0;  // 0-255 full range
    };
    [[nodiscard]] Look look(const Picture& picture);
    // The next picture is the first one.
    void forget() { last_.reset(); }

private:
    static constexpr int columns = 16;
    static constexpr int rows = 9;
    // A field has to differ by so much, of 255. Coding the same picture again makes up to a third of it; a
    // print head that moves by its own width makes ten times as much.
    static constexpr double threshold = 1.0;
    using Fields = std::array<double, columns * rows>;

    [[nodiscard]] static Fields measure(const Picture& picture);
    std::optional<Fields> last_;
};

}  // namespace farmwall::camera
