#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "sim/camera/door.hpp"
#include "sim/camera/jpeg_server.hpp"
#include "sim/camera/rtsp_server.hpp"
#include "sim/camera/studio.hpp"
#include "sim/machine/faults.hpp"
#include "sim/proxy.hpp"

namespace farmwall::sim {

// What all cameras of the farm share.
struct CameraHouse {
    Studio* studio = nullptr;
    RtspHouse* rtsp = nullptr;
    const Authority* authority = nullptr;
};

// The camera of one printer: its door at the printer's address, the server behind it, and its faults.
// Thread of the io_context.
class PrinterCamera {
public:
    struct Setup {
        CameraKind kind = CameraKind::jpeg;
        int port = 0;  // of the printer's address
        std::string serial;
        TlsIdentity identity;
        Secret access_code;
    };

    PrinterCamera(boost::asio::io_context& io, CameraHouse house, Setup setup);
    ~PrinterCamera();
    PrinterCamera(const PrinterCamera&) = delete;
    PrinterCamera& operator=(const PrinterCamera&) = delete;

    // Serves at this address from now on, no longer elsewhere. Errors: unavailable.
    [[nodiscard]] Status open(const std::string& address);
    // What it films, and the end of faults whose time is over.
    void tick(Scene scene, TimePoint now);
    // Errors: bad_input for a value or a kind of camera that does not fit.
    [[nodiscard]] Status apply(const Fault& fault, TimePoint now);
    void clear();
    // False while the printer says that its pictures are switched off.
    [[nodiscard]] bool liveview() const { return !faults_.contains(FaultKind::liveview_off); }
    // One JSON object.
    [[nodiscard]] std::string truth() const;

private:
    [[nodiscard]] Status start_server();
    [[nodiscard]] Status begin(const Fault& fault);
    void end(FaultKind kind);
    // Another certificate or access code, for all connections.
    [[nodiscard]] Status use(const TlsIdentity& identity);
    void use(const Secret& code);
    void route();
    [[nodiscard]] bool has(FaultKind kind) const { return faults_.contains(kind); }

    boost::asio::io_context& io_;
    CameraHouse house_;
    Setup setup_;
    std::string address_;
    std::map<FaultKind, std::optional<TimePoint>> faults_;
    bool light_ = true;
    std::shared_ptr<Feed> feed_;
    std::shared_ptr<JpegServer> jpeg_;
    std::unique_ptr<RtspServer> rtsp_;
    std::unique_ptr<Door> door_;  // in front of the server while a fault needs one
    Proxy proxy_;
};

}  // namespace farmwall::sim
