#include "link/alarm_outputs.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <cstdlib>

#include "broker.hpp"
#include "http_server.hpp"
#include "link/mqtt_client.hpp"
#include "net/io_thread.hpp"

using namespace farmwall;
using namespace farmwall::link;
using namespace std::chrono_literals;

namespace {

using Request = HttpServer::Request;
using Healths = std::vector<OutputHealth>;

AlarmRecord record_of(const std::string& printer, AlarmRecord::What what = AlarmRecord::What::raised) {
    AlarmRecord record;
    record.what = what;
    record.key = {PrinterId{printer}, AlarmKind::print_failed};
    record.printer_name = "Printer " + printer;
    record.text = "The print failed.";
    return record;
}

AlarmOutputSettings quick() {
    AlarmOutputSettings settings;
    settings.waits = {10ms, 20ms};
    settings.timeout = 5s;
    return settings;
}

AlarmOutputSettings to_webhook(const HttpServer& server) {
    AlarmOutputSettings settings = quick();
    settings.webhook = WebhookSettings{Secret{server.url("/hook/hiddenword")}, "Authorization", {}};
    return settings;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// Keeps all health there was, and waits for some.
class HealthLog {
public:
    AlarmOutputs::OnHealth keeper() {
        return [this](const Healths& now) { all.put(now); };
    }
    // Of the output named so: an answer that the condition holds for came within the limit.
    bool saw(const std::string& name, const std::function<bool(const OutputHealth&)>& condition) {
        for (std::size_t count = 1; all.wait_for(count); ++count) {
            const Healths now = all.values()[count - 1];
            for (const OutputHealth& one : now) {
                CHECK_FALSE(contains(one.text, "127.0.0.1"));
                CHECK_FALSE(contains(one.text, "hiddenword"));
                if (one.name == name && condition(one)) return true;
            }
        }
        return false;
    }
    bool saw(const std::string& name, bool works, const std::string& part) {
        return saw(name, [&](const OutputHealth& h) { return h.works == works && contains(h.text, part); });
    }
    Arrivals<Healths> all;
};

}  // namespace

TEST_CASE("alarm outputs: without any there is nothing to say, and sending is harmless") {
    HealthLog health;
    AlarmOutputs outputs{quick(), health.keeper()};
    outputs.send(record_of("a"));
    outputs.test();
    outputs.stop();
    CHECK(health.all.values() == std::vector<Healths>{Healths{}});
}

TEST_CASE("alarm outputs: a webhook gets JSON by POST with its secret in the header") {
    HttpServer server{[](const Request&, int) { return HttpServer::reply(200); }};
    AlarmOutputSettings settings = to_webhook(server);
    settings.webhook->header = "X-Key";
    settings.webhook->secret = Secret{"hiddenword"};
    HealthLog health;
    AlarmOutputs outputs{settings, health.keeper()};
    CHECK(health.saw("webhook", true, "Nothing was sent yet."));
    outputs.send(record_of("a"));
    REQUIRE(server.requests.wait_for(1));
    const Request asked = server.requests.values()[0];
    CHECK(asked.head.starts_with("POST /hook/hiddenword "));
    CHECK(asked.has("Content-Type: application/json"));
    CHECK(asked.has("X-Key: hiddenword"));
    CHECK(contains(asked.body, "\"printer\":\"a\""));
    CHECK(contains(asked.body, "\"what\":\"raised\""));
    CHECK(health.saw("webhook", true, "The last message arrived."));
}

TEST_CASE("alarm outputs: ntfy gets the text at its topic, with title, priority and token") {
    HttpServer server{[](const Request&, int) { return HttpServer::reply(200); }};
    AlarmOutputSettings settings = quick();
    settings.ntfy = NtfySettings{server.url("/"), Secret{"farm-x"}, Secret{"tk_1"}};
    AlarmOutputs outputs{settings, {}};
    outputs.send(record_of("a"));
    REQUIRE(server.requests.wait_for(1));
    const Request asked = server.requests.values()[0];
    CHECK(asked.head.starts_with("POST /farm-x "));
    CHECK(asked.has("Title: Printer a: needs a person"));
    CHECK(asked.has("Priority: 4"));
    CHECK(asked.has("Tags: warning"));
    CHECK(asked.has("Authorization: Bearer tk_1"));
    CHECK(asked.body == "The print failed.");
}

TEST_CASE("alarm outputs: what a server in trouble did not take is sent again, in order and once") {
    HttpServer server{[](const Request&, int number) { return HttpServer::reply(number <= 2 ? 500 : 200); }};
    HealthLog health;
    AlarmOutputs outputs{to_webhook(server), health.keeper()};
    outputs.send(record_of("a"));
    outputs.send(record_of("b"));
    REQUIRE(server.requests.wait_for(4));
    CHECK(health.saw("webhook", false, "The server answered 500 (it has trouble itself);"));
    CHECK(health.saw("webhook", true, "The last message arrived."));
    outputs.stop();
    const auto asked = server.requests.values();
    REQUIRE(asked.size() == 4);
    for (int i = 0; i < 3; ++i)
        CHECK(contains(asked[i].body, "\"printer\":\"a\""));
    CHECK(contains(asked[3].body, "\"printer\":\"b\""));
}

TEST_CASE("alarm outputs: a message that the server calls wrong is given up, the next one is sent") {
    HttpServer server{[](const Request&, int number) { return HttpServer::reply(number == 1 ? 400 : 200); }};
    HealthLog health;
    AlarmOutputs outputs{to_webhook(server), health.keeper()};
    outputs.send(record_of("a"));
    outputs.send(record_of("b"));
    REQUIRE(server.requests.wait_for(2));
    CHECK(contains(server.requests.values()[1].body, "\"printer\":\"b\""));
    CHECK(health.saw("webhook", false, "A message was not taken: the server answered 400"));
}

TEST_CASE("alarm outputs: nobody there is said, with how many wait; at most twenty do") {
    AlarmOutputSettings settings = quick();
    settings.webhook =
        WebhookSettings{Secret{"http://127.0.0.1:" + std::to_string(closed_port()) + "/hiddenword"}, {}, {}};
    HealthLog health;
    AlarmOutputs outputs{settings, health.keeper()};
    for (int i = 0; i < 30; ++i)
        outputs.send(record_of("a"));
    CHECK(health.saw("webhook", false, "does not accept the connection; 20 messages wait."));
}

TEST_CASE("alarm outputs: a server that says nothing delays no other output, no caller, and not the end") {
    HttpServer silent{[](const Request&, int) { return std::string{}; }};
    HttpServer good{[](const Request&, int) { return HttpServer::reply(200); }};
    AlarmOutputSettings settings = to_webhook(silent);
    settings.timeout = 60s;
    settings.ntfy = NtfySettings{good.url(""), Secret{"x"}, {}};
    HealthLog health;
    AlarmOutputs outputs{settings, health.keeper()};
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < 5; ++i)
        outputs.send(record_of("a"));
    REQUIRE(silent.requests.wait_for(1));
    REQUIRE(good.requests.wait_for(5));
    CHECK(health.saw("ntfy", true, "The last message arrived."));
    outputs.stop();
    CHECK(std::chrono::steady_clock::now() - begun < 30s);
    CHECK(silent.requests.values().size() == 1);
}

