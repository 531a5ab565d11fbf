#include "app/alarm_sound.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "app/chime.hpp"
#include "base/log.hpp"
#include "base/platform.hpp"

namespace farmwall::app {
namespace {

using namespace std::chrono_literals;

constexpr auto between_looks = 50ms;  // at whether the sound is over
constexpr auto longest_goodbye = 1s;

}  // namespace

// Owned together by the sound and its thread, which may outlive it where a device hangs.
struct AlarmSound::Shared {
    // The thread's alone.
    std::unique_ptr<SoundDevice> device;
    double volume = 0;
    OutputHealth last;

    std::mutex callback_mutex;  // held while on_health runs, so that stop() can be sure that it does not
    OnHealth on_health;         // under callback_mutex; null once stopped

    std::mutex mutex;
    std::condition_variable changed;
    std::optional<int> wanted;  // level; under mutex, as are the next two
    bool stopping = false;
    bool ended = false;

    void run() {
        platform::name_this_thread("sound");
        tell(device->open());
        std::optional<int> sounding;  // its level
        while (true) {
            const Wish wish = wait(sounding.has_value());
            if (wish.stop) break;
            if (sounding && !device->playing()) sounding.reset();
            if (!wish.level || (sounding && *wish.level <= *sounding)) continue;
            const Status played = device->play(chime(*wish.level), chime_rate, volume);
            sounding = played.ok() ? wish.level : std::nullopt;
            tell(played);
        }
        device->close();
        {
            std::lock_guard lock{mutex};
            ended = true;
        }
        changed.notify_all();
    }

    struct Wish {
        bool stop = false;
        std::optional<int> level;  // to ring with
    };
    // While something sounds only for a short time.
    Wish wait(bool sounds) {
        std::unique_lock lock{mutex};
        const auto news = [&] { return stopping || wanted; };
        if (sounds) {
            changed.wait_for(lock, between_looks, news);
        } else {
            changed.wait(lock, news);
        }
        return {stopping, std::exchange(wanted, std::nullopt)};
    }

    void tell(const Status& result) {
        OutputHealth now{"sound", result.ok(), "The sound device is ready."};
        if (!result) now.text = "No sound: " + result.error().what + ".";
        if (now == last) return;
        last = now;
        log::write(now.works ? log::Level::info : log::Level::warning, "alarms", now.text);
        std::lock_guard lock{callback_mutex};
        if (on_health) on_health(now);
    }
};

AlarmSound::AlarmSound(int volume_percent, OnHealth on_health, std::unique_ptr<SoundDevice> device)
    : shared_{std::make_shared<Shared>()} {
    shared_->device = std::move(device);
    shared_->volume = std::clamp(volume_percent, 0, 100) / 100.0;
    shared_->on_health = std::move(on_health);
    std::thread{[shared = shared_] { shared->run(); }}.detach();
}

AlarmSound::~AlarmSound() { stop(); }

void AlarmSound::heard(const AlarmRecord& record) {
    if (makes_sound(record)) ring(record.level);
}

void AlarmSound::ring(int level) {
    const int wanted = std::clamp(level, 0, highest_chime);
    {
        std::lock_guard lock{shared_->mutex};
        shared_->wanted = std::max(wanted, shared_->wanted.value_or(0));
    }
    shared_->changed.notify_all();
}

void AlarmSound::stop() {
    {
        std::lock_guard lock{shared_->callback_mutex};
        shared_->on_health = nullptr;
    }
    std::unique_lock lock{shared_->mutex};
    if (std::exchange(shared_->stopping, true)) return;
    shared_->changed.notify_all();
    if (!shared_->changed.wait_for(lock, longest_goodbye, [&] { return shared_->ended; })) {
        log::warning("alarms", "The sound device does not answer and is left behind.");
    }
}

bool makes_sound(const AlarmRecord& record) {
    using What = AlarmRecord::What;
    const bool loud =
        record.what == What::raised || record.what == What::repeated || record.what == What::escalated;
    return loud && rings(record.key.kind);
}

}  // namespace farmwall::app
