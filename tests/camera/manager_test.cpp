#include "camera/camera_manager.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>

#include "base/platform.hpp"
#include "clips.hpp"
#include "jpeg_stream.hpp"
#include "net/io_thread.hpp"
#include "net/tls_server.hpp"
#include "net/waiting.hpp"
#include "open_source.hpp"
#include "temporary_folder.hpp"

using namespace farmwall;
using namespace farmwall::camera;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t cameras = 4;

std::string serial_of(std::size_t camera) { return "01P00A00000000" + std::to_string(camera + 1); }

// Descriptors this process holds; 0 where the system does not list them.
std::size_t open_descriptors() {
    std::error_code problem;
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd", problem})
        count += entry.path().empty() ? 0 : 1;
    return count;
}

std::string picture_of(int number) {
    const Packet made = clips::jpeg(160, 96, clips::Sampling::s420, number, clips::counter(160, 96));
    return framed(text_of(made.bytes));
}

// A printer's camera that gives one picture to each client and cuts it; the last client it keeps.
struct CuttingCamera {
    CuttingCamera(std::size_t index, int cuts) : server{make_certificate(serial_of(index)), scripts(cuts)} {}
    std::vector<TlsServer::Script> scripts(int cuts) {
        std::vector<TlsServer::Script> all;
        for (int i = 0; i <= cuts; ++i) {
            all.emplace_back([this, last = i == cuts](TlsPeer& peer) {
                most = std::max(most.load(), ++clients);
                if (peer.shake_hands() && !peer.read_exactly(80).empty()) {
                    ++served;
                    peer.write(picture_of(served));
                    if (last) peer.read_to_end();
                }
                peer.cut();
                --clients;
            });
        }
        return all;
    }
    std::atomic<int> clients = 0;
    std::atomic<int> most = 0;
    std::atomic<int> served = 0;
    TlsServer server;
};

ManagerSettings settings_of(const std::array<std::unique_ptr<CuttingCamera>, cameras>& servers,
                            const std::filesystem::path& root) {
    ManagerSettings settings;
    settings.root = root;
    settings.hardware = HardwareDecoding::off;
    for (std::size_t i = 0; i < cameras; ++i) {
        CameraConfig config;
        config.id = PrinterId{"camera-" + std::to_string(i)};
        config.serial = Serial{serial_of(i)};
        config.access_code = Secret{"12345678"};
        config.port = servers[i]->server.port();
        settings.cameras.push_back(std::move(config));
    }
    return settings;
}

// Cameras that cut every client `cuts` times, and a manager that comes back each time; everything ends
// before this returns.
void come_back(int cuts) {
    const TemporaryFolder root;
    std::array<std::unique_ptr<CuttingCamera>, cameras> servers;
    std::vector<Serial> serials;
    for (std::size_t i = 0; i < cameras; ++i) {
        servers[i] = std::make_unique<CuttingCamera>(i, cuts);
        serials.emplace_back(serial_of(i));
    }
    const SystemClock clock;
    net::IoThread io{"net"};
    PictureBoard board{serials};
    {
        Arrivals<std::pair<std::size_t, CameraState>> published;
        CameraManager* running = nullptr;
        CameraManager manager{settings_of(servers, root.path()), io, clock, board,
                              [&](std::size_t camera, const CameraState& state) {
                                  published.put({camera, state});
                                  // Nobody waits for the ladder here.
                                  if (state.next_attempt) running->connect_now(camera);
                              }};
        running = &manager;
        board.wish("test", std::vector<PictureWish>(cameras, {160, 96, false, false}));
        manager.start();
        CameraFacts facts;
        facts.kind = CameraKind::jpeg;
        facts.address = "127.0.0.1";
        for (std::size_t i = 0; i < cameras; ++i)
            manager.facts(i, facts);
        const auto end = clock.now() + 90s;
        const auto all_served = [&] {
            return std::ranges::all_of(servers, [&](const auto& one) { return one->served == cuts + 1; });
        };
        std::size_t heard = 0;
        while (!all_served() && clock.now() < end)
            heard += published.wait_for(heard + 1, 100ms) ? 1U : 0U;
        CHECK(all_served());
        // The last picture of each, decoded: the right printer's.
        for (std::size_t i = 0; i < cameras; ++i) {
            while (clock.now() < end) {
                const SharedFrame frame = board.slot(i).newest();
                if (frame && clips::read_counter(*frame) == cuts + 1) break;
                published.wait_for(heard + 1, 20ms);
            }
            const SharedFrame frame = board.slot(i).newest();
            REQUIRE(frame);
            CHECK(frame->serial == serials[i]);
            CHECK(clips::read_counter(*frame) == cuts + 1);
        }
        manager.stop();
    }
    for (const auto& one : servers)
        CHECK(one->most == 1);
}

}  // namespace

TEST_CASE("manager: two hundred connections leave no descriptor and no thread behind, and never were two") {
    come_back(2);  // what the libraries open once and keep
    const std::size_t descriptors = open_descriptors();
    const unsigned threads = platform::process_usage().threads;
    come_back(50);
    CHECK(open_descriptors() == descriptors);
    CHECK(platform::process_usage().threads == threads);
}
