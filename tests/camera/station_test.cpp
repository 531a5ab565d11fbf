#include "camera/camera_station.hpp"

#include <doctest/doctest.h>

#include <deque>

using namespace farmwall;
using namespace farmwall::camera;
using namespace std::chrono_literals;

namespace {

const std::string serial = "01P00A000000001";

// A connection that does what the test says.
struct FakeSource final : Source {
    explicit FakeSource(bool& asked_to_stop, int& alive) : asked{asked_to_stop}, living{alive} { ++living; }
    ~FakeSource() override { --living; }
    void stop() override { asked = true; }
    bool& asked;
    int& living;
};

struct FakeWorld final : StationPort {
    std::unique_ptr<Source> open(const CameraTarget& wanted,
                                 std::function<CameraProblem(const net::Certificate&)> judge_it,
                                 SourceListener& heard) override {
        CHECK(sources == 0);  // never a second connection
        target = wanted;
        judge = std::move(judge_it);
        listener = &heard;
        asked_to_stop = false;
        ++opened_count;
        return std::make_unique<FakeSource>(asked_to_stop, sources);
    }
    void opened() override { ++connections; }
    void retire(std::unique_ptr<Source> source) override { source.reset(); }
    void decode(const Packet& packet) override { packets.push_back(packet); }
    void forget() override { ++forgotten; }
    void publish(const CameraState& state) override { published.push_back(state); }
    void wake_at(TimePoint when) override { wake = when; }
    void save_pin(const net::Certificate& certificate) override { pins.push_back(certificate); }
    void log(const std::string& line) override { lines.push_back(line); }

    CameraTarget target;
    std::function<CameraProblem(const net::Certificate&)> judge;
    SourceListener* listener = nullptr;
    bool asked_to_stop = false;
    int sources = 0;
    int opened_count = 0;
    int connections = 0;
    int forgotten = 0;
    std::vector<Packet> packets;
    std::vector<CameraState> published;
    std::optional<TimePoint> wake;
    std::vector<net::Certificate> pins;
    std::vector<std::string> lines;
};

CameraConfig config_of(const std::string& whose = serial) {
    CameraConfig config;
    config.id = PrinterId{"left"};
    config.serial = Serial{whose};
    config.name = "Left";
    config.access_code = Secret{"70051942"};
    return config;
}

CameraFacts rtsps_facts() {
    CameraFacts facts;
    facts.kind = CameraKind::rtsps;
    facts.address = "192.0.2.10";
    facts.link_up = true;
    return facts;
}

net::Certificate shown(const std::string& name, const std::string& hash) { return {"", hash, name}; }

// A station with everything around it; no jitter.
struct Bench {
    explicit Bench(std::optional<net::Certificate> pin = std::nullopt, CameraConfig config = config_of())
        : station{std::move(config),
                  StationTimes{},
                  std::move(pin),
                  [] { return 0.0; },
                  clock,
                  world,
                  PacketRing{5min, std::size_t{1} << 20U}} {}

    void begin(const CameraFacts& facts = rtsps_facts()) { station.facts(facts); }
    void up() {
        begin();
        world.listener->source_opened();
    }
    void picture(bool key = true) {
        Packet packet;
        packet.bytes = std::make_shared<const Bytes>(std::vector<std::uint8_t>{0, 0, 0, 1, 0x65, 1});
        packet.parameters = std::make_shared<const Bytes>(std::vector<std::uint8_t>{0, 0, 0, 1, 0x67});
        packet.key = key;
        packet.arrived = clock.now();
        world.listener->source_packet(packet);
    }
    void end(CameraProblem problem) { world.listener->source_ended(problem, ""); }
    // Time passes in steps small enough that every wake-up happens at its time.
    void pass(Duration how_long) {
        for (Duration left = how_long; left > 0ms; left -= 100ms) {
            clock.advance(100ms);
            if (world.wake && *world.wake <= clock.now()) {
                world.wake.reset();
                station.tick();
            }
        }
    }
    void pictures_for(Duration how_long) {
        for (Duration left = how_long; left > 0ms; left -= 100ms) {
            pass(100ms);
            picture();
        }
    }
    [[nodiscard]] CameraTruth truth() const { return station.state().truth; }
    [[nodiscard]] CameraProblem problem() const { return station.state().problem; }

