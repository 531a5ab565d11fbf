#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>

#include "machine_driver.hpp"

using namespace farmwall;
using namespace farmwall::link;
using namespace std::chrono_literals;

namespace {

constexpr auto connect_timeout_seen = 20s;

// A connect that fails below MQTT, and what a look at the address then shows.
void fail_to_connect(Driver& d, const net::FetchOutcome& look) {
    d.did(d.machine.connect_failed(ConnectFailure::no_session, "TCP/TLS connect failure", d.now));
    REQUIRE(d.wanted<FetchCertificate>() != nullptr);
    d.did(d.machine.certificate_fetched(look, d.now));
}

const net::FetchError nobody{net::FetchFailure::refused, "Connection refused"};

}  // namespace

TEST_CASE("session: with a pin it connects at once, subscribes, waits, then asks version and everything") {
    Driver d;
    d.did(d.machine.start(d.now));
    CHECK(d.link() == Link::connecting);
    const auto* open = d.wanted<OpenClient>();
    REQUIRE(open != nullptr);
    CHECK(open->address == test_address);
    CHECK(open->port == 8883);
    CHECK(d.wanted<FetchCertificate>() == nullptr);
    d.did(d.machine.connected(d.now));
    REQUIRE(d.effects.size() == 1);
    CHECK(d.wanted<Subscribe>() != nullptr);
    d.did(d.machine.subscribed(d.now));
    REQUIRE(d.effects.size() == 2);
    const auto* first = std::get_if<Ask>(&d.effects[0]);
    const auto* second = std::get_if<Ask>(&d.effects[1]);
    REQUIRE((first && second));
    CHECK(first->question == Question::version);
    CHECK(second->question == Question::full_report);
    CHECK(d.link() == Link::connecting);
    d.report();
    CHECK(d.link() == Link::online);
    CHECK(d.machine.connects() == 1);
}

TEST_CASE("session: client ids are never used twice and are short letters and digits") {
    Driver d;
    std::vector<std::string> ids;
    d.did(d.machine.start(d.now));
    for (int i = 0; i < 20; ++i) {
        const auto* open = d.wanted<OpenClient>();
        REQUIRE(open != nullptr);
        CHECK(open->client_id.size() <= 23);
        CHECK(std::ranges::all_of(open->client_id,
                                  [](char c) { return std::isalnum(static_cast<unsigned char>(c)); }));
        ids.push_back(open->client_id);
        d.did(d.machine.connect_now(d.now));
    }
    std::ranges::sort(ids);
    CHECK(std::ranges::adjacent_find(ids) == ids.end());
}

TEST_CASE("session: two programs have different client ids") {
    Driver a{certificate(), {}, 0.25};
    Driver b{certificate(), {}, 0.75};
    a.did(a.machine.start(a.now));
    b.did(b.machine.start(b.now));
    CHECK(a.wanted<OpenClient>()->client_id != b.wanted<OpenClient>()->client_id);
}

TEST_CASE("session: sequence ids stay in our range, for ever") {
    Driver d;
    for (int i = 0; i < 70'000; ++i) {
        const auto id = d.machine.next_sequence_id();
        if (id < first_sequence_id || id > last_sequence_id) FAIL("left the range");
    }
}

TEST_CASE("session: the first certificate is looked at, stored, and only then a client is opened") {
    Driver d{std::nullopt};
    d.did(d.machine.start(d.now));
    REQUIRE(d.wanted<FetchCertificate>() != nullptr);
    CHECK(d.wanted<OpenClient>() == nullptr);
    d.did(d.machine.certificate_fetched(certificate("bb"), d.now));
    const auto* save = d.wanted<SavePin>();
    REQUIRE(save != nullptr);
    CHECK(save->certificate == certificate("bb"));
    CHECK(d.wanted<OpenClient>() == nullptr);
    d.did(d.machine.pin_saved(Done{}, d.now));
    CHECK(d.wanted<OpenClient>() != nullptr);
    // From now on it is the pin.
    d.did(d.machine.connect_now(d.now));
    CHECK(d.wanted<OpenClient>() != nullptr);
}

