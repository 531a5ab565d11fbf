#pragma once

#include <memory>
#include <stop_token>

#include "base/result.hpp"
#include "link/alarm_outputs.hpp"
#include "wire/alarm_message.hpp"

namespace farmwall::link {

// Takes one message to where it belongs; used by one thread, which it blocks until the message arrived, did
// not, or `stop` is requested (then within 1 s). An error is a part of a sentence without address or secret;
// of the kind bad_input: this message will never be taken, others may.
class Courier {
public:
    Courier() = default;
    virtual ~Courier() = default;
    Courier(const Courier&) = delete;
    Courier& operator=(const Courier&) = delete;
    [[nodiscard]] virtual Status deliver(const wire::AlarmMessage& message, const std::stop_token& stop) = 0;
};

[[nodiscard]] std::unique_ptr<Courier> webhook_courier(WebhookSettings settings,
                                                       std::chrono::milliseconds timeout);
[[nodiscard]] std::unique_ptr<Courier> ntfy_courier(NtfySettings settings, std::chrono::milliseconds timeout);
// Connects at the first message and keeps the connection.
[[nodiscard]] std::unique_ptr<Courier> mqtt_courier(MqttOutputSettings settings,
                                                    std::chrono::milliseconds timeout);

}  // namespace farmwall::link
