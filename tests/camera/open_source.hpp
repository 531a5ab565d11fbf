#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "camera/source.hpp"
#include "net/io_thread.hpp"
#include "net/tls_server.hpp"
#include "net/waiting.hpp"

inline const KeyAndCertificate& printers_identity() {
    static const KeyAndCertificate made = make_certificate("01P00A000000001");
    return made;
}

inline std::string text_of(const farmwall::camera::SharedBytes& bytes) {
    return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

// A source and what its listener heard. It is made, used and destroyed on a network thread of its own.
class OpenSource : farmwall::camera::SourceListener {
public:
    using Open = std::unique_ptr<farmwall::camera::Source> (*)(farmwall::net::IoThread&,
                                                               const farmwall::Clock&,
                                                               const farmwall::camera::PrinterCamera&,
                                                               farmwall::camera::SourceListener&);
    struct Ended {
        farmwall::CameraProblem problem;
        std::string detail;
    };

    OpenSource(Open open, std::uint16_t port,
               const std::function<void(farmwall::camera::PrinterCamera&)>& adjust = {}) {
        farmwall::camera::PrinterCamera camera;
        camera.address = "127.0.0.1";
        camera.port = port;
        camera.access_code = farmwall::Secret{"12345678"};
        camera.serial = "01P00A000000001";
        camera.judge = [](const farmwall::net::Certificate& certificate) {
            return certificate.common_name == "01P00A000000001" ? farmwall::CameraProblem::none
                                                                : farmwall::CameraProblem::wrong_serial;
        };
        if (adjust) adjust(camera);
        now([&] { source_ = open(io_, clock, camera, *this); });
    }
    ~OpenSource() override { destroy(); }
    OpenSource(const OpenSource&) = delete;
    OpenSource& operator=(const OpenSource&) = delete;

    void now(const std::function<void()>& work) {
        Arrivals<int> over;
        io_.post([&] {
            work();
            over.put(1);
        });
        REQUIRE(over.wait_for(1));
    }
    void stop() {
        now([&] { source_->stop(); });
    }
    void destroy() {
        now([&] { source_.reset(); });
    }
    void set_prompt(bool prompt) {
        now([&] { source_->set_prompt(prompt); });
    }
    Ended end() {
        REQUIRE(ended.wait_for(1));
        return ended.values().front();
    }
    std::vector<farmwall::camera::Packet> receive(std::size_t count) {
        REQUIRE(packets.wait_for(count));
        return packets.values();
    }

    farmwall::ManualClock clock;
    Arrivals<int> opened;
    Arrivals<int> alive;
    Arrivals<farmwall::camera::Packet> packets;
    Arrivals<std::uint64_t> lost;
    Arrivals<Ended> ended;
    // Called with the source on the network thread.
    std::function<void(std::unique_ptr<farmwall::camera::Source>&)> on_packet;

private:
    void source_opened() override { opened.put(1); }
    void source_alive() override { alive.put(1); }
    void source_packet(farmwall::camera::Packet packet) override {
        packets.put(std::move(packet));
        if (on_packet) on_packet(source_);
    }
    void source_lost_packets(std::uint64_t count) override { lost.put(count); }
    void source_ended(farmwall::CameraProblem problem, const std::string& detail) override {
        ended.put({problem, detail});
    }

    farmwall::net::IoThread io_{"net-test"};
    std::unique_ptr<farmwall::camera::Source> source_;
};