TEST_CASE("session: a pin that cannot be stored is trouble that is tried again, without a client") {
    Driver d{std::nullopt};
    d.did(d.machine.start(d.now));
    d.did(d.machine.certificate_fetched(certificate(), d.now));
    d.did(d.machine.pin_saved(Error{ErrorKind::io, "the disk is full"}, d.now));
    CHECK(d.wanted<OpenClient>() == nullptr);
    CHECK(d.link() == Link::offline);
    CHECK(d.machine.status().detail.find("the disk is full") != std::string::npos);
    d.pass(1s);
    CHECK(d.wanted<FetchCertificate>() != nullptr);
}

TEST_CASE(
    "session: a certificate with another serial is refused and no client, so no password, ever goes there") {
    Driver d{std::nullopt};
    d.did(d.machine.start(d.now));
    d.did(d.machine.certificate_fetched(certificate("cc", "01P00A000000099"), d.now));
    CHECK(d.link() == Link::refused);
    CHECK(d.problem() == LinkProblem::wrong_serial);
    CHECK(d.machine.status().detail == "the certificate names 01P00A000000099");
    d.pass(59s);
    CHECK(d.effects.empty());
    d.pass(10s);
    CHECK(d.wanted<FetchCertificate>() != nullptr);
    CHECK(d.wanted<OpenClient>() == nullptr);
}

TEST_CASE(
    "session: a certificate without a name, or with a name that forges a line, is refused in clean words") {
    Driver d{std::nullopt};
    d.did(d.machine.start(d.now));
    SUBCASE("none") {
        d.did(d.machine.certificate_fetched(certificate("cc", ""), d.now));
        CHECK(d.machine.status().detail == "the certificate names no serial");
    }
    SUBCASE("control characters") {
        d.did(d.machine.certificate_fetched(certificate("cc", "a\nb"), d.now));
        CHECK(d.machine.status().detail == "the certificate names a?b");
    }
    CHECK(d.problem() == LinkProblem::wrong_serial);
}

TEST_CASE("session: a changed certificate is refused, shown, and looked at again slowly") {
    Driver d;
    d.did(d.machine.start(d.now));
    fail_to_connect(d, certificate("ff"));
    CHECK(d.link() == Link::refused);
    CHECK(d.problem() == LinkProblem::certificate_changed);
    CHECK(d.machine.status().new_certificate == "ff");
    CHECK(d.wanted<OpenClient>() == nullptr);
    d.pass(59s);
    CHECK(d.effects.empty());
    d.pass(10s);
    REQUIRE(d.wanted<FetchCertificate>() != nullptr);
    CHECK(d.wanted<OpenClient>() == nullptr);
    SUBCASE("still another: still refused") {
        d.did(d.machine.certificate_fetched(certificate("ff"), d.now));
        CHECK(d.problem() == LinkProblem::certificate_changed);
        CHECK(d.machine.status().new_certificate == "ff");
    }
    SUBCASE("the old one is back: connect") {
        d.did(d.machine.certificate_fetched(certificate("aa"), d.now));
        CHECK(d.wanted<OpenClient>() != nullptr);
    }
    SUBCASE("nobody there any more: offline, nothing to trust") {
        d.did(d.machine.certificate_fetched(nobody, d.now));
        CHECK(d.problem() == LinkProblem::unreachable);
        CHECK(d.machine.status().new_certificate.empty());
    }
}