    ManualClock clock;
    FakeWorld world;
    CameraStation station;
};

}  // namespace

TEST_CASE("station: it connects with the first facts, to the port of the model's kind") {
    Bench bench;
    CHECK(bench.world.opened_count == 0);
    bench.begin();
    CHECK(bench.world.opened_count == 1);
    CHECK(bench.world.target.kind == CameraTarget::Kind::rtsps);
    CHECK(bench.world.target.port == 322);
    CHECK(bench.world.target.address == "192.0.2.10");
    CHECK(bench.truth() == CameraTruth::connecting);
}

TEST_CASE("station: pictures make it live, and their packets go to the decoder and the ring") {
    Bench bench;
    bench.up();
    bench.picture();
    CHECK(bench.truth() == CameraTruth::live);
    CHECK(bench.world.packets.size() == 1);
    CHECK(bench.station.ring().bytes() > 0);
    CHECK(bench.world.connections == 1);
}

TEST_CASE("station: a camera that stops sending is stale after three seconds and tells since when") {
    Bench bench;
    bench.up();
    bench.pictures_for(5s);
    const TimePoint last = bench.clock.now();
    bench.pass(2900ms);
    CHECK(bench.truth() == CameraTruth::live);
    bench.pass(300ms);
    CHECK(bench.truth() == CameraTruth::stale);
    CHECK(bench.station.state().last_picture == last);
}

TEST_CASE("station: after ten silent seconds the connection is closed, and only then made anew") {
    Bench bench;
    bench.up();
    bench.pictures_for(5s);
    bench.pass(9900ms);
    CHECK_FALSE(bench.world.asked_to_stop);
    bench.pass(300ms);
    CHECK(bench.world.asked_to_stop);
    bench.pass(30s);
    CHECK(bench.world.opened_count == 1);  // the goodbye has not ended
    bench.end(CameraProblem::none);
    CHECK(bench.problem() == CameraProblem::stalled);
    CHECK(bench.world.sources == 0);
    bench.pass(1100ms);
    CHECK(bench.world.opened_count == 2);
}

TEST_CASE("station: bytes without pictures are given twice the time, then up") {
    Bench bench;
    bench.up();
    for (int second = 0; second < 19; ++second) {
        bench.world.listener->source_alive();
        bench.pass(1s);
    }
    CHECK_FALSE(bench.world.asked_to_stop);
    bench.world.listener->source_alive();
    bench.pass(1100ms);
    CHECK(bench.world.asked_to_stop);
    bench.end(CameraProblem::none);
    CHECK(bench.problem() == CameraProblem::no_picture);
    CHECK(bench.truth() == CameraTruth::no_signal);
}

TEST_CASE("station: the waits between attempts grow, and begin anew after a minute of pictures") {
    Bench bench;
    bench.begin();
    std::vector<std::chrono::seconds> waits;
    for (int attempt = 0; attempt < 6; ++attempt) {
        bench.end(CameraProblem::unreachable);
        REQUIRE(bench.station.state().next_attempt);
        const TimePoint began = bench.clock.now();
        const int before = bench.world.opened_count;
        while (bench.world.opened_count == before)
            bench.pass(100ms);
        waits.push_back(std::chrono::round<std::chrono::seconds>(bench.clock.now() - began));
    }
    CHECK(waits == std::vector<std::chrono::seconds>{1s, 2s, 5s, 15s, 60s, 60s});
    bench.world.listener->source_opened();
    bench.pictures_for(61s);
    bench.end(CameraProblem::closed_by_printer);
    const int before = bench.world.opened_count;
    bench.pass(1100ms);
    CHECK(bench.world.opened_count == before + 1);
}

TEST_CASE("station: what is wrong is published while it waits, and gone with the first picture") {
    Bench bench;
    bench.begin();
    bench.end(CameraProblem::refused_connection);
    CHECK(bench.truth() == CameraTruth::no_signal);
    CHECK(bench.problem() == CameraProblem::refused_connection);
    bench.pass(1100ms);
    bench.world.listener->source_opened();
    bench.picture();
    CHECK(bench.truth() == CameraTruth::live);
    CHECK(bench.problem() == CameraProblem::none);
    CHECK_FALSE(bench.station.state().next_attempt);
}

