#pragma once

#include <sys/types.h>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "../net/test_certificate.hpp"
#include "temporary_folder.hpp"

// A real mosquitto on loopback with TLS and one account, as a printer has.
class Broker {
public:
    // Null when mosquitto is not installed; says so on standard error.
    static std::unique_ptr<Broker> start(const KeyAndCertificate& identity, const std::string& access_code);
    ~Broker();
    Broker(const Broker&) = delete;
    Broker& operator=(const Broker&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    // The same without TLS.
    [[nodiscard]] std::uint16_t plain_port() const { return plain_port_; }
    // Where the program's certificate lies.
    [[nodiscard]] std::filesystem::path certificate() const { return folder_.path() / "broker.crt"; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
    // Gone without a word, and back on the same port with the same or another identity.
    void kill();
    void start_again(const KeyAndCertificate& identity);

private:
    Broker(std::string program, const std::string& access_code);
    void write(const std::string& name, const std::string& text) const;

    TemporaryFolder folder_;
    std::string program_;
    std::uint16_t port_ = 0;
    std::uint16_t plain_port_ = 0;
    pid_t process_ = -1;
};
