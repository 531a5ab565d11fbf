#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "sim/machine/faults.hpp"
#include "sim/machine/machine.hpp"

namespace farmwall::sim {

// One virtual printer as its MQTT topics show it: requests in, messages for the report topic out. No
// I/O and no clock of its own; one thread.
class VirtualPrinter {
public:
    struct Setup {
        Model model = Model::x1c;
        std::string serial;
        std::uint64_t seed = 1;
        double speed = 1;   // printer seconds per real second; reports keep real time
        bool loop = false;  // starts another print some time after a finished one
    };

    VirtualPrinter(Setup setup, TimePoint now);
    ~VirtualPrinter();
    VirtualPrinter(VirtualPrinter&&) noexcept;
    VirtualPrinter& operator=(VirtualPrinter&&) noexcept;

    // Moves the printer to `now` and returns what it publishes. Call a few times a second.
    [[nodiscard]] std::vector<std::string> tick(TimePoint now);
    // A message from the request topic; malformed ones stay unanswered (protocol 6.7).
    [[nodiscard]] std::vector<std::string> handle(std::string_view request, TimePoint now);
    // A client connected: ends a half-dead session (protocol 3.7).
    void connection_opened();

    // Errors: bad_input for a network fault or a value that does not fit.
    [[nodiscard]] Status apply(const Fault& fault, TimePoint now);
    void clear_faults();
    // Forces a fact for tests; `value` is JSON text. Errors: bad_input.
    [[nodiscard]] Status set(std::string_view what, std::string_view value, TimePoint now);

    [[nodiscard]] const MachineState& state() const;
    [[nodiscard]] Machine& machine();
    // One JSON object, for the control connection.
    [[nodiscard]] std::string truth() const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace farmwall::sim