TEST_CASE("station: liveview that is off closes the connection and is said until it is on again") {
    Bench bench;
    bench.up();
    bench.picture();
    CameraFacts off = rtsps_facts();
    off.obstacle = CameraProblem::liveview_off;
    bench.station.facts(off);
    CHECK(bench.world.asked_to_stop);
    bench.end(CameraProblem::none);
    CHECK(bench.truth() == CameraTruth::off);
    CHECK(bench.problem() == CameraProblem::liveview_off);
    bench.pass(5min);
    CHECK(bench.world.opened_count == 1);
    bench.station.facts(rtsps_facts());
    CHECK(bench.world.opened_count == 2);
}

TEST_CASE("station: another address ends the old connection before the new one begins") {
    Bench bench;
    bench.up();
    bench.picture();
    CameraFacts moved = rtsps_facts();
    moved.address = "192.0.2.99";
    bench.station.facts(moved);
    CHECK(bench.world.asked_to_stop);
    CHECK(bench.world.opened_count == 1);
    bench.end(CameraProblem::none);
    CHECK(bench.world.opened_count == 2);
    CHECK(bench.world.target.address == "192.0.2.99");
}

TEST_CASE("station: facts that change nothing about the target leave the connection alone") {
    Bench bench;
    bench.up();
    bench.picture();
    CameraFacts printing = rtsps_facts();
    printing.printing = true;
    bench.station.facts(printing);
    CameraFacts gone = rtsps_facts();
    gone.link_up = false;
    bench.station.facts(gone);
    CHECK_FALSE(bench.world.asked_to_stop);
    CHECK(bench.world.opened_count == 1);
}

TEST_CASE("station: a printer that answers again is not kept waiting") {
    Bench bench;
    bench.begin();
    for (int i = 0; i < 5; ++i) {
        bench.end(CameraProblem::unreachable);
        bench.pass(61s);
    }
    bench.end(CameraProblem::unreachable);
    CameraFacts gone = rtsps_facts();
    gone.link_up = false;
    bench.station.facts(gone);
    const int before = bench.world.opened_count;
    bench.station.facts(rtsps_facts());
    CHECK(bench.world.opened_count == before + 1);
}

TEST_CASE("station: a picture that does not change while the print advances is frozen, and heals") {
    Bench bench;
    CameraFacts printing = rtsps_facts();
    printing.printing = true;
    bench.station.facts(printing);
    bench.world.listener->source_opened();
    const auto see = [&](bool changed) {
        bench.pictures_for(1s);
        Decoded decoded;
        decoded.ok = true;
        decoded.arrived = bench.clock.now();
        decoded.changed = changed;
        decoded.mean_luma = 90;
        bench.station.decoded(decoded);
    };
    see(true);
    const TimePoint changed_at = bench.clock.now();
    for (int i = 0; i < 29; ++i)
        see(false);
    CHECK(bench.truth() == CameraTruth::live);
    see(false);
    see(false);
    CHECK(bench.truth() == CameraTruth::frozen);
    CHECK(bench.station.state().last_picture == changed_at);
    see(true);
    CHECK(bench.truth() == CameraTruth::live);
}

TEST_CASE("station: pictures of which none can be decoded are stale like none, until one can") {
    Bench bench;
    bench.up();
    bench.picture();
    Decoded decoded;
    for (int i = 0; i < 35; ++i) {
        bench.pictures_for(100ms);
        decoded.arrived = bench.clock.now();
        bench.station.decoded(decoded);
    }
    CHECK(bench.truth() == CameraTruth::stale);
    CHECK(bench.problem() == CameraProblem::wrong_data);
    decoded.ok = true;
    decoded.mean_luma = 90;
    bench.station.decoded(decoded);
    CHECK(bench.truth() == CameraTruth::live);
}

TEST_CASE("station: one picture that cannot be decoded makes nothing stale") {
    Bench bench;
    bench.up();
    bench.picture();
    Decoded decoded;
    decoded.arrived = bench.clock.now();
    bench.station.decoded(decoded);
    bench.pictures_for(9s);  // looked at seldom, as where nobody sees it
    CHECK(bench.truth() == CameraTruth::live);
    decoded.arrived = bench.clock.now();
    bench.station.decoded(decoded);
    CHECK(bench.truth() == CameraTruth::stale);
    CHECK(bench.problem() == CameraProblem::wrong_data);
}

