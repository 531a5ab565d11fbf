#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "fleet/fleet_store.hpp"
#include "fleet/intent_queue.hpp"
#include "http/message.hpp"
#include "queue/history.hpp"

namespace farmwall::camera {
class PictureBoard;
}

namespace farmwall::http {

class Waits;
class Viewers;
class EventStreams;

struct Snapshot {
    std::shared_ptr<const std::vector<std::uint8_t>> jpeg;
    TimePoint arrived{};
};

// What the program offers to the API; app fills it in. The functions are called on the server's thread, may
// not wait, and call their answer on any thread.
struct Api {
    FleetStore* store = nullptr;
    const Clock* clock = nullptr;
    std::function<bool(Intent)> push;  // false: too many wait
    // The newest picture of a camera as JPEG, `width` pixels wide at most (0: as sent).
    std::function<void(std::size_t camera, int width, std::function<void(Result<Snapshot>)>)> snapshot;
    camera::PictureBoard* board = nullptr;  // null: no cameras
    queue::History* history = nullptr;      // null: none is kept. Its queries block: see `blocking`
    // Runs work that may block on a thread for it, one after the other.
    std::function<void(std::function<void()>)> blocking;
    // Runs something on the server's thread.
    std::function<void(std::function<void()>)> post;
    std::filesystem::path jobs_folder;  // <root>/jobs; uploads go to tmp in it
    // The last raw report of a printer as JSON text, null: none yet (for /api/diag/*).
    std::function<std::shared_ptr<const std::string>(std::size_t printer)> raw_report;
    // Figures of the program itself, for /metrics: name → value, names as in Prometheus.
    std::function<std::vector<std::pair<std::string, double>>()> own_figures;
    Waits* waits = nullptr;      // answers that wait for something
    Viewers* viewers = nullptr;  // who looks at which camera
    EventStreams* events = nullptr;
    const std::string* openapi = nullptr;  // the document, made once
    bool slicing = false;                  // .stl, .obj and project .3mf are accepted
    std::string version;
};

}  // namespace farmwall::http
