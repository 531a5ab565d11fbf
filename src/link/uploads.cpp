#include "link/uploads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "base/platform.hpp"
#include "base/text.hpp"
#include "link/ftps_upload.hpp"

namespace farmwall::link {
namespace {

using dispatch::UploadEvent;
using dispatch::UploadId;
using dispatch::UploadProblem;
using std::chrono::steady_clock;

struct Work {
    bool removal = false;
    UploadId upload = 0;  // of an upload
    std::size_t printer = 0;
    std::filesystem::path file;  // of an upload
    std::string remote_name;
    std::stop_source cancel;
    int tries = 0;              // of a removal
    TimePoint not_before = {};  // of a removal that is tried again
};

UploadEvent failed(UploadId upload, std::size_t printer, const UploadVerdict& verdict) {
    UploadEvent event;
    event.kind = UploadEvent::Kind::failed;
    event.upload = upload;
    event.printer = printer;
    event.problem = verdict.problem;
    event.text = verdict.text;
    return event;
}

}  // namespace

struct FtpsUploads::Impl {
    explicit Impl(UploadsSettings all) : settings{std::move(all)}, lanes(settings.printers.size()) {
        for (int i = 0; i < std::max(settings.parallel, 1); ++i) {
            workers.emplace_back([this, i] {
                platform::name_this_thread(fmt::format("upload-{}", i + 1));
                while (auto work = next())
                    do_work(std::move(*work));
            });
        }
        news_thread = std::jthread{[this] {
            platform::name_this_thread("upload-news");
            tell_news();
        }};
    }

    void stop() {
        {
            std::lock_guard lock{mutex};
            if (std::exchange(stopping, true)) return;
            for (Work& work : waiting)
                if (!work.removal) add_news(failed(work.upload, work.printer, canceled_verdict()));
            waiting.clear();
        }
        leave.request_stop();
        changed.notify_all();
        for (std::jthread& worker : workers)
            worker.join();
        {
            std::lock_guard lock{mutex};
            ended = true;
        }
        news_came.notify_all();
        news_thread.join();
    }

    static UploadVerdict canceled_verdict() {
        return problem_of(UploadProblem::canceled, "The upload was canceled.");
    }

    // Under the lock. Events of one upload keep their order; of its progress only the newest waits.
    void add_news(UploadEvent event) {
        if (event.kind == UploadEvent::Kind::progress) {
            const auto older = std::ranges::find_if(news, [&](const UploadEvent& other) {
                return other.upload == event.upload && other.kind == UploadEvent::Kind::progress;
            });
            if (older != news.end()) {
                *older = std::move(event);
                return;
            }
        }
        news.push_back(std::move(event));
        news_came.notify_all();
    }

    void tell(UploadEvent event) {
        std::lock_guard lock{mutex};
        if (!ended) add_news(std::move(event));
    }

    void tell_news() {
        while (true) {
            std::deque<UploadEvent> told;
            {
                std::unique_lock lock{mutex};
                news_came.wait(lock, [this] { return !news.empty() || ended; });
                if (news.empty()) return;
                told.swap(news);
            }
            for (const UploadEvent& event : told)
                if (settings.on_event) settings.on_event(event);
        }
    }

    void add(Work work) {
        {
            std::lock_guard lock{mutex};
            if (stopping) return;
            const auto same_printer = [&](const Work& other) { return other.printer == work.printer; };
            if (std::ranges::count_if(waiting, same_printer) >= static_cast<std::ptrdiff_t>(most_waiting)) {
                return refuse(work);
            }
            if (!work.removal) {
                // The name is in use again: what was to be removed is about to be replaced.
                std::erase_if(waiting, [&](const Work& other) { return is_removal_of(other, work); });
            }
            waiting.push_back(std::move(work));
        }
        changed.notify_all();
    }

    // Under the lock.
    void refuse(const Work& work) {
        const std::string text = fmt::format("More than {} files wait for this printer.", most_waiting);
        if (!work.removal) {
            add_news(failed(work.upload, work.printer, problem_of(UploadProblem::unreachable, text)));
        }
    }

