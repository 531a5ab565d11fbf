#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "http/api.hpp"
#include "http/message.hpp"

namespace farmwall::http {

// How a viewer wants a camera's pictures.
struct ViewerWish {
    double fps = 5;   // at most
    int width = 960;  // at most
};

// The viewers of the MJPEG streams. A camera that sends JPEG is passed on as it is where that fits the wish;
// any other picture is encoded once for all viewers of one camera, rate and width; nothing is decoded or
// encoded for a camera that nobody looks at. A viewer that is slow gets the newest picture when it is ready
// for it, and misses what was between. Server's thread, but for `frame`.
class Viewers {
public:
    Viewers(Api& api, std::function<void(std::function<void()>)> post);
    ~Viewers();
    Viewers(const Viewers&) = delete;
    Viewers& operator=(const Viewers&) = delete;

    // A multipart/x-mixed-replace body with the boundary "frame".
    [[nodiscard]] std::unique_ptr<BodyStream> open(std::size_t camera, const ViewerWish& wish);
    // The moment that has come; the earliest one that is to come.
    std::optional<TimePoint> tick(TimePoint now);
    [[nodiscard]] std::size_t count() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::http