TEST_CASE("alarm outputs: a stop takes no longer than two seconds, although a server says nothing") {
    HttpServer silent{[](const Request&, int) { return std::string{}; }};
    AlarmOutputSettings settings = to_webhook(silent);
    settings.timeout = 60s;
    AlarmOutputs outputs{settings, {}};
    outputs.send(record_of("a"));
    REQUIRE(silent.requests.wait_for(1));
    const auto begun = std::chrono::steady_clock::now();
    outputs.stop();
    CHECK(std::chrono::steady_clock::now() - begun < 2s);
    outputs.send(record_of("b"));
    outputs.stop();
}

TEST_CASE("alarm outputs: a test is sent at once to each, although others wait, and tried once") {
    HttpServer server{[](const Request& request, int) {
        return HttpServer::reply(contains(request.body, "\"kind\":\"test\"") ? 200 : 503);
    }};
    AlarmOutputSettings settings = to_webhook(server);
    settings.waits = {1h};
    settings.ntfy = NtfySettings{"http://127.0.0.1:" + std::to_string(closed_port()), Secret{"x"}, {}};
    HealthLog health;
    AlarmOutputs outputs{settings, health.keeper()};
    outputs.send(record_of("a"));
    CHECK(health.saw("webhook", false, "1 message waits"));
    outputs.test();
    CHECK(health.saw("webhook", true, "The test message arrived."));
    CHECK(health.saw("ntfy", false,
                     "The test message did not arrive: the server does not accept the connection."));
    // A test that arrived ends the wait of the others.
    REQUIRE(server.requests.wait_for(3));
    CHECK(contains(server.requests.values()[2].body, "\"printer\":\"a\""));
}

TEST_CASE("alarm outputs: a test of one output goes to that one") {
    HttpServer hook{[](const Request&, int) { return HttpServer::reply(200); }};
    HttpServer push{[](const Request&, int) { return HttpServer::reply(200); }};
    AlarmOutputSettings settings = to_webhook(hook);
    settings.ntfy = NtfySettings{"http://127.0.0.1:" + std::to_string(push.port()), Secret{"x"}, {}};
    HealthLog health;
    AlarmOutputs outputs{settings, health.keeper()};
    outputs.test("ntfy");
    REQUIRE(push.requests.wait_for(1));
    CHECK(health.saw("ntfy", true, "The test message arrived."));
    outputs.test("webhook");
    REQUIRE(hook.requests.wait_for(1));
    CHECK(health.saw("webhook", true, "The test message arrived."));
    outputs.stop();
    CHECK(hook.requests.values().size() == 1);
    CHECK(push.requests.values().size() == 1);
}

