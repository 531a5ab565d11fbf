#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "camera/h264_units.hpp"
#include "camera/source.hpp"
#include "clips.hpp"
#include "net/io_thread.hpp"
#include "net/waiting.hpp"
#include "web_server.hpp"

using namespace farmwall;
using namespace farmwall::camera;
using namespace std::chrono_literals;

namespace {

struct Heard : SourceListener {
    void source_opened() override {
        opened.put(1);
        if (on_opened) on_opened();
    }
    void source_alive() override { alive.put(1); }
    void source_packet(Packet packet) override { packets.put(std::move(packet)); }
    void source_lost_packets(std::uint64_t) override {}
    void source_ended(CameraProblem problem, const std::string& detail) override {
        ended.put({problem, detail});
    }
    std::function<void()> on_opened;
    Arrivals<int> opened;
    Arrivals<int> alive;
    Arrivals<Packet> packets;
    Arrivals<std::pair<CameraProblem, std::string>> ended;
};

// The source lives on the network thread, as everywhere.
struct Visit {
    explicit Visit(const std::string& url, std::function<void()> on_opened = {}) {
        heard.on_opened = std::move(on_opened);
        run([&] { source = open_foreign(io, clock, Secret{url}, heard); });
    }
    ~Visit() {
        run([&] { source.reset(); });
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;
    void stop() {
        run([&] { source->stop(); });
    }
    void run(const std::function<void()>& work) {
        std::promise<void> done;
        io.post([&] {
            work();
            done.set_value();
        });
        done.get_future().wait();
    }
    SystemClock clock;
    Heard heard;
    net::IoThread io{"test-net"};
    std::unique_ptr<Source> source;
};

std::string bytes_of(const Packet& packet) {
    const auto view = packet.bytes->view();
    return {view.begin(), view.end()};
}

std::vector<std::string> some_pictures(int count) {
    std::vector<std::string> made;
    for (int i = 0; i < count; ++i)
        made.push_back(bytes_of(clips::jpeg(640, 360, clips::Sampling::s444, i, clips::counter(640, 360))));
    return made;
}

const std::string multipart =
    "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n";

std::string part(const std::string& picture) {
    return "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(picture.size()) +
           "\r\n\r\n" + picture + "\r\n";
}

std::string annex_b(const std::vector<Packet>& clip) {
    std::string body;
    for (const Packet& packet : clip) {
        if (packet.key) body.append(packet.parameters->view().begin(), packet.parameters->view().end());
        body += bytes_of(packet);
    }
    return body;
}

}  // namespace

TEST_CASE("foreign: the pictures of a JPEG stream arrive byte for byte, in order, until the server ends it") {
    const auto pictures = some_pictures(5);
    WebServer server{[&](WebServer::Visitor& visitor, const std::string&) {
        visitor.send(multipart);
        for (const std::string& picture : pictures)
            visitor.send(part(picture));
    }};
    Visit visit{server.url("/stream")};
    REQUIRE(visit.heard.ended.wait_for(1));
    CHECK(visit.heard.opened.values().size() == 1);
    CHECK(!visit.heard.alive.values().empty());
    const auto packets = visit.heard.packets.values();
    REQUIRE(packets.size() == pictures.size());
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        CHECK(packets[i].codec == Codec::jpeg);
        CHECK(packets[i].parameters == nullptr);
        CHECK(packets[i].key);
        CHECK(bytes_of(packets[i]) == pictures[i]);
    }
    CHECK(visit.heard.ended.values()[0].first == CameraProblem::foreign_address_failed);
}

