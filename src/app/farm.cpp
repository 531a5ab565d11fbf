#include "app/farm.hpp"

#include <algorithm>

namespace farmwall::app {
namespace {

link::ManagerSettings settings_of(const config::Config& config, const std::filesystem::path& root) {
    link::ManagerSettings settings;
    for (const config::Printer& from : config.printers) {
        link::PrinterSettings printer;
        printer.id = from.id;
        printer.name = from.name;
        printer.serial = from.serial;
        printer.address = from.printer_ip;
        printer.port = from.mqtt_port;
        printer.access_code = from.access_code;
        printer.model_hint = from.model;
        printer.camera_enabled = from.camera_enabled;
        printer.maintenance = from.maintenance;
        settings.printers.push_back(std::move(printer));
    }
    settings.times = config.link;
    settings.discovery = config.discovery.enabled;
    settings.discovery_port = config.discovery.port;
    settings.root = root;
    settings.poll_interval = std::chrono::seconds{config.poll_interval_sec};
    return settings;
}

std::vector<Serial> serials_of(const config::Config& config) {
    std::vector<Serial> serials;
    for (const config::Printer& printer : config.printers)
        serials.push_back(printer.serial);
    return serials;
}

}  // namespace

Farm::Farm(const config::Config& config, const std::filesystem::path& root, std::function<void()> on_publish)
    : store_{std::move(on_publish)},
      board_{serials_of(config)},
      intents_{[this] { manager_.wake(); }},
      manager_{settings_of(config, root), clock_, store_, intents_, telemetry_} {}

Farm::~Farm() { stop(); }

void Farm::stop() {
    intents_.close();
    manager_.stop();
}

std::uint64_t Farm::messages() const {
    std::uint64_t sum = 0;
    for (const auto& printer : store_.read()->printers) {
        sum += printer->stats.messages;
    }
    return sum;
}

bool Farm::settled() const {
    const FleetSnapshot fleet = store_.read();
    return std::all_of(fleet->printers.begin(), fleet->printers.end(), [](const auto& printer) {
        return printer->full_report_seen || printer->link.link == Link::offline ||
               printer->link.link == Link::refused;
    });
}

}  // namespace farmwall::app