namespace {

constexpr const char* broker_code = "a1b2c3d4";

// A broker whose certificate this process trusts, and a listener at it.
struct MqttBench {
    MqttBench() {
        const KeyAndCertificate identity = make_certificate("localhost");
        broker = Broker::start(identity, broker_code);
        if (!broker) return;
        setenv("SSL_CERT_FILE", broker->certificate().c_str(), 1);
        MqttSettings settings;
        settings.address = "127.0.0.1";
        settings.port = broker->port();
        settings.client_id = "listener";
        settings.password = Secret{broker_code};
        settings.trust_store = broker->certificate();
        settings.subscribe_topic = "farm/alarms/#";
        io.post([this, settings] {
            listener = std::make_unique<MqttClient>(io, calls, settings, [this](const MqttEvent& event) {
                if (std::holds_alternative<MqttConnected>(event)) listener->subscribe();
                if (std::holds_alternative<MqttSubscribed>(event)) ready.put(1);
                if (const auto* message = std::get_if<MqttMessage>(&event)) messages.put(message->payload);
            });
            listener->connect();
        });
        REQUIRE(ready.wait_for(1));
    }
    ~MqttBench() {
        Arrivals<int> gone;
        io.post([&] {
            listener.reset();
            gone.put(1);
        });
        gone.wait_for(1);
        unsetenv("SSL_CERT_FILE");
    }
    MqttBench(const MqttBench&) = delete;
    MqttBench& operator=(const MqttBench&) = delete;

    [[nodiscard]] AlarmOutputSettings settings(bool tls) const {
        AlarmOutputSettings out = quick();
        out.mqtt = MqttOutputSettings{
            "localhost",  tls ? broker->port() : broker->plain_port(), tls, "bblp", Secret{broker_code},
            "farm/alarms"};
        return out;
    }

    std::unique_ptr<Broker> broker;
    Arrivals<int> ready;
    Arrivals<std::string> messages;
    net::IoThread io{"test-net"};
    MqttCalls calls;
    std::unique_ptr<MqttClient> listener;
};

}  // namespace

TEST_CASE("alarm outputs: an MQTT broker gets each message, with TLS and without") {
    MqttBench bench;
    if (!bench.broker) return;
    for (const bool tls : {false, true}) {
        CAPTURE(tls);
        HealthLog health;
        AlarmOutputs outputs{bench.settings(tls), health.keeper()};
        const std::size_t before = bench.messages.values().size();
        outputs.send(record_of("left"));
        outputs.send(record_of("right"));
        REQUIRE(bench.messages.wait_for(before + 2));
        CHECK(contains(bench.messages.values()[before], "\"printer\":\"left\""));
        CHECK(contains(bench.messages.values()[before + 1], "\"printer\":\"right\""));
        CHECK(health.saw("mqtt", true, "The last message arrived."));
        outputs.test();
        CHECK(health.saw("mqtt", true, "The test message arrived."));
    }
}

TEST_CASE("alarm outputs: a wrong MQTT login and a certificate that is not trusted are said") {
    MqttBench bench;
    if (!bench.broker) return;
    AlarmOutputSettings wrong = bench.settings(false);
    wrong.mqtt->password = Secret{"hiddenword"};
    HealthLog health;
    {
        AlarmOutputs outputs{wrong, health.keeper()};
        outputs.send(record_of("left"));
        CHECK(health.saw("mqtt", false, "The broker refuses the login; 1 message waits."));
    }
    AlarmOutputSettings other_name = bench.settings(true);
    other_name.mqtt->host = "127.0.0.1";  // not what the certificate says
    HealthLog untrusted;
    AlarmOutputs outputs{other_name, untrusted.keeper()};
    outputs.send(record_of("left"));
    CHECK(untrusted.saw("mqtt", false, "its certificate is not trusted"));
    CHECK(bench.messages.values().empty());
}

TEST_CASE("alarm outputs: an MQTT broker that comes back gets what waited") {
    MqttBench bench;
    if (!bench.broker) return;
    HealthLog health;
    AlarmOutputs outputs{bench.settings(false), health.keeper()};
    outputs.send(record_of("left"));
    CHECK(health.saw("mqtt", true, "The last message arrived."));
    bench.broker->kill();
    outputs.send(record_of("right"));
    CHECK(health.saw("mqtt", false, "1 message waits"));
    bench.broker->start_again(make_certificate("localhost"));
    bool was_gone = false;
    CHECK(health.saw("mqtt", [&](const OutputHealth& now) {
        was_gone = was_gone || !now.works;
        return was_gone && now.works;
    }));
}

TEST_CASE(
    "alarm outputs: an MQTT broker that takes the connection and says nothing does not hold up the end") {
    HttpServer silent{[](const Request&, int) { return std::string{}; }};
    AlarmOutputSettings settings = quick();
    settings.timeout = 60s;
    settings.mqtt = MqttOutputSettings{"127.0.0.1", silent.port(), false, "", {}, "x"};
    AlarmOutputs outputs{settings, {}};
    outputs.send(record_of("a"));
    REQUIRE(silent.visits.wait_for(1));
    const auto begun = std::chrono::steady_clock::now();
    outputs.stop();
    CHECK(std::chrono::steady_clock::now() - begun < 2s);
}
