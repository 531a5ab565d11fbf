#include "net/io_thread.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <thread>

#include "waiting.hpp"

using namespace farmwall;
using namespace farmwall::net;
using namespace std::chrono_literals;

TEST_CASE("io thread: what one sender posts runs in order, on the thread") {
    Arrivals<int> seen;
    Arrivals<bool> on_thread;
    IoThread io{"net-test"};
    for (int i = 0; i < 1000; ++i)
        io.post([&, i] { seen.put(i); });
    io.post([&] { on_thread.put(io.on_this_thread()); });
    REQUIRE(on_thread.wait_for(1));
    CHECK(on_thread.values().front());
    CHECK_FALSE(io.on_this_thread());
    const auto values = seen.values();
    REQUIRE(values.size() == 1000);
    for (int i = 0; i < 1000; ++i)
        CHECK(values[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("io thread: many senders lose nothing") {
    Arrivals<int> seen;
    IoThread io{"net-test"};
    {
        std::vector<std::jthread> senders;
        senders.reserve(4);
        for (int s = 0; s < 4; ++s) {
            senders.emplace_back([&] {
                for (int i = 0; i < 250; ++i)
                    io.post([&] { seen.put(1); });
            });
        }
    }
    CHECK(seen.wait_for(1000));
}

TEST_CASE("io thread: an exception ends the work that threw it and nothing else") {
    Arrivals<int> seen;
    IoThread io{"net-test"};
    io.post([] { throw std::runtime_error{"expected by a test"}; });
    io.post([&] { seen.put(1); });
    CHECK(seen.wait_for(1));
}

TEST_CASE("io thread: timers fire in the order of their times") {
    Arrivals<int> seen;
    IoThread io{"net-test"};
    const Timer late = io.after(30ms, [&] { seen.put(2); });
    const Timer early = io.after(5ms, [&] { seen.put(1); });
    REQUIRE(seen.wait_for(2));
    CHECK(seen.values() == std::vector{1, 2});
}

TEST_CASE("io thread: a timer whose handle is gone does not fire, also when it was due already") {
    Arrivals<int> seen;
    IoThread io{"net-test"};
    io.post([&] {
        {
            const Timer gone = io.after(0ms, [&] { seen.put(1); });
        }
        Timer replaced = io.after(0ms, [&] { seen.put(2); });
        replaced = io.after(1ms, [&] { seen.put(3); });
        // Lives on in the work below, past its time.
        io.post([&, kept = std::make_shared<Timer>(std::move(replaced))] {
            auto last = std::make_shared<Timer>();
            *last = io.after(20ms, [&, kept, last] { seen.put(4); });
        });
    });
    REQUIRE(seen.wait_for(2));
    CHECK(seen.values() == std::vector{3, 4});
}

TEST_CASE("io thread: a timer may replace itself from its own call") {
    Arrivals<int> seen;
    IoThread io{"net-test"};
    Timer timer;
    std::function<void()> step = [&] {
        seen.put(1);
        if (seen.values().size() < 5) timer = io.after(1ms, step);
    };
    io.post([&] { timer = io.after(1ms, step); });
    CHECK(seen.wait_for(5));
    io.stop();
    io.join();
}

TEST_CASE("io thread: stop drops what has not begun and returns at once") {
    Arrivals<int> seen;
    IoThread io{"net-test"};
    const Timer never = io.after(1h, [&] { seen.put(1); });
    io.stop();
    io.join();
    io.post([&] { seen.put(2); });
    CHECK(seen.values().empty());
}
