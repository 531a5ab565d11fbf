#include "sim/simulation.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <deque>
#include <unordered_map>

#include "base/platform.hpp"
#include "base/text.hpp"
#include "sim/announcer.hpp"
#include "sim/bus.hpp"
#include "sim/control.hpp"
#include "sim/files.hpp"
#include "sim/machine/control_request.hpp"
#include "sim/node.hpp"

namespace farmwall::sim {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr auto tick_interval = 100ms;
constexpr auto announce_interval = 5s;

// Removes the folder it was given, at the end.
class TemporaryFolder {
public:
    explicit TemporaryFolder(fs::path folder) : folder_{std::move(folder)} {}
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const fs::path& path() const { return folder_; }

private:
    fs::path folder_;
};

// A TCP port that is free on the address of every printer.
int free_printer_port(int count) {
    asio::io_context io;
    for (int attempt = 0;; ++attempt) {
        std::vector<asio::ip::tcp::acceptor> held;
        std::uint16_t port = 0;
        try {
            for (int i = 0; i < count; ++i) {
                held.emplace_back(
                    io, asio::ip::tcp::endpoint{asio::ip::make_address_v4(address_of(i, 0)), port}, false);
                port = held.back().local_endpoint().port();
            }
            return port;
        } catch (const boost::system::system_error&) {
            if (attempt == 20) throw;
        }
    }
}

int free_udp_port() {
    asio::io_context io;
    const asio::ip::udp::socket held{io, {asio::ip::address_v4::loopback(), 0}};
    return held.local_endpoint().port();
}

// The members of a JSON object, to stand behind others.
std::string inside_of(const std::string& object) { return "," + object.substr(1, object.size() - 2); }

std::string refusal(const Error& error) {
    std::string text;
    for (const char c : printable(error.text())) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return fmt::format(R"({{"ok":false,"error":"{}"}})", text);
}

class Farm {
public:
    Farm(const Options& options, fs::path folder) : options_{options}, folder_{std::move(folder)} {}

    ~Farm() {
        // Nothing may come from the broker any more while the rest goes away.
        bus_.reset();
        nodes_.clear();
        studio_.reset();
        rtsp_.reset();
        broker_.reset();
    }
    Farm(const Farm&) = delete;
    Farm& operator=(const Farm&) = delete;

    Status start(const fs::path& root) {
        // From here on a signal waits for run(), so that nothing is left behind.
        signals_.async_wait([this](const boost::system::error_code& failed, int) {
            if (!failed) io_.stop();
        });
        auto plans = plan_farm(options_.count, options_.seed, options_.models);
        if (options_.cameras)
            if (auto opened = open_studio(); !opened) return opened;
        if (auto started = start_broker(plans); !started) return started;
        if (auto opened = open_nodes(std::move(plans)); !opened) return opened;
        if (options_.cameras)
            if (auto opened = open_cameras(); !opened) return opened;
        if (options_.ftps)
            if (auto opened = open_files(root / "storage"); !opened) return opened;
        control_.emplace(io_, [this](std::string_view line) { return answer(line); });
        const int discovery = options_.discovery_port != 0 ? options_.discovery_port : free_udp_port();
        announcer_.emplace(io_, discovery);
        auto bus = Bus::connect(access_, {[this](std::string serial, std::string payload) {
                                              asio::post(io_, [this, s = std::move(serial),
                                                               p = std::move(payload)] { request(s, p); });
                                          },
                                          [this] { asio::post(io_, [this] { stop("The broker ended"); }); }});
        if (!bus) return bus.error();
        bus_.emplace(std::move(bus).value());
        started_ = clock_.now();
        if (!options_.scenario.empty()) {
            auto events = parse_scenario(options_.scenario);
            if (!events) return events.error();
            for (auto& event : events.value())
                events_.push_back(std::move(event));
        }
        run_due_events();
        std::vector<const PlannedPrinter*> printers;
        for (const auto& node : nodes_)
            printers.push_back(&node->plan());
        return write_files(root, FarmFiles{port_, discovery, control_->port(), camera_port_, ftps_port_,
                                           authority_.certificate_pem(), std::move(printers)});
    }