    static bool is_removal_of(const Work& other, const Work& work) {
        return other.removal && other.printer == work.printer && other.remote_name == work.remote_name;
    }

    void cancel(UploadId upload) {
        std::optional<std::stop_source> running;
        {
            std::lock_guard lock{mutex};
            const auto is_it = [&](const Work& work) { return !work.removal && work.upload == upload; };
            if (const auto it = std::ranges::find_if(waiting, is_it); it != waiting.end()) {
                add_news(failed(it->upload, it->printer, canceled_verdict()));
                waiting.erase(it);
                return;
            }
            for (const Lane& lane : lanes)
                if (lane.busy && lane.upload == upload) running = lane.cancel;
        }
        if (running) running->request_stop();
    }

    // The oldest work whose printer is free; waits for one. Nothing: the end.
    std::optional<Work> next() {
        std::unique_lock lock{mutex};
        while (!stopping) {
            const TimePoint now = steady_clock::now();
            std::optional<TimePoint> soonest;
            for (auto it = waiting.begin(); it != waiting.end(); ++it) {
                if (lanes[it->printer].busy) continue;
                if (it->not_before > now) {
                    soonest = soonest ? std::min(*soonest, it->not_before) : it->not_before;
                    continue;
                }
                Work work = std::move(*it);
                waiting.erase(it);
                Lane& lane = lanes[work.printer];
                lane.busy = true;
                lane.upload = work.removal ? std::nullopt : std::optional{work.upload};
                lane.cancel = work.cancel;
                return work;
            }
            if (soonest) {
                changed.wait_until(lock, *soonest);
            } else {
                changed.wait(lock);
            }
        }
        return std::nullopt;
    }

    void do_work(Work work) {
        const std::size_t printer = work.printer;
        if (work.removal) {
            remove(std::move(work));
        } else {
            upload(work);
        }
        {
            std::lock_guard lock{mutex};
            lanes[printer].busy = false;
            lanes[printer].upload.reset();
        }
        changed.notify_all();
    }

    // Where the printer is now, or why nothing can be sent to it.
    std::variant<FtpsPlace, UploadVerdict> place_of(std::size_t printer) {
        const UploadPrinter& known = settings.printers[printer];
        FtpsPlace place;
        place.address = settings.address ? settings.address(printer) : std::string{};
        if (!is_ipv4(place.address)) {
            return problem_of(UploadProblem::unreachable, "The address of the printer is not known.");
        }
        const auto pin = settings.pin ? settings.pin(printer) : std::nullopt;
        const auto key = pin ? net::public_key_pin(*pin) : Result<std::string>{Error{}};
        if (!key.ok()) {
            return problem_of(UploadProblem::certificate,
                              pin ? "The stored certificate of the printer cannot be used; nothing was sent."
                                  : "No certificate of the printer is stored yet; nothing was sent.");
        }
        place.port = known.port;
        place.access_code = known.access_code;
        place.public_key_pin = key.value();
        place.model = known.model;
        std::lock_guard lock{mutex};
        place.clear_data = lanes[printer].clear_data;
        return place;
    }

    void upload(const Work& work) {
        const auto place = place_of(work.printer);
        if (const auto* const obstacle = std::get_if<UploadVerdict>(&place)) {
            return tell(failed(work.upload, work.printer, *obstacle));
        }
        UploadEvent event;
        event.upload = work.upload;
        event.printer = work.printer;
        const auto outcome =
            upload_file(std::get<FtpsPlace>(place), work.file, work.remote_name, settings.times,
                        {work.cancel.get_token(), leave.get_token()}, [&](const UploadProgress& progress) {
                            event.sent_bytes = progress.sent_bytes;
                            event.total_bytes = progress.total_bytes;
                            event.bytes_per_second = progress.bytes_per_second;
                            event.free_bytes = progress.free_bytes;
                            tell(event);
                        });
        event.kind = outcome.verdict.good() ? UploadEvent::Kind::done : UploadEvent::Kind::failed;
        event.sent_bytes = outcome.verdict.good() ? outcome.total_bytes : outcome.sent_bytes;
        event.total_bytes = outcome.total_bytes;
        event.bytes_per_second = outcome.bytes_per_second;
        event.free_bytes = outcome.free_bytes;
        event.problem = outcome.verdict.problem;
        event.text = outcome.verdict.text;
        std::lock_guard lock{mutex};
        if (outcome.verdict.good()) lanes[work.printer].clear_data = outcome.clear_data;
        add_news(std::move(event));
    }

