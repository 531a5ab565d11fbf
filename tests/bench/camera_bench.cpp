#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file.hpp"
#include "base/synchronized.hpp"
#include "camera/camera_manager.hpp"
#include "camera/picture_board.hpp"
#include "net/io_thread.hpp"

// The camera manager alone, for measuring: no window, no messages of printers.
//   bench-camera PLAN.json
// The plan, a private file: root (folder for pins), layout ("i420" or "rgba"), budget (share of all cores),
// record (true: every picture is remembered, with its number read from it), cameras: [{kind, address, port,
// serial, code, width, height, focused, attention}], width 0 meaning that nobody sees it.
// Each line of standard input is answered by one line of JSON:
//   now          counts of every camera, and the oldest a picture on the board has been since `fresh`
//   fresh        the oldest is counted from here
//   pictures     [camera, number, on the board at, arrived at] of those recorded since the last call
//   states       [at, camera, word, sentence] published since the last call
//   wish LIST    [[width, height, focused, attention], ...] from now on
//   connect N    as a person does who wants camera N now
// Times are seconds of the steady clock. Ends with its standard input.

namespace {

using namespace farmwall;
namespace json = boost::json;

double seconds(TimePoint at) { return std::chrono::duration<double>(at.time_since_epoch()).count(); }

struct Target {
    camera::CameraConfig config;
    std::string address;
    CameraKind kind = CameraKind::unknown;
    camera::PictureWish wish;
};

struct Plan {
    camera::ManagerSettings settings;
    std::vector<Target> targets;
    camera::PixelLayout layout = camera::PixelLayout::i420;
    bool record = false;
};

camera::PictureWish wish_of(const json::array& words) {
    return {static_cast<int>(words.at(0).as_int64()), static_cast<int>(words.at(1).as_int64()),
            words.at(2).as_bool(), words.at(3).as_bool()};
}

Target target_of(const json::object& words) {
    const auto text = [&](std::string_view key) { return std::string{words.at(key).as_string()}; };
    Target target;
    target.config.id = PrinterId{text("serial")};
    target.config.serial = Serial{text("serial")};
    target.config.name = text("serial");
    target.config.access_code = Secret{text("code")};
    target.config.protocol = text("kind");
    target.config.port = static_cast<std::uint16_t>(words.at("port").as_int64());
    target.address = text("address");
    target.kind = text("kind") == "jpeg" ? CameraKind::jpeg : CameraKind::rtsps;
    target.wish = {static_cast<int>(words.at("width").as_int64()),
                   static_cast<int>(words.at("height").as_int64()), words.at("focused").as_bool(),
                   words.at("attention").as_bool()};
    return target;
}

// Throws what Boost.JSON throws.
Plan plan_of(const std::string& text) {
    const json::value document = json::parse(text);
    const json::object& words = document.as_object();
    Plan plan;
    plan.settings.root = std::string{words.at("root").as_string()};
    plan.settings.cpu_budget = words.at("budget").to_number<double>();
    plan.settings.black_box = words.at("black_box").as_bool();
    plan.layout =
        words.at("layout").as_string() == "rgba" ? camera::PixelLayout::rgba : camera::PixelLayout::i420;
    plan.record = words.at("record").as_bool();
    for (const json::value& entry : words.at("cameras").as_array()) {
        plan.targets.push_back(target_of(entry.as_object()));
        plan.settings.cameras.push_back(plan.targets.back().config);
    }
    return plan;
}

// The number drawn into a picture of the bench's clips (tests/bench/camera_clips.py); -1: not readable.
int number_in(const camera::Frame& frame) {
    constexpr int side = 32;
    constexpr int drawn_width = 1920;
    constexpr int bits = 10;
    constexpr int left = (drawn_width - (2 + bits + 1) * side) / 2;
    constexpr int top = 464;
    constexpr std::uint8_t middle = 128;
    const bool rgba = frame.layout == camera::PixelLayout::rgba;
    const auto white = [&](int field) {
        const int x = (left + field * side + side / 2) * frame.width / drawn_width;
        const int y = (top + side / 2) * frame.width / drawn_width;
        const auto& plane = frame.planes[0];
        return plane.data[y * plane.stride + x * (rgba ? 4 : 1)] > middle;
    };
    if (!white(0) || white(1)) return -1;
    int number = 0;
    bool odd = false;
    for (int bit = 0; bit < bits; ++bit) {
        if (!white(2 + bit)) continue;
        number |= 1 << bit;
        odd = !odd;
    }
    return white(2 + bits) == odd ? number : -1;
}

// What the board got; the calls come on decoders' threads.
class Watcher {
public:
    Watcher(camera::PictureBoard& board, const Clock& clock, bool record)
        : board_{board}, clock_{clock}, record_{record}, seen_(board.size()) {
        board_.on_frame([this](std::size_t index) { frame(index); });
    }

    json::value now() {
        json::array cameras;
        for (std::size_t i = 0; i < seen_.size(); ++i) {
            const camera::CameraStats stats = board_.stats(i);
            const Seen seen = seen_[i].with([](const Seen& whole) { return whole; });
            cameras.push_back({{"pictures", seen.pictures},
                               {"first", seen.first},
                               {"oldest", seen.oldest},
                               {"width", seen.width},
                               {"packets", stats.packets},
                               {"decoded", stats.decoded},
                               {"late", stats.late},
                               {"lost", stats.lost_packets},
                               {"bad", stats.bad_pictures},
                               {"connects", stats.connects},
                               {"decode_ms", stats.decode_ms},
                               {"level", camera::word(stats.level)}});
        }
        const camera::DecoderStats all = board_.decoder_stats();
        return {{"at", seconds(clock_.now())},
                {"cameras", std::move(cameras)},
                {"decoder", all.decoder},
                {"rate", all.rate}};
    }

