#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "sim/ftps/disk_store.hpp"
#include "sim/identity.hpp"

namespace boost::asio {
class io_context;
}

namespace farmwall::sim {

// What can go wrong with the file server of a printer. Read whenever it matters.
struct FtpsFaults {
    enum class WrongSize { none, answer, file };
    bool refuse_login = false;
    bool stall = false;  // reads and writes no more data
    std::optional<double> bytes_per_second;
    std::optional<std::uint64_t> cut_after_bytes;  // of one upload; empties itself
    WrongSize wrong_size = WrongSize::none;
};

// The FTPS port of one printer (protocol 9): implicit TLS 1.2; a data connection over TLS has to resume
// the session of its control connection. Thread of the io_context.
class FtpsServer {
public:
    struct Setup {
        TlsIdentity identity;
        Secret access_code;
        bool renames = false;            // see FtpSession
        std::function<bool()> has_card;  // false: an empty root that takes nothing
    };
    struct Counts {
        std::uint64_t now = 0;  // control connections
        std::uint64_t ever = 0;
        std::uint64_t max = 0;
        std::uint64_t uploads = 0;  // answered with 226
    };

    // Throws std::system_error when the certificate is none. `store` outlives the server.
    FtpsServer(boost::asio::io_context& io, DiskStore& store, Setup setup);
    ~FtpsServer();
    FtpsServer(const FtpsServer&) = delete;
    FtpsServer& operator=(const FtpsServer&) = delete;

    // Accepts at address:port from now on, no longer elsewhere. Errors: unavailable.
    [[nodiscard]] Status listen(const std::string& address, int port);
    void stop_listening();  // connects are refused
    void drop_sessions();
    [[nodiscard]] FtpsFaults& faults();
    [[nodiscard]] Counts counts() const;

private:
    struct Inside;
    std::shared_ptr<Inside> inside_;
};

}  // namespace farmwall::sim
