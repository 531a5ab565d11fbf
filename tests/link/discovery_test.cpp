#include "link/discovery.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include "../net/waiting.hpp"
#include "net/io_thread.hpp"

using namespace farmwall;
using namespace farmwall::link;
using namespace std::chrono_literals;

namespace {

const TimePoint t0{1h};

// The headers of one announcement; an empty line ends it.
std::string notify(const std::string& headers) { return "NOTIFY * HTTP/1.1\r\n" + headers + "\r\n"; }

const std::string whole =
    "Host: 239.255.255.250:1990\r\n"
    "Server: UPnP/1.0\r\n"
    "Location: 192.0.2.31\r\n"
    "NT: urn:bambulab-com:device:3dprinter:1\r\n"
    "NTS: ssdp:alive\r\n"
    "USN: 01P00A000000001\r\n"
    "Cache-Control: max-age=1800\r\n"
    "DevModel.bambu.com: C12\r\n"
    "DevName.bambu.com: Left shelf \xC3\xBC\r\n"
    "DevSignal.bambu.com: -43\r\n"
    "DevConnect.bambu.com: lan\r\n"
    "DevVersion.bambu.com: 01.08.02.00\r\n";

std::string replaced(std::string text, const std::string& old, const std::string& by) {
    return text.replace(text.find(old), old.size(), by);
}

}  // namespace

TEST_CASE("discovery: an announcement gives serial, address, model, name and firmware") {
    const auto found = parse_notify(notify(whole), "192.0.2.31", t0);
    REQUIRE(found);
    CHECK(found->serial == Serial{"01P00A000000001"});
    CHECK(found->address == "192.0.2.31");
    CHECK(found->from_itself);
    CHECK(found->model == PrinterModel::p1s);
    CHECK(found->model_code == "C12");
    CHECK(found->name == "Left shelf \xC3\xBC");
    CHECK(found->firmware == "01.08.02.00");
    CHECK(found->connection == "lan");
    CHECK(found->last_seen == t0);
}

TEST_CASE("discovery: other spellings say the same") {
    const auto expect_same = [](const std::string& text) {
        const auto found = parse_notify(notify(text), "192.0.2.31", t0);
        REQUIRE(found);
        CHECK(found == parse_notify(notify(whole), "192.0.2.31", t0));
    };
    SUBCASE("a URL as location") { expect_same(replaced(whole, "192.0.2.31", "http://192.0.2.31:80/")); }
    SUBCASE("uuid before the serial") { expect_same(replaced(whole, "USN: ", "usn:uuid:")); }
    SUBCASE("no location: the sender's address") {
        expect_same(replaced(whole, "Location: 192.0.2.31\r\n", ""));
    }
    SUBCASE("a location nobody can be reached at") { expect_same(replaced(whole, "192.0.2.31", "0.0.0.0")); }
    SUBCASE("bare line feeds, blanks") {
        std::string text = replaced(whole, "NT: ", "nt   :\t ");
        std::erase(text, '\r');
        expect_same(text);
    }
    SUBCASE("a revised machine") { expect_same(replaced(whole, "USN", "Extra: 1\r\nUSN")); }
}

TEST_CASE("discovery: who sent it is told from what it says") {
    const auto found = parse_notify(notify(whole), "192.0.2.99", t0);
    REQUIRE(found);
    CHECK(found->address == "192.0.2.31");
    CHECK_FALSE(found->from_itself);
}

TEST_CASE("discovery: what is not a printer's announcement is dropped") {
    const auto drops = [](const std::string& text) { return !parse_notify(text, "192.0.2.31", t0); };
    CHECK(drops(""));
    CHECK(drops("M-SEARCH * HTTP/1.1\r\n" + whole + "\r\n"));
    CHECK(drops(notify("")));
    CHECK(drops(notify(replaced(whole, "urn:bambulab-com:device:3dprinter:1", "upnp:rootdevice"))));
    CHECK(drops(notify(replaced(whole, "NT: urn", "XT: urn"))));
    CHECK(drops(notify(replaced(whole, "USN: 01P00A000000001\r\n", ""))));
    CHECK(drops(notify(replaced(whole, "01P00A000000001", "../../etc/passwd"))));
    CHECK(drops(notify(replaced(whole, "01P00A000000001", std::string(40, 'A')))));
    CHECK_FALSE(parse_notify(notify(replaced(whole, "192.0.2.31", "x")), "", t0));
    CHECK_FALSE(parse_notify(notify(replaced(whole, "192.0.2.31", "239.1.1.1")), "255.255.255.255", t0));
}

