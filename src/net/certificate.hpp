#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"

struct x509_st;  // OpenSSL's X509

namespace farmwall::net {

class IoThread;

// What is kept of a server's certificate.
struct Certificate {
    std::string pem;
    std::string sha256;       // of the DER form, 64 lower-case hex digits
    std::string common_name;  // a printer's serial (protocol 3.2); empty: none
    friend bool operator==(const Certificate&, const Certificate&) = default;
};

// For the sources of this layer.
[[nodiscard]] Certificate describe(x509_st& certificate);

// The first certificate of a PEM text. Errors: bad_input.
[[nodiscard]] Result<Certificate> parse_certificate(std::string_view pem);

// The SHA-256 of the certificate's public key as "sha256//<base64>", the form in which libraries take a key
// that a server must have. Errors: bad_input.
[[nodiscard]] Result<std::string> public_key_pin(const Certificate& certificate);

// Why there is no certificate.
enum class FetchFailure {
    unreachable,  // no route, host or network down
    refused,      // nobody listens
    no_tls,       // something accepted the connection, but did not speak TLS, or not in time
    timeout,      // no answer to the connection attempt in time
};
struct FetchError {
    FetchFailure failure = FetchFailure::unreachable;
    std::string detail;  // the system's words
};
using FetchOutcome = std::variant<Certificate, FetchError>;

struct FetchRequest {
    std::string address;  // dotted IPv4
    std::uint16_t port = 0;
    std::string server_name;  // SNI: the serial
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds handshake_timeout{15'000};
};

// A handshake under way. Destroying it closes the socket; `done` is then not called any more.
class CertificateFetch {
public:
    CertificateFetch();
    ~CertificateFetch();
    CertificateFetch(CertificateFetch&&) noexcept;
    CertificateFetch& operator=(CertificateFetch&&) noexcept;

    class Attempt;
    explicit CertificateFetch(std::shared_ptr<Attempt> attempt);

private:
    std::shared_ptr<Attempt> attempt_;
};

// Shakes hands once (TLS 1.2 or 1.3, any chain), closes, and tells which certificate the server
// showed. No secret is sent. To be called on the network thread, where `done` runs once, later.
[[nodiscard]] CertificateFetch fetch_certificate(IoThread& io, const FetchRequest& request,
                                                 std::function<void(FetchOutcome)> done);

// Makes every verification of a server in this process accept a certificate that is itself in the
// trust store, whoever signed it, also after its date. Needed once, before the first pinned
// connection; later calls do nothing. Any thread.
void accept_pinned_leaves();

}  // namespace farmwall::net
