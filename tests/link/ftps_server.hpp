#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "../net/test_certificate.hpp"
#include "temporary_folder.hpp"

// The storage of a virtual printer: ftps_server.py on loopback.
class FtpsServer {
public:
    // Null when Python has not what it needs; says so on standard error.
    static std::unique_ptr<FtpsServer> start(const KeyAndCertificate& identity,
                                             const std::string& access_code);
    ~FtpsServer();
    FtpsServer(const FtpsServer&) = delete;
    FtpsServer& operator=(const FtpsServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    // As ftps_server.py describes them, in JSON; empty: none.
    void set_faults(const std::string& json) const;
    // Nothing on the card, no faults, an empty log.
    void clear() const;
    // What clients did: one command a line, "begin NAME", "end NAME", "connected VERSION".
    [[nodiscard]] std::vector<std::string> log() const;
    [[nodiscard]] int count(const std::string& line) const;
    [[nodiscard]] std::filesystem::path card() const { return folder_.path() / "card"; }
    [[nodiscard]] bool card_is_empty() const { return std::filesystem::is_empty(card()); }

private:
    FtpsServer() = default;

    TemporaryFolder folder_;
    std::uint16_t port_ = 0;
    pid_t process_ = -1;
    int input_ = -1;  // its end is the server's
};