TEST_CASE("foreign: a single picture is asked for again and again") {
    const auto picture = some_pictures(1)[0];
    WebServer server{[&](WebServer::Visitor& visitor, const std::string&) {
        visitor.send("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nConnection: close\r\nContent-Length: " +
                     std::to_string(picture.size()) + "\r\n\r\n" + picture);
    }};
    Visit visit{server.url("/snapshot.jpg")};
    REQUIRE(visit.heard.packets.wait_for(2));
    CHECK(bytes_of(visit.heard.packets.values()[1]) == picture);
    CHECK(visit.heard.opened.values().size() == 1);
    visit.stop();
    REQUIRE(visit.heard.ended.wait_for(1));
    CHECK(visit.heard.ended.values()[0].first == CameraProblem::none);
}

TEST_CASE("foreign: stop ends a stream that is silent, with no problem and one call") {
    WebServer server{[&](WebServer::Visitor& visitor, const std::string&) {
        visitor.send(multipart + part(some_pictures(1)[0]));
        visitor.wait();
    }};
    Visit visit{server.url("/stream")};
    REQUIRE(visit.heard.opened.wait_for(1));
    visit.stop();
    REQUIRE(visit.heard.ended.wait_for(1));
    CHECK(visit.heard.ended.values()[0] == std::pair{CameraProblem::none, std::string{}});
}

TEST_CASE("foreign: a source that is destroyed while it waits for the server calls nobody") {
    WebServer server{[&](WebServer::Visitor& visitor, const std::string&) { visitor.wait(); }};
    Heard* heard = nullptr;
    {
        Visit visit{server.url("/stream")};
        heard = &visit.heard;
        visit.run([&] { visit.source.reset(); });
        CHECK(heard->ended.values().empty());
        CHECK(heard->opened.values().empty());
    }
}

TEST_CASE("foreign: a refused login is told as such, and no word of it holds the address or the password") {
    WebServer server{[&](WebServer::Visitor& visitor, const std::string&) {
        visitor.send(
            "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
            "Content-Length: 0\r\nConnection: close\r\n\r\n");
    }};
    Visit visit{server.url("/stream", "someone:hunter2@")};
    REQUIRE(visit.heard.ended.wait_for(1));
    const auto [problem, detail] = visit.heard.ended.values()[0];
    CHECK(problem == CameraProblem::bad_access_code);
    CHECK(detail.find("hunter2") == std::string::npos);
    CHECK(detail.find("127.0.0.1") == std::string::npos);
    CHECK(!detail.empty());
}

TEST_CASE("foreign: a login in the address is used") {
    std::string login;
    WebServer server{[&](WebServer::Visitor& visitor, const std::string& request) {
        if (request.find("Authorization: Basic c29tZW9uZTpodW50ZXIy") == std::string::npos) {
            visitor.send(
                "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
                "Content-Length: 0\r\nConnection: close\r\n\r\n");
            return;
        }
        visitor.send(multipart + part(some_pictures(1)[0]) + part(some_pictures(1)[0]));
    }};
    Visit visit{server.url("/stream", "someone:hunter2@")};
    CHECK(visit.heard.packets.wait_for(2));
}

TEST_CASE("foreign: what is no address of a camera fails with a reason and no picture") {
    WebServer server{[&](WebServer::Visitor& visitor, const std::string& request) {
        if (request.starts_with("GET /file"))
            visitor.send("HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\nContent-Length: 0\r\n\r\n");
        if (request.starts_with("GET /list"))
            visitor.send(
                "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.apple.mpegurl\r\n\r\n"
                "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/hostname\n");
        if (request.starts_with("GET /page"))
            visitor.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>no camera</html>");
        if (request.starts_with("GET /missing"))
            visitor.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    }};
    for (const std::string& url :
         {server.url("/file"), server.url("/list"), server.url("/page"), server.url("/missing"),
          server.url("/closes-at-once"), std::string{"file:///etc/hostname"}, std::string{"/etc/hostname"},
          std::string{"concat:/etc/hostname"}, std::string{"udp://127.0.0.1:9"}, std::string{"http://"},
          std::string{"rtsp://127.0.0.1:1/"}, std::string{"nonsense"}, std::string{}}) {
        Visit visit{url};
        REQUIRE(visit.heard.ended.wait_for(1));
        CHECK(visit.heard.ended.values()[0].first == CameraProblem::foreign_address_failed);
        CHECK(!visit.heard.ended.values()[0].second.empty());
        CHECK(visit.heard.packets.values().empty());
    }
}