TEST_CASE("session: a person's trust stores the certificate that was shown, and no other") {
    Driver d;
    d.did(d.machine.start(d.now));
    fail_to_connect(d, certificate("ff"));
    SUBCASE("another one than shown") {
        d.did(d.machine.trust_certificate("ee", d.now));
        CHECK(d.effects.empty());
    }
    SUBCASE("nothing") {
        d.did(d.machine.trust_certificate("", d.now));
        CHECK(d.effects.empty());
    }
    SUBCASE("the one shown, any case") {
        d.did(d.machine.trust_certificate(" FF ", d.now));
        REQUIRE(d.wanted<SavePin>() != nullptr);
        CHECK(d.wanted<SavePin>()->certificate == certificate("ff"));
        d.did(d.machine.pin_saved(Done{}, d.now));
        REQUIRE(d.wanted<OpenClient>() != nullptr);
        d.come_up();
        d.report();
        CHECK(d.link() == Link::online);
        CHECK(d.machine.status().new_certificate.empty());
    }
}

TEST_CASE("session: trust means nothing while no certificate is in doubt") {
    Driver d;
    d.be_online();
    d.did(d.machine.trust_certificate("aa", d.now));
    CHECK(d.effects.empty());
}

TEST_CASE("session: unreachable, no TLS, and a closed door are told apart after a failed connect") {
    Driver d;
    d.did(d.machine.start(d.now));
    SUBCASE("nobody listens") {
        fail_to_connect(d, nobody);
        CHECK(d.problem() == LinkProblem::unreachable);
        CHECK(d.machine.status().detail == "Connection refused");
    }
    SUBCASE("something else listens") {
        fail_to_connect(d, net::FetchError{net::FetchFailure::no_tls, "wrong version number"});
        CHECK(d.problem() == LinkProblem::no_tls);
    }
    SUBCASE("the right printer, but no session") {
        fail_to_connect(d, certificate("aa"));
        CHECK(d.problem() == LinkProblem::session_lost);
        CHECK(d.machine.status().detail == "TCP/TLS connect failure");
    }
    SUBCASE("another CONNACK") {
        d.did(d.machine.connect_failed(ConnectFailure::not_accepted, "CONNACK 3", d.now));
        CHECK(d.problem() == LinkProblem::session_lost);
    }
    CHECK(d.link() == Link::offline);
    REQUIRE(d.machine.status().next_attempt);
    CHECK(*d.machine.status().next_attempt == d.now + 1s);
}

TEST_CASE("session: a wrong access code is refused and tried again no sooner than after a minute") {
    Driver d;
    d.did(d.machine.start(d.now));
    d.did(d.machine.connect_failed(ConnectFailure::bad_access_code, "CONNACK 5", d.now));
    CHECK(d.link() == Link::refused);
    CHECK(d.problem() == LinkProblem::bad_access_code);
    CHECK(d.wanted<CloseClient>() != nullptr);
    for (int i = 0; i < 3; ++i) {
        d.pass(60s);
        CHECK(d.wanted<OpenClient>() == nullptr);
        d.pass(6s);
        CHECK(d.wanted<OpenClient>() != nullptr);
        CHECK(d.problem() == LinkProblem::bad_access_code);
        d.did(d.machine.connect_failed(ConnectFailure::bad_access_code, "CONNACK 5", d.now));
    }
}

TEST_CASE("session: attempts back off from one second to thirty, each with a new client") {
    Driver d;
    d.did(d.machine.start(d.now));
    for (const auto wait : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
        fail_to_connect(d, nobody);
        d.pass(wait - 1ms);
        CHECK(d.wanted<OpenClient>() == nullptr);
        d.pass(1ms);
        REQUIRE(d.wanted<OpenClient>() != nullptr);
        CHECK(d.link() == Link::offline);
        CHECK_FALSE(d.machine.status().next_attempt);
    }
}

TEST_CASE("session: a connect that does not last does not reset the back-off, a stable minute does") {
    Driver d;
    d.did(d.machine.start(d.now));
    for (int i = 0; i < 3; ++i) {
        fail_to_connect(d, nobody);
        d.pass(30s);
    }
    d.be_online();
    d.pass_reporting(30s);
    d.did(d.machine.connection_lost("", d.now));
    CHECK(*d.machine.status().next_attempt == d.now + 8s);
    d.pass(8s);
    d.be_online();
    d.pass_reporting(61s);
    d.did(d.machine.connection_lost("", d.now));
    CHECK(*d.machine.status().next_attempt == d.now + 1s);
}

