#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "link/session_machine.hpp"

// Moves a session machine by hand and keeps what it wants done.
namespace farmwall::link {

inline const std::string test_serial = "01P00A000000001";
inline const std::string test_address = "192.0.2.10";

inline net::Certificate certificate(const std::string& sha256 = "aa", const std::string& name = test_serial) {
    return {"PEM of " + sha256, sha256, name};
}

struct Driver {
    explicit Driver(std::optional<net::Certificate> pin = certificate(), Times t = {}, double chance = 1.0)
        : times{t}, machine{{Serial{test_serial}, test_address, 8883}, times, std::move(pin), [chance] {
                                return chance;
                            }} {}

    Times times;
    SessionMachine machine;
    TimePoint now{std::chrono::hours{1}};
    Effects effects;  // of the last step

    Effects& did(Effects made) {
        effects = std::move(made);
        return effects;
    }
    template <class T>
    [[nodiscard]] const T* wanted() const {
        for (const Effect& effect : effects) {
            if (const auto* found = std::get_if<T>(&effect)) return found;
        }
        return nullptr;
    }
    [[nodiscard]] std::vector<Ask> asked(Question question) const {
        std::vector<Ask> found;
        for (const Effect& effect : effects) {
            const auto* ask = std::get_if<Ask>(&effect);
            if (ask != nullptr && ask->question == question) found.push_back(*ask);
        }
        return found;
    }

    // Time passes and the machine is woken whenever it asked for it; the effects of all of that.
    void pass(Duration time) {
        const TimePoint end = now + time;
        Effects all;
        for (int guard = 0;; ++guard) {
            REQUIRE(guard < 100'000);
            const auto wake = machine.wake_at();
            if (!wake || *wake > end) break;
            now = std::max(now, *wake);
            for (Effect& effect : machine.tick(now))
                all.push_back(std::move(effect));
            REQUIRE((!machine.wake_at() || *machine.wake_at() > now));
        }
        now = end;
        effects = std::move(all);
    }
    // Time passes while a report comes every second.
    void pass_reporting(Duration time) {
        Effects all;
        for (const TimePoint end = now + time; now < end;) {
            pass(std::chrono::seconds{1});
            for (Effect& effect : effects)
                all.push_back(std::move(effect));
            for (Effect& effect : report(ReportDelta::Kind::partial))
                all.push_back(std::move(effect));
        }
        effects = std::move(all);
    }

    Effects report(ReportDelta::Kind kind = ReportDelta::Kind::full) {
        return did(machine.report_arrived(kind, now));
    }
    Effects version(std::uint32_t id, bool complete = true) {
        wire::VersionAnswer answer;
        answer.sequence_id = std::to_string(id);
        FirmwareModule ota;
        ota.name = "ota";
        if (complete) ota.software = "01.08.00.00";
        answer.modules.push_back(ota);
        return did(machine.version_arrived(answer, now));
    }
    Effects echo(const std::string& id, const std::string& result = "success",
                 std::optional<std::uint32_t> error = {}) {
        wire::Echo echo;
        echo.family = "print";
        echo.command = "gcode_line";
        echo.sequence_id = id;
        echo.result = result;
        echo.err_code = error;
        return did(machine.echo_arrived(echo, now));
    }

    // Subscribed; the two questions of the beginning are in `effects`.
    void come_up() {
        if (!machine.wake_at()) did(machine.start(now));
        did(machine.connected(now));
        REQUIRE(wanted<Subscribe>() != nullptr);
        did(machine.subscribed(now));
        REQUIRE(machine.is_up());
    }
    // Up, both questions answered.
    void be_online() {
        come_up();
        const auto questions = asked(Question::version);
        REQUIRE(questions.size() == 1);
        version(questions.front().sequence_id);
        report();
        REQUIRE(machine.status().link == Link::online);
    }
    // Answers every question as soon as time comes to it, while nothing is reported.
    void pass_answering(Duration time) {
        for (const TimePoint end = now + time; now < end;) {
            pass(std::chrono::seconds{1});
            for (const Ask& question : asked(Question::version))
                version(question.sequence_id);
        }
    }
    [[nodiscard]] Link link() const { return machine.status().link; }
    [[nodiscard]] LinkProblem problem() const { return machine.status().problem; }
};

}  // namespace farmwall::link