    void remove(Work work) {
        const auto place = place_of(work.printer);
        UploadVerdict verdict;
        if (const auto* const obstacle = std::get_if<UploadVerdict>(&place)) {
            verdict = *obstacle;
        } else {
            verdict =
                remove_file(std::get<FtpsPlace>(place), work.remote_name, settings.times, leave.get_token());
        }
        if (verdict.good()) return;
        if (verdict.retryable && ++work.tries < settings.times.tries) {
            work.not_before = steady_clock::now() + settings.times.retry;
            std::lock_guard lock{mutex};
            const bool in_use_again =
                std::ranges::any_of(waiting, [&](const Work& other) { return is_upload_of(other, work); });
            if (!stopping && !in_use_again) waiting.push_back(std::move(work));
            return;
        }
        log::info("uploads",
                  fmt::format("{}: {} is not removed: {}", settings.printers[work.printer].id.value,
                              work.remote_name, verdict.text));
    }

    static bool is_upload_of(const Work& other, const Work& removal) {
        return !other.removal && other.printer == removal.printer && other.remote_name == removal.remote_name;
    }

    // What is known of a printer besides its settings.
    struct Lane {
        bool busy = false;
        std::optional<UploadId> upload;  // the one under way
        std::stop_source cancel;
        bool clear_data = false;  // how the last good upload went
    };

    const UploadsSettings settings;
    std::stop_source leave;
    std::mutex mutex;  // guards what follows; nothing is called back under it
    std::condition_variable changed;
    std::condition_variable news_came;
    std::deque<Work> waiting;      // oldest first; most_waiting a printer
    std::vector<Lane> lanes;       // one a printer
    std::deque<UploadEvent> news;  // the ends of uploads, and one progress of each under way
    bool stopping = false;
    bool ended = false;
    std::vector<std::jthread> workers;
    std::jthread news_thread;
};

FtpsUploads::FtpsUploads(UploadsSettings settings) : impl_{std::make_unique<Impl>(std::move(settings))} {}

FtpsUploads::~FtpsUploads() { stop(); }

void FtpsUploads::upload(UploadId upload, std::size_t printer, const std::filesystem::path& file,
                         const std::string& remote_name) {
    if (printer >= impl_->lanes.size() || !usable_remote_name(remote_name)) {
        const char* const text =
            printer >= impl_->lanes.size()
                ? "There is no such printer."
                : "This is no name for a file on a printer: at most 80 of A-Z a-z 0-9 . _ - "
                  "are allowed.";
        return impl_->tell(failed(upload, printer, problem_of(UploadProblem::storage_error, text)));
    }
    Work work;
    work.upload = upload;
    work.printer = printer;
    work.file = file;
    work.remote_name = remote_name;
    impl_->add(std::move(work));
}

void FtpsUploads::cancel(UploadId upload) { impl_->cancel(upload); }

void FtpsUploads::remove(std::size_t printer, const std::string& remote_name) {
    if (printer >= impl_->lanes.size() || !usable_remote_name(remote_name)) return;
    Work work;
    work.removal = true;
    work.printer = printer;
    work.remote_name = remote_name;
    impl_->add(std::move(work));
}

void FtpsUploads::stop() { impl_->stop(); }

}  // namespace farmwall::link
