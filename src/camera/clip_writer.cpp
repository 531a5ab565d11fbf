#include <fmt/format.h>

#include <atomic>
#include <thread>
#include <utility>

#include "base/bounded_queue.hpp"
#include "base/log.hpp"
#include "base/platform.hpp"
#include "base/synchronized.hpp"
#include "camera/black_box.hpp"

namespace farmwall::camera {
namespace {

// When the power of a whole room comes back, every printer has a fault at the same moment. Their packets
// are shared with the rings at first, and held by the clips alone when the disk is slow.
constexpr std::size_t most_clips_waiting = 256;
constexpr std::size_t most_bytes_waiting = std::size_t{512} << 20;

struct Job {
    ClipSubject subject;
    std::vector<Packet> packets;
    std::size_t bytes = 0;
};

std::size_t bytes_of(const std::vector<Packet>& packets) {
    std::size_t sum = 0;
    for (const Packet& packet : packets)
        sum += packet.bytes ? packet.bytes->size() : 0;
    return sum;
}

}  // namespace

struct ClipWriter::Impl {
    const std::filesystem::path folder;
    const std::uint64_t most_bytes;
    BoundedQueue<Job> jobs{most_clips_waiting};
    std::atomic<std::size_t> bytes_waiting{0};
    Synchronized<Totals> totals;
    std::jthread thread{[this](const std::stop_token& stop) { run(stop); }};

    Impl(std::filesystem::path to, std::uint64_t most) : folder{std::move(to)}, most_bytes{most} {}
    ~Impl() {
        jobs.close();
        thread.request_stop();
        thread.join();
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void run(const std::stop_token& stop) {
        platform::name_this_thread("clips");
        remove_leftovers(folder);
        const std::uint64_t found = keep_newest(folder, most_bytes);
        totals.with([&](Totals& now) { now.bytes = found; });
        for (bool last_round = false; !last_round;) {
            last_round = stop.stop_requested();  // what was queued before the stop is still written
            for (const Job& job : jobs.take_all(stop, std::chrono::hours{1})) {
                write(job);
                bytes_waiting -= job.bytes;
            }
        }
    }

    void write(const Job& job) {
        // Room first, so that the clips are within their bound also while this one is written.
        keep_newest(folder, most_bytes - std::min<std::uint64_t>(most_bytes, job.bytes));
        const auto made = write_clip(folder, job.subject, job.packets);
        const std::uint64_t bytes =
            keep_newest(folder, most_bytes, made ? made.value().front() : std::filesystem::path{});
        const std::string problem = made ? std::string{} : made.error().text();
        totals.with([&](Totals& now) {
            now.written += made ? 1 : 0;
            now.bytes = bytes;
            now.problem = problem;
        });
        const std::string& printer = job.subject.printer.value;
        if (made) {
            log::info("clips", fmt::format("{}: wrote {}", printer, made.value().front().string()));
        } else {
            log::warning("clips",
                         fmt::format("{}: no clip of \"{}\": {}", printer, job.subject.cause, problem));
        }
    }
};

ClipWriter::ClipWriter(std::filesystem::path folder, ClipBounds bounds)
    : bounds_{bounds}, impl_{std::make_unique<Impl>(std::move(folder), bounds.most_bytes)} {}

ClipWriter::~ClipWriter() = default;

bool ClipWriter::write(ClipSubject subject, std::vector<Packet> packets) {
    const std::size_t bytes = bytes_of(packets);
    const std::size_t before = impl_->bytes_waiting.fetch_add(bytes);
    const bool room = before == 0 || before + bytes <= most_bytes_waiting;
    if (room && impl_->jobs.try_push(Job{std::move(subject), std::move(packets), bytes})) return true;
    impl_->bytes_waiting -= bytes;
    impl_->totals.with([](Totals& now) { now.problem = "Too many clips wait for the disk"; });
    return false;
}

ClipWriter::Totals ClipWriter::totals() const {
    return impl_->totals.with([](const Totals& now) { return now; });
}

}  // namespace farmwall::camera