TEST_CASE(
    "foreign: an H.264 stream comes as access units with its parameter sets, the first one a key picture") {
    if (!clips::can_encode()) return;
    const auto clip = clips::h264({}, clips::counter(640, 360));
    const std::string body = annex_b(clip);
    WebServer server{[&](WebServer::Visitor& visitor, const std::string&) {
        visitor.send("HTTP/1.1 200 OK\r\nContent-Type: video/h264\r\n\r\n" + body);
    }};
    Visit visit{server.url("/stream.h264")};
    REQUIRE(visit.heard.ended.wait_for(1));
    const auto packets = visit.heard.packets.values();
    REQUIRE(packets.size() == clip.size());
    for (std::size_t i = 0; i < packets.size(); ++i) {
        CHECK(packets[i].codec == Codec::h264);
        CHECK(packets[i].key == clip[i].key);
        REQUIRE(packets[i].parameters != nullptr);
        // SPS, PPS and nothing else, ready for a decoder.
        const auto whole = clip[0].parameters->view();
        const auto sets = packets[i].parameters->view();
        REQUIRE(sets.size() <= whole.size());
        CHECK(std::equal(sets.begin(), sets.end(), whole.begin()));
    }
}

TEST_CASE("foreign: key pictures with parameter sets between their slices come whole, but for the first") {
    if (!clips::can_encode()) return;
    clips::Plan plan;
    plan.slices = 2;
    const auto clip = clips::h264(plan, clips::counter(640, 360));
    std::string body;
    for (const Packet& packet : clip) {
        for (const auto unit : units_of(packet.bytes->view())) {
            const bool idr = nal_type(unit[0]) == nal::idr;
            if (idr) body.append(packet.parameters->view().begin(), packet.parameters->view().end());
            body += std::string{0, 0, 0, 1};
            body.append(unit.begin(), unit.end());
        }
    }
    WebServer server{[&](WebServer::Visitor& visitor, const std::string&) {
        visitor.send("HTTP/1.1 200 OK\r\nContent-Type: video/h264\r\n\r\n" + body);
    }};
    Visit visit{server.url("/stream.h264")};
    REQUIRE(visit.heard.ended.wait_for(1));
    const auto packets = visit.heard.packets.values();
    REQUIRE(packets.size() == clip.size());
    for (std::size_t i = 1; i < packets.size(); ++i) {
        std::size_t slices = 0;
        for (const auto unit : units_of(packets[i].bytes->view()))
            slices += is_picture(nal_type(unit[0])) ? 1 : 0;
        CHECK(slices == 2);
        CHECK(packets[i].key == clip[i].key);
    }
}

TEST_CASE("foreign: what a busy network thread cannot take is dropped up to the next key picture") {
    if (!clips::can_encode()) return;
    clips::Plan plan;
    plan.pictures = 100;
    plan.gop = 50;
    const auto clip = clips::h264(plan, clips::counter(640, 360));
    const std::string body = annex_b(clip);
    std::promise<void> all_read;
    WebServer server{[&](WebServer::Visitor& visitor, const std::string&) {
        visitor.send("HTTP/1.1 200 OK\r\nContent-Type: video/h264\r\nContent-Length: " +
                     std::to_string(body.size()) + "\r\n\r\n" + body);
        visitor.wait();
        all_read.set_value();
    }};
    Visit visit{server.url("/stream.h264"), [&] { all_read.get_future().wait(); }};
    REQUIRE(visit.heard.ended.wait_for(1));
    const auto packets = visit.heard.packets.values();
    CHECK(packets.size() == 32);
    CHECK(packets.front().key);
    CHECK(std::count_if(packets.begin(), packets.end(), [](const Packet& p) { return p.key; }) == 1);
}
