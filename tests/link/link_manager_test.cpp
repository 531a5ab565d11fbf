#include "link/link_manager.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <condition_variable>
#include <fstream>
#include <mutex>

#include "../net/waiting.hpp"
#include "broker.hpp"
#include "net/io_thread.hpp"
#include "wire/request.hpp"

using namespace farmwall;
using namespace farmwall::link;
using namespace std::chrono_literals;

namespace {

const std::string code = "a1b2c3d4";
const std::string serial = "01P00A000000001";

// Answers get_version and pushall on the printer's topics.
class FakePrinter {
public:
    FakePrinter(const Broker& broker, std::string whose) : serial_{std::move(whose)} {
        MqttSettings settings;
        settings.address = "127.0.0.1";
        settings.port = broker.port();
        settings.client_id = "printer" + serial_.substr(10);
        settings.password = Secret{code};
        settings.trust_store = broker.certificate();
        settings.subscribe_topic = wire::request_topic(serial_);
        settings.publish_topic = wire::report_topic(serial_);
        io_.post([this, settings] {
            client_ = std::make_unique<MqttClient>(io_, calls_, settings,
                                                   [this](const MqttEvent& e) { handle(e); });
            client_->connect();
        });
        REQUIRE(up_.wait_for(1));
    }
    ~FakePrinter() {
        Arrivals<int> gone;
        io_.post([&] {
            client_.reset();
            gone.put(1);
        });
        gone.wait_for(1);
    }

private:
    void handle(const MqttEvent& event) {
        if (std::holds_alternative<MqttConnected>(event)) client_->subscribe();
        if (std::holds_alternative<MqttSubscribed>(event)) up_.put(1);
        const auto* message = std::get_if<MqttMessage>(&event);
        if (message == nullptr) return;
        const std::string& text = message->payload;
        const auto at = text.find(R"("sequence_id":")");
        if (text.find("get_version") != std::string::npos && at != std::string::npos) {
            (void)client_->publish(R"({"info":{"command":"get_version",)" + text.substr(at, 22) +
                                       R"("module":[{"name":"ota","sw_ver":"01.08.00.00","sn":"x",)" +
                                       R"("product_name":"Bambu Lab P1S"}]}})",
                                   1);
        }
        // Commands are echoed as taken.
        if (text.find(R"("print":)") != std::string::npos && text.ends_with("}}"))
            (void)client_->publish(text.substr(0, text.size() - 2) + R"(,"result":"success"}})", 1);
        if (text.find("pushall") != std::string::npos) {
            (void)client_->publish(
                R"({"print":{"command":"push_status","msg":0,"gcode_state":"IDLE","bed_temper":25.5}})", 1);
        }
    }

    std::string serial_;
    Arrivals<int> up_;
    net::IoThread io_{"printer"};
    MqttCalls calls_;
    std::unique_ptr<MqttClient> client_;
};

// The manager with everything around it.
struct Farm {
    enum class Start { now, later };
    explicit Farm(std::vector<PrinterSettings> printers, const std::filesystem::path& root,
                  std::uint16_t discovery_port = 0, Start start = Start::now) {
        ManagerSettings settings;
        settings.printers = std::move(printers);
        settings.root = root;
        settings.discovery = discovery_port != 0;
        settings.discovery_port = discovery_port;
        settings.poll_interval = std::chrono::seconds{1};
        settings.times.retry_first = 100ms;
        settings.times.retry_longest = 200ms;
        settings.times.retry_refused = 300ms;
        settings.on_wish = [this](std::size_t printer, const Wish&) { wishes.put(printer); };
        settings.on_event = [this](const dispatch::LinkEvent& event) {
            if (!io.on_this_thread()) on_network_thread = false;
            events.put(event);
        };
        manager = std::make_unique<LinkManager>(std::move(settings), io, clock, store, telemetry);
        if (start == Start::now) manager->start();
    }

    ~Farm() { manager.reset(); }  // before what it uses

    // Waits for a publication that makes `holds` true.
    bool wait_until(const std::function<bool(const FleetState&)>& holds, std::chrono::seconds limit = 15s) {
        std::unique_lock lock{mutex};
        return changed.wait_for(lock, limit, [&] { return holds(*store.read()); });
    }
    bool wait_for(std::size_t printer, Link link, LinkProblem problem) {
        return wait_until([&](const FleetState& fleet) {
            return fleet.printers.at(printer)->link.link == link &&
                   fleet.printers.at(printer)->link.problem == problem;
        });
    }
    [[nodiscard]] PrinterState printer(std::size_t index) const { return *store.read()->printers.at(index); }

    Arrivals<dispatch::LinkEvent> events;
    Arrivals<std::size_t> wishes;
    std::atomic<bool> on_network_thread = true;
    net::IoThread io{"net"};
    std::mutex mutex;
    std::condition_variable changed;
    SystemClock clock;
    FleetStore store{[this] {
        std::lock_guard lock{mutex};
        changed.notify_all();
    }};
    std::unique_ptr<LinkManager> manager;
    TelemetryStore telemetry;
};

PrinterSettings at(std::uint16_t port, const std::string& id = "left", const std::string& whose = serial) {
    PrinterSettings out;
    out.id = PrinterId{id};
    out.name = id;
    out.serial = Serial{whose};
    out.address = "127.0.0.1";
    out.port = port;
    out.access_code = Secret{code};
    return out;
}

bool online(const PrinterState& printer) {
    return printer.link.link == Link::online && printer.full_report_seen;
}

}  // namespace

