#include "app/alarm_sound.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "../net/waiting.hpp"
#include "app/chime.hpp"

using namespace farmwall;
using namespace farmwall::app;
using namespace std::chrono_literals;

namespace {

// What the fake device was asked for; outlives it.
struct Stage {
    std::atomic<bool> there = true;
    std::atomic<bool> sounding = false;
    std::atomic<int> opened = 0;
    Arrivals<std::size_t> played;  // lengths
    std::atomic<double> volume = -1;
    Arrivals<int> closed;
    // A device that hangs in open() until this is let go.
    std::mutex mutex;
    std::condition_variable changed;
    bool hangs = false;

    void let_go() {
        std::lock_guard lock{mutex};
        hangs = false;
        changed.notify_all();
    }
};

class FakeDevice final : public SoundDevice {
public:
    explicit FakeDevice(std::shared_ptr<Stage> stage) : stage_{std::move(stage)} {}
    Status open() override {
        std::unique_lock lock{stage_->mutex};
        stage_->changed.wait(lock, [&] { return !stage_->hangs; });
        if (!stage_->there) return Error{ErrorKind::not_found, "this machine has no sound device"};
        ++stage_->opened;
        return Done{};
    }
    Status play(const std::vector<std::int16_t>& samples, int rate, double volume) override {
        CHECK(rate == chime_rate);
        const Status opened = open();
        if (!opened) return opened;
        stage_->volume = volume;
        stage_->sounding = true;
        stage_->played.put(samples.size());
        return Done{};
    }
    bool playing() override { return stage_->sounding; }
    void close() override { stage_->closed.put(1); }

private:
    std::shared_ptr<Stage> stage_;
};

struct Bench {
    std::shared_ptr<Stage> stage = std::make_shared<Stage>();
    Arrivals<OutputHealth> health;
    std::unique_ptr<AlarmSound> sound;

    void start(int volume_percent = 50) {
        sound = std::make_unique<AlarmSound>(
            volume_percent, [this](const OutputHealth& now) { health.put(now); },
            std::make_unique<FakeDevice>(stage));
    }
    [[nodiscard]] std::vector<std::size_t> played(std::size_t count) {
        REQUIRE(stage->played.wait_for(count));
        return stage->played.values();
    }
};

AlarmRecord record_of(AlarmRecord::What what, AlarmKind kind = AlarmKind::print_failed, int level = 0) {
    AlarmRecord record;
    record.what = what;
    record.key = {PrinterId{"left"}, kind};
    record.level = level;
    return record;
}

}  // namespace

TEST_CASE("alarm sound: raised, repeated and escalated alarms make a sound, the rest does not") {
    using What = AlarmRecord::What;
    for (const What what : {What::raised, What::repeated, What::escalated})
        CHECK(makes_sound(record_of(what)));
    for (const What what : {What::acknowledged, What::snoozed, What::cleared})
        CHECK_FALSE(makes_sound(record_of(what)));
    CHECK_FALSE(makes_sound(record_of(What::raised, AlarmKind::waiting_for_clearing)));
}

TEST_CASE("alarm sound: the device is opened at the start, and a ring plays the chime of its level") {
    Bench bench;
    bench.start(50);
    REQUIRE(bench.health.wait_for(1));
    CHECK(bench.health.values()[0] == OutputHealth{"sound", true, "The sound device is ready."});
    bench.sound->heard(record_of(AlarmRecord::What::cleared));
    bench.sound->heard(record_of(AlarmRecord::What::escalated, AlarmKind::print_failed, 1));
    CHECK(bench.played(1) == std::vector<std::size_t>{chime(1).size()});
    CHECK(bench.stage->volume == 0.5);
}

TEST_CASE("alarm sound: what plays is replaced by a higher level only, and by any once it is over") {
    Bench bench;
    bench.start();
    bench.sound->ring(1);
    CHECK(bench.played(1).back() == chime(1).size());
    bench.sound->ring(0);
    bench.sound->ring(2);
    CHECK(bench.played(2).back() == chime(2).size());
    bench.stage->sounding = false;
    bench.sound->ring(0);
    CHECK(bench.played(3).back() == chime(0).size());
    CHECK(bench.stage->played.values().size() == 3);
}

TEST_CASE(
    "alarm sound: without a device it is silent and says so; one that comes is found at the next ring") {
    Bench bench;
    bench.stage->there = false;
    bench.start();
    REQUIRE(bench.health.wait_for(1));
    CHECK(bench.health.values()[0] ==
          OutputHealth{"sound", false, "No sound: this machine has no sound device."});
    bench.sound->ring(0);
    bench.stage->there = true;
    bench.sound->ring(0);
    CHECK(bench.played(1).size() == 1);
    REQUIRE(bench.health.wait_for(2));
    CHECK(bench.health.values()[1].works);
}

TEST_CASE("alarm sound: a device that is lost is said, once, and found again at a later ring") {
    Bench bench;
    bench.start();
    bench.sound->ring(0);
    CHECK(bench.played(1).size() == 1);
    bench.stage->sounding = false;
    bench.stage->there = false;
    bench.sound->ring(0);
    REQUIRE(bench.health.wait_for(2));
    CHECK_FALSE(bench.health.values()[1].works);
    bench.stage->there = true;
    bench.sound->ring(0);
    CHECK(bench.played(2).size() == 2);
    REQUIRE(bench.health.wait_for(3));
    CHECK(bench.health.values()[2].works);
}

TEST_CASE("alarm sound: the end is silent, and what comes after it does nothing") {
    Bench bench;
    bench.start();
    bench.sound->ring(0);
    CHECK(bench.played(1).size() == 1);
    bench.sound->stop();
    CHECK(bench.stage->closed.values().size() == 1);
    bench.sound->ring(2);
    bench.sound->stop();
    CHECK(bench.stage->played.values().size() == 1);
}

TEST_CASE("alarm sound: a device that hangs holds up neither a ring nor the end, and is not heard of again") {
    Bench bench;
    bench.stage->hangs = true;
    bench.start();
    const auto begun = std::chrono::steady_clock::now();
    bench.sound->ring(0);
    CHECK(std::chrono::steady_clock::now() - begun < 1s);
    bench.sound->stop();
    CHECK(std::chrono::steady_clock::now() - begun < 5s);
    bench.sound.reset();
    bench.stage->let_go();
    REQUIRE(bench.stage->closed.wait_for(1));
    CHECK(bench.health.values().empty());
}