    Status run() {
        tick();
        io_.run();
        if (!failure_.empty()) return Error{ErrorKind::io, failure_};
        return Done{};
    }

private:
    Status open_studio() {
        auto rtsp = RtspHouse::open();
        if (!rtsp) return rtsp.error();
        rtsp_ = std::move(rtsp).value();
        studio_.emplace(options_.camera_pace);
        return Done{};
    }

    // After the other doors are open: so that a free port is free beside them.
    Status open_cameras() {
        camera_port_ = options_.camera_port != 0 ? options_.camera_port : free_printer_port(options_.count);
        for (const auto& node : nodes_)
            if (auto opened = node->open_camera(camera_port_); !opened) return opened;
        return Done{};
    }

    Status open_files(const fs::path& storage) {
        ftps_port_ = options_.ftps_port != 0 ? options_.ftps_port : free_printer_port(options_.count);
        for (const auto& node : nodes_)
            if (auto opened = node->open_files(ftps_port_, storage / node->plan().id); !opened) return opened;
        return Done{};
    }

    Status start_broker(const std::vector<PlannedPrinter>& plans) {
        Error last;
        // Another program may take a port between our look and mosquitto's start.
        for (int attempt = 0; attempt < 3; ++attempt) {
            const auto ports = free_ports(static_cast<int>(plans.size()) + 1);
            access_ = BusAccess{ports.back(), random_password()};
            BrokerPlan plan{folder_ / "broker", {}, access_, false, options_.broker};
            for (std::size_t i = 0; i < plans.size(); ++i)
                plan.printers.push_back(
                    {ports[i], plans[i].serial, authority_.issue(plans[i].serial), plans[i].access_code});
            auto broker = Broker::start(plan);
            if (broker) {
                broker_ = std::move(broker).value();
                listeners_ = std::move(plan.printers);
                return Done{};
            }
            last = broker.error();
            if (last.kind == ErrorKind::not_found) break;
        }
        return last;
    }

    Status open_nodes(std::vector<PlannedPrinter> plans) {
        port_ = options_.port != 0 ? options_.port : free_printer_port(options_.count);
        const TimePoint now = clock_.now();
        for (std::size_t i = 0; i < plans.size(); ++i) {
            auto& plan = plans[i];
            VirtualPrinter printer{{plan.model, plan.serial, plan.seed, options_.speed, options_.loop}, now};
            furnish(printer, plan, options_.lively && !options_.demo);
            Node::Wiring wiring{port_,
                                listeners_[i].port,
                                listeners_[i].identity,
                                folder_ / plan.id,
                                access_,
                                options_.broker,
                                &authority_,
                                [this](Node& node) { announce(node); },
                                {studio_ ? &*studio_ : nullptr, rtsp_.get(), &authority_}};
            by_serial_[plan.serial] = i;
            by_id_[plan.id] = i;
            nodes_.push_back(std::make_unique<Node>(io_, std::move(plan), static_cast<int>(i),
                                                    std::move(printer), std::move(wiring)));
            if (auto opened = nodes_.back()->open(); !opened) return opened;
        }
        return Done{};
    }

    void tick() {
        const TimePoint now = clock_.now();
        run_due_events();
        for (const auto& node : nodes_) {
            node->tick(now);
            publish(*node, node->printer().tick(now));
        }
        announce_some();
        if (!broker_->running()) stop("The mosquitto broker of the virtual printers ended");
        if (options_.until_stdin_closes && standard_input_at_end()) io_.stop();
        timer_.expires_after(tick_interval);
        timer_.async_wait([this](const boost::system::error_code& failed) {
            if (!failed) tick();
        });
    }

    void run_due_events() {
        const double at_s = std::chrono::duration<double>(clock_.now() - started_).count();
        std::erase_if(events_, [&](const ScenarioEvent& event) {
            if (event.at_s > at_s) return false;
            if (const auto result = carry_out(event.request); !result)
                fmt::print(stderr, "farmwall-sim: scenario: {}\n", result.error().text());
            return true;
        });
    }

    // Spread over the interval: every printer's turn comes once in it.
    void announce_some() {
        const auto turns = static_cast<std::size_t>(announce_interval / tick_interval);
        for (std::size_t i = announce_turn_; i < nodes_.size(); i += turns)
            announce(*nodes_[i]);
        announce_turn_ = (announce_turn_ + 1) % turns;
    }

    void announce(Node& node) { announcer_->send(announcement_of(node.plan(), node.printer().state())); }

