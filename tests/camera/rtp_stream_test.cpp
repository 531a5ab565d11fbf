#include "camera/rtp_stream.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "rtp_builder.hpp"

using namespace farmwall;
using namespace farmwall::camera;
using namespace std::chrono_literals;

namespace {

std::vector<std::uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }
std::string text_of(const SharedBytes& bytes) {
    if (!bytes) return "null";
    return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

// A track, and packets for it with their numbers counted on.
struct Track {
    static SdpTrack described(bool with_sets = true) {
        SdpTrack track;
        if (with_sets) track.parameter_sets = {bytes_of(units::sps), bytes_of(units::pps)};
        return track;
    }
    explicit Track(const SdpTrack& track = described()) : stream{track} {}

    RtpStream stream;
    Rtp next;
    TimePoint now{1h};
    std::vector<Packet> done;

    Track& put(const std::string& bytes) {
        stream.put(bytes, now, done);
        return *this;
    }
    // One picture a timestamp, its last packet marked.
    Track& picture(const std::vector<std::string>& payloads) {
        for (const std::string& packet : packets(payloads))
            put(packet);
        return *this;
    }
    std::vector<std::string> packets(const std::vector<std::string>& payloads) {
        std::vector<std::string> made;
        next.timestamp += 3000;
        for (std::size_t i = 0; i < payloads.size(); ++i) {
            next.marker = i + 1 == payloads.size();
            made.push_back(next.with(payloads[i]));
            ++next.sequence;
        }
        return made;
    }
    [[nodiscard]] std::vector<std::string> pictures() const {
        std::vector<std::string> made;
        for (const Packet& packet : done)
            made.push_back(text_of(packet.bytes));
        return made;
    }
};
using Pictures = std::vector<std::string>;

}  // namespace

TEST_CASE("rtp: a picture in one packet, in fragments and aggregated with others is the same picture") {
    Track single;
    single.picture({units::idr(3000)});
    Track fragments;
    fragments.picture(units::fu_a(units::idr(3000), 700));
    Track tiny;
    tiny.picture(units::fu_a(units::idr(3000), 1));
    Track together;
    together.picture({units::stap_a({units::idr(3000)})});
    for (const Track* track : {&single, &fragments, &tiny, &together}) {
        REQUIRE(track->done.size() == 1);
        CHECK((track->pictures()[0] == units::annex_b({units::idr(3000)})));
        CHECK(track->done[0].key);
        CHECK(track->done[0].codec == Codec::h264);
        CHECK(track->done[0].arrived == track->now);
        CHECK(text_of(track->done[0].parameters) == units::annex_b({units::sps, units::pps}));
    }
}

TEST_CASE("rtp: units of one picture stay together, parameter sets in band included") {
    Track track;
    track.picture({units::delimiter, units::stap_a({units::sps, units::pps, units::sei}), units::idr()});
    track.picture({units::p(), units::p_rest()});
    CHECK((track.pictures() ==
           Pictures{units::annex_b({units::delimiter, units::sps, units::pps, units::sei, units::idr()}),
                    units::annex_b({units::p(), units::p_rest()})}));
    CHECK(track.done[0].key);
    CHECK_FALSE(track.done[1].key);
}

TEST_CASE("rtp: a changed timestamp ends a picture whose marker is missing") {
    Track track;
    track.next.marker = false;
    track.put(track.next.with(units::idr()));
    ++track.next.sequence;
    track.picture({units::p()});
    CHECK((track.pictures() == Pictures{units::annex_b({units::idr()}), units::annex_b({units::p()})}));
}

TEST_CASE("rtp: with timestamps that stand still, markers alone end pictures") {
    Track track;
    for (int i = 0; i < 3; ++i) {
        track.next.timestamp = 1000 - 3000;
        track.picture({units::p(30, static_cast<char>('a' + i)), units::p_rest()});
    }
    CHECK(track.done.size() == 3);
}

TEST_CASE("rtp: without markers and timestamps, the beginning of a picture ends the one before") {
    Track track;
    const auto unit = [&](const std::string& payload) {
        track.put(track.next.with(payload));
        ++track.next.sequence;
    };
    SUBCASE("a slice of macroblock 0") {
        for (const auto& payload : {units::idr(), units::p(), units::p_rest(), units::p()})
            unit(payload);
        CHECK((track.pictures() ==
               Pictures{units::annex_b({units::idr()}), units::annex_b({units::p(), units::p_rest()})}));
    }
    SUBCASE("the same in fragments") {
        for (int i = 0; i < 3; ++i) {
            for (const auto& payload : units::fu_a(units::p(100), 30))
                unit(payload);
        }
        CHECK((track.pictures() == Pictures(2, units::annex_b({units::p(100)}))));
    }
    SUBCASE("a delimiter, SEI or parameter set") {
        for (const std::string& mark : {units::delimiter, units::sei, units::sps}) {
            unit(units::p());
            unit(mark);
        }
        unit(units::p());
        CHECK(track.done.size() == 3);
        CHECK((track.pictures()[1] == units::annex_b({units::delimiter, units::p()})));
    }
}

