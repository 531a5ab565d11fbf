#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/certificate.hpp"

namespace farmwall::net {

class IoThread;

struct TlsRequest {
    std::string address;  // dotted IPv4
    std::uint16_t port = 0;
    std::string server_name;  // SNI: the serial; empty: none is sent
    // Asked once the server has shown its certificate and before a byte is sent to it.
    std::function<bool(const Certificate&)> accept;
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds handshake_timeout{15'000};
};

// Why a connection is over.
enum class TlsEnd {
    asked,        // close() was called
    unreachable,  // no route, host or network down
    refused,      // nobody listens
    no_tls,       // something accepted the connection, but did not speak TLS, or not in time
    timeout,      // no answer to the connection attempt in time
    certificate,  // `accept` said no
    by_peer,      // the other side closed; before the connection was open: without having said a byte
    broken,       // the connection broke, or the other side takes nothing any more
};

// One TLS 1.2 connection to a printer's camera port (protocol 10.2, 10.3): any chain, the certificate
// judged by the caller. All of it on the network thread, which no call here makes wait.
class TlsClient {
public:
    struct Listener {
        virtual ~Listener() = default;
        virtual void tls_opened() = 0;
        // The bytes are valid during the call. The client may be closed or destroyed inside it.
        virtual void tls_received(std::string_view bytes) = 0;
        // Last call, once: the socket is closed and its descriptor given back. The client may be
        // destroyed inside it.
        virtual void tls_closed(TlsEnd why, const std::string& detail) = 0;
    };

    // Connects at once. `listener` is never called inside the constructor, send() or close().
    TlsClient(IoThread& io, TlsRequest request, Listener& listener);
    // Closes the socket at once; `listener` is then not called any more.
    ~TlsClient();
    TlsClient(const TlsClient&) = delete;
    TlsClient& operator=(const TlsClient&) = delete;

    // In order; before the connection is open it waits for that. What waits is bounded by 64 KiB: beyond
    // that the connection ends as broken.
    void send(const std::string& bytes);
    // How long received bytes may lie before they are handed over. Zero, as at the beginning: not at all.
    // More saves system calls and wake-ups on a connection that brings something all the time: it is then
    // looked at once in that time, together with all others of the same.
    void gather(std::chrono::milliseconds wait);
    // Sends what waits and a TLS goodbye, for at most `limit`, then closes and calls tls_closed(asked).
    void close(std::chrono::milliseconds limit = std::chrono::milliseconds{300});

private:
    class Connection;
    std::shared_ptr<Connection> connection_;
};

}  // namespace farmwall::net
