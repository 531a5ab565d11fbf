#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "fleet/fleet_state.hpp"
#include "model/alarm.hpp"

namespace farmwall::link {

struct WebhookSettings {
    Secret url;
    std::string header = "Authorization";  // carries the secret, where there is one
    Secret secret;
};
struct NtfySettings {
    std::string url;  // "https://ntfy.sh"
    Secret topic;     // whoever knows it can read along
    Secret token;
};
struct MqttOutputSettings {
    std::string host;
    std::uint16_t port = 1883;
    bool tls = false;  // with a certificate that this machine trusts
    std::string user;
    Secret password;
    std::string topic;  // messages go to TOPIC/PRINTER
};

struct AlarmOutputSettings {
    std::optional<WebhookSettings> webhook;
    std::optional<NtfySettings> ntfy;
    std::optional<MqttOutputSettings> mqtt;
    // After the first failure in a row, the second …; the last one repeats.
    std::vector<Duration> waits{std::chrono::seconds{1}, std::chrono::seconds{5}, std::chrono::seconds{30},
                                std::chrono::seconds{120}};
    std::chrono::milliseconds timeout{10'000};  // of one delivery
};

// Carries alarms out of the program: to a webhook, an ntfy topic, an MQTT broker. Each has a thread and a
// queue of its own, so that a stuck one delays nobody; what cannot be delivered is tried again. A message may
// arrive twice where its acknowledgement was lost. No call here waits, except stop().
class AlarmOutputs {
public:
    // At most so many messages wait for one output; the oldest is dropped for a new one.
    static constexpr std::size_t most_waiting = 20;
    using OnHealth = std::function<void(const std::vector<OutputHealth>&)>;

    // `on_health` gets the health of every output: once from here, then after each change from a thread of
    // ours, never two at a time. It must not call back.
    AlarmOutputs(AlarmOutputSettings settings, OnHealth on_health);
    // Stops.
    ~AlarmOutputs();
    AlarmOutputs(const AlarmOutputs&) = delete;
    AlarmOutputs& operator=(const AlarmOutputs&) = delete;

    // Any thread. After stop() nothing is sent.
    void send(const AlarmRecord& record);
    // Sends one test message to the output of this name, or to each (empty), now, whatever waits, and tries
    // it once; health says what became of it.
    void test(std::string_view output = {});
    // Drops what waits; within 2 s. Later calls do nothing.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::link