TEST_CASE("rtp: parameter sets marked as if they were a picture wait for theirs") {
    Track track{Track::described(false)};
    track.picture({units::sps}).picture({units::pps}).picture({units::idr()});
    CHECK((track.pictures() == Pictures{units::annex_b({units::sps, units::pps, units::idr()})}));
    CHECK(track.done[0].key);
}

TEST_CASE("rtp: without parameter sets nothing is a key frame; in band ones replace those of the SDP") {
    Track bare{Track::described(false)};
    bare.picture({units::idr()});
    CHECK_FALSE(bare.done[0].key);
    CHECK(bare.done[0].parameters == nullptr);
    Track track;
    track.picture({units::idr()}).picture({units::p()});
    CHECK(track.done[0].parameters == track.done[1].parameters);
    const std::string other{"\x67\x64\x00\x29\xAC\x02", 6};
    track.picture({other, units::idr()}).picture({other, units::idr()});
    CHECK(text_of(track.done[2].parameters) == units::annex_b({other, units::pps}));
    CHECK(track.done[2].parameters == track.done[3].parameters);
}

TEST_CASE("rtp: pictures of I slices count as key frames only where no IDR came for ten seconds") {
    Track track;
    track.picture({units::i()});
    track.now += 10s;
    track.picture({units::i()});
    track.now += 1ms;
    track.picture({units::p()}).picture({units::i(), units::p_rest()}).picture({units::i()});
    track.picture({units::idr()}).picture({units::i()});
    std::string keys;
    for (const Packet& packet : track.done)
        keys += packet.key ? 'k' : '-';
    CHECK(keys == "----kk-");
}

TEST_CASE("rtp: lost packets are counted, and cost the pictures they belong to and no others") {
    Track whole;
    std::vector<std::string> packets;
    const auto add = [&](const std::vector<std::string>& payloads) {
        for (const std::string& packet : whole.packets(payloads))
            packets.push_back(packet);
    };
    const std::vector<std::string> sent{units::idr(90, 'a'), units::p(90, 'b'), units::p(90, 'c'),
                                        units::p(90, 'd')};
    for (const std::string& unit : sent)
        add(units::fu_a(unit, 30));
    for (int i = 0; i < 40; ++i)
        add({units::p(20, 'e')});  // so that nothing waits any more
    REQUIRE(packets.size() == 12 + 40);
    for (std::size_t missing = 0; missing < 12; ++missing) {
        Track track;
        for (std::size_t i = 0; i < packets.size(); ++i) {
            if (i != missing) track.put(packets[i]);
        }
        // The first of all is not missed: the stream begins where we join it.
        CHECK(track.stream.lost() == (missing == 0 ? 0 : 1));
        CHECK(track.stream.dropped() == 1);
        Pictures expected;
        for (std::size_t i = 0; i < 4; ++i) {
            if (i != missing / 3) expected.push_back(units::annex_b({sent[i]}));
        }
        for (int i = 0; i < 40; ++i)
            expected.push_back(units::annex_b({units::p(20, 'e')}));
        CHECK((track.pictures() == expected));
    }
}

TEST_CASE("rtp: a whole picture that is lost leaves the others untouched") {
    Track track;
    track.picture({units::idr()});
    track.packets({units::p(), units::p_rest()});  // on no wire
    for (int i = 0; i < 20; ++i)
        track.picture({units::p()});
    CHECK(track.stream.lost() == 2);
    CHECK(track.stream.dropped() == 0);
    CHECK(track.done.size() == 21);
}

TEST_CASE("rtp: packets in another order within the window, and twice, give the same pictures") {
    std::mt19937 random{1};
    Track order;
    std::vector<std::string> packets;
    for (int i = 0; i < 30; ++i) {
        for (const auto& packet :
             order.packets(units::fu_a(units::p(100, static_cast<char>('a' + i % 20)), 20))) {
            packets.push_back(packet);
        }
    }
    Track straight;
    for (const std::string& packet : packets)
        straight.put(packet);
    REQUIRE(straight.done.size() == 30);
    for (int run = 0; run < 50; ++run) {
        std::vector<std::string> mixed = packets;
        for (std::size_t at = 1; at + 5 <= mixed.size(); at += 5) {
            std::shuffle(mixed.begin() + static_cast<long>(at), mixed.begin() + static_cast<long>(at + 5),
                         random);
        }
        Track track;
        for (const std::string& packet : mixed) {
            track.put(packet);
            if (random() % 3 == 0) track.put(packet);
        }
        CHECK((track.pictures() == straight.pictures()));
        CHECK(track.stream.lost() == 0);
    }
}

TEST_CASE("rtp: a packet that comes after the window has passed is dropped") {
    Track track;
    track.picture({units::idr()});
    const auto late = track.packets({units::p(40, 'l')});
    for (int i = 0; i < 17; ++i)
        track.picture({units::p()});
    CHECK(track.done.size() == 18);
    track.put(late[0]);
    CHECK(track.done.size() == 18);
    CHECK(track.stream.lost() == 1);
}

