#include "camera/camera_manager.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <future>
#include <random>
#include <thread>

#include "base/log.hpp"
#include "base/platform.hpp"
#include "camera/fault_clips.hpp"
#include "net/io_thread.hpp"
#include "net/pin_store.hpp"

namespace farmwall::camera {
namespace {

using namespace std::chrono_literals;

constexpr auto look_interval = 2s;   // counters, rates and the plan
constexpr auto stop_limit = 1s;      // for the goodbyes
constexpr auto stop_look = 20ms;     // between two looks whether all have said it
constexpr double usual_speed = 150;  // pictures a second, until the machine has been measured
constexpr double most_threads = 8;

unsigned cores() { return std::max(1U, std::thread::hardware_concurrency()); }

int decoder_threads(double budget_cores) {
    return static_cast<int>(std::clamp(std::ceil(budget_cores), 1.0, most_threads));
}

using Done = std::function<void()>;

// What one station asks of the world, with sockets and timers. Network thread only.
class Post final : public StationPort {
public:
    struct World {
        net::IoThread& io;
        const Clock& clock;
        DecodePool& pool;
        net::PinStore& pins;
        ClipWriter& writer;
        std::function<void(std::size_t, const CameraState&)> publish;
        std::function<void()> replan;
    };

    Post(std::size_t index, CameraConfig config, const StationTimes& times,
         std::optional<net::Certificate> pin, std::function<double()> random, World world, PacketRing ring)
        : index_{index},
          world_{std::move(world)},
          clips_{world_.writer.bounds()},
          station_{std::move(config), times, std::move(pin), std::move(random),
                   world_.clock,      *this, std::move(ring)} {}

    [[nodiscard]] CameraStation& station() { return station_; }
    [[nodiscard]] const CameraStation& station() const { return station_; }

    void fault(ClipSubject subject) {
        clips_.fault(std::move(subject));
        wait_for_clips();
    }
    // What waits for pictures that follow it is written with those that came.
    void save_all_clips() { clips_.save_due(TimePoint::max(), station_.ring(), world_.writer); }

    std::unique_ptr<Source> open(const CameraTarget& target,
                                 std::function<CameraProblem(const net::Certificate&)> judge,
                                 SourceListener& listener) override {
        if (target.kind == CameraTarget::Kind::foreign)
            return open_foreign(world_.io, world_.clock, target.url, listener);
        PrinterCamera printer;
        printer.address = target.address;
        printer.port = target.port;
        printer.path = target.path;
        printer.user = target.user;
        printer.access_code = station_.config().access_code;
        printer.serial = station_.config().serial.value;
        printer.judge = std::move(judge);
        if (target.kind == CameraTarget::Kind::rtsps)
            return open_rtsps(world_.io, world_.clock, printer, listener);
        return open_jpeg(world_.io, world_.clock, printer, listener);
    }

    void opened() override { world_.replan(); }

    void retire(std::unique_ptr<Source> source) override {
        world_.io.post([gone = std::shared_ptr<Source>{std::move(source)}] {});
    }

    void decode(const Packet& packet) override { world_.pool.submit(index_, packet); }
    void forget() override { world_.pool.forget(index_); }
    void publish(const CameraState& state) override { world_.publish(index_, state); }

    void wake_at(TimePoint when) override {
        timer_ = world_.io.after(std::max(when - world_.clock.now(), Duration::zero()),
                                 [this] { station_.tick(); });
    }

    void save_pin(const net::Certificate& certificate) override {
        world_.pins.save(
            station_.config().serial, certificate, [id = station_.config().id](const Status& saved) {
                if (!saved.ok())
                    farmwall::log::warning("camera", id.value +
                                                         ": the camera's certificate cannot be remembered: " +
                                                         saved.error().text());
            });
    }

    void log(const std::string& line) override { farmwall::log::info("camera", line); }

private:
    void wait_for_clips() {
        const auto due = clips_.next_due();
        if (!due) return;
        clip_timer_ = world_.io.after(std::max(*due - world_.clock.now(), Duration::zero()), [this] {
            clips_.save_due(world_.clock.now(), station_.ring(), world_.writer);
            wait_for_clips();
        });
    }

