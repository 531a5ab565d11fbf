#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/platform.hpp"
#include "base/synchronized.hpp"
#include "camera/foreign_reader.hpp"
#include "camera/source.hpp"
#include "net/io_thread.hpp"

namespace farmwall::camera {
namespace {

// So many packets may be on their way to the network thread.
constexpr int most_on_the_way = 32;
constexpr auto least_between_alive = std::chrono::milliseconds{300};

// Keeps the threads of sources that are gone until they end, and waits for them when the program ends.
class Reaper {
public:
    static Reaper& instance() {
        static Reaper reaper;
        return reaper;
    }
    // `body` must end soon after its source told it to.
    void start(std::function<void()> body) {
        std::lock_guard lock{state_->mutex};
        join_ended();
        auto ended = std::make_shared<std::atomic<bool>>(false);
        std::thread thread{[state = state_, ended, body = std::move(body)] {
            body();
            std::lock_guard ending{state->mutex};
            *ended = true;
            state->changed.notify_all();
        }};
        threads_.push_back({std::move(thread), std::move(ended)});
    }

private:
    struct Entry {
        std::thread thread;
        std::shared_ptr<std::atomic<bool>> ended;
    };
    // The threads own it as well: one may outlive the reaper.
    struct State {
        std::mutex mutex;
        std::condition_variable changed;
    };

    Reaper() = default;
    ~Reaper() {
        constexpr auto limit = std::chrono::seconds{2};
        std::unique_lock lock{state_->mutex};
        state_->changed.wait_for(lock, limit, [&] {
            return std::ranges::all_of(threads_, [](const Entry& entry) { return entry.ended->load(); });
        });
        join_ended();
        // One that hangs in the system's look-up of a name cannot be told; the program ends without it.
        for (Entry& entry : threads_)
            entry.thread.detach();
    }
    // With the lock held, which a thread that ended does not need any more.
    void join_ended() {
        std::erase_if(threads_, [](Entry& entry) {
            if (!*entry.ended) return false;
            entry.thread.join();
            return true;
        });
    }

    std::shared_ptr<State> state_ = std::make_shared<State>();
    std::vector<Entry> threads_;
};

// Between the source and its thread, and owned by both.
struct Bridge : std::enable_shared_from_this<Bridge> {
    Bridge(net::IoThread& io, const Clock& clock, SourceListener& given) : world{World{&io, &clock}} {
        listener = &given;
    }

    // Null once the source is gone: the thread may live longer than either.
    struct World {
        net::IoThread* io = nullptr;
        const Clock* clock = nullptr;
    };
    Synchronized<World> world;
    std::atomic<bool> stop = false;
    std::atomic<int> on_the_way = 0;
    SourceListener* listener = nullptr;  // network thread only; null: nobody listens

    // On the reading thread: `tell` runs on the network thread, if anybody listens then.
    template <class Tell>
    void post(Tell tell) {
        world.with([&](const World& now) {
            if (now.io == nullptr) return;
            now.io->post([self = shared_from_this(), tell = std::move(tell)]() mutable {
                if (self->listener != nullptr) tell(*self);
            });
        });
    }
    [[nodiscard]] TimePoint now() const {
        return world.with([](const World& now) { return now.clock ? now.clock->now() : TimePoint{}; });
    }
};

// The reading thread's side.
class Reading {
public:
    explicit Reading(std::shared_ptr<Bridge> bridge) : bridge_{std::move(bridge)} {}

    void run(const Secret& url) {
        platform::name_this_thread("foreign");
        ForeignEnd end;
        try {
            end = read_foreign(url, bridge_->stop,
                               {[this] { opened(); }, [this](Packet p) { packet(std::move(p)); }});
        } catch (const std::exception& trouble) {
            end = {CameraProblem::foreign_address_failed, trouble.what()};
        }
        bridge_->post([end = std::move(end)](Bridge& bridge) {
            std::exchange(bridge.listener, nullptr)->source_ended(end.problem, end.detail);
        });
    }

private:
    void opened() const {
        bridge_->post([](Bridge& bridge) {
            if (!bridge.stop) bridge.listener->source_opened();
        });
    }

    void packet(Packet packet) {
        const TimePoint now = bridge_->now();
        packet.arrived = now;
        const bool alive = now - told_alive_ >= least_between_alive;
        if (alive) told_alive_ = now;
        if (packet.codec == Codec::h264 && packet.key) dropping_ = false;
        if (bridge_->on_the_way >= most_on_the_way) dropping_ = true;
        if (dropping_) {
            // What follows builds on what is lost: up to the next key picture. JPEG stands alone.
            if (packet.codec == Codec::jpeg) dropping_ = false;
            return;
        }
        ++bridge_->on_the_way;
        bridge_->post([packet = std::move(packet), alive](Bridge& bridge) mutable {
            --bridge.on_the_way;
            if (bridge.stop) return;
            if (alive) bridge.listener->source_alive();
            if (bridge.listener != nullptr) bridge.listener->source_packet(std::move(packet));
        });
    }

    std::shared_ptr<Bridge> bridge_;
    TimePoint told_alive_{};
    bool dropping_ = false;
};

class ForeignSource final : public Source {
public:
    ForeignSource(net::IoThread& io, const Clock& clock, const Secret& url, SourceListener& listener)
        : bridge_{std::make_shared<Bridge>(io, clock, listener)} {
        Reaper::instance().start([bridge = bridge_, url] { Reading{bridge}.run(url); });
    }
    ~ForeignSource() override {
        bridge_->listener = nullptr;
        bridge_->stop = true;
        bridge_->world.with([](Bridge::World& world) { world = {}; });
    }
    ForeignSource(const ForeignSource&) = delete;
    ForeignSource& operator=(const ForeignSource&) = delete;

    void stop() override { bridge_->stop = true; }

private:
    std::shared_ptr<Bridge> bridge_;
};

}  // namespace

std::unique_ptr<Source> open_foreign(net::IoThread& io, const Clock& clock, const Secret& url,
                                     SourceListener& listener) {
    return std::make_unique<ForeignSource>(io, clock, url, listener);
}

}  // namespace farmwall::camera
