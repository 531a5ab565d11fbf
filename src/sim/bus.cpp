#include "sim/bus.hpp"

#include <fmt/format.h>
#include <mqtt/async_client.h>

#include <chrono>
#include <optional>
#include <string_view>

#include "base/log.hpp"
#include "base/platform.hpp"

namespace farmwall::sim {

namespace {

// "device/SERIAL/request" → SERIAL.
std::optional<std::string> serial_in(std::string_view topic) {
    constexpr std::string_view head = "device/";
    constexpr std::string_view tail = "/request";
    if (!topic.starts_with(head) || !topic.ends_with(tail) || topic.size() <= head.size() + tail.size())
        return std::nullopt;
    return std::string{topic.substr(head.size(), topic.size() - head.size() - tail.size())};
}

}  // namespace

struct Bus::Inside {
    explicit Inside(const BusAccess& access, Events wanted)
        : events{std::move(wanted)},
          client{fmt::format("tcp://127.0.0.1:{}", access.port),
                 fmt::format("farmwall-sim-{}", platform::process_number())} {
        client.set_message_callback([this](const mqtt::const_message_ptr& message) {
            if (auto serial = serial_in(message->get_topic()))
                events.on_request(*std::move(serial), message->get_payload_str());
        });
        client.set_connection_lost_handler([this](const std::string&) { events.on_lost(); });
    }

    Events events;
    mqtt::async_client client;
};

Bus::Bus(std::unique_ptr<Inside> inside) : inside_{std::move(inside)} {}
Bus::Bus(Bus&&) noexcept = default;

Bus::~Bus() {
    if (!inside_) return;
    try {
        if (inside_->client.is_connected())
            inside_->client.disconnect()->wait_for(std::chrono::milliseconds{500});
    } catch (const mqtt::exception&) {
        log::debug("sim", "the connection to the broker was already gone");
    }
}

Result<Bus> Bus::connect(const BusAccess& access, Events events) {
    constexpr auto limit = std::chrono::seconds{10};
    auto inside = std::make_unique<Inside>(access, std::move(events));
    auto options = mqtt::connect_options_builder()
                       .clean_session(true)
                       .keep_alive_interval(std::chrono::seconds{60})
                       .automatic_reconnect(false)
                       .max_inflight(1000)
                       .user_name("bus")
                       .password(access.password.reveal())
                       .finalize();
    try {
        const bool connected = inside->client.connect(options)->wait_for(limit);
        const bool subscribed = connected && inside->client.subscribe("device/+/request", 1)->wait_for(limit);
        if (subscribed) return Bus{std::move(inside)};
        return Error{ErrorKind::unavailable, "The broker of the virtual printers did not answer within 10 s"};
    } catch (const mqtt::exception& failed) {
        return Error{ErrorKind::unavailable, "The broker of the virtual printers refused the connection",
                     failed.what()};
    }
}

void Bus::publish(const std::string& serial, const std::string& payload) {
    try {
        inside_->client.publish("device/" + serial + "/report", payload.data(), payload.size(), 0, false);
    } catch (const mqtt::exception&) {
        log::debug("sim", "a report was dropped: the broker is gone");
    }
}

}  // namespace farmwall::sim
