#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "sim/broker.hpp"
#include "sim/camera/camera.hpp"
#include "sim/ftps/printer_files.hpp"
#include "sim/machine/farm_plan.hpp"
#include "sim/proxy.hpp"

namespace farmwall::sim {

// One printer with its network side: door, certificate and the faults of both. Thread of the
// io_context.
class Node {
public:
    struct Wiring {
        int port = 0;        // of the printer's address
        int inner_port = 0;  // its listener in the main broker
        TlsIdentity identity;
        std::filesystem::path folder;  // for a broker of its own while a fault needs one
        BusAccess bus;
        std::filesystem::path broker;  // the mosquitto program; empty: searched
        const Authority* authority = nullptr;
        std::function<void(Node&)> announce;  // its address changed
        CameraHouse cameras = {};             // without a studio there are none
    };

    Node(boost::asio::io_context& io, PlannedPrinter plan, int index, VirtualPrinter printer, Wiring wiring);

    // Errors: unavailable (the port is taken).
    [[nodiscard]] Status open();
    // Serves its camera at this port of the printer's address. Errors: unavailable.
    [[nodiscard]] Status open_camera(int port);
    // Serves its storage, kept in this folder, at this port of the printer's address; from then on
    // project_file is checked against it. Errors: unavailable, io.
    [[nodiscard]] Status open_files(int port, const std::filesystem::path& folder);
    [[nodiscard]] const PlannedPrinter& plan() const { return plan_; }
    [[nodiscard]] VirtualPrinter& printer() { return printer_; }

    // Ends faults whose time is over and shows the camera what there is to see.
    void tick(TimePoint now);
    [[nodiscard]] Status apply(const Fault& fault, TimePoint now);
    void clear();
    // The machine's truth, its connections, its faults, its camera and its files: one JSON object.
    [[nodiscard]] std::string truth() const;

private:
    [[nodiscard]] Status begin(FaultKind kind);
    void end(FaultKind kind);
    // Sends sessions to a broker of our own that differs in certificate or access code.
    [[nodiscard]] Status divert(FaultKind kind);
    [[nodiscard]] Status move_to(int generation);
    // Faults of the camera that the printer's reports show.
    void report_camera();

    boost::asio::io_context& io_;
    PlannedPrinter plan_;
    int index_;
    VirtualPrinter printer_;
    Wiring wiring_;
    Proxy proxy_;
    std::optional<Broker> own_broker_;
    std::unique_ptr<PrinterCamera> camera_;  // none with --no-cameras
    std::unique_ptr<PrinterFiles> files_;    // none without --ftps
    std::map<FaultKind, std::optional<TimePoint>> faults_;
    int generation_ = 0;
};

}  // namespace farmwall::sim