TEST_CASE("session: a lost connection closes the client, says so, and connects again") {
    Driver d;
    d.be_online();
    d.did(d.machine.connection_lost("reset by peer", d.now));
    CHECK(d.wanted<CloseClient>() != nullptr);
    CHECK(d.link() == Link::offline);
    CHECK(d.problem() == LinkProblem::session_lost);
    CHECK(d.machine.status().detail == "reset by peer");
    d.pass(1s);
    CHECK(d.wanted<OpenClient>() != nullptr);
    d.be_online();
    CHECK(d.machine.connects() == 2);
}

TEST_CASE("session: an attempt that never ends is ended") {
    Driver d{std::nullopt};
    d.did(d.machine.start(d.now));
    const auto stuck = [&] {
        d.pass(60s);
        return d.link() == Link::offline;
    };
    SUBCASE("looking") { CHECK(stuck()); }
    SUBCASE("storing") {
        d.did(d.machine.certificate_fetched(certificate(), d.now));
        CHECK(stuck());
    }
    SUBCASE("connecting") {
        d.did(d.machine.certificate_fetched(certificate(), d.now));
        d.did(d.machine.pin_saved(Done{}, d.now));
        d.pass(connect_timeout_seen);
        CHECK(d.link() == Link::connecting);
        CHECK(stuck());
    }
    SUBCASE("subscribing") {
        d.did(d.machine.certificate_fetched(certificate(), d.now));
        d.did(d.machine.pin_saved(Done{}, d.now));
        d.did(d.machine.connected(d.now));
        CHECK(stuck());
    }
}

TEST_CASE("session: what an old attempt brings is known to be old") {
    Driver d;
    d.did(d.machine.start(d.now));
    const auto old = d.wanted<OpenClient>()->attempt;
    CHECK(d.machine.is_current(old));
    d.did(d.machine.connect_now(d.now));
    CHECK_FALSE(d.machine.is_current(old));
    CHECK(d.machine.is_current(d.wanted<OpenClient>()->attempt));
}

TEST_CASE("session: outcomes that fit no question change nothing") {
    Driver d;
    d.be_online();
    const LinkStatus before = d.machine.status();
    CHECK(d.machine.connected(d.now).empty());
    CHECK(d.machine.subscribed(d.now).empty());
    CHECK(d.machine.pin_saved(Done{}, d.now).empty());
    CHECK(d.machine.certificate_fetched(certificate("ff"), d.now).empty());
    CHECK(d.machine.connect_failed(ConnectFailure::bad_access_code, "", d.now).empty());
    CHECK(d.machine.status() == before);
}

TEST_CASE("session: a person's wish to connect does not wait for the back-off") {
    Driver d;
    d.did(d.machine.start(d.now));
    d.did(d.machine.connect_failed(ConnectFailure::bad_access_code, "CONNACK 5", d.now));
    d.did(d.machine.connect_now(d.now));
    CHECK(d.wanted<OpenClient>() != nullptr);
    CHECK(d.link() == Link::connecting);
}

TEST_CASE("session: a wish to connect while the certificate is in doubt looks first") {
    Driver d;
    d.did(d.machine.start(d.now));
    fail_to_connect(d, certificate("ff"));
    d.did(d.machine.connect_now(d.now));
    CHECK(d.wanted<OpenClient>() == nullptr);
    CHECK(d.wanted<FetchCertificate>() != nullptr);
    CHECK(d.problem() == LinkProblem::certificate_changed);
}