    const std::size_t index_;
    const World world_;
    FaultClips clips_;
    net::Timer timer_;
    net::Timer clip_timer_;
    CameraStation station_;
};

}  // namespace

struct CameraManager::Impl : std::enable_shared_from_this<CameraManager::Impl> {
    ManagerSettings settings;
    net::IoThread& io;
    const Clock& clock;
    PictureBoard& board;
    std::function<void(std::size_t, const CameraState&)> publish;
    const double budget_cores;
    net::PinStore pins;
    // Both end with stop(), on the thread that calls it.
    std::unique_ptr<DecodePool> pool;
    std::unique_ptr<ClipWriter> writer;
    bool started = false;
    bool stopped = false;
    std::jthread measuring;
    std::atomic<bool> replan_waits = false;

    // Network thread only.
    std::mt19937 random{std::random_device{}()};
    std::vector<std::unique_ptr<Post>> posts;
    std::vector<DecodeOrder> orders;
    PacingPlan plan;
    double speed = usual_speed;
    TimePoint looked_at{};
    net::Timer looking;
    net::Timer stopping;

    Impl(ManagerSettings s, net::IoThread& thread, const Clock& c, PictureBoard& b,
         std::function<void(std::size_t, const CameraState&)> p)
        : settings{std::move(s)},
          io{thread},
          clock{c},
          board{b},
          publish{std::move(p)},
          budget_cores{settings.cpu_budget * cores()},
          pins{settings.root, "camera"},
          pool{std::make_unique<DecodePool>(
              DecodePool::Settings{decoder_threads(budget_cores), settings.hardware}, clock, board,
              [this](std::size_t camera, const Decoded& decoded) { picture_decoded(camera, decoded); })},
          writer{std::make_unique<ClipWriter>(settings.root / "clips", settings.clips)} {}

    [[nodiscard]] std::optional<net::Certificate> pin_of(const CameraConfig& camera) const {
        auto pin = pins.load(camera.serial);
        if (pin.ok()) return std::move(pin).value();
        log::warning("camera", camera.id.value + ": " + pin.error().text());
        // There was a pin, so this is not the first use: one that nothing equals asks a person.
        return net::Certificate{};
    }

    [[nodiscard]] std::size_t bytes_a_ring() const {
        if (!settings.black_box) return 0;
        const std::size_t share =
            settings.ring_total_bytes / std::max<std::size_t>(settings.cameras.size(), 1);
        return std::min(settings.ring_bytes, share);
    }

    // On the network thread, as all below unless said.
    void open(std::vector<std::optional<net::Certificate>> found_pins) {
        const auto chance = [this] { return std::uniform_real_distribution<double>{0.0, 1.0}(random); };
        orders.resize(settings.cameras.size());
        for (std::size_t i = 0; i < settings.cameras.size(); ++i) {
            Post::World world{io, clock, *pool, pins, *writer, publish, [this] { replan_soon(); }};
            posts.push_back(std::make_unique<Post>(i, settings.cameras[i], settings.times,
                                                   std::move(found_pins[i]), chance, std::move(world),
                                                   PacketRing{settings.ring_longest, bytes_a_ring()}));
        }
        look();
    }

    // On a decoder's thread.
    void picture_decoded(std::size_t camera, const Decoded& decoded) {
        io.post([self = weak_from_this(), camera, decoded] {
            const auto alive = self.lock();
            if (alive && camera < alive->posts.size()) alive->posts[camera]->station().decoded(decoded);
        });
    }

    // Any thread; many calls before the plan is made count as one.
    void replan_soon() {
        if (replan_waits.exchange(true)) return;
        io.post([self = weak_from_this()] {
            if (const auto alive = self.lock()) {
                alive->replan_waits = false;
                alive->replan();
            }
        });
    }

    void replan() {
        if (posts.empty()) return;
        const std::vector<PictureWish> wishes = board.wishes();
        std::vector<PacingInput> inputs;
        for (std::size_t i = 0; i < posts.size(); ++i)
            inputs.push_back(posts[i]->station().pacing_input(wishes[i]));
        plan = camera::plan(inputs, Machine{speed, budget_cores}, plan.orders.empty() ? nullptr : &plan);
        const PixelLayout layout = board.layout();
        for (std::size_t i = 0; i < posts.size(); ++i) {
            const DecodeOrder order{plan.orders[i], wishes[i].width, wishes[i].height, layout};
            if (order == orders[i]) continue;
            orders[i] = order;
            posts[i]->station().set_prompt(order.pacing.level >= DecodeLevel::no_deblock);
            pool->order(i, order);
        }
    }

