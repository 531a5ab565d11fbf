#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "sim/machine/model_spec.hpp"
#include "sim/picture/scene.hpp"

namespace farmwall::sim {

// One compressed picture: JPEG, or an H.264 access unit.
struct Shot {
    std::shared_ptr<const std::vector<std::uint8_t>> bytes;
    TimePoint taken;  // as planned: evenly spaced whenever the machine keeps up
};

// What one camera films. Any thread may call.
class Feed {
public:
    virtual ~Feed() = default;
    virtual void show(Scene scene) = 0;
    // Pictures are drawn and delivered only while somebody watches; begins with a key picture.
    virtual void watch(bool watched) = 0;
    // The same picture again and again.
    virtual void freeze(bool frozen) = 0;
    virtual void darken(bool dark) = 0;
    // No pictures, but for the first one of a watcher.
    virtual void hold(bool held) = 0;
    // The counter of the newest picture; 0 before the first.
    [[nodiscard]] virtual std::uint32_t frames() const = 0;
};

// Draws and encodes the pictures of all cameras, on a thread of its own.
class Studio {
public:
    struct Pace {
        Size size = {1280, 720};
        int video_per_second = 10;
        int jpeg_per_second = 1;
    };

    explicit Studio(Pace pace);
    ~Studio();
    // `deliver` runs on the studio's thread; once release() has returned it is not called any more.
    [[nodiscard]] std::shared_ptr<Feed> open(CameraKind kind, std::function<void(const Shot&)> deliver);
    void release(const std::shared_ptr<Feed>& feed);

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace farmwall::sim
