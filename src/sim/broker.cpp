#include "sim/broker.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <thread>

#include "base/file.hpp"
#include "base/platform.hpp"
#include "base/text.hpp"

namespace farmwall::sim {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::ip::tcp;

namespace {

constexpr auto start_limit = std::chrono::seconds{10};
constexpr std::size_t log_limit_bytes = std::size_t{64} * 1024;

Status write(const fs::path& file, const std::string& content) {
    return platform::replace_file(file, content, true);
}

std::string general_settings() {
    std::string text =
        "per_listener_settings true\npersistence false\nlog_dest stdout\nlog_type error\nlog_type warning\n"
        "max_inflight_messages 0\nmax_queued_messages 1000\n";
    // Started by root, mosquitto would become another user, who cannot read a private folder.
    if (running_as_root()) text += "user root\n";
    return text;
}

std::string bus_settings(const BrokerPlan& plan) {
    const std::string password_file = (plan.folder / "bus.pw").string();
    if (!plan.bridge)
        return fmt::format("listener {} 127.0.0.1\nallow_anonymous false\npassword_file {}\n", plan.bus.port,
                           password_file);
    return fmt::format(
        "connection bus\naddress 127.0.0.1:{}\nremote_username bus\nremote_password "
        "{}\nbridge_protocol_version "
        "mqttv311\nnotifications false\nrestart_timeout 1\ntopic device/+/report in 0\ntopic "
        "device/+/request out 1\n",
        plan.bus.port, plan.bus.password.reveal());
}

Result<std::string> printer_settings(const BrokerPlan& plan, std::size_t index) {
    const auto& printer = plan.printers[index];
    const auto file = [&](const char* ending) { return (plan.folder / fmt::format("{}.{}", index, ending)); };
    const std::string topics =
        fmt::format("user bblp\ntopic read device/{}/report\ntopic write device/{}/request\n", printer.serial,
                    printer.serial);
    for (const auto& [ending, content] :
         {std::pair{"crt", printer.identity.certificate_pem}, std::pair{"key", printer.identity.key_pem},
          std::pair{"pw", password_line("bblp", printer.access_code)}, std::pair{"acl", topics}})
        if (const auto written = write(file(ending), content); !written) return written.error();
    return fmt::format(
        "listener {} 127.0.0.1\ncertfile {}\nkeyfile {}\ntls_version tlsv1.2\nallow_anonymous false\n"
        "password_file {}\nacl_file {}\n",
        printer.port, file("crt").string(), file("key").string(), file("pw").string(), file("acl").string());
}

// Why mosquitto ended, in its own words: the last line it wrote.
std::string last_words(const fs::path& log) {
    const auto text = read_file(log, log_limit_bytes);
    if (!text) return "it left no message";
    const std::string_view all = trim(text.value());
    const std::size_t at = all.rfind('\n');
    return printable(at == std::string_view::npos ? all : all.substr(at + 1));
}

}  // namespace

std::vector<int> free_ports(int count) {
    asio::io_context io;
    std::vector<tcp::acceptor> held;
    std::vector<int> ports;
    for (int i = 0; i < count; ++i) {
        held.emplace_back(io, tcp::endpoint{asio::ip::address_v4::loopback(), 0}, false);
        ports.push_back(held.back().local_endpoint().port());
    }
    return ports;
}

bool answers(int port) {
    asio::io_context io;
    tcp::socket socket{io};
    boost::system::error_code failed;
    socket.connect({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)}, failed);
    return !failed;
}

Result<Broker> Broker::start(const BrokerPlan& plan) {
    const fs::path program = plan.program.empty() ? find_mosquitto() : plan.program;
    if (program.empty() || !fs::exists(program))
        return Error{ErrorKind::not_found,
                     "The virtual printers need the mosquitto broker, which is not installed: apt-get "
                     "install mosquitto"};
    std::error_code ignored;
    fs::create_directories(plan.folder, ignored);
    fs::permissions(plan.folder, fs::perms::owner_all, ignored);
    std::string settings = general_settings();
    for (std::size_t i = 0; i < plan.printers.size(); ++i) {
        auto lines = printer_settings(plan, i);
        if (!lines) return lines.error();
        settings += lines.value();
    }
    settings += bus_settings(plan);
    if (auto written = write(plan.folder / "bus.pw", password_line("bus", plan.bus.password)); !written)
        return written.error();
    const fs::path file = plan.folder / "mosquitto.conf";
    if (auto written = write(file, settings); !written) return written.error();
    const fs::path log = plan.folder / "mosquitto.log";
    auto child = Child::start(program, {"-c", file.string()}, log);
    if (!child) return child.error();
    Broker broker{std::move(child).value()};
    const auto deadline = std::chrono::steady_clock::now() + start_limit;
    // Listeners open in the order of the file.
    const int last = plan.bridge ? plan.printers.back().port : plan.bus.port;
    while (!answers(last)) {
        if (!broker.running())
            return Error{ErrorKind::io, "The mosquitto broker ended at its start", last_words(log)};
        if (std::chrono::steady_clock::now() > deadline)
            return Error{ErrorKind::io, "The mosquitto broker did not open its ports within 10 s"};
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return broker;
}

}  // namespace farmwall::sim
