#include "sim/camera/studio.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "base/clock.hpp"
#include "base/platform.hpp"
#include "base/synchronized.hpp"
#include "sim/picture/h264_encoder.hpp"
#include "sim/picture/jpeg_encoder.hpp"
#include "sim/picture/painter.hpp"
#include "sim/picture/strip.hpp"

namespace farmwall::sim {

namespace {

using namespace std::chrono_literals;

constexpr int jpeg_quality = 82;
// Pictures of the strip's levels have the same luma in both formats: H.264 scales the range, JPEG does not.
constexpr Painter::Levels video_levels{0x000000, 0xFFFFFF};
constexpr Painter::Levels jpeg_levels{strip_black_luma * 0x010101U, strip_white_luma * 0x010101U};
constexpr std::uint32_t frame_limit = 0xFFFFFF;

// Wakes the studio's thread.
class Bell {
public:
    void ring() {
        {
            const std::lock_guard lock{mutex_};
            rung_ = true;
        }
        changed_.notify_one();
    }
    void wait_until(TimePoint time, const std::stop_token& stop) {
        std::unique_lock lock{mutex_};
        changed_.wait_until(lock, stop, time, [this] { return rung_; });
        rung_ = false;
    }

private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    bool rung_ = false;
};

struct Orders {
    Scene scene;
    bool watched = false;
    bool frozen = false;
    bool dark = false;
    bool held = false;
    bool first = false;  // a watcher has not had a picture yet
};

class Camera final : public Feed {
public:
    Camera(CameraKind kind, const Studio::Pace& pace, std::function<void(const Shot&)> deliver, Bell& bell)
        : kind_{kind},
          size_{pace.size},
          rate_{kind == CameraKind::rtsps ? pace.video_per_second : pace.jpeg_per_second},
          deliver_{std::move(deliver)},
          bell_{bell} {}

    void show(Scene scene) override {
        orders_.with([&](Orders& o) { o.scene = std::move(scene); });
    }
    void watch(bool watched) override {
        orders_.with([&](Orders& o) {
            o.watched = watched;
            o.first = watched;
        });
        bell_.ring();
    }
    void freeze(bool frozen) override {
        orders_.with([&](Orders& o) { o.frozen = frozen; });
    }
    void darken(bool dark) override {
        orders_.with([&](Orders& o) { o.dark = dark; });
    }
    void hold(bool held) override {
        orders_.with([&](Orders& o) { o.held = held; });
    }
    [[nodiscard]] std::uint32_t frames() const override { return frames_; }

    // Studio's thread, as all below. When it wants to be called again.
    TimePoint work(TimePoint now, WallTime wall) {
        const Orders orders = orders_.with([](Orders& o) {
            Orders taken = o;
            taken.scene.dark = o.dark;
            o.first = false;
            return taken;
        });
        if (!orders.watched) {
            rest(orders.frozen);
            return now + 1s;
        }
        if (orders.first) {
            encoder_.reset();
            next_ = now;
        }
        if (next_ > now) return next_;
        if (!orders.held || orders.first) shoot(orders, now, wall);
        const auto interval = std::chrono::duration_cast<Duration>(1s) / rate_;
        next_ = std::max(next_ + interval, now + interval / 2);  // late pictures are left out
        return next_;
    }

private:
    // A frozen camera still shows its old picture to whoever comes next.
    void rest(bool frozen) {
        encoder_.reset();
        if (!frozen) painter_.reset();
    }

    void shoot(const Orders& orders, TimePoint now, WallTime wall) {
        Areas changed;
        if (!painter_ || !orders.frozen) {
            if (!painter_) painter_.emplace(size_, kind_ == CameraKind::rtsps ? video_levels : jpeg_levels);
            if (began_ == TimePoint{}) began_ = now;
            const double seconds = std::chrono::duration<double>(now - began_).count();
            const std::uint32_t frame = frames_ % frame_limit + 1;
            const auto local = fmt::localtime(std::chrono::system_clock::to_time_t(wall));
            changed =
                painter_->paint(orders.scene, frame, seconds, fmt::format("{:%Y-%m-%d %H:%M:%S}", local));
            frames_ = frame;
        }
        auto bytes = kind_ == CameraKind::rtsps ? video(changed) : to_jpeg(painter_->canvas(), jpeg_quality);
        if (!bytes.empty())
            deliver_(Shot{std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes)), next_});
    }

    std::vector<std::uint8_t> video(Areas changed) {
        const bool fresh = !encoder_;
        if (fresh) {
            auto opened = H264Encoder::open(size_, rate_);
            if (!opened) {
                fmt::print(stderr, "farmwall-sim: {}\n", opened.error().text());
                return {};
            }
            encoder_.emplace(std::move(opened).value());
            changed = {painter_->canvas().bounds()};
        }
        return encoder_->encode(painter_->canvas(), changed, fresh);
    }

    const CameraKind kind_;
    const Size size_;
    const int rate_;
    const std::function<void(const Shot&)> deliver_;
    Bell& bell_;
    Synchronized<Orders> orders_;
    std::atomic<std::uint32_t> frames_ = 0;
    std::optional<Painter> painter_;
    std::optional<H264Encoder> encoder_;
    TimePoint next_;
    TimePoint began_;
};

}  // namespace

struct Studio::Inside {
    using Cameras = std::vector<std::shared_ptr<Camera>>;

    explicit Inside(Pace wanted) : pace{wanted} {
        thread = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
    }

    void run(const std::stop_token& stop) {
        platform::name_this_thread("sim-studio");
        const SystemClock clock;
        while (!stop.stop_requested()) {
            TimePoint next = clock.now() + 1s;
            {
                const std::lock_guard lock{working};
                const Cameras all = cameras.with([](const Cameras& list) { return list; });
                for (const auto& camera : all)
                    next = std::min(next, camera->work(clock.now(), clock.wall_now()));
            }
            bell.wait_until(next, stop);
        }
    }

    const Pace pace;
    Bell bell;
    Synchronized<Cameras> cameras;
    std::mutex working;  // held while pictures are made; taken before the others
    std::jthread thread;
};

Studio::Studio(Pace pace) : inside_{std::make_unique<Inside>(pace)} {}
Studio::~Studio() = default;

std::shared_ptr<Feed> Studio::open(CameraKind kind, std::function<void(const Shot&)> deliver) {
    auto camera = std::make_shared<Camera>(kind, inside_->pace, std::move(deliver), inside_->bell);
    inside_->cameras.with([&](Inside::Cameras& list) { list.push_back(camera); });
    return camera;
}

void Studio::release(const std::shared_ptr<Feed>& feed) {
    const std::lock_guard lock{inside_->working};
    inside_->cameras.with([&](Inside::Cameras& list) { std::erase(list, feed); });
}

}  // namespace farmwall::sim