    void look() {
        const TimePoint now = clock.now();
        double cpu_ms = 0;
        for (std::size_t i = 0; i < posts.size(); ++i) {
            CameraStation& station = posts[i]->station();
            board.set_stats(i, station.look(now, orders[i].pacing.level));
            cpu_ms += station.take_cpu_ms();
        }
        DecoderStats all;
        all.decoder = pool->choice();
        all.machine_speed = speed;
        all.budget_cores = budget_cores;
        if (looked_at != TimePoint{} && now > looked_at)
            all.load_cores = cpu_ms / std::chrono::duration<double, std::milli>(now - looked_at).count();
        looked_at = now;
        replan();
        all.rate = plan.rate;
        const ClipWriter::Totals clips = writer->totals();
        all.clips = clips.written;
        all.clip_bytes = clips.bytes;
        all.clip_problem = clips.problem;
        board.set_decoder_stats(std::move(all));
        looking = io.after(look_interval, [this] { look(); });
    }

    void begin_stop(TimePoint limit, std::shared_ptr<std::promise<void>> done) {
        looking.cancel();
        for (const auto& post : posts) {
            post->save_all_clips();
            post->station().stop();
        }
        finish_stop(limit, std::move(done));
    }

    void finish_stop(TimePoint limit, std::shared_ptr<std::promise<void>> done) {
        const bool all_closed =
            std::ranges::all_of(posts, [](const auto& post) { return post->station().closed(); });
        if (all_closed || clock.now() >= limit) {
            posts.clear();
            done->set_value();
            return;
        }
        stopping = io.after(stop_look, [this, limit, done = std::move(done)] { finish_stop(limit, done); });
    }

    template <class Work>
    void with(std::size_t camera, Work work) {
        io.post([self = shared_from_this(), camera, work = std::move(work)]() mutable {
            if (camera < self->posts.size()) work(*self->posts[camera]);
        });
    }
};

CameraManager::CameraManager(ManagerSettings settings, net::IoThread& io, const Clock& clock,
                             PictureBoard& board,
                             std::function<void(std::size_t, const CameraState&)> publish)
    : impl_{std::make_shared<Impl>(std::move(settings), io, clock, board, std::move(publish))} {}

CameraManager::~CameraManager() { stop(); }

void CameraManager::start() {
    if (std::exchange(impl_->started, true)) return;
    std::vector<std::optional<net::Certificate>> pins;
    for (const CameraConfig& camera : impl_->settings.cameras)
        pins.push_back(impl_->pin_of(camera));
    impl_->board.on_wish([self = std::weak_ptr{impl_}] {
        if (const auto alive = self.lock()) alive->replan_soon();
    });
    impl_->io.post([impl = impl_, pins = std::move(pins)]() mutable { impl->open(std::move(pins)); });
    impl_->measuring = std::jthread{[impl = impl_.get()] {
        platform::name_this_thread("measure");
        const double speed = DecodePool::measure_machine();
        impl->io.post([self = impl->weak_from_this(), speed] {
            if (const auto alive = self.lock()) alive->speed = speed;
        });
    }};
}

void CameraManager::stop() {
    if (std::exchange(impl_->stopped, true) || !impl_->started) return;
    auto closed = std::make_shared<std::promise<void>>();
    auto done = closed->get_future();
    impl_->io.post([impl = impl_, closed] { impl->begin_stop(impl->clock.now() + stop_limit, closed); });
    if (done.wait_for(2 * stop_limit) != std::future_status::ready)
        log::warning("camera", "the cameras' connections did not end in time");
    if (impl_->measuring.joinable()) impl_->measuring.join();
    impl_->pool.reset();
    impl_->writer.reset();
}

void CameraManager::facts(std::size_t camera, const CameraFacts& facts) {
    impl_->with(camera, [facts](Post& post) { post.station().facts(facts); });
}

void CameraManager::fault(std::size_t camera, ClipSubject subject) {
    if (!impl_->settings.black_box) return;
    impl_->with(camera,
                [subject = std::move(subject)](Post& post) mutable { post.fault(std::move(subject)); });
}

void CameraManager::connect_now(std::size_t camera) {
    impl_->with(camera, [](Post& post) { post.station().connect_now(); });
}

void CameraManager::trust(std::size_t camera, const std::string& sha256) {
    impl_->with(camera, [sha256](Post& post) { post.station().trust(sha256); });
}

void CameraManager::snapshot(std::size_t camera, int width, std::function<void(Result<Snapshot>)> done) {
    impl_->pool->snapshot(camera, width, std::move(done));
}

}  // namespace farmwall::camera
