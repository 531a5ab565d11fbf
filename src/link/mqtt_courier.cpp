#include <fmt/format.h>
#include <mqtt/async_client.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

#include "base/platform.hpp"
#include "link/courier.hpp"

namespace farmwall::link {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto keep_alive = 60s;
constexpr auto between_looks = 100ms;  // at whether to stop
constexpr int at_least_once = 1;

Error unavailable(std::string what) { return Error{ErrorKind::unavailable, std::move(what)}; }

// An address of `host`, an IPv4 one where there is one. The system's lookup cannot be interrupted: when it
// takes longer than `limit` its thread is left behind, with nothing but its own state.
Result<std::string> look_up(const std::string& host, std::chrono::milliseconds limit,
                            const std::stop_token& stop) {
    struct Lookup {
        std::mutex mutex;
        std::condition_variable_any changed;
        bool done = false;
        std::string address;
    };
    const auto lookup = std::make_shared<Lookup>();
    std::thread{[lookup, host] {
        platform::name_this_thread("mqtt-lookup");
        asio::io_context io;
        asio::ip::tcp::resolver resolver{io};
        boost::system::error_code failed;
        std::string address;
        for (const auto& entry : resolver.resolve(host, "", failed)) {
            const auto found = entry.endpoint().address();
            if (address.empty() || found.is_v4()) address = found.to_string();
            if (found.is_v4()) break;
        }
        std::lock_guard lock{lookup->mutex};
        lookup->address = std::move(address);
        lookup->done = true;
        lookup->changed.notify_all();
    }}.detach();
    std::unique_lock lock{lookup->mutex};
    if (!lookup->changed.wait_for(lock, stop, limit, [&] { return lookup->done; })) {
        return unavailable("the name of the broker is looked up and there is no answer");
    }
    if (lookup->address.empty())
        return unavailable("the name of the broker is not known, or there is no network");
    return lookup->address;
}

Error explain(int code) {
    constexpr int bad_login = 4;
    constexpr int not_authorized = 5;
    if (code == bad_login || code == not_authorized) {
        return {ErrorKind::refused, "the broker refuses the login"};
    }
    if (code >= 1 && code <= 3) return {ErrorKind::refused, "the broker refuses this client"};
    if (code == MQTTASYNC_FAILURE)
        return unavailable("the broker cannot be reached, or its certificate is not trusted");
    return unavailable(
        fmt::format("the broker does not take the message ({})", mqtt::exception::error_str(code)));
}

class MqttCourier final : public Courier {
public:
    MqttCourier(MqttOutputSettings settings, std::chrono::milliseconds timeout)
        : settings_{std::move(settings)},
          timeout_{timeout},
          client_id_{
              fmt::format("farmwall-alarms-{}-{:08x}", platform::process_number(), std::random_device{}())} {}

    Status deliver(const wire::AlarmMessage& message, const std::stop_token& stop) override {
        try {
            if (client_ == nullptr || !client_->is_connected()) {
                const Status connected = connect(stop);
                if (!connected) return connected;
            }
            const std::string& last = message.printer.empty() ? message.kind : message.printer;
            const std::string payload = wire::alarm_json(message);
            const auto token = client_->publish(settings_.topic + '/' + last, payload.data(), payload.size(),
                                                at_least_once, false);
            if (wait(*token, stop)) return Done{};
            client_.reset();
            return unavailable("the broker did not acknowledge in time");
        } catch (const mqtt::exception& failed) {
            client_.reset();
            return explain(failed.get_return_code());
        }
    }

private:
    // Throws what the library throws.
    Status connect(const std::stop_token& stop) {
        client_.reset();
        // The library looks names up under its one lock, which would hold up the printers too: it gets one
        // only for TLS, where it must check it, and only once the answer is known to be near.
        const auto address = look_up(settings_.host, timeout_, stop);
        if (!address) return address.error();
        const bool ipv6 = address.value().find(':') != std::string::npos;
        const std::string host = settings_.tls ? settings_.host : address.value();
        const std::string in_url = ipv6 && !settings_.tls ? '[' + host + ']' : host;
        client_ = std::make_unique<mqtt::async_client>(
            fmt::format("{}://{}:{}", settings_.tls ? "ssl" : "tcp", in_url, settings_.port), client_id_);
        if (wait(*client_->connect(options()), stop)) return Done{};
        client_.reset();
        return unavailable("the broker did not answer in time");
    }

    [[nodiscard]] mqtt::connect_options options() const {
        mqtt::connect_options options;
        options.set_mqtt_version(MQTTVERSION_3_1_1);
        options.set_clean_session(true);
        options.set_keep_alive_interval(keep_alive);
        options.set_connect_timeout(std::chrono::ceil<std::chrono::seconds>(timeout_));
        options.set_automatic_reconnect(false);
        if (!settings_.user.empty()) options.set_user_name(settings_.user);
        if (!settings_.password.empty()) options.set_password(settings_.password.reveal());
        if (settings_.tls) {
            mqtt::ssl_options tls;
            tls.set_enable_server_cert_auth(true);
            tls.set_verify(true);
            options.set_ssl(tls);
        }
        return options;
    }

    // False: not in time, or stopped. Throws when it failed.
    bool wait(mqtt::token& token, const std::stop_token& stop) const {
        const auto end = std::chrono::steady_clock::now() + timeout_;
        while (!stop.stop_requested() && std::chrono::steady_clock::now() < end) {
            if (token.wait_for(between_looks)) return true;
        }
        return false;
    }

    const MqttOutputSettings settings_;
    const std::chrono::milliseconds timeout_;
    const std::string client_id_;
    std::unique_ptr<mqtt::async_client> client_;
};

}  // namespace

std::unique_ptr<Courier> mqtt_courier(MqttOutputSettings settings, std::chrono::milliseconds timeout) {
    return std::make_unique<MqttCourier>(std::move(settings), timeout);
}

}  // namespace farmwall::link
