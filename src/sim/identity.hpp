#pragma once

#include <memory>
#include <string>

#include "base/secret.hpp"

namespace farmwall::sim {

struct TlsIdentity {
    std::string certificate_pem;
    std::string key_pem;
};

// The maker of the virtual printers' certificates: a CA that lives in memory for one run.
class Authority {
public:
    Authority();  // throws std::runtime_error when OpenSSL cannot make a key
    ~Authority();
    // A leaf as printers have it: CN and nothing else, no SAN, a fresh EC P-256 key (protocol 3.2).
    [[nodiscard]] TlsIdentity issue(const std::string& common_name) const;
    // The CA's own certificate, for clients that check the chain.
    [[nodiscard]] std::string certificate_pem() const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

// A line of a mosquitto password file, hashed; throws std::runtime_error.
[[nodiscard]] std::string password_line(const std::string& user, const Secret& password);

// 32 hex digits nobody can guess.
[[nodiscard]] Secret random_password();

}  // namespace farmwall::sim
