#include "link/alarm_outputs.hpp"

#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "base/platform.hpp"
#include "base/text.hpp"
#include "link/courier.hpp"
#include "link/outbox.hpp"

namespace farmwall::link {
namespace {

std::string sentence(std::string part) {
    if (!part.empty()) part.replace(0, 1, to_upper(part.substr(0, 1)));
    return part + '.';
}

std::string waiting_words(std::size_t count) {
    if (count == 0) return {};
    return fmt::format("; {} message{} wait{}", count, count == 1 ? "" : "s", count == 1 ? "s" : "");
}

// One output with its thread and queue.
class Output {
public:
    using OnHealth = std::function<void(const OutputHealth&)>;

    Output(std::string name, std::unique_ptr<Courier> courier, std::vector<Duration> waits,
           OnHealth on_health)
        : name_{std::move(name)},
          courier_{std::move(courier)},
          on_health_{std::move(on_health)},
          outbox_{std::move(waits), AlarmOutputs::most_waiting} {}

    void start() {
        thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
    }

    [[nodiscard]] const std::string& name() const { return name_; }

    void send(wire::AlarmMessage message) {
        bool room = true;
        {
            std::lock_guard lock{mutex_};
            room = outbox_.push(std::move(message));
        }
        if (!room) {
            log::warning("alarms", fmt::format("{}: more than {} messages wait; the oldest was dropped",
                                               name_, AlarmOutputs::most_waiting));
        }
        changed_.notify_all();
    }

    void test() {
        {
            std::lock_guard lock{mutex_};
            test_wanted_ = true;
        }
        changed_.notify_all();
    }

    void request_stop() { thread_.request_stop(); }
    void join() {
        if (thread_.joinable()) thread_.join();
        if (outbox_.size() > 0)
            log::warning("alarms", fmt::format("{}: ended{}", name_, waiting_words(outbox_.size())));
    }

private:
    struct Errand {
        std::uint64_t number = 0;  // 0: a test
        wire::AlarmMessage message;
    };
    // Nothing: to stop.
    std::optional<Errand> wait_for_errand(const std::stop_token& stop) {
        std::unique_lock lock{mutex_};
        while (!stop.stop_requested()) {
            if (std::exchange(test_wanted_, false)) {
                return Errand{0, wire::test_alarm_message(std::chrono::system_clock::now())};
            }
            if (auto entry = outbox_.due(std::chrono::steady_clock::now())) {
                return Errand{entry->number, std::move(entry->item)};
            }
            const auto due = outbox_.next_due();
            const auto news = [&] { return test_wanted_ || outbox_.next_due() != due; };
            if (due) {
                changed_.wait_until(lock, stop, *due, news);
            } else {
                changed_.wait(lock, stop, news);
            }
        }
        return std::nullopt;
    }

    void run(const std::stop_token& stop) {
        platform::name_this_thread("alarm-" + name_);
        while (const auto errand = wait_for_errand(stop)) {
            const Status result = courier_->deliver(errand->message, stop);
            if (stop.stop_requested()) break;
            tell(errand->number == 0 ? settle_test(result) : settle(errand->number, result));
        }
        courier_.reset();  // says goodbye
    }

    OutputHealth settle_test(const Status& result) {
        std::lock_guard lock{mutex_};
        if (result.ok()) {
            outbox_.try_now();
            return {name_, true, "The test message arrived."};
        }
        return {name_, false, fmt::format("The test message did not arrive: {}.", result.error().what)};
    }

    OutputHealth settle(std::uint64_t number, const Status& result) {
        std::lock_guard lock{mutex_};
        if (result.ok()) {
            outbox_.delivered(number);
            return {name_, true, "The last message arrived."};
        }
        if (result.error().kind == ErrorKind::bad_input) {
            outbox_.refused(number);
            return {name_, false, sentence("a message was not taken: " + result.error().what)};
        }
        outbox_.failed(std::chrono::steady_clock::now());
        return {name_, false, sentence(result.error().what + waiting_words(outbox_.size()))};
    }

    // On the output's own thread.
    void tell(const OutputHealth& health) {
        if (health.works != last_.works || last_.text.empty()) {
            const auto level = health.works ? log::Level::info : log::Level::warning;
            log::write(level, "alarms", name_ + ": " + health.text);
        }
        if (health == last_) return;
        last_ = health;
        on_health_(health);
    }

    const std::string name_;
    std::unique_ptr<Courier> courier_;
    const OnHealth on_health_;
    OutputHealth last_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    Outbox<wire::AlarmMessage> outbox_;  // under mutex_, as is the next one
    bool test_wanted_ = false;
    std::jthread thread_;
};

}  // namespace

struct AlarmOutputs::Impl {
    explicit Impl(OnHealth to) : on_health{std::move(to)} {}

    void add(std::string name, std::unique_ptr<Courier> courier, const std::vector<Duration>& waits) {
        const std::size_t index = health.size();
        health.push_back({name, true, "Nothing was sent yet."});
        outputs.push_back(
            std::make_unique<Output>(std::move(name), std::move(courier), waits,
                                     [this, index](const OutputHealth& now) { changed(index, now); }));
    }

    // Whoever publishes already publishes this as well: one at a time, in order, and without the lock.
    void changed(std::size_t index, const OutputHealth& now) {
        std::unique_lock lock{mutex};
        health[index] = now;
        news = true;
        if (publishing) return;
        publishing = true;
        while (std::exchange(news, false)) {
            const std::vector<OutputHealth> copy = health;
            lock.unlock();
            if (on_health) on_health(copy);
            lock.lock();
        }
        publishing = false;
    }

    const OnHealth on_health;
    std::mutex mutex;
    std::vector<OutputHealth> health;  // under mutex, as are the next two
    bool publishing = false;
    bool news = false;
    std::vector<std::unique_ptr<Output>> outputs;  // never changed after the constructor
    std::atomic<bool> stopped = false;
};

AlarmOutputs::AlarmOutputs(AlarmOutputSettings settings, OnHealth on_health)
    : impl_{std::make_unique<Impl>(std::move(on_health))} {
    if (settings.webhook) {
        impl_->add("webhook", webhook_courier(std::move(*settings.webhook), settings.timeout),
                   settings.waits);
    }
    if (settings.ntfy)
        impl_->add("ntfy", ntfy_courier(std::move(*settings.ntfy), settings.timeout), settings.waits);
    if (settings.mqtt)
        impl_->add("mqtt", mqtt_courier(std::move(*settings.mqtt), settings.timeout), settings.waits);
    if (impl_->on_health) impl_->on_health(impl_->health);
    for (const auto& output : impl_->outputs)
        output->start();
}

AlarmOutputs::~AlarmOutputs() { stop(); }

void AlarmOutputs::send(const AlarmRecord& record) {
    if (impl_->stopped) return;
    const wire::AlarmMessage message = wire::alarm_message(record);
    for (const auto& output : impl_->outputs)
        output->send(message);
}

void AlarmOutputs::test(std::string_view output) {
    if (impl_->stopped) return;
    for (const auto& one : impl_->outputs) {
        if (output.empty() || one->name() == output) one->test();
    }
}

void AlarmOutputs::stop() {
    if (impl_->stopped.exchange(true)) return;
    for (const auto& output : impl_->outputs)
        output->request_stop();
    for (const auto& output : impl_->outputs)
        output->join();
}

}  // namespace farmwall::link