TEST_CASE("link manager: from nothing to a known printer, its certificate pinned on the way") {
    const TemporaryFolder root;
    const auto broker = Broker::start(make_certificate(serial), code);
    if (!broker) return;
    const FakePrinter fake{*broker, serial};
    {
        Farm farm{{at(broker->port())}, root.path()};
        REQUIRE(farm.wait_until([](const FleetState& fleet) { return online(*fleet.printers.at(0)); }));
        CHECK(farm.printer(0).report.bed_celsius == 25.5);
        REQUIRE(farm.wait_until([](const FleetState& fleet) {
            return fleet.printers.at(0)->model.source == ModelSource::product_name;
        }));
        CHECK(std::filesystem::exists(root.path() / "certificates" / (serial + ".pem")));
        const auto begin = std::chrono::steady_clock::now();
        farm.manager->stop();
        CHECK(std::chrono::steady_clock::now() - begin < 2s);
        CHECK(farm.printer(0).link.link == Link::offline);
        CHECK_FALSE(farm.telemetry.read(0).empty());
    }
}

TEST_CASE("link manager: a changed certificate is refused until a person trusts it") {
    const TemporaryFolder root;
    const auto broker = Broker::start(make_certificate(serial), code);
    if (!broker) return;
    auto before = std::make_unique<FakePrinter>(*broker, serial);
    Farm farm{{at(broker->port())}, root.path()};
    REQUIRE(farm.wait_until([](const FleetState& fleet) { return online(*fleet.printers.at(0)); }));
    before.reset();
    broker->start_again(make_certificate(serial));
    const FakePrinter fake{*broker, serial};
    REQUIRE(farm.wait_for(0, Link::refused, LinkProblem::certificate_changed));
    const std::string shown = farm.printer(0).link.new_certificate;
    CHECK(shown.size() == 64);
    farm.manager->wish(0, TrustCertificate{shown});
    CHECK(farm.wait_until([](const FleetState& fleet) { return online(*fleet.printers.at(0)); }));
}

TEST_CASE("link manager: a pin file that was spoilt is no first use") {
    const TemporaryFolder root;
    const auto broker = Broker::start(make_certificate(serial), code);
    if (!broker) return;
    std::filesystem::create_directories(root.path() / "certificates");
    { std::ofstream{root.path() / "certificates" / (serial + ".pem")} << "spoilt"; }
    Farm farm{{at(broker->port())}, root.path()};
    CHECK(farm.wait_for(0, Link::refused, LinkProblem::certificate_changed));
}

TEST_CASE(
    "link manager: a wrong serial, a wrong code, no TLS and a dead address are each told, and delay nobody") {
    namespace asio = boost::asio;
    const TemporaryFolder root;
    const auto broker = Broker::start(make_certificate(serial), code);
    if (!broker) return;
    const FakePrinter fake{*broker, serial};
    asio::io_context sink;
    asio::ip::tcp::acceptor silent{sink, asio::ip::tcp::endpoint{asio::ip::make_address("127.0.0.1"), 0}};
    std::uint16_t closed = 0;
    {
        asio::ip::tcp::acceptor gone{sink, asio::ip::tcp::endpoint{asio::ip::make_address("127.0.0.1"), 0}};
        closed = gone.local_endpoint().port();
    }
    PrinterSettings wrong_code = at(broker->port(), "code");
    wrong_code.access_code = Secret{"00000000"};
    Farm farm{{at(silent.local_endpoint().port(), "silent", "01P00A000000004"),
               at(closed, "closed", "01P00A000000003"), at(broker->port(), "serial", "01P00A000000002"),
               at(broker->port())},
              root.path()};
    CHECK(farm.wait_for(2, Link::refused, LinkProblem::wrong_serial));
    CHECK(farm.wait_for(1, Link::offline, LinkProblem::unreachable));
    CHECK(farm.wait_until([](const FleetState& fleet) { return online(*fleet.printers.at(3)); }));
    CHECK(farm.printer(0).link.link == Link::connecting);
    Farm other{{wrong_code}, root.path()};
    CHECK(other.wait_for(0, Link::refused, LinkProblem::bad_access_code));
}

TEST_CASE("link manager: a lost session comes back by itself, and a person's wish hurries it") {
    const TemporaryFolder root;
    const auto identity = make_certificate(serial);
    const auto broker = Broker::start(identity, code);
    if (!broker) return;
    auto before = std::make_unique<FakePrinter>(*broker, serial);
    Farm farm{{at(broker->port())}, root.path()};
    REQUIRE(farm.wait_until([](const FleetState& fleet) { return online(*fleet.printers.at(0)); }));
    before.reset();
    broker->kill();
    REQUIRE(farm.wait_until(
        [](const FleetState& fleet) { return fleet.printers.at(0)->link.link == Link::offline; }));
    broker->start_again(identity);
    const FakePrinter fake{*broker, serial};
    farm.manager->wish(0, ConnectNow{});
    farm.manager->wish(1, ConnectNow{});  // nobody
    CHECK(farm.wait_until([](const FleetState& fleet) { return online(*fleet.printers.at(0)); }));
    CHECK(farm.printer(0).stats.connects >= 2);
}

