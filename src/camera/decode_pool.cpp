#include "camera/decode_pool.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "base/platform.hpp"
#include "camera/camera_decoder.hpp"
#include "camera/hardware.hpp"
#include "camera/libav.hpp"
#include "camera/packet_queue.hpp"
#include "camera/snapshot.hpp"

namespace farmwall::camera {
namespace {

constexpr std::size_t most_snapshots = 32;  // that wait, of all cameras
constexpr std::size_t most_threads = 16;
// A decoder for key pictures that nobody used for so long gives back its memory.
constexpr auto key_decoder_rest = std::chrono::seconds{30};

struct SnapshotRequest {
    int width = 0;
    std::function<void(Result<Snapshot>)> done;
};

// How much of a thread a camera takes, roughly: for the balance between threads.
unsigned weight(DecodeLevel level) {
    switch (level) {
        case DecodeLevel::discard:
            return 0;
        case DecodeLevel::keys:
            return 1;
        case DecodeLevel::no_deblock:
            return 6;
        case DecodeLevel::full:
            return 8;
    }
    return 0;
}

Error too_many() { return {ErrorKind::unavailable, "Too many snapshots are asked for at once"}; }
Error stopping() { return {ErrorKind::unavailable, "The program ends"}; }

}  // namespace

// Each camera is a strand: it is in at most one thread's hands, and on the list of its thread while it has
// something to do.
struct DecodePool::Impl {
    struct Camera {
        explicit Camera(Serial serial, HardwareChoice& hardware) : decoder{std::move(serial), hardware} {}
        // Under the lock.
        PacketQueue queue;
        DecodeOrder order;
        std::deque<SnapshotRequest> snapshots;
        std::uint64_t connection = 0;
        std::size_t worker = 0;
        bool listed = false;    // on its thread's list, or in its hands
        bool released = false;  // its own decoder has to give back its memory
        bool forgotten = false;
        // In the hands of the thread that works for it.
        CameraDecoder decoder;
    };
    struct Worker {
        std::deque<std::size_t> ready;
        std::condition_variable woken;
        std::jthread thread;
    };
    // What a thread takes out of a camera at once.
    struct Work {
        std::size_t camera = 0;
        std::optional<Packet> packet;
        DecodeOrder order;
        std::optional<SnapshotRequest> snapshot;
        std::optional<Packet> whole;
        std::uint64_t connection = 0;
        std::uint64_t late = 0;
        bool released = false;
        bool forgotten = false;
    };

    Impl(const Settings& settings, const Clock& given_clock, PictureBoard& given_board,
         std::function<void(std::size_t, const Decoded&)> told);
    ~Impl();
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void run(Worker& worker);
    bool wait(std::unique_lock<std::mutex>& lock, Worker& worker, const DecoderTools& tools);
    Work take(Worker& worker);
    void work(Work& job, DecoderTools& tools, std::vector<CameraDecoder::Made>& made);
    void decode(const Work& job, DecoderTools& tools, std::vector<CameraDecoder::Made>& made);
    void answer(Work& job, DecoderTools& tools);
    void put_back(std::size_t camera);
    void refuse_snapshots();

    void list(std::size_t camera);
    void balance(Camera& camera);
    [[nodiscard]] bool current(std::size_t camera, std::uint64_t connection);

    const Clock& clock;
    PictureBoard& board;
    const std::function<void(std::size_t, const Decoded&)> on_decoded;
    PictureMemory memory;
    HardwareChoice hardware;

