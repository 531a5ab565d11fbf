#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/certificate.hpp"

namespace farmwall::net {

// The client's side of one TLS 1.2 conversation without a socket: bytes in, bytes out. Any chain is
// taken; the caller judges the certificate. One thread.
class TlsEngine {
public:
    enum class State {
        shaking,
        open,
        ended,   // the other side said goodbye, or refused with an alert
        failed,  // what came is no TLS that we can speak
    };

    // `server_name`: empty sends none.
    explicit TlsEngine(const std::string& server_name);
    ~TlsEngine();
    TlsEngine(const TlsEngine&) = delete;
    TlsEngine& operator=(const TlsEngine&) = delete;

    [[nodiscard]] State state() const;
    // Why it ended or failed, in the library's words.
    [[nodiscard]] const std::string& detail() const;

    // What the socket brought; has to stay valid until shake() or read() have used it up, which they do
    // before they say that there is nothing more.
    void put(std::string_view received);
    // Goes on with the handshake; the first call makes the greeting.
    State shake();
    [[nodiscard]] std::optional<Certificate> peer_certificate() const;
    // Decrypts into `into`; 0: nothing more for now, or it is over.
    [[nodiscard]] std::size_t read(std::span<char> into);
    // False: not open, or it failed.
    bool write(std::string_view plain);
    void say_goodbye();
    // What has to be sent since the last call.
    [[nodiscard]] std::string take_output();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::net
