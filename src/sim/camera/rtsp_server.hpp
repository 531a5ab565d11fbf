#pragma once

#include <functional>
#include <memory>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "sim/camera/studio.hpp"
#include "sim/identity.hpp"

namespace farmwall::sim {

// GStreamer and the thread on which it accepts clients, one for all printers; once in a program.
class RtspHouse {
public:
    // Before the program has other threads: it sets environment variables for the libraries. Errors:
    // unavailable, a plugin is missing.
    [[nodiscard]] static Result<std::unique_ptr<RtspHouse>> open();
    ~RtspHouse();
    RtspHouse(const RtspHouse&) = delete;
    RtspHouse& operator=(const RtspHouse&) = delete;

private:
    friend class RtspServer;
    struct Inside;
    explicit RtspHouse(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

// The RTSPS port of one printer (protocol 10.3), on 127.0.0.1. Any thread, one at a time.
class RtspServer {
public:
    struct Setup {
        TlsIdentity identity;
        Secret access_code;
        // The first client wants pictures, the last one has gone; a thread of the library.
        std::function<void(bool)> on_watched;
    };

    // Errors: unavailable.
    [[nodiscard]] static Result<std::unique_ptr<RtspServer>> open(RtspHouse& house, Setup setup);
    ~RtspServer();
    RtspServer(const RtspServer&) = delete;
    RtspServer& operator=(const RtspServer&) = delete;

    [[nodiscard]] int port() const;
    // One access unit for everybody who watches. Any thread.
    void push(const Shot& picture);
    // For connections from now on.
    [[nodiscard]] Status set_identity(const TlsIdentity& identity);
    void set_access_code(const Secret& code);
    // RTP timestamps stay what they are.
    void hold_timestamps(bool held);
    // The share of RTP packets that get lost or come late, 0 to 1.
    void lose(double share);

private:
    struct Inside;
    explicit RtspServer(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

}  // namespace farmwall::sim