TEST_CASE("session: stopped, it closes its client, wants nothing and cannot be woken") {
    Driver d;
    d.be_online();
    d.did(d.machine.stop(d.now));
    CHECK(d.wanted<CloseClient>() != nullptr);
    CHECK_FALSE(d.machine.wake_at());
    CHECK(d.machine.tick(d.now + 1h).empty());
    CHECK(d.machine.connect_now(d.now).empty());
    CHECK(d.machine.announced("192.0.2.20", true, d.now).empty());
}

TEST_CASE("session: an announced address is used when the present one does not work") {
    Driver d;
    d.did(d.machine.start(d.now));
    fail_to_connect(d, nobody);
    d.did(d.machine.announced("192.0.2.20", false, d.now));
    REQUIRE(d.wanted<OpenClient>() != nullptr);
    CHECK(d.wanted<OpenClient>()->address == "192.0.2.20");
    CHECK(d.machine.status().address == "192.0.2.20");
    d.be_online();
    // It is the printer's now: a lost session comes back there.
    d.did(d.machine.connection_lost("", d.now));
    d.pass(2s);
    REQUIRE(d.wanted<OpenClient>() != nullptr);
    CHECK(d.wanted<OpenClient>()->address == "192.0.2.20");
}

TEST_CASE("session: an announced address that fails is left again and not believed for a while") {
    Driver d;
    d.did(d.machine.start(d.now));
    fail_to_connect(d, nobody);
    d.did(d.machine.announced("192.0.2.20", true, d.now));
    const auto outcome = [&]() -> net::FetchOutcome {
        SUBCASE("nobody there") { return nobody; }
        SUBCASE("another printer") { return certificate("dd", "01P00A000000099"); }
        SUBCASE("somebody who claims our serial") { return certificate("dd"); }
        return nobody;
    }();
    fail_to_connect(d, outcome);
    CHECK(d.link() == Link::offline);
    CHECK(d.machine.status().new_certificate.empty());
    d.pass(10s);
    d.did(d.machine.announced("192.0.2.20", true, d.now));
    CHECK(d.effects.empty());
    CHECK(d.machine.status().address == test_address);
    fail_to_connect(d, nobody);
    d.pass(60s);
    fail_to_connect(d, nobody);
    d.did(d.machine.announced("192.0.2.20", true, d.now));
    CHECK(d.machine.status().address == "192.0.2.20");
}

TEST_CASE("session: without a pin no announcement moves anything") {
    Driver d{std::nullopt};
    d.did(d.machine.start(d.now));
    d.did(d.machine.certificate_fetched(nobody, d.now));
    d.did(d.machine.announced("192.0.2.20", true, d.now));
    CHECK(d.effects.empty());
    CHECK(d.machine.status().address == test_address);
}

TEST_CASE("session: an address that works is kept, and asked only when it has been silent") {
    Driver d;
    d.be_online();
    d.did(d.machine.announced("192.0.2.20", true, d.now));
    CHECK(d.effects.empty());
    d.pass(15s);
    SUBCASE("a datagram from elsewhere shows nothing") {
        d.did(d.machine.announced("192.0.2.20", false, d.now));
        CHECK(d.effects.empty());
    }
    SUBCASE("one from the new address raises a doubt; the doubt confirmed, the next one moves") {
        d.did(d.machine.announced("192.0.2.20", true, d.now));
        CHECK(d.asked(Question::version).size() == 1);
        d.pass(20s);
        CHECK(d.link() == Link::offline);
        d.did(d.machine.announced("192.0.2.20", true, d.now));
        CHECK(d.wanted<OpenClient>()->address == "192.0.2.20");
    }
}

TEST_CASE("session: a flood of announcements opens no flood of clients") {
    Driver d;
    d.did(d.machine.start(d.now));
    fail_to_connect(d, nobody);
    int opened = 0;
    for (int i = 0; i < 250; ++i) {
        d.did(d.machine.announced("192.0.2." + std::to_string(i), true, d.now));
        if (d.wanted<OpenClient>() != nullptr) ++opened;
    }
    CHECK(opened == 1);
}
