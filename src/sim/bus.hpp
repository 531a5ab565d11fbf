#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "sim/broker.hpp"

namespace farmwall::sim {

// The virtual printers' side of the broker: one MQTT connection for all of them.
class Bus {
public:
    // Both run on the MQTT library's thread: take the values and leave.
    struct Events {
        std::function<void(std::string serial, std::string payload)> on_request;
        std::function<void()> on_lost;
    };

    // Blocks until connected and subscribed, 10 s at most. Errors: unavailable.
    [[nodiscard]] static Result<Bus> connect(const BusAccess& access, Events events);
    Bus(Bus&&) noexcept;
    ~Bus();

    // To the printer's report topic; dropped while the connection is lost.
    void publish(const std::string& serial, const std::string& payload);

private:
    struct Inside;
    explicit Bus(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

}  // namespace farmwall::sim
