#include "dispatch/dispatcher.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "base/platform.hpp"
#include "dispatch/work.hpp"

namespace farmwall::dispatch {
namespace {

using namespace std::chrono_literals;

// Published states of this time are looked at together; intents and answers are taken at once.
constexpr auto gather = 50ms;
constexpr std::size_t most_events = 4096;

// What waits for the thread.
struct Inbox {
    std::mutex mutex;
    std::condition_variable filled;
    std::vector<LinkEvent> events;
    std::vector<QueueNews> news;
    bool intents = false;
    bool published = false;
    bool stop = false;
    bool dropped = false;  // said once

    [[nodiscard]] bool urgent() const { return stop || intents || !events.empty() || !news.empty(); }
};

}  // namespace

struct Dispatcher::Impl {
    Impl(DispatcherSettings settings, const Clock& c, FleetStore& store, IntentQueue& i, PrinterLinks& links,
         queue::History* history)
        : clock{c}, intents{i}, work{std::move(settings), c, store, links, history} {}

    const Clock& clock;
    IntentQueue& intents;
    Inbox inbox;
    DispatchWork work;
    TimePoint looked_at{};
    std::jthread thread;

    // Fills the inbox under its lock and wakes the thread.
    template <class Fill>
    void post(Fill fill) {
        {
            std::lock_guard lock{inbox.mutex};
            fill(inbox);
        }
        inbox.filled.notify_one();
    }

    void run() {
        platform::name_this_thread("dispatcher");
        work.begin();
        bool stop = false;
        while (!stop) {
            std::vector<LinkEvent> events;
            std::vector<QueueNews> news;
            bool look = false;
            {
                std::unique_lock lock{inbox.mutex};
                wait(lock);
                events.swap(inbox.events);
                news.swap(inbox.news);
                look = inbox.published && clock.now() >= looked_at + gather;
                if (look) inbox.published = false;
                inbox.intents = false;
                stop = inbox.stop;
            }
            work.take(events);
            work.take(news);
            work.take(intents.take_all());
            if (look) {
                looked_at = clock.now();
                work.look();
            }
            work.tick();
        }
    }

    void wait(std::unique_lock<std::mutex>& lock) {
        while (!inbox.urgent()) {
            std::optional<TimePoint> due = work.next_due();
            if (inbox.published && (!due || looked_at + gather < *due)) due = looked_at + gather;
            const TimePoint now = clock.now();
            if (due && *due <= now) return;
            if (due) {
                inbox.filled.wait_for(lock, *due - now);
            } else {
                inbox.filled.wait(lock);
            }
        }
    }
};

Dispatcher::Dispatcher(DispatcherSettings settings, const Clock& clock, FleetStore& store,
                       IntentQueue& intents, PrinterLinks& links, queue::History* history)
    : impl_{std::make_unique<Impl>(std::move(settings), clock, store, intents, links, history)} {}

Dispatcher::~Dispatcher() { stop(); }

void Dispatcher::start() {
    impl_->thread = std::jthread{[this] { impl_->run(); }};
}

void Dispatcher::stop() {
    impl_->post([](Inbox& inbox) { inbox.stop = true; });
    if (impl_->thread.joinable()) impl_->thread.join();
}

void Dispatcher::wake() {
    impl_->post([](Inbox& inbox) { inbox.intents = true; });
}

void Dispatcher::published() {
    {
        std::lock_guard lock{impl_->inbox.mutex};
        if (std::exchange(impl_->inbox.published, true)) return;  // it is awake for it, or will be
    }
    impl_->inbox.filled.notify_one();
}

void Dispatcher::link_event(LinkEvent event) {
    bool first_drop = false;
    impl_->post([&](Inbox& inbox) {
        if (inbox.events.size() < most_events) {
            inbox.events.push_back(std::move(event));
        } else {
            first_drop = !std::exchange(inbox.dropped, true);
        }
    });
    if (first_drop) log::warning("dispatch", "more answers wait than can be kept; some are dropped");
}

// Their number is bounded by what the scheduler asked for: one upload a printer, one save, the files that
// come in.
void Dispatcher::upload_event(UploadEvent event) {
    impl_->post([&](Inbox& inbox) { inbox.news.emplace_back(std::move(event)); });
}

void Dispatcher::files_event(queue::FilesEvent event) {
    impl_->post([&](Inbox& inbox) { inbox.news.emplace_back(std::move(event)); });
}

void Dispatcher::slice_event(SliceEvent event) {
    impl_->post([&](Inbox& inbox) { inbox.news.emplace_back(std::move(event)); });
}

}  // namespace farmwall::dispatch