TEST_CASE("rtp: sequence numbers wrap, also with a packet missing at the wrap") {
    Track track;
    track.next.sequence = 65500;
    for (int i = 0; i < 100; ++i)
        track.picture({units::p(), units::p_rest()});
    CHECK(track.done.size() == 100);
    CHECK(track.stream.lost() == 0);
    Track hole;
    hole.next.sequence = 65500;
    for (int i = 0; i < 100; ++i) {
        for (const auto& packet : hole.packets({units::p()})) {
            if (i != 36) hole.put(packet);  // number 0
        }
    }
    CHECK(hole.done.size() == 99);
    CHECK(hole.stream.lost() == 1);
}

TEST_CASE("rtp: another source, or numbers far off twice in a row, are a new beginning") {
    Track track;
    track.picture({units::idr()});
    track.next.marker = false;
    track.put(track.next.with(units::p()));  // its end never comes
    track.next.source = 8;
    track.next.sequence = 40000;
    track.picture({units::idr()});
    CHECK(track.done.size() == 2);
    track.next.sequence = 10;
    track.picture({units::p()});
    CHECK(track.done.size() == 2);  // one alone may be an accident
    track.picture({units::p()}).picture({units::p()});
    CHECK(track.done.size() == 4);
    CHECK(track.stream.lost() == 0);
}

TEST_CASE("rtp: other payload types share the numbers and are left out") {
    Track track;
    track.picture({units::idr()});
    track.next.payload_type = 97;
    track.picture({"audio"});
    track.next.payload_type = 96;
    track.picture({units::p()});
    CHECK(track.done.size() == 2);
    CHECK(track.stream.lost() == 0);
}

TEST_CASE("rtp: header extension, contributing sources and padding are skipped") {
    Track track;
    std::string packet = track.packets({units::p()})[0];
    packet[0] = static_cast<char>(0x80 | 0x20 | 0x10 | 2);
    packet.insert(12, std::string(8, 'c') + std::string{"\xBE\xDE\0\1", 4} + "ext.");
    packet += std::string{"\0\0\3", 3};
    track.put(packet);
    CHECK((track.pictures() == Pictures{units::annex_b({units::p()})}));
}

TEST_CASE("rtp: what is no RTP is counted and passed over, at any length of a good packet") {
    const std::string good = [] {
        Track track;
        std::string packet = track.packets({units::stap_a({units::sps, units::pps, units::p()})})[0];
        packet[0] = static_cast<char>(0x80 | 0x10);
        packet.insert(12, std::string{"\xBE\xDE\0\1", 4} + "ext.");
        return packet;
    }();
    for (std::size_t length = 0; length <= good.size(); ++length) {
        Track track;
        track.put(good.substr(0, length));
        CHECK((track.stream.malformed() == 1) == (length < 20));
        CHECK(track.done.size() <= 1);
    }
    Track track;
    track.put(std::string(20, '\x40')).put("");
    CHECK(track.stream.malformed() == 2);
}

TEST_CASE("rtp: payloads that are empty, broken or of no kind agreed upon do no harm") {
    Track track;
    for (const std::string& payload :
         {std::string{}, std::string{"\x00", 1}, std::string{"\x1E"}, std::string{"\x1F"},
          std::string{"\x78"}, std::string{"\x78\x00", 2}, std::string{"\x78\x00\x00", 3},
          std::string{"\x78\x00\x05\x41", 4}, std::string{"\x7C"}, std::string{"\x7C\x85"},
          std::string{"\x7C\x05"}, std::string{"\x79\x00\x00", 3}}) {
        track.picture({payload});
    }
    track.picture({units::idr()});
    REQUIRE_FALSE(track.done.empty());
    CHECK((track.pictures().back() == units::annex_b({units::idr()})));
}

TEST_CASE("rtp: a picture of more than 4 MiB is dropped, the next one comes") {
    Track track;
    std::vector<std::string> payloads;
    for (int i = 0; i < 80; ++i)
        payloads.push_back(i == 0 ? units::p(60'000) : units::p_rest(60'000));
    track.picture(payloads);
    CHECK(track.done.empty());
    CHECK(track.stream.dropped() == 1);
    track.picture({units::p()});
    CHECK(track.done.size() == 1);
}

TEST_CASE("h264 units: where a slice begins and of which type it is") {
    const auto start = [](const std::string& unit) { return read_slice_start(bytes_of(unit)); };
    CHECK(start(units::idr())->first_macroblock == 0);
    CHECK(start(units::idr())->intra());
    CHECK(start(units::p_rest())->first_macroblock == 1);
    CHECK_FALSE(start(units::p_rest())->intra());
    CHECK_FALSE(start(units::sps));
    CHECK_FALSE(start(""));
    CHECK_FALSE(start("\x65"));
    CHECK_FALSE(start(std::string{"\x65\0\0\0\0\0\0", 7}));
    CHECK(start(std::string{"\x41\x00\x0F\xF0\x7F", 5})->first_macroblock == 8159);
    // The 3 behind two zeros is no part of the number.
    CHECK(start(std::string{"\x41\0\0\x03\0\x80\0\0\x7F", 9})->first_macroblock == 0xFFFFFF);
}
