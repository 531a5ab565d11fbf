#pragma once

#include <functional>
#include <memory>

#include "net/io_thread.hpp"

namespace farmwall::net {

// Ctrl+C and the service manager's request to stop (SIGINT, SIGTERM), as a call on the network
// thread. The second one ends the process at once, for a person who does not want to wait.
class StopSignals {
public:
    StopSignals(IoThread& thread, std::function<void()> on_stop);
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace farmwall::net
