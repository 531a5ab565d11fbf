#pragma once

#include <functional>
#include <memory>

#include "base/secret.hpp"
#include "sim/camera/studio.hpp"
#include "sim/identity.hpp"

namespace boost::asio {
class io_context;
}

namespace farmwall::sim {

// The JPEG port of one printer (protocol 10.2), on 127.0.0.1. Thread of the io_context.
class JpegServer {
public:
    struct Setup {
        TlsIdentity identity;
        Secret access_code;
        std::function<void(bool)> on_watched;  // the first client is logged in; the last one has gone
    };

    // Throws std::system_error when there is no free port or the certificate is none.
    JpegServer(boost::asio::io_context& io, Setup setup);
    ~JpegServer();
    JpegServer(const JpegServer&) = delete;
    JpegServer& operator=(const JpegServer&) = delete;

    [[nodiscard]] int port() const;
    // To every client; who has not read the picture before this one yet gets only the newest.
    void offer(const Shot& picture);
    // For connections from now on.
    void set_identity(const TlsIdentity& identity);
    void set_access_code(const Secret& code);

private:
    struct Inside;
    std::shared_ptr<Inside> inside_;
};

}  // namespace farmwall::sim
