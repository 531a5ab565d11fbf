#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "sim/child.hpp"
#include "sim/identity.hpp"

namespace farmwall::sim {

// A printer's own door into the broker: its certificate, its access code, its two topics.
struct PrinterListener {
    int port = 0;  // on 127.0.0.1, behind the proxy
    std::string serial;
    TlsIdentity identity;
    Secret access_code;
};

// The door the simulator itself uses: no TLS, all topics, a random password.
struct BusAccess {
    int port = 0;
    Secret password;
};

struct BrokerPlan {
    std::filesystem::path folder;  // private; made when missing
    std::vector<PrinterListener> printers;
    BusAccess bus;
    bool bridge = false;  // false: this broker owns the bus; true: it passes messages to and from it
    std::filesystem::path program = {};  // mosquitto; empty: searched
};

// A real mosquitto that runs until this object ends.
class Broker {
public:
    // Waits until every listener answers, 10 s at most. Errors: not_found (mosquitto is not
    // installed), io.
    [[nodiscard]] static Result<Broker> start(const BrokerPlan& plan);
    [[nodiscard]] bool running() { return child_.running(); }
    void stop() { child_.end(); }

private:
    explicit Broker(Child child) : child_{std::move(child)} {}
    Child child_;
};

// `count` different TCP ports of 127.0.0.1 that nobody uses at this moment.
[[nodiscard]] std::vector<int> free_ports(int count);
// True when somebody accepts connections there.
[[nodiscard]] bool answers(int port);

}  // namespace farmwall::sim