    void publish(Node& node, const std::vector<std::string>& messages) {
        for (const auto& message : messages)
            bus_->publish(node.plan().serial, message);
    }

    void request(const std::string& serial, const std::string& payload) {
        const auto found = by_serial_.find(serial);
        if (found == by_serial_.end() || !bus_) return;
        Node& node = *nodes_[found->second];
        publish(node, node.printer().handle(payload, clock_.now()));
    }

    Result<Node*> node_named(const std::string& name) {
        if (name.starts_with('#')) {
            const auto index = parse_int(std::string_view{name}.substr(1));
            if (index && *index >= 0 && *index < static_cast<std::int64_t>(nodes_.size()))
                return nodes_[static_cast<std::size_t>(*index)].get();
        } else if (const auto found = by_id_.find(name); found != by_id_.end()) {
            return nodes_[found->second].get();
        }
        return Error{ErrorKind::not_found, "There is no printer called '" + printable(name) + "'"};
    }

    // What stands after "ok":true in the answer; empty: nothing.
    Result<std::string> carry_out(const ControlRequest& request) {
        if (std::holds_alternative<ListRequest>(request)) return list();
        const auto name = std::visit(
            [](const auto& r) -> std::string {
                if constexpr (requires { r.printer; }) {
                    return r.printer;
                } else {
                    return {};
                }
            },
            request);
        const auto node = node_named(name);
        if (!node) return node.error();
        Node& printer = *node.value();
        if (std::holds_alternative<TruthRequest>(request)) return inside_of(printer.truth());
        Status status = Done{};
        if (const auto* fault = std::get_if<FaultRequest>(&request)) {
            status = printer.apply(fault->fault, clock_.now());
        } else if (const auto* set = std::get_if<SetRequest>(&request)) {
            status = printer.printer().set(set->what, set->value, clock_.now());
        } else {
            printer.clear();
        }
        if (!status) return status.error();
        return std::string{};
    }

    std::string list() const {
        std::string ids;
        for (const auto& node : nodes_)
            ids += fmt::format("{}\"{}\"", ids.empty() ? "" : ",", node->plan().id);
        return fmt::format(R"(,"printers":[{}])", ids);
    }

    std::string answer(std::string_view line) {
        const auto request = parse_control(line);
        if (!request) return refusal(request.error());
        const auto result = carry_out(request.value());
        if (!result) return refusal(result.error());
        return R"({"ok":true)" + result.value() + "}";
    }

    void stop(std::string why) {
        if (failure_.empty()) failure_ = std::move(why);
        io_.stop();
    }

    const Options& options_;
    fs::path folder_;
    SystemClock clock_;
    asio::io_context io_;
    asio::steady_timer timer_{io_};
    asio::signal_set signals_{io_, SIGINT, SIGTERM};
    Authority authority_;
    BusAccess access_;
    std::optional<Broker> broker_;
    std::vector<PrinterListener> listeners_;
    std::unique_ptr<RtspHouse> rtsp_;
    std::optional<Studio> studio_;
    std::vector<std::unique_ptr<Node>> nodes_;
    std::unordered_map<std::string, std::size_t> by_serial_;
    std::unordered_map<std::string, std::size_t> by_id_;
    std::optional<ControlServer> control_;
    std::optional<Announcer> announcer_;
    std::optional<Bus> bus_;
    std::vector<ScenarioEvent> events_;
    TimePoint started_;
    std::size_t announce_turn_ = 0;
    int port_ = 0;
    int camera_port_ = 0;
    int ftps_port_ = 0;
    std::string failure_;
};

}  // namespace

Status run_farm(const Options& options) {
    raise_open_file_limit();
    auto folder = make_private_folder();
    if (!folder) return folder.error();
    const TemporaryFolder temporary{folder.value()};
    const fs::path root = options.root.empty() ? temporary.path() : fs::absolute(options.root);
    std::error_code failed;
    fs::create_directories(root, failed);
    if (failed) return Error{ErrorKind::io, "The folder of --root cannot be made", root.string()};
    Farm farm{options, temporary.path()};
    if (auto started = farm.start(root); !started) return started;
    fmt::print("ready {}\n", (root / "config.toml").string());
    std::fflush(stdout);
    return farm.run();
}

}  // namespace farmwall::sim
