#include <doctest/doctest.h>

#include <fstream>
#include <memory>

#include "../net/greeting_server.hpp"
#include "link/mqtt_client.hpp"
#include "net/io_thread.hpp"
#include "net/server_names.hpp"
#include "temporary_folder.hpp"

using namespace farmwall;
using namespace farmwall::link;
using namespace std::chrono_literals;

namespace {

// What the MQTT library names in its greeting when the client is given this server name.
std::string name_sent(const std::string& server_name) {
    const KeyAndCertificate identity = make_certificate("01P00A000000001");
    GreetingServer server{identity};
    const TemporaryFolder folder;
    MqttSettings settings;
    settings.address = "127.0.0.1";
    settings.port = server.port();
    settings.server_name = server_name;
    settings.client_id = "greeting";
    settings.password = Secret{"a1b2c3d4"};
    settings.trust_store = folder.path() / "server.pem";
    std::ofstream{settings.trust_store} << identity.certificate_pem;

    net::IoThread io{"net"};
    MqttCalls calls;
    std::unique_ptr<MqttClient> client;
    io.post([&] {
        client = std::make_unique<MqttClient>(io, calls, settings, [](const MqttEvent&) {});
        client->connect();
    });
    REQUIRE(server.names.wait_for(1));
    Arrivals<int> gone;
    io.post([&] {
        client.reset();
        gone.put(1);
    });
    REQUIRE(gone.wait_for(1));
    return server.names.values().front();
}

}  // namespace

TEST_CASE("server name: the MQTT connection names the serial, not the address") {
    CHECK(name_sent("01P00A000000001") == "01P00A000000001");
    CHECK(name_sent("00M00A000000002") == "00M00A000000002");
}

TEST_CASE("server name: one that was taken back leaves the address") { CHECK(name_sent("") == "127.0.0.1"); }
