#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <tuple>

#include "model/alarm.hpp"

using namespace farmwall;
using namespace std::chrono_literals;

namespace {

using What = AlarmRecord::What;

// What must follow from the records alone.
struct Told {
    bool acknowledged = false;
    bool snoozed = false;
    int level = 0;
};

// A book that is treated at random, and what is known of it from outside.
class Farm {
public:
    explicit Farm(std::uint32_t seed) : chance_{seed} {
        times_.settle = std::chrono::seconds{below(4)};
        times_.quiet = std::chrono::seconds{below(40)};
        times_.repeat = std::chrono::seconds{below(200)};
        times_.escalate = std::chrono::seconds{below(700)};
        times_.most_level = static_cast<int>(below(4));
        book_ = AlarmBook{times_};
    }

    void step() {
        const std::string printer = "p" + std::to_string(below(3));
        switch (below(6)) {
            case 0:
            case 1:
                change(printer);
                take(book_.look(PrinterId{printer}, printer, present_[printer], clock_.now(),
                                clock_.wall_now()));
                break;
            case 2:
                take(book_.acknowledge(any_key(printer), "screen", clock_.now(), clock_.wall_now()));
                break;
            case 3:
                take(book_.snooze(any_key(printer), std::chrono::seconds{below(900)}, "api", clock_.now(),
                                  clock_.wall_now()));
                break;
            case 4:
                clock_.advance(std::chrono::milliseconds{below(400'000)});
                tick();
                break;
            default:
                exactly_to_the_next();
                break;
        }
        check_standing();
    }

    [[nodiscard]] int cleared() const { return cleared_; }
    [[nodiscard]] int rang() const { return rang_; }

private:
    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(chance_() % limit); }

    AlarmKey any_key(const std::string& printer) {
        return {PrinterId{printer}, static_cast<AlarmKind>(below(9))};
    }

    void change(const std::string& printer) {
        auto& causes = present_[printer];
        const auto kind = static_cast<AlarmKind>(below(9));
        const auto same = std::ranges::find(causes, kind, &AlarmCause::kind);
        if (same != causes.end() && below(3) != 0) {
            causes.erase(same);
        } else if (same != causes.end()) {
            same->text = "Text " + std::to_string(below(5));
            same->subjects = {"code " + std::to_string(below(3))};
        } else {
            causes.push_back({kind, "Text.", {"code " + std::to_string(below(3))}});
        }
    }

    void tick() {
        take(book_.tick(clock_.now(), clock_.wall_now()));
        const auto due = book_.next_due();
        if (due) CHECK(*due > clock_.now());
        CHECK(book_.tick(clock_.now(), clock_.wall_now()).empty());
    }

    // Just before it nothing happens, at it something does.
    void exactly_to_the_next() {
        tick();
        const auto due = book_.next_due();
        if (!due) return;
        clock_.advance(*due - clock_.now() - 1ns);
        CHECK(book_.tick(clock_.now(), clock_.wall_now()).empty());
        clock_.advance(1ns);
        const auto records = book_.tick(clock_.now(), clock_.wall_now());
        CHECK_FALSE(records.empty());
        take(records);
    }

    void take(const std::vector<AlarmRecord>& records) {
        for (const AlarmRecord& record : records) {
            CHECK(record.when == clock_.wall_now());
            CHECK(record.after >= Duration::zero());
            take(record);
        }
    }

    void take(const AlarmRecord& record) {
        const auto known = told_.find(record.key);
        const bool by_somebody = record.what == What::acknowledged || record.what == What::snoozed;
        CHECK(record.by.empty() != by_somebody);
        if (record.what == What::raised) {
            // A new one, or news of one that was acknowledged.
            CHECK((known == told_.end() || known->second.acknowledged));
            CHECK(record.level == 0);
            told_[record.key] = {};
            return;
        }
        REQUIRE(known != told_.end());
        Told& told = known->second;
        // One that rings is cleared only after somebody acknowledged it; else nothing follows that.
        const bool may_go = told.acknowledged || !rings(record.key.kind);
        if (record.what == What::cleared) CHECK(may_go);
        if (record.what != What::cleared) CHECK_FALSE(told.acknowledged);
        switch (record.what) {
            case What::raised:
                break;
            case What::repeated:
            case What::escalated:
                ++rang_;
                CHECK(rings(record.key.kind));
                told.snoozed = false;
                CHECK(record.level == told.level + (record.what == What::escalated ? 1 : 0));
                CHECK(record.level <= times_.most_level);
                told.level = record.level;
                break;
            case What::acknowledged:
                told.acknowledged = true;
                told.snoozed = false;
                break;
            case What::snoozed:
                CHECK(rings(record.key.kind));
                told.snoozed = true;
                break;
            case What::cleared:
                ++cleared_;
                told_.erase(known);
                break;
        }
    }

    // Exactly those that the records say stand, as the records say, in order.
    void check_standing() {
        const auto standing = book_.standing();
        CHECK(standing.size() == told_.size());
        for (const Alarm& alarm : standing) {
            const auto told = told_.find(alarm.key);
            REQUIRE(told != told_.end());
            CHECK(alarm.acknowledged == told->second.acknowledged);
            CHECK(alarm.snoozed_until.has_value() == told->second.snoozed);
            CHECK(alarm.level == told->second.level);
            CHECK(alarm.times >= 1);
            CHECK(alarm.since <= clock_.now());
            const auto& causes = present_[alarm.key.printer.value];
            const auto cause = std::ranges::find(causes, alarm.key.kind, &AlarmCause::kind);
            // change() is followed by a look at once, so the book knows what is so.
            CHECK(alarm.cause_present == (cause != causes.end()));
            if (cause != causes.end()) CHECK(alarm.text == cause->text);
        }
        CHECK(std::ranges::is_sorted(standing, [](const Alarm& a, const Alarm& b) {
            return std::tuple{a.acknowledged, !rings(a.key.kind), a.since} <
                   std::tuple{b.acknowledged, !rings(b.key.kind), b.since};
        }));
        // Nobody has to publish what did not change.
        if (standing != seen_) CHECK(book_.revision() != seen_revision_);
        seen_ = standing;
        seen_revision_ = book_.revision();
    }

    std::mt19937 chance_;
    AlarmTimes times_;
    ManualClock clock_;
    AlarmBook book_{times_};
    std::map<std::string, std::vector<AlarmCause>> present_;
    std::map<AlarmKey, Told> told_;
    std::vector<Alarm> seen_;
    std::uint64_t seen_revision_ = 0;
    int cleared_ = 0;
    int rang_ = 0;
};

}  // namespace

TEST_CASE("alarms: whatever comes in whatever order, none is lost and the records tell all") {
    int cleared = 0;
    int rang = 0;
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        Farm farm{seed};
        for (int i = 0; i < 400; ++i)
            farm.step();
        cleared += farm.cleared();
        rang += farm.rang();
    }
    // The walks went to where it matters.
    CHECK(cleared > 500);
    CHECK(rang > 500);
}