TEST_CASE("discovery: texts of others are clean and short") {
    const auto found = parse_notify(notify(replaced(whole, "Left shelf", std::string(500, 'y') + "\x01\xFF")),
                                    "192.0.2.31", t0);
    REQUIRE(found);
    CHECK(found->name == std::string(128, 'y'));
    const auto odd = parse_notify(notify(replaced(whole, "Left shelf", "a\x01\xFF")), "192.0.2.31", t0);
    REQUIRE(odd);
    CHECK(odd->name == "a?\xEF\xBF\xBD \xC3\xBC");
}

TEST_CASE("discovery: cut at any length it gives nothing wrong") {
    const std::string text = notify(whole);
    for (std::size_t length = 0; length <= text.size(); ++length) {
        const auto found = parse_notify(std::string_view{text}.substr(0, length), "192.0.2.31", t0);
        if (!found) continue;
        CHECK(found->serial == Serial{"01P00A000000001"});
        CHECK(found->address == "192.0.2.31");
        CHECK((found->firmware.empty() || found->firmware == "01.08.02.00"));
    }
}

TEST_CASE("discovery: endless headers are read to a bound") {
    std::string many;
    for (int i = 0; i < 100; ++i)
        many += "X: 1\r\n";
    CHECK_FALSE(parse_notify(notify(many + whole), "192.0.2.31", t0));
}

TEST_CASE("discovery table: the newest of each serial, for half an hour, at most 256") {
    DiscoveryTable table;
    Discovered found = *parse_notify(notify(whole), "192.0.2.31", t0);
    CHECK(table.note(found));
    found.address = "192.0.2.32";
    found.last_seen = t0 + 10s;
    CHECK(table.note(found));
    REQUIRE(table.seen(t0 + 10s).size() == 1);
    CHECK(table.seen(t0 + 10s).front().address == "192.0.2.32");
    CHECK(table.seen(t0 + 2000s).empty());
    for (int i = 0; i < 255; ++i) {
        found.serial = Serial{"X" + std::to_string(i)};
        CHECK(table.note(found));
    }
    found.serial = Serial{"ONEMORE"};
    CHECK_FALSE(table.note(found));
    found.last_seen = t0 + 2000s;
    CHECK(table.note(found));
    CHECK(table.seen(t0 + 2000s).size() == 1);
}

TEST_CASE("discovery: announcements on a socket are told and remembered, junk is not") {
    ManualClock clock;
    Arrivals<Discovered> told;
    Arrivals<std::uint16_t> ready;
    net::IoThread io{"net-test"};
    std::unique_ptr<Discovery> discovery;
    io.post([&] {
        discovery = std::make_unique<Discovery>(io, clock, std::vector<std::uint16_t>{0},
                                                [&](const Discovered& found) { told.put(found); });
        REQUIRE(discovery->ports().size() == 1);
        ready.put(discovery->ports().front());
    });
    REQUIRE(ready.wait_for(1));
    namespace asio = boost::asio;
    asio::io_context sending;
    asio::ip::udp::socket socket{sending, asio::ip::udp::v4()};
    const asio::ip::udp::endpoint to{asio::ip::make_address("127.0.0.1"), ready.values().front()};
    socket.send_to(asio::buffer(std::string{"junk"}), to);
    socket.send_to(asio::buffer(notify(whole)), to);
    REQUIRE(told.wait_for(1));
    CHECK(told.values().front().serial == Serial{"01P00A000000001"});
    CHECK_FALSE(told.values().front().from_itself);
    CHECK(discovery->seen().size() == 1);
    Arrivals<int> gone;
    io.post([&] {
        discovery.reset();
        gone.put(1);
    });
    REQUIRE(gone.wait_for(1));
}
