#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "camera/black_box.hpp"
#include "camera/camera_station.hpp"
#include "camera/camera_target.hpp"
#include "camera/decode_pool.hpp"
#include "camera/picture_board.hpp"
#include "model/camera_state.hpp"

namespace farmwall::net {
class IoThread;
}

namespace farmwall::camera {

struct ManagerSettings {
    std::vector<CameraConfig> cameras;  // config order; as many as the board has
    std::filesystem::path root;         // pins lie in <root>/certificates, clips in <root>/clips
    double cpu_budget = 0.5;            // share of all cores that decoding may use, 0-1
    HardwareDecoding hardware = HardwareDecoding::automatic;
    StationTimes times;
    bool black_box = true;
    Duration ring_longest = std::chrono::minutes{5};         // of each camera, and
    std::size_t ring_bytes = std::size_t{64} << 20U;         // of each camera
    std::size_t ring_total_bytes = std::size_t{256} << 20U;  // of all together
    ClipBounds clips;
};

// All cameras: a station each, the decoders, the plan of who is decoded how, the black box. Made,
// started, stopped and destroyed on one thread, not the network thread, which outlives it.
class CameraManager {
public:
    // `publish` is called on the network thread with the index in config order.
    CameraManager(ManagerSettings settings, net::IoThread& io, const Clock& clock, PictureBoard& board,
                  std::function<void(std::size_t, const CameraState&)> publish);
    // stop(), if that was not called.
    ~CameraManager();
    CameraManager(const CameraManager&) = delete;
    CameraManager& operator=(const CameraManager&) = delete;

    // Reads the pins (blocks on the disk). Cameras begin with their first facts. Once.
    void start();
    // Every connection says goodbye side by side, decoders end, clips that are due are written; within
    // 2 s. Later calls do nothing.
    void stop();

    // All of these from any thread, between start() and stop().

    void facts(std::size_t camera, const CameraFacts& facts);
    // Something went wrong at this printer: the minute around it becomes a clip.
    void fault(std::size_t camera, ClipSubject subject);
    void connect_now(std::size_t camera);
    // A person trusts the camera's certificate with this hash, if that is the one it was refused for.
    void trust(std::size_t camera, const std::string& sha256);
    // See DecodePool::snapshot.
    void snapshot(std::size_t camera, int width, std::function<void(Result<Snapshot>)> done);

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace farmwall::camera
