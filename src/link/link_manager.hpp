#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "dispatch/ports.hpp"
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
    // Hears each wish before its session does, on the network thread: others may have a part in it.
    std::function<void(std::size_t printer, const Wish&)> on_wish;
    // Hears what becomes of commands, on the network thread, which it must not make wait; no lock is held.
    std::function<void(const dispatch::LinkEvent&)> on_event;
};

// All links: owns the library's thread, the pins and a session for each printer. Start, stop and
// destroy on one thread, not the network thread, which outlives it; what on_wish and on_event use lives until
// that thread has ended.
class LinkManager final : public dispatch::PrinterLinks, public dispatch::PrintStarts {
public:
    LinkManager(ManagerSettings settings, net::IoThread& io, const Clock& clock, FleetStore& store,
                TelemetryStore& telemetry);
    // stop(), if that was not called.
    ~LinkManager() override;
    LinkManager(const LinkManager&) = delete;
    LinkManager& operator=(const LinkManager&) = delete;

    // Publishes all printers as not known yet, reads the pins (blocks on the disk) and begins to
    // connect. Once.
    void start();
    // Ends all sessions at the same time; within 2 s. Later calls do nothing.
    void stop();

    // Any thread; carried out on the network thread in the order of one sender. Before start(), after stop()
    // and for a printer that does not exist a command comes back as not sent, and a wish does nothing. Their
    // number is bounded by the sender, who allows a printer only so many open commands.
    void send(std::size_t printer, CommandId command, const Action& action,
              const std::optional<Position>& position, const std::optional<JobIdentity>& seen_job) override;
    void wish(std::size_t printer, const Wish& wish) override;
    void start(std::size_t printer, CommandId command, const StartPrint& start,
               const JobIdentity& seen) override;

    // The printers that announced themselves. Any thread.
    [[nodiscard]] std::vector<Discovered> seen() const;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace farmwall::link
