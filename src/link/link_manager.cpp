#include "link/link_manager.hpp"

#include <algorithm>
#include <future>
#include <random>

#include "base/log.hpp"
#include "link/mqtt_client.hpp"
#include "net/io_thread.hpp"
#include "net/pin_store.hpp"
#include "wire/request.hpp"

namespace farmwall::link {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t second_discovery_port = 1990;
constexpr auto stop_limit = 1s;  // for the sessions, and again for the library
// A quiet printer says nothing because nothing changes; but it was asked within the health check.
constexpr auto plots_stale_after = 10min;

// One printer's session with its sockets. Network thread only.
class Station final : public SessionPort {
public:
    Station(std::size_t index, const PrinterSettings& settings, const Times& times,
            std::optional<net::Certificate> pin, std::function<double()> random, const Clock& clock,
            FleetStore& store, net::IoThread& io, MqttCalls& calls, net::PinStore& pins,
            const PrinterSession::OnEvent& on_event)
        : settings_{settings}, clock_{clock}, io_{io}, calls_{calls}, pins_{pins}, session_{index,
                                                                                            settings,
                                                                                            times,
                                                                                            std::move(pin),
                                                                                            std::move(random),
                                                                                            clock,
                                                                                            store,
                                                                                            *this,
                                                                                            on_event} {}

    PrinterSession& session() { return session_; }

    void fetch_certificate(const FetchCertificate& effect) override {
        net::FetchRequest request;
        request.address = effect.address;
        request.port = effect.port;
        request.server_name = settings_.serial.value;
        fetch_ = net::fetch_certificate(io_, request,
                                        [this, attempt = effect.attempt](const net::FetchOutcome& outcome) {
                                            session_.certificate_fetched(attempt, outcome);
                                        });
    }

    void save_pin(const SavePin& effect) override {
        // The store's thread knows the station only by a weak pointer: it may be gone by then.
        pins_.save(
            settings_.serial, effect.certificate,
            [&io = io_, self = std::weak_ptr{alive_}, this, attempt = effect.attempt](const Status& saved) {
                io.post([self, this, attempt, saved] {
                    if (!self.expired()) session_.pin_saved(attempt, saved);
                });
            });
    }

    void open_client(const OpenClient& effect) override {
        fetch_ = {};
        MqttSettings mqtt;
        mqtt.address = effect.address;
        mqtt.port = effect.port;
        mqtt.server_name = settings_.serial.value;
        mqtt.client_id = effect.client_id;
        mqtt.password = settings_.access_code;
        mqtt.trust_store = pins_.file_of(settings_.serial);
        mqtt.subscribe_topic = wire::report_topic(settings_.serial.value);
        mqtt.publish_topic = wire::request_topic(settings_.serial.value);
        client_ = std::make_unique<MqttClient>(io_, calls_, std::move(mqtt),
                                               [this, attempt = effect.attempt](const MqttEvent& event) {
                                                   session_.client_event(attempt, event);
                                               });
        client_->connect();
    }

    void subscribe() override {
        if (client_) client_->subscribe();
    }

    bool publish(std::string payload, int quality_of_service) override {
        return client_ && client_->publish(std::move(payload), quality_of_service);
    }

    void close_client() override { client_.reset(); }

    void wake_at(TimePoint when) override {
        if (wake_when_ == when && timer_armed_) return;
        wake_when_ = when;
        timer_armed_ = true;
        timer_ = io_.after(std::max(when - clock_.now(), Duration::zero()), [this] {
            timer_armed_ = false;
            session_.tick();
        });
    }

private:
    const PrinterSettings settings_;
    const Clock& clock_;
    net::IoThread& io_;
    MqttCalls& calls_;
    net::PinStore& pins_;
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
    net::CertificateFetch fetch_;
    std::unique_ptr<MqttClient> client_;
    TimePoint wake_when_{};
    bool timer_armed_ = false;
    net::Timer timer_;
    PrinterSession session_;
};

}  // namespace

struct LinkManager::Impl {
    ManagerSettings settings;
    const Clock& clock;
    FleetStore& store;
    TelemetryStore& telemetry;
    net::IoThread& io;
    MqttCalls calls;
    net::PinStore pins;
    bool started = false;
    bool stopped = false;

    // Network thread only.
    std::mt19937 random{std::random_device{}()};
    std::vector<std::unique_ptr<Station>> stations;
    net::Timer sampling;
    std::unique_ptr<Discovery> discovery;
    // What discovery published to other threads, so that seen() needs no network thread.
    Synchronized<std::vector<Discovered>> heard;

    Impl(ManagerSettings s, net::IoThread& thread, const Clock& c, FleetStore& fleet, TelemetryStore& t)
        : settings{std::move(s)}, clock{c}, store{fleet}, telemetry{t}, io{thread}, pins{settings.root} {}

    [[nodiscard]] std::optional<net::Certificate> pin_of(const PrinterSettings& printer) const {
        auto pin = pins.load(printer.serial);
        if (pin.ok()) return std::move(pin).value();
        log::warning("link", printer.id.value + ": " + pin.error().text());
        // There was a pin, so this is not the first use: one that nothing equals asks a person.
        return net::Certificate{};
    }

