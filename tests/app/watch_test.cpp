#include "app/watch.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "app/bell.hpp"

using namespace farmwall;
using namespace farmwall::app;

namespace {

std::shared_ptr<const PrinterState> printer(std::string id) {
    auto made = std::make_shared<PrinterState>();
    made->id = PrinterId{std::move(id)};
    return made;
}

std::shared_ptr<FleetState> fleet(std::uint64_t revision,
                                  std::vector<std::shared_ptr<const PrinterState>> printers) {
    auto made = std::make_shared<FleetState>();
    made->revision = revision;
    made->printers = std::move(printers);
    return made;
}

}  // namespace

TEST_CASE("watch: a line for each printer that changed, none for the others") {
    std::vector<std::string> lines;
    Watch watch{[&](const std::string& line) { lines.push_back(line); }};
    const auto a = printer("a");
    const auto b = printer("b");
    watch.look(fleet(1, {a, b}), TimePoint{});
    CHECK(lines.size() == 2);
    lines.clear();
    watch.look(fleet(1, {a, b}), TimePoint{});
    CHECK(lines.empty());
    watch.look(fleet(2, {a, printer("b")}), TimePoint{});
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].find(R"("id":"b")") != std::string::npos);
}

TEST_CASE("watch: an event is written once") {
    std::vector<std::string> lines;
    Watch watch{[&](const std::string& line) { lines.push_back(line); }};
    const auto first = fleet(1, {});
    auto event = std::make_shared<Event>();
    event->printer = PrinterId{"a"};
    event->kind = EventKind::paused;
    event->text = "Print paused.";
    first->events.push_back(event);
    watch.look(first, TimePoint{});
    const auto second = fleet(2, {});
    second->events = first->events;
    watch.look(second, TimePoint{});
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].find(R"("event":"paused")") != std::string::npos);
}

TEST_CASE("bell: a ring before the wait is not lost, a stop ends every wait") {
    Bell bell;
    bell.ring();
    CHECK(bell.wait());
    bell.ring();
    bell.request_stop();
    CHECK_FALSE(bell.wait());
    CHECK_FALSE(bell.wait_for(std::chrono::milliseconds{0}));
    CHECK_FALSE(bell.pause(std::chrono::hours{1}));
    CHECK(bell.stopping());
}
