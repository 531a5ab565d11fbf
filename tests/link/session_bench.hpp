#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "link/printer_session.hpp"

// One session with a port that keeps what was asked for, answered by hand.
namespace farmwall::link {

struct FakePort final : SessionPort {
    std::vector<std::string> log;
    std::vector<std::string> published;
    std::vector<int> qualities;  // of what was published
    std::uint64_t attempt = 0;
    std::optional<TimePoint> wake;
    bool full = false;
    std::optional<std::size_t> room;  // so many more find room; nothing: all

    void fetch_certificate(const FetchCertificate& effect) override {
        log.emplace_back("fetch");
        attempt = effect.attempt;
    }
    void save_pin(const SavePin& effect) override {
        log.emplace_back("save");
        attempt = effect.attempt;
    }
    void open_client(const OpenClient& effect) override {
        log.emplace_back("open " + effect.address);
        attempt = effect.attempt;
    }
    void subscribe() override { log.emplace_back("subscribe"); }
    bool publish(std::string payload, int quality) override {
        if (full || room == 0) return false;
        if (room) --*room;
        published.push_back(std::move(payload));
        qualities.push_back(quality);
        return true;
    }
    void close_client() override { log.emplace_back("close"); }
    void wake_at(TimePoint when) override { wake = when; }
};

inline PrinterSettings session_settings() {
    PrinterSettings out;
    out.id = PrinterId{"left"};
    out.name = "Left";
    out.serial = Serial{"01P00A000000001"};
    out.address = "192.0.2.10";
    out.access_code = Secret{"12345678"};
    return out;
}

struct Bench {
    explicit Bench(const PrinterSettings& of = session_settings()) {
        store.update([&](FleetState& fleet) {
            fleet.printers.push_back(std::make_shared<const PrinterState>());
            fleet.printers.push_back(
                std::make_shared<const PrinterState>(PrinterSession::initial_state(of, clock.now())));
        });
        session = std::make_unique<PrinterSession>(
            1, of, Times{}, net::Certificate{"", "aa", of.serial.value}, [] { return 1.0; }, clock, store,
            port,
            [this](const dispatch::LinkEvent& event) {
                heard.push_back(event);
                if (on_event) on_event(event);
            });
    }
    void event(const MqttEvent& event) { session->client_event(port.attempt, event); }
    void message(const std::string& payload) { event(MqttMessage{payload}); }
    void come_up() {
        session->start();
        event(MqttConnected{});
        event(MqttSubscribed{});
    }
    // Answers every get_version that was asked.
    void answer() {
        for (const std::string& question : std::exchange(port.published, {})) {
            const auto at = question.find(R"("sequence_id":")");
            if (question.find("get_version") == std::string::npos || at == std::string::npos) continue;
            message(R"({"info":{"command":"get_version",)" + question.substr(at, 22) +
                    R"("module":[{"name":"ota","sw_ver":"01.08.00.00","sn":"01P00A000000001"}]}})");
        }
    }
    [[nodiscard]] PrinterState state() const { return *store.read()->printers.at(1); }
    [[nodiscard]] std::uint64_t revision() const { return store.read()->revision; }
    void pass(Duration time) {
        const TimePoint end = clock.now() + time;
        while (port.wake && *port.wake <= end) {
            if (*port.wake > clock.now()) clock.advance(*port.wake - clock.now());
            port.wake.reset();
            session->tick();
        }
        if (end > clock.now()) clock.advance(end - clock.now());
    }
    [[nodiscard]] long events(EventKind kind) const {
        const auto fleet = store.read();
        return std::ranges::count_if(fleet->events, [&](const auto& event) { return event->kind == kind; });
    }
    // What was told of commands since the last call.
    [[nodiscard]] std::vector<dispatch::LinkEvent> told() { return std::exchange(heard, {}); }

    ManualClock clock;
    FleetStore store;
    FakePort port;
    std::vector<dispatch::LinkEvent> heard;
    std::function<void(const dispatch::LinkEvent&)> on_event;
    std::unique_ptr<PrinterSession> session;
};

}  // namespace farmwall::link
