#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "http/accounts.hpp"
#include "http/api.hpp"

namespace farmwall::http {

struct ServerSettings {
    std::string host = "127.0.0.1";  // numeric or a name
    std::uint16_t port = 8000;       // 0: any free one, for tests
    bool allow_unauthenticated_lan = false;
    std::vector<Account> accounts;
    std::string realm = "Farmwall";
    std::filesystem::path tls_certificate;  // PEM; empty: no TLS
    std::filesystem::path tls_key;
    std::filesystem::path web_folder;  // the status page's files; empty: none
    std::uint64_t most_upload_bytes = std::uint64_t{2} << 30U;
    std::size_t most_connections = 512;
    std::size_t most_of_one_address = 64;
    std::chrono::milliseconds head_timeout{15'000};  // from the first byte of a request to its body
    std::chrono::milliseconds idle_timeout{60'000};  // between two requests, and between two pieces of a body
    std::chrono::milliseconds write_timeout{20'000};  // a reader that takes nothing for so long is dropped
};

// The HTTP API (http-api.md) on a thread of its own.
class Server {
public:
    // Opens the port. Errors: bad_input (would listen beyond this machine without accounts; a certificate
    // that cannot be read), unavailable (the port is taken, the address is not ours).
    [[nodiscard]] static Result<std::unique_ptr<Server>> start(ServerSettings settings, Api api);
    // stop().
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    // Something was published: waiting answers and event streams look again. Any thread; cheap.
    void published();
    // Connections are closed, what is being answered is cut. Within 1 s. Later calls do nothing.
    void stop();

private:
    struct Impl;
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::http