    std::mutex mutex;  // over the queues and lists; never held while something is decoded or called
    bool stop = false;
    std::size_t snapshots = 0;
    std::vector<std::unique_ptr<Camera>> cameras;
    std::vector<std::unique_ptr<Worker>> workers;
};

DecodePool::Impl::Impl(const Settings& settings, const Clock& given_clock, PictureBoard& given_board,
                       std::function<void(std::size_t, const Decoded&)> told)
    : clock{given_clock},
      board{given_board},
      on_decoded{std::move(told)},
      hardware{settings.hardware, memory,
               settings.instead ? std::optional{*settings.instead} : std::nullopt} {
    silence_libav();
    for (std::size_t i = 0; i < board.size(); ++i)
        cameras.push_back(std::make_unique<Camera>(board.serial(i), hardware));
    const auto count =
        std::clamp<std::size_t>(static_cast<std::size_t>(std::max(1, settings.threads)), 1, most_threads);
    for (std::size_t i = 0; i < count; ++i)
        workers.push_back(std::make_unique<Worker>());
    for (std::size_t i = 0; i < cameras.size(); ++i)
        cameras[i]->worker = i % count;
    for (const auto& worker : workers)
        worker->thread = std::jthread{[this, worker = worker.get()] { run(*worker); }};
}

DecodePool::Impl::~Impl() {
    {
        std::lock_guard lock{mutex};
        stop = true;
        for (const auto& worker : workers)
            worker->woken.notify_all();
    }
    for (const auto& worker : workers)
        worker->thread.join();
    refuse_snapshots();
}

// With the lock held. Moves a camera that no thread works for to the one with the least to do.
void DecodePool::Impl::balance(Camera& camera) {
    if (camera.listed || workers.size() == 1) return;
    std::vector<unsigned> loads(workers.size(), 0);
    for (const auto& other : cameras) {
        if (other.get() != &camera) loads[other->worker] += weight(other->order.pacing.level);
    }
    const auto least = std::min_element(loads.begin(), loads.end());
    if (*least < loads[camera.worker]) camera.worker = static_cast<std::size_t>(least - loads.begin());
}

// With the lock held.
void DecodePool::Impl::list(std::size_t camera) {
    Camera& strand = *cameras[camera];
    if (strand.listed || stop) return;
    strand.listed = true;
    Worker& worker = *workers[strand.worker];
    worker.ready.push_back(camera);
    worker.woken.notify_one();
}

bool DecodePool::Impl::current(std::size_t camera, std::uint64_t connection) {
    std::lock_guard lock{mutex};
    return cameras[camera]->connection == connection;
}

// False: stop. Woken by work, or when a key decoder rested long enough.
bool DecodePool::Impl::wait(std::unique_lock<std::mutex>& lock, Worker& worker, const DecoderTools& tools) {
    const auto woken = [&] { return stop || !worker.ready.empty(); };
    if (tools.keys.size() > 0) {
        worker.woken.wait_for(lock, key_decoder_rest, woken);
    } else {
        worker.woken.wait(lock, woken);
    }
    return !stop;
}

// With the lock held and something ready.
DecodePool::Impl::Work DecodePool::Impl::take(Worker& worker) {
    Work job;
    job.camera = worker.ready.front();
    worker.ready.pop_front();
    Camera& camera = *cameras[job.camera];
    job.order = camera.order;
    job.connection = camera.connection;
    job.released = std::exchange(camera.released, false);
    job.forgotten = std::exchange(camera.forgotten, false);
    job.packet = camera.queue.take();
    job.late = camera.queue.late();
    if (!camera.snapshots.empty()) {
        job.snapshot = std::move(camera.snapshots.front());
        camera.snapshots.pop_front();
        --snapshots;
        job.whole = camera.queue.newest_whole();
    }
    return job;
}

void DecodePool::Impl::put_back(std::size_t camera) {
    std::lock_guard lock{mutex};
    Camera& strand = *cameras[camera];
    strand.listed = false;
    const bool more =
        !strand.queue.empty() || !strand.snapshots.empty() || strand.released || strand.forgotten;
    if (more) list(camera);
}

void DecodePool::Impl::decode(const Work& job, DecoderTools& tools, std::vector<CameraDecoder::Made>& made) {
    made.clear();
    cameras[job.camera]->decoder.decode(*job.packet, job.order, tools, clock.now(), made);
    const bool failed = !made.empty() && !made.back().facts.ok;
    if (failed) {
        std::lock_guard lock{mutex};
        cameras[job.camera]->queue.broken();
    }
    for (CameraDecoder::Made& one : made) {
        if (!current(job.camera, job.connection)) return;
        one.facts.late = job.late;
        if (one.frame) board.put(job.camera, std::move(one.frame));
        if (on_decoded) on_decoded(job.camera, one.facts);
    }
}

void DecodePool::Impl::answer(Work& job, DecoderTools& tools) {
    SnapshotMaterial material;
    material.serial = board.serial(job.camera);
    material.whole = std::move(job.whole);
    material.frame = board.slot(job.camera).newest();
    material.width = job.snapshot->width;
    job.snapshot->done(make_snapshot(material, tools, clock.now()));
}

void DecodePool::Impl::work(Work& job, DecoderTools& tools, std::vector<CameraDecoder::Made>& made) {
    try {
        CameraDecoder& decoder = cameras[job.camera]->decoder;
        bool freed = job.forgotten && decoder.forget();
        freed = (job.released && decoder.release()) || freed;
        if (freed) {
            memory.trim();
            platform::give_back_memory();
        }
        if (job.packet) decode(job, tools, made);
        if (job.snapshot) answer(job, tools);
    } catch (const std::exception& trouble) {
        log::error("decode", std::string{"a picture ended with an exception: "} + trouble.what());
    }
    made.clear();
}

void DecodePool::Impl::run(Worker& worker) {
    platform::name_this_thread("decode");
    if (&worker == workers.front().get()) hardware.look();
    DecoderTools tools{memory};
    std::vector<CameraDecoder::Made> made;
    for (;;) {
        std::optional<Work> job;
        {
            std::unique_lock lock{mutex};
            if (!wait(lock, worker, tools)) return;
            if (!worker.ready.empty()) job = take(worker);
        }
        if (job) {
            work(*job, tools, made);
            put_back(job->camera);
        }
        tools.keys.give_back(clock.now() - key_decoder_rest);
    }
}

// Those that nobody answers any more.
void DecodePool::Impl::refuse_snapshots() {
    for (const auto& camera : cameras) {
        for (const SnapshotRequest& request : std::exchange(camera->snapshots, {}))
            request.done(stopping());
    }
}

DecodePool::DecodePool(Settings settings, const Clock& clock, PictureBoard& board,
                       std::function<void(std::size_t camera, const Decoded&)> on_decoded)
    : impl_{std::make_unique<Impl>(settings, clock, board, std::move(on_decoded))} {}

DecodePool::~DecodePool() = default;

void DecodePool::order(std::size_t camera, const DecodeOrder& order) {
    std::lock_guard lock{impl_->mutex};
    Impl::Camera& strand = *impl_->cameras[camera];
    if (strand.order == order) return;
    const DecodeLevel before = std::exchange(strand.order, order).pacing.level;
    const DecodeLevel now = order.pacing.level;
    strand.queue.set_order(order.pacing);
    if (weight(before) == weight(now)) return;
    impl_->balance(strand);
    // Its own decoder cannot go on after pictures that it did not see.
    if (weight(before) > weight(DecodeLevel::keys) && weight(now) <= weight(DecodeLevel::keys)) {
        strand.released = true;
        impl_->list(camera);
    }
}

void DecodePool::submit(std::size_t camera, Packet packet) {
    std::lock_guard lock{impl_->mutex};
    Impl::Camera& strand = *impl_->cameras[camera];
    strand.queue.offer(std::move(packet));
    if (!strand.queue.empty()) impl_->list(camera);
}

void DecodePool::forget(std::size_t camera) {
    std::lock_guard lock{impl_->mutex};
    Impl::Camera& strand = *impl_->cameras[camera];
    strand.queue.clear();
    ++strand.connection;
    strand.forgotten = true;
    impl_->list(camera);
}

void DecodePool::snapshot(std::size_t camera, int width, std::function<void(Result<Snapshot>)> done) {
    {
        std::lock_guard lock{impl_->mutex};
        if (impl_->snapshots < most_snapshots && !impl_->stop) {
            ++impl_->snapshots;
            impl_->cameras[camera]->snapshots.push_back({width, std::move(done)});
            impl_->list(camera);
            return;
        }
    }
    done(too_many());
}

std::string DecodePool::choice() const { return impl_->hardware.text(); }

}  // namespace farmwall::camera
