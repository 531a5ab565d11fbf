#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"

namespace boost::asio {
class io_context;
}

namespace farmwall::net {

// One pending call. Destroying or replacing it takes the call back; on the network thread the
// call then certainly does not happen, on another thread it may just be running. Dies before its
// IoThread.
class Timer {
public:
    Timer();
    ~Timer();
    Timer(Timer&&) noexcept;
    Timer& operator=(Timer&&) noexcept;

    void cancel();

private:
    friend class IoThread;
    struct State;
    explicit Timer(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

// The thread that owns sockets, timers and the state of every conversation. What runs on it never
// waits: no disk, no lock that is held for long, no join.
class IoThread {
public:
    // `name` is shown by debuggers. The thread runs at once.
    explicit IoThread(const std::string& name);
    // stop() and join(); not on the thread itself.
    ~IoThread();
    IoThread(const IoThread&) = delete;
    IoThread& operator=(const IoThread&) = delete;

    // Runs `work` on the thread, in the order in which one sender posted. Any thread. There is no
    // bound here: a sender of bulk bounds what it has on the way. After stop() the work is dropped.
    // An exception that leaves `work` is logged and ends that work only.
    void post(std::function<void()> work);

    // Runs `work` once after `wait`, unless the handle is gone by then. Any thread.
    [[nodiscard]] Timer after(Duration wait, std::function<void()> work);

    // Whatever is queued and not begun is dropped. Any thread, also the thread itself.
    void stop();
    // Waits for the thread to end; not on the thread itself.
    void join();

    [[nodiscard]] bool on_this_thread() const;

    // For the sources of this layer that open sockets.
    [[nodiscard]] boost::asio::io_context& context();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace farmwall::net
