#include "link/mqtt_client.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fstream>

#include "../net/waiting.hpp"
#include "broker.hpp"
#include "net/io_thread.hpp"
#include "wire/message.hpp"

using namespace farmwall;
using namespace farmwall::link;
using namespace std::chrono_literals;

namespace {

const std::string code = "a1b2c3d4";

// A client driven from the test's thread; its events come back here.
class Remote {
public:
    Remote(net::IoThread& io, MqttCalls& calls, const MqttSettings& settings) : io_{io} {
        io_.post([this, &calls, settings] {
            client_ = std::make_unique<MqttClient>(io_, calls, settings,
                                                   [this](const MqttEvent& e) { events.put(e); });
            client_->connect();
        });
    }
    ~Remote() { destroy(); }
    void destroy() {
        on_net([this] { client_.reset(); });
    }
    void subscribe() {
        on_net([this] { client_->subscribe(); });
    }
    bool publish(const std::string& payload) {
        bool taken = false;
        on_net([&] { taken = client_->publish(payload, 1); });
        return taken;
    }
    template <class T>
    const T* nth(std::size_t n) {
        if (!events.wait_for(n + 1)) return nullptr;
        kept_.push_back(std::make_unique<MqttEvent>(events.values().at(n)));
        return std::get_if<T>(kept_.back().get());
    }
    void be_up() {
        REQUIRE(nth<MqttConnected>(0));
        subscribe();
        REQUIRE(nth<MqttSubscribed>(1));
    }
    void on_net(const std::function<void()>& work) {
        Arrivals<int> done;
        io_.post([&] {
            work();
            done.put(1);
        });
        REQUIRE(done.wait_for(1));
    }

    Arrivals<MqttEvent> events;

private:
    net::IoThread& io_;
    std::unique_ptr<MqttClient> client_;
    std::vector<std::unique_ptr<MqttEvent>> kept_;
};

MqttSettings settings_for(const Broker& broker, const std::string& id) {
    MqttSettings out;
    out.address = "127.0.0.1";
    out.port = broker.port();
    out.client_id = id;
    out.password = Secret{code};
    out.trust_store = broker.certificate();
    out.subscribe_topic = "device/X/report";
    out.publish_topic = "device/X/request";
    return out;
}

// The printer's side of the same topics.
MqttSettings printer_side(const Broker& broker) {
    MqttSettings out = settings_for(broker, "printer");
    std::swap(out.subscribe_topic, out.publish_topic);
    return out;
}

struct Threads {
    net::IoThread io{"net-test"};
    MqttCalls calls;
};

}  // namespace

TEST_CASE("mqtt client: connects to the pinned certificate, subscribes, and both ways carry messages") {
    const auto identity = [] {
        SUBCASE("signed by itself") { return make_certificate("X"); }
        SUBCASE("a leaf without its issuer") { return make_leaf_of_a_ca("X"); }
        return make_certificate("X");
    }();
    const auto broker = Broker::start(identity, code);
    if (!broker) return;
    Threads threads;
    Remote client{threads.io, threads.calls, settings_for(*broker, "client")};
    Remote printer{threads.io, threads.calls, printer_side(*broker)};
    client.be_up();
    printer.be_up();
    CHECK(client.publish("question"));
    REQUIRE(printer.nth<MqttMessage>(2));
    CHECK(printer.nth<MqttMessage>(2)->payload == "question");
    CHECK(printer.publish("answer"));
    REQUIRE(client.nth<MqttMessage>(2));
    CHECK(client.nth<MqttMessage>(2)->payload == "answer");
}

TEST_CASE("mqtt client: a wrong password is told as CONNACK 5") {
    const auto broker = Broker::start(make_certificate("X"), code);
    if (!broker) return;
    Threads threads;
    MqttSettings wrong = settings_for(*broker, "client");
    wrong.password = Secret{"00000000"};
    Remote client{threads.io, threads.calls, wrong};
    const auto* failed = client.nth<MqttConnectFailed>(0);
    REQUIRE(failed);
    CHECK((failed->connack == 4 || failed->connack == 5));
    CHECK(failed->detail.find("00000000") == std::string::npos);
}

TEST_CASE("mqtt client: a server with another certificate gets no session, and so no password") {
    const auto broker = Broker::start(make_certificate("X"), code);
    if (!broker) return;
    Threads threads;
    MqttSettings other = settings_for(*broker, "client");
    other.trust_store = broker->folder() / "other.pem";
    std::ofstream{other.trust_store} << make_certificate("X").certificate_pem;
    Remote client{threads.io, threads.calls, other};
    const auto* failed = client.nth<MqttConnectFailed>(0);
    REQUIRE(failed);
    CHECK(failed->connack == 0);
}

TEST_CASE("mqtt client: a missing trust store and a closed port are failures, not crashes") {
    const auto broker = Broker::start(make_certificate("X"), code);
    if (!broker) return;
    Threads threads;
    MqttSettings bad = settings_for(*broker, "client");
    SUBCASE("no trust store") { bad.trust_store = broker->folder() / "nothing.pem"; }
    SUBCASE("nobody listens") { broker->kill(); }
    Remote client{threads.io, threads.calls, bad};
    const auto* failed = client.nth<MqttConnectFailed>(0);
    REQUIRE(failed);
    CHECK(failed->connack == 0);
    CHECK_FALSE(failed->detail.empty());
}

