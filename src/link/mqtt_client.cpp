#include "link/mqtt_client.hpp"

#include <fmt/format.h>
#include <mqtt/async_client.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "base/platform.hpp"
#include "net/certificate.hpp"
#include "net/io_thread.hpp"
#include "net/server_names.hpp"
#include "wire/message.hpp"

namespace farmwall::link {
namespace {

using namespace std::chrono_literals;

constexpr auto keep_alive = 30s;
constexpr auto connect_timeout = 20s;     // TCP, TLS and CONNACK together
constexpr int max_unacknowledged = 1000;  // a slow PUBACK must block nothing (protocol 3.1)
constexpr int subscribe_quality = 1;

std::string words(int code) {
    // 1.2 has no message in the token; this one covers both versions.
    return mqtt::exception::error_str(code);
}

}  // namespace

struct MqttCalls::Impl {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::deque<std::function<void()>> waiting;
    bool working = false;
    std::jthread thread{[this](const std::stop_token& stop) { run(stop); }};

    void run(const std::stop_token& stop) {
        platform::name_this_thread("mqtt-calls");
        std::unique_lock lock{mutex};
        while (changed.wait(lock, stop, [this] { return !waiting.empty(); })) {
            auto call = std::move(waiting.front());
            waiting.pop_front();
            working = true;
            lock.unlock();
            call();
            call = nullptr;  // what it owned dies outside the lock
            lock.lock();
            working = false;
            changed.notify_all();
        }
    }
};

MqttCalls::MqttCalls() : impl_{std::make_unique<Impl>()} {}

MqttCalls::~MqttCalls() {
    impl_->thread.request_stop();
    impl_->thread.join();
}

void MqttCalls::post(std::function<void()> call) {
    {
        std::lock_guard lock{impl_->mutex};
        impl_->waiting.push_back(std::move(call));
    }
    impl_->changed.notify_all();
}

bool MqttCalls::drain(Duration limit) {
    std::unique_lock lock{impl_->mutex};
    return impl_->changed.wait_for(lock, limit, [this] { return impl_->waiting.empty() && !impl_->working; });
}

// Lives until the library's object is gone. The library's threads call it; they only copy and post.
class MqttClient::Inner final : public std::enable_shared_from_this<Inner>,
                                private mqtt::callback,
                                private mqtt::iaction_listener {
public:
    Inner(net::IoThread& io, MqttSettings settings, std::function<void(const MqttEvent&)> on_event)
        : io_{io}, settings_{std::move(settings)}, on_event_{std::move(on_event)} {}

    // On the network thread: the owner is gone.
    void detach() { on_event_ = nullptr; }

    // The rest on the calls' thread, unless said.
    void connect() {
        net::accept_pinned_leaves();
        net::send_server_name(settings_.address, settings_.server_name);
        try {
            client_ = std::make_unique<mqtt::async_client>(
                fmt::format("ssl://{}:{}", settings_.address, settings_.port), settings_.client_id);
            // Before the first connect and never again: 1.2 takes its locks in another order there.
            client_->set_callback(*this);
            client_->connect(connect_options(), nullptr, *this);
        } catch (const mqtt::exception& error) {
            report(MqttConnectFailed{0, words(error.get_return_code())});
        }
    }

    void subscribe() {
        try {
            if (client_) client_->subscribe(settings_.subscribe_topic, subscribe_quality, nullptr, *this);
        } catch (const mqtt::exception& error) {
            report(MqttLost{words(error.get_return_code())});
        }
    }

    void publish(const std::string& payload, int quality_of_service) {
        --waiting_publishes_;
        try {
            if (client_) {
                client_->publish(settings_.publish_topic, payload.data(), payload.size(), quality_of_service,
                                 false);
            }
        } catch (const mqtt::exception& error) {
            report(MqttLost{words(error.get_return_code())});
        }
    }

    // Says goodbye when there is a session, and ends the library's object without waiting for anyone.
    void destroy() { client_.reset(); }

    // Any thread.
    [[nodiscard]] bool reserve_publish() {
        if (waiting_publishes_.fetch_add(1) < max_waiting_publishes) return true;
        --waiting_publishes_;
        return false;
    }

private:
    [[nodiscard]] mqtt::connect_options connect_options() const {
        mqtt::ssl_options tls;
        tls.set_trust_store(settings_.trust_store.string());
        tls.set_enable_server_cert_auth(true);
        tls.set_verify(false);  // no host name in a printer's certificate
        // Level 1 admits the printers' old keys; TLS 1.0 and 1.1 would need level 0.
        tls.set_enabled_cipher_suites("DEFAULT@SECLEVEL=1");
        mqtt::connect_options options;
        options.set_mqtt_version(MQTTVERSION_3_1_1);
        options.set_clean_session(true);
        options.set_keep_alive_interval(keep_alive);
        options.set_connect_timeout(connect_timeout);
        options.set_automatic_reconnect(false);
        options.set_max_inflight(max_unacknowledged);
        options.set_user_name(settings_.user);
        options.set_password(settings_.password.reveal());
        options.set_ssl(tls);
        return options;
    }

    void report(MqttEvent event) {
        io_.post([self = shared_from_this(), event = std::move(event)] {
            if (std::holds_alternative<MqttMessage>(event)) --self->waiting_messages_;
            // A copy: the handler may destroy the owner.
            const auto on_event = self->on_event_;
            if (on_event) on_event(event);
        });
    }

    // From here on the library's threads.
    void on_success(const mqtt::token& token) override {
        switch (token.get_type()) {
            case mqtt::token::CONNECT:
                if (!connected_reported_.exchange(true)) report(MqttConnected{});  // 1.2 says it twice
                break;
            case mqtt::token::SUBSCRIBE:
                report(MqttSubscribed{});
                break;
            default:
                break;
        }
    }

    void on_failure(const mqtt::token& token) override {
        const int code = token.get_return_code();
        if (token.get_type() == mqtt::token::CONNECT) {
            const bool answer = code >= 1 && code <= 5;
            report(
                MqttConnectFailed{answer ? code : 0, answer ? fmt::format("CONNACK {}", code) : words(code)});
        } else {
            report(MqttLost{words(code)});
        }
    }

    void connection_lost(const std::string& cause) override { report(MqttLost{cause}); }

    void message_arrived(mqtt::const_message_ptr message) override {
        const auto& payload = message->get_payload_ref();
        if (payload.size() > wire::max_message_bytes) return report(MqttOversized{});
        if (waiting_messages_.fetch_add(1) >= max_waiting_messages) {
            --waiting_messages_;
            if (!overrun_reported_.exchange(true)) report_overrun();
            return;
        }
        report(MqttMessage{std::string{payload.data(), payload.size()}});
    }

    // One for a whole burst, or the cure would be as bulky as the illness.
    void report_overrun() {
        io_.post([self = shared_from_this()] {
            self->overrun_reported_ = false;
            const auto on_event = self->on_event_;
            if (on_event) on_event(MqttOverrun{});
        });
    }

    net::IoThread& io_;
    const MqttSettings settings_;
    std::function<void(const MqttEvent&)> on_event_;  // network thread only
    std::atomic<std::size_t> waiting_messages_ = 0;
    std::atomic<std::size_t> waiting_publishes_ = 0;
    std::atomic<bool> overrun_reported_ = false;
    std::atomic<bool> connected_reported_ = false;
    std::unique_ptr<mqtt::async_client> client_;  // calls' thread only
};

MqttClient::MqttClient(net::IoThread& io, MqttCalls& calls, MqttSettings settings,
                       std::function<void(const MqttEvent&)> on_event)
    : calls_{calls}, inner_{std::make_shared<Inner>(io, std::move(settings), std::move(on_event))} {}

MqttClient::~MqttClient() {
    inner_->detach();
    calls_.post([inner = inner_] { inner->destroy(); });
}

void MqttClient::connect() {
    calls_.post([inner = inner_] { inner->connect(); });
}

void MqttClient::subscribe() {
    calls_.post([inner = inner_] { inner->subscribe(); });
}

bool MqttClient::publish(std::string payload, int quality_of_service) {
    if (!inner_->reserve_publish()) return false;
    calls_.post([inner = inner_, payload = std::move(payload), quality_of_service] {
        inner->publish(payload, quality_of_service);
    });
    return true;
}

}  // namespace farmwall::link