    void open(std::vector<std::optional<net::Certificate>> found_pins) {
        const auto chance = [this] { return std::uniform_real_distribution<double>{0.0, 1.0}(random); };
        for (std::size_t i = 0; i < settings.printers.size(); ++i) {
            stations.push_back(std::make_unique<Station>(i, settings.printers[i], settings.times,
                                                         std::move(found_pins[i]), chance, clock, store, io,
                                                         calls, pins, settings.on_event));
        }
        if (settings.discovery) {
            std::vector<std::uint16_t> ports{settings.discovery_port};
            if (settings.discovery_port != second_discovery_port) ports.push_back(second_discovery_port);
            discovery = std::make_unique<Discovery>(io, clock, std::move(ports),
                                                    [this](const Discovered& found) { announced(found); });
        }
        for (const auto& station : stations)
            station->session().start();
        sample();
    }

    void announced(const Discovered& found) {
        std::vector<Discovered> now_seen = discovery->seen();
        heard.with([&](std::vector<Discovered>& all) { all.swap(now_seen); });
        for (const auto& station : stations) {
            if (station->session().state().serial == found.serial) station->session().announced(found);
        }
    }

    void send(std::size_t printer, CommandId command, const Action& action,
              const std::optional<Position>& position, const std::optional<JobIdentity>& seen_job) {
        if (printer < stations.size())
            return stations[printer]->session().send(command, action, position, seen_job);
        no_session(printer, command);
    }

    void start_print(std::size_t printer, CommandId command, const StartPrint& start,
                     const JobIdentity& seen) {
        if (printer < stations.size()) return stations[printer]->session().start_print(command, start, seen);
        no_session(printer, command);
    }

    void no_session(std::size_t printer, CommandId command) const {
        if (!settings.on_event) return;
        dispatch::LinkEvent event;
        event.kind = dispatch::LinkEvent::Kind::not_sent;
        event.printer = printer;
        event.command = command;
        event.text = "There is no session with the printer at the moment.";
        settings.on_event(event);
    }

    void wish(std::size_t printer, const Wish& wish) {
        if (printer >= stations.size()) return;
        if (settings.on_wish) settings.on_wish(printer, wish);
        stations[printer]->session().wish(wish);
    }

    void sample() {
        const TimePoint now = clock.now();
        for (std::size_t i = 0; i < stations.size(); ++i) {
            telemetry.record(i, sample_of(stations[i]->session().state(), now, plots_stale_after));
        }
        sampling = io.after(settings.poll_interval, [this] { sample(); });
    }

    void close() {
        sampling.cancel();
        discovery.reset();
        for (const auto& station : stations)
            station->session().stop();
        stations.clear();
    }
};

LinkManager::LinkManager(ManagerSettings settings, net::IoThread& io, const Clock& clock, FleetStore& store,
                         TelemetryStore& telemetry)
    : impl_{std::make_shared<Impl>(std::move(settings), io, clock, store, telemetry)} {}

LinkManager::~LinkManager() { stop(); }

void LinkManager::start() {
    if (std::exchange(impl_->started, true)) return;
    std::vector<std::shared_ptr<const PrinterState>> printers;
    std::vector<std::optional<net::Certificate>> pins;
    const TimePoint now = impl_->clock.now();
    for (const PrinterSettings& printer : impl_->settings.printers) {
        printers.push_back(std::make_shared<const PrinterState>(PrinterSession::initial_state(printer, now)));
        pins.push_back(impl_->pin_of(printer));
    }
    impl_->store.update([&](FleetState& fleet) { fleet.printers = std::move(printers); });
    impl_->io.post([impl = impl_, pins = std::move(pins)]() mutable { impl->open(std::move(pins)); });
}

void LinkManager::stop() {
    if (std::exchange(impl_->stopped, true)) return;
    auto closed = std::make_shared<std::promise<void>>();
    auto done = closed->get_future();
    impl_->io.post([impl = impl_, closed] {
        impl->close();
        closed->set_value();
    });
    if (done.wait_for(stop_limit) != std::future_status::ready) {
        log::warning("link", "the sessions did not end in time");
    }
    if (!impl_->calls.drain(stop_limit)) log::warning("link", "the MQTT library did not end in time");
}

void LinkManager::send(std::size_t printer, CommandId command, const Action& action,
                       const std::optional<Position>& position, const std::optional<JobIdentity>& seen_job) {
    impl_->io.post([impl = impl_, printer, command, action, position, seen_job] {
        impl->send(printer, command, action, position, seen_job);
    });
}

void LinkManager::wish(std::size_t printer, const Wish& wish) {
    impl_->io.post([impl = impl_, printer, wish] { impl->wish(printer, wish); });
}

void LinkManager::start(std::size_t printer, CommandId command, const StartPrint& start,
                        const JobIdentity& seen) {
    impl_->io.post(
        [impl = impl_, printer, command, start, seen] { impl->start_print(printer, command, start, seen); });
}

std::vector<Discovered> LinkManager::seen() const {
    return impl_->heard.with([](const std::vector<Discovered>& all) { return all; });
}

}  // namespace farmwall::link