    void fresh() {
        for (auto& one : seen_)
            one.with([](Seen& seen) { seen.oldest = 0; });
    }

    json::value pictures() {
        auto taken = recorded_.with([](std::deque<Picture>& all) { return std::exchange(all, {}); });
        json::array list;
        for (const Picture& one : taken)
            list.push_back({one.camera, one.number, one.on_board, one.arrived});
        return list;
    }

private:
    struct Seen {
        std::uint64_t pictures = 0;
        double first = 0;   // when the first came on the board
        double oldest = 0;  // seconds, of a picture when the next replaced it
        double arrived = 0;
        int width = 0;
    };
    struct Picture {
        std::size_t camera = 0;
        int number = 0;
        double on_board = 0;
        double arrived = 0;
    };

    void frame(std::size_t index) {
        const camera::SharedFrame frame = board_.slot(index).newest();
        if (!frame) return;
        const double at = seconds(clock_.now());
        const double arrived = seconds(frame->arrived);
        seen_[index].with([&](Seen& seen) {
            if (seen.pictures++ == 0) {
                seen.first = at;
            } else {
                seen.oldest = std::max(seen.oldest, at - seen.arrived);
            }
            seen.arrived = arrived;
            seen.width = frame->width;
        });
        if (!record_) return;
        const Picture picture{index, number_in(*frame), at, arrived};
        recorded_.with([&](std::deque<Picture>& all) {
            if (all.size() < most_recorded) all.push_back(picture);
        });
    }

    static constexpr std::size_t most_recorded = 100'000;
    camera::PictureBoard& board_;
    const Clock& clock_;
    const bool record_;
    std::deque<Synchronized<Seen>> seen_;
    Synchronized<std::deque<Picture>> recorded_;
};

struct Change {
    double at = 0;
    std::size_t camera = 0;
    CameraState state;
};

json::value states_of(std::vector<Change> changes) {
    json::array list;
    for (const Change& change : changes)
        list.push_back({change.at, change.camera, word(change.state.truth), sentence(change.state.problem)});
    return list;
}

std::vector<Serial> serials_of(const Plan& plan) {
    std::vector<Serial> serials;
    for (const Target& target : plan.targets)
        serials.push_back(target.config.serial);
    return serials;
}

void run(Plan plan) {
    const SystemClock clock;
    net::IoThread io{"net"};
    camera::PictureBoard board{serials_of(plan)};
    Watcher watcher{board, clock, plan.record};
    Synchronized<std::vector<Change>> changes;
    camera::CameraManager manager{plan.settings, io, clock, board,
                                  [&](std::size_t index, const CameraState& state) {
                                      const Change change{seconds(clock.now()), index, state};
                                      changes.with([&](std::vector<Change>& all) { all.push_back(change); });
                                  }};
    manager.start();
    board.set_layout(plan.layout);
    std::vector<camera::PictureWish> wishes;
    for (const Target& target : plan.targets)
        wishes.push_back(target.wish);
    board.wish("window", wishes);
    const double begin = seconds(clock.now());
    for (std::size_t i = 0; i < plan.targets.size(); ++i) {
        CameraFacts facts;
        facts.kind = plan.targets[i].kind;
        facts.address = plan.targets[i].address;
        facts.link_up = true;
        manager.facts(i, facts);
    }
    fmt::print("{{\"begin\":{}}}\n", begin);
    std::fflush(stdout);
    for (std::string line; std::getline(std::cin, line);) {
        json::value answer = "unknown";
        if (line == "now") {
            answer = watcher.now();
        } else if (line == "fresh") {
            watcher.fresh();
            answer = "ok";
        } else if (line == "pictures") {
            answer = watcher.pictures();
        } else if (line == "states") {
            answer = states_of(changes.with([](std::vector<Change>& all) { return std::exchange(all, {}); }));
        } else if (line.starts_with("connect ")) {
            manager.connect_now(json::parse(line.substr(line.find(' '))).to_number<std::size_t>());
            answer = "ok";
        } else if (line.starts_with("wish ")) {
            const json::value list = json::parse(line.substr(line.find(' ')));
            for (std::size_t i = 0; i < list.as_array().size() && i < wishes.size(); ++i)
                wishes[i] = wish_of(list.as_array()[i].as_array());
            board.wish("window", wishes);
            answer = "ok";
        }
        fmt::print("{}\n", json::serialize(answer));
        std::fflush(stdout);
    }
    manager.stop();
}

}  // namespace

int main(int count, char** words) {
    if (count != 2) {
        fmt::print(stderr, "usage: bench-camera PLAN.json\n");
        return 2;
    }
    const auto text = read_file(words[1], std::size_t{1} << 20U);
    if (!text) {
        fmt::print(stderr, "{}\n", text.error().text());
        return 1;
    }
    try {
        run(plan_of(text.value()));
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench-camera: {}\n", error.what());
        return 1;
    }
    return 0;
}