TEST_CASE("link manager: stopped in the middle of everything it is gone in two seconds") {
    namespace asio = boost::asio;
    asio::io_context sink;
    asio::ip::tcp::acceptor silent{sink, asio::ip::tcp::endpoint{asio::ip::make_address("127.0.0.1"), 0}};
    const TemporaryFolder root;
    std::vector<PrinterSettings> printers;
    printers.reserve(40);
    for (int i = 0; i < 40; ++i) {
        printers.push_back(at(silent.local_endpoint().port(), "p" + std::to_string(i),
                              "01P00A0000001" + std::to_string(10 + i)));
    }
    Farm farm{printers, root.path()};
    const auto begin = std::chrono::steady_clock::now();
    farm.manager->stop();
    farm.manager.reset();
    CHECK(std::chrono::steady_clock::now() - begin < 2s);
}

TEST_CASE(
    "link manager: announced printers can be listed, and every printer is there before the first answer") {
    const TemporaryFolder root;
    namespace asio = boost::asio;
    asio::io_context io;
    std::uint16_t port = 0;
    {
        asio::ip::udp::socket probe{io, asio::ip::udp::endpoint{asio::ip::udp::v4(), 0}};
        port = probe.local_endpoint().port();
    }
    Farm farm{{at(1, "a", "01P00A000000005")}, root.path(), port};
    CHECK(farm.printer(0).id == PrinterId{"a"});
    CHECK(farm.manager->seen().empty());
    asio::ip::udp::socket socket{io, asio::ip::udp::v4()};
    const std::string text =
        "NOTIFY * HTTP/1.1\r\nLocation: 127.0.0.1\r\nNT: urn:bambulab-com:device:3dprinter:1\r\n"
        "USN: 01P00A000000005\r\nDevModel.bambu.com: N2S\r\nDevName.bambu.com: Shelf\r\n\r\n";
    CHECK(farm.wait_until([&](const FleetState& fleet) {
        socket.send_to(asio::buffer(text), {asio::ip::make_address("127.0.0.1"), port});
        return fleet.printers.at(0)->model.source == ModelSource::discovery;
    }));
    REQUIRE(farm.manager->seen().size() == 1);
    CHECK(farm.manager->seen().front().name == "Shelf");
}

TEST_CASE("link manager: a command goes out over the network and its answer comes back on its thread") {
    const TemporaryFolder root;
    const auto broker = Broker::start(make_certificate(serial), code);
    if (!broker) return;
    const FakePrinter fake{*broker, serial};
    Farm farm{{at(broker->port())}, root.path()};
    REQUIRE(farm.wait_until([](const FleetState& fleet) { return online(*fleet.printers.at(0)); }));
    farm.manager->send(0, 11, SetBedTarget{60}, {}, {});
    REQUIRE(farm.events.wait_for(2));
    const auto events = farm.events.values();
    CHECK(events[0].kind == dispatch::LinkEvent::Kind::sent);
    CHECK(events[0].command == 11);
    CHECK(events[1].kind == dispatch::LinkEvent::Kind::answered);
    CHECK(events[1].command == 11);
    CHECK_FALSE(events[1].failed);
    farm.manager->send(0, 12, SetBedTarget{600}, {}, {});
    REQUIRE(farm.events.wait_for(3));
    CHECK(farm.events.values()[2].refusal == Refusal::out_of_range);
    CHECK(farm.on_network_thread);
}

TEST_CASE("link manager: before the start, after the end and for nobody a command comes back as not sent") {
    const TemporaryFolder root;
    Farm farm{{at(1)}, root.path(), 0, Farm::Start::later};
    farm.manager->send(0, 1, Stop{}, {}, {});
    farm.manager->wish(0, ConnectNow{});
    REQUIRE(farm.events.wait_for(1));
    farm.manager->start();
    farm.manager->send(1, 2, Stop{}, {}, {});
    farm.manager->wish(1, ConnectNow{});
    REQUIRE(farm.events.wait_for(2));
    farm.manager->wish(0, ConnectNow{});
    REQUIRE(farm.wishes.wait_for(1));
    farm.manager->stop();
    farm.manager->send(0, 3, Stop{}, {}, {});
    REQUIRE(farm.events.wait_for(3));
    CommandId expected = 0;
    for (const dispatch::LinkEvent& event : farm.events.values()) {
        CHECK(event.kind == dispatch::LinkEvent::Kind::not_sent);
        CHECK(event.command == ++expected);
        CHECK_FALSE(event.refusal);
        CHECK_FALSE(event.text.empty());
    }
    CHECK(farm.wishes.values() == std::vector<std::size_t>{0});
    CHECK(farm.on_network_thread);
}
