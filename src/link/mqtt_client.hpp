#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "base/clock.hpp"
#include "base/secret.hpp"

namespace farmwall::net {
class IoThread;
}

namespace farmwall::link {

// The one thread on which the library is called: its calls take a lock that it may hold during a
// slow handshake, and the end of a client takes up to 0.1 s. Outlives its clients.
class MqttCalls {
public:
    MqttCalls();
    // Finishes what is queued, then joins.
    ~MqttCalls();
    MqttCalls(const MqttCalls&) = delete;
    MqttCalls& operator=(const MqttCalls&) = delete;

    // Any thread; in order. Bounded by the senders: a handful a client, and its publish limit.
    void post(std::function<void()> call);
    // Waits until everything posted before is done, at most `limit`. Not on the thread itself.
    bool drain(Duration limit);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

struct MqttSettings {
    std::string address;  // dotted IPv4
    std::uint16_t port = 8883;
    std::string server_name;  // of the TLS greeting: the serial (protocol 3.2); empty: the address
    std::string client_id;
    std::string user = "bblp";
    Secret password;
    std::filesystem::path trust_store;  // PEM file with the one certificate that is accepted
    std::string subscribe_topic;
    std::string publish_topic;
};

// What a client reports, on the network thread.
struct MqttConnected {};
struct MqttConnectFailed {
    int connack = 0;     // 1-5: the server's answer; 0: there was none
    std::string detail;  // the library's words
};
struct MqttSubscribed {};
struct MqttLost {
    std::string detail;
};
struct MqttMessage {
    std::string payload;
};
struct MqttOversized {};  // longer than wire::max_message_bytes; not copied
struct MqttOverrun {};    // dropped because too many were not handled yet
using MqttEvent = std::variant<MqttConnected, MqttConnectFailed, MqttSubscribed, MqttLost, MqttMessage,
                               MqttOversized, MqttOverrun>;

// One connection to one broker over TLS with a pinned certificate; a new object for every attempt,
// so that nothing queued is ever sent twice (protocol 3.7). All of it on the network thread, which
// no call here makes wait. After the destructor no event comes any more.
class MqttClient {
public:
    // Events a client at most has under way to the network thread, and messages to the printer.
    static constexpr std::size_t max_waiting_messages = 64;
    static constexpr std::size_t max_waiting_publishes = 256;

    MqttClient(net::IoThread& io, MqttCalls& calls, MqttSettings settings,
               std::function<void(const MqttEvent&)> on_event);
    ~MqttClient();
    MqttClient(const MqttClient&) = delete;
    MqttClient& operator=(const MqttClient&) = delete;

    // Once. Ends in MqttConnected or MqttConnectFailed.
    void connect();
    // After MqttConnected. Ends in MqttSubscribed or MqttLost.
    void subscribe();
    // False when too many wait. What cannot be sent any more is reported as MqttLost.
    [[nodiscard]] bool publish(std::string payload, int quality_of_service);

private:
    class Inner;
    MqttCalls& calls_;
    std::shared_ptr<Inner> inner_;
};

}  // namespace farmwall::link
