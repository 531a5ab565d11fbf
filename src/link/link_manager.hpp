#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "fleet/fleet_store.hpp"
#include "fleet/intent_queue.hpp"
#include "fleet/telemetry.hpp"
#include "link/discovery.hpp"
#include "link/printer_session.hpp"
#include "link/times.hpp"

namespace farmwall::net {
class IoThread;
}

namespace farmwall::link {

struct ManagerSettings {
    std::vector<PrinterSettings> printers;  // config order; ids and serials are unique
    Times times;
    bool discovery = true;
    std::uint16_t discovery_port = 2021;    // 1990 is listened to as well (protocol 2.1)
    std::filesystem::path root;             // pins lie in <root>/certificates
    std::chrono::seconds poll_interval{5};  // between two samples of the plots
    // Hears each intent before its session does, on the network thread: others may have a part in it.
    std::function<void(std::size_t printer, const Wish&)> on_wish;
};

// All links: owns the library's thread, the pins and a session for each printer. Start, stop and
// destroy on one thread, not the network thread, which outlives it.
class LinkManager {
public:
    LinkManager(ManagerSettings settings, net::IoThread& io, const Clock& clock, FleetStore& store,
                IntentQueue& intents, TelemetryStore& telemetry);
    // stop(), if that was not called.
    ~LinkManager();
    LinkManager(const LinkManager&) = delete;
    LinkManager& operator=(const LinkManager&) = delete;

    // Publishes all printers as not known yet, reads the pins (blocks on the disk) and begins to
    // connect. Once.
    void start();
    // Ends all sessions at the same time; within 2 s. Later calls do nothing.
    void stop();

    // Intents wait: let the network thread take them. Any thread, cheap; IntentQueue's on_push.
    void wake();

    // The printers that announced themselves. Any thread.
    [[nodiscard]] std::vector<Discovered> seen() const;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace farmwall::link