TEST_CASE("station: the first certificate with the right name is remembered, another one is refused") {
    Bench bench;
    bench.begin();
    CHECK(bench.world.judge(shown("01P00A000000002", "aa")) == CameraProblem::wrong_serial);
    CHECK(bench.world.pins.empty());
    CHECK(bench.world.judge(shown(serial, "aa")) == CameraProblem::none);
    REQUIRE(bench.world.pins.size() == 1);
    CHECK(bench.world.pins[0].sha256 == "aa");
    CHECK(bench.world.judge(shown(serial, "aa")) == CameraProblem::none);
    CHECK(bench.world.pins.size() == 1);
    CHECK(bench.world.judge(shown(serial, "bb")) == CameraProblem::certificate_changed);
    bench.end(CameraProblem::certificate_changed);
    CHECK(bench.station.state().new_certificate == "bb");
}

TEST_CASE("station: only the certificate that was refused can be trusted by a person") {
    Bench bench{shown(serial, "aa")};
    bench.begin();
    CHECK(bench.world.judge(shown(serial, "bb")) == CameraProblem::certificate_changed);
    bench.end(CameraProblem::certificate_changed);
    CHECK_FALSE(bench.station.trust("cc"));
    CHECK(bench.world.opened_count == 1);
    CHECK(bench.station.trust("bb"));
    CHECK(bench.world.opened_count == 2);
    CHECK(bench.world.judge(shown(serial, "bb")) == CameraProblem::none);
    CHECK(bench.world.judge(shown(serial, "aa")) == CameraProblem::certificate_changed);
}

TEST_CASE("station: after stop nothing is opened any more") {
    Bench bench;
    bench.up();
    bench.picture();
    bench.station.stop();
    CHECK(bench.world.asked_to_stop);
    CHECK_FALSE(bench.station.closed());
    bench.end(CameraProblem::none);
    CHECK(bench.station.closed());
    bench.pass(5min);
    bench.station.connect_now();
    bench.station.facts(rtsps_facts());
    CHECK(bench.world.opened_count == 1);
}

TEST_CASE("station: no log line and no state holds the access code") {
    CameraConfig config = config_of();
    config.url = Secret{"rtsp://user:70051942@192.0.2.20/x"};
    Bench bench{std::nullopt, std::move(config)};
    bench.begin();
    bench.end(CameraProblem::foreign_address_failed);
    bench.pass(10s);
    REQUIRE_FALSE(bench.world.lines.empty());
    for (const std::string& line : bench.world.lines)
        CHECK(line.find("70051942") == std::string::npos);
    for (const CameraState& state : bench.world.published)
        CHECK(state.detail.find("70051942") == std::string::npos);
}

TEST_CASE("station: random events never lead to a second connection or to a station that gives up") {
    unsigned state = 12345;
    const auto chance = [&](unsigned below) {
        state = state * 1664525 + 1013904223;
        return (state >> 16U) % below;
    };
    for (int run = 0; run < 50; ++run) {
        Bench bench;
        bench.begin();
        for (int step = 0; step < 200; ++step) {
            const bool open = bench.world.sources == 1;
            switch (chance(7)) {
                case 0:
                    if (open) bench.world.listener->source_opened();
                    break;
                case 1:
                    if (open) bench.picture(chance(2) == 0);
                    break;
                case 2:
                    if (open) bench.end(CameraProblem::closed_by_printer);
                    break;
                case 3: {
                    CameraFacts facts = rtsps_facts();
                    facts.address = chance(2) == 0 ? "192.0.2.10" : "192.0.2.11";
                    facts.printing = chance(2) == 0;
                    facts.link_up = chance(2) == 0;
                    if (chance(4) == 0) facts.obstacle = CameraProblem::liveview_off;
                    bench.station.facts(facts);
                    break;
                }
                case 4:
                    bench.station.connect_now();
                    break;
                case 5:
                    if (open && bench.world.asked_to_stop) bench.end(CameraProblem::none);
                    break;
                default:
                    bench.pass(std::chrono::milliseconds{100 * (1 + chance(100))});
                    break;
            }
            CHECK(bench.world.sources <= 1);
        }
        bench.station.facts(rtsps_facts());
        if (bench.world.sources == 1 && bench.world.asked_to_stop) bench.end(CameraProblem::none);
        bench.pass(61s);
        CHECK(bench.world.sources == 1);  // connected or connecting
    }
}