TEST_CASE("mqtt client: a broker that dies is noticed, and the next client connects when it is back") {
    const auto identity = make_certificate("X");
    const auto broker = Broker::start(identity, code);
    if (!broker) return;
    Threads threads;
    Remote first{threads.io, threads.calls, settings_for(*broker, "first")};
    first.be_up();
    broker->kill();
    CHECK(first.nth<MqttLost>(2));
    first.destroy();
    broker->start_again(identity);
    Remote second{threads.io, threads.calls, settings_for(*broker, "second")};
    second.be_up();
}

TEST_CASE("mqtt client: a message beyond the bound is counted and not carried") {
    const auto broker = Broker::start(make_certificate("X"), code);
    if (!broker) return;
    Threads threads;
    Remote client{threads.io, threads.calls, settings_for(*broker, "client")};
    Remote printer{threads.io, threads.calls, printer_side(*broker)};
    client.be_up();
    printer.be_up();
    CHECK(printer.publish(std::string(wire::max_message_bytes, 'a')));
    CHECK(printer.publish(std::string(wire::max_message_bytes + 1, 'b')));
    CHECK(printer.publish("c"));
    REQUIRE(client.nth<MqttMessage>(2));
    CHECK(client.nth<MqttMessage>(2)->payload.size() == wire::max_message_bytes);
    CHECK(client.nth<MqttOversized>(3));
    REQUIRE(client.nth<MqttMessage>(4));
    CHECK(client.nth<MqttMessage>(4)->payload == "c");
}

TEST_CASE(
    "mqtt client: while the network thread is busy, messages wait up to a bound and the rest is told once") {
    const auto broker = Broker::start(make_certificate("X"), code);
    if (!broker) return;
    Threads threads;
    net::IoThread other{"net-test-2"};
    Remote client{threads.io, threads.calls, settings_for(*broker, "client")};
    Remote printer{other, threads.calls, printer_side(*broker)};
    client.be_up();
    printer.be_up();
    Arrivals<int> release;
    Arrivals<int> blocked;
    threads.io.post([&] {
        blocked.put(1);
        release.wait_for(1);
    });
    REQUIRE(blocked.wait_for(1));
    // The printer hears its own echo of the last message, so all of them have passed the broker.
    for (std::size_t i = 0; i < 2 * MqttClient::max_waiting_messages; ++i)
        CHECK(printer.publish("m"));
    REQUIRE(threads.calls.drain(10s));
    Remote witness{other, threads.calls, settings_for(*broker, "witness")};
    witness.be_up();
    CHECK(printer.publish("last"));
    REQUIRE(witness.nth<MqttMessage>(2));
    release.put(1);
    REQUIRE(client.events.wait_for(2 + MqttClient::max_waiting_messages + 1));
    std::size_t messages = 0;
    std::size_t overruns = 0;
    for (const MqttEvent& event : client.events.values()) {
        if (std::holds_alternative<MqttMessage>(event)) ++messages;
        if (std::holds_alternative<MqttOverrun>(event)) ++overruns;
    }
    CHECK(messages >= MqttClient::max_waiting_messages);
    CHECK(overruns >= 1);
}

TEST_CASE("mqtt client: more publishes than the bound are refused at once") {
    const auto broker = Broker::start(make_certificate("X"), code);
    if (!broker) return;
    Threads threads;
    Remote client{threads.io, threads.calls, settings_for(*broker, "client")};
    client.be_up();
    Arrivals<int> release;
    threads.calls.post([&] { release.wait_for(1); });
    std::size_t taken = 0;
    for (std::size_t i = 0; i < 2 * MqttClient::max_waiting_publishes; ++i)
        taken += client.publish("x") ? 1 : 0;
    release.put(1);
    CHECK(taken == MqttClient::max_waiting_publishes);
    CHECK(threads.calls.drain(10s));
    CHECK(client.publish("x"));
}

TEST_CASE("mqtt client: destroyed in any state it takes no time and says nothing afterwards") {
    namespace asio = boost::asio;
    // Accepts and never speaks: the handshake stays open.
    asio::io_context sink;
    asio::ip::tcp::acceptor silent{sink, asio::ip::tcp::endpoint{asio::ip::make_address("127.0.0.1"), 0}};
    const auto broker = Broker::start(make_certificate("X"), code);
    if (!broker) return;
    Threads threads;
    for (int i = 0; i < 5; ++i) {
        MqttSettings mute = settings_for(*broker, "mute" + std::to_string(i));
        mute.port = silent.local_endpoint().port();
        Remote stuck{threads.io, threads.calls, mute};
        Remote early{threads.io, threads.calls, settings_for(*broker, "early" + std::to_string(i))};
        Remote up{threads.io, threads.calls, settings_for(*broker, "up" + std::to_string(i))};
        up.be_up();
        const auto begin = std::chrono::steady_clock::now();
        for (Remote* one : {&stuck, &early, &up})
            one->destroy();
        CHECK(std::chrono::steady_clock::now() - begin < 500ms);
        const auto events = up.events.values().size();
        CHECK(threads.calls.drain(20s));
        up.on_net([] {});
        CHECK(up.events.values().size() == events);
    }
}
