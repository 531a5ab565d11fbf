#include "camera/picture_board.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace farmwall;
using namespace farmwall::camera;

namespace {

SharedFrame frame_of(const char* serial, std::uint64_t number) {
    auto frame = std::make_shared<Frame>();
    frame->serial = Serial{serial};
    frame->number = number;
    return frame;
}

}  // namespace

TEST_CASE("slot: a reader takes each newer picture once, and only the newest") {
    FrameSlot slot;
    std::uint64_t seen = 0;
    CHECK(slot.newer_than(seen) == nullptr);
    slot.put(frame_of("A", 1));
    slot.put(frame_of("A", 2));
    const SharedFrame taken = slot.newer_than(seen);
    REQUIRE(taken != nullptr);
    CHECK(taken->number == 2);
    CHECK(slot.newer_than(seen) == nullptr);
    CHECK(slot.newest() == taken);
}

TEST_CASE("board: a picture that names another serial is refused and not shown") {
    PictureBoard board{{Serial{"A"}, Serial{"B"}}};
    int told = 0;
    board.on_frame([&](std::size_t) { ++told; });
    CHECK_FALSE(board.put(0, frame_of("B", 1)));
    CHECK(board.slot(0).newest() == nullptr);
    CHECK(board.put(1, frame_of("B", 1)));
    CHECK(board.slot(1).newest()->number == 1);
    CHECK(told == 1);
}

TEST_CASE("board: after clear no picture is left") {
    PictureBoard board{{Serial{"A"}}};
    board.put(0, frame_of("A", 1));
    std::uint64_t seen = board.slot(0).sequence();
    board.clear(0);
    CHECK(board.slot(0).newer_than(seen) == nullptr);
    CHECK(board.slot(0).newest() == nullptr);
}

TEST_CASE("board: the wishes of all viewers count together, and those of one that left do not") {
    PictureBoard board{{Serial{"A"}, Serial{"B"}}};
    int told = 0;
    board.on_wish([&] { ++told; });
    board.wish("window", {{480, 270, false, false}, {}});
    board.wish("http", {{200, 300, true, false}, {10, 10, false, true}});
    CHECK(told == 2);
    CHECK(board.wishes() == std::vector<PictureWish>{{480, 300, true, false}, {10, 10, false, true}});
    board.wish("http", {{200, 300, true, false}, {10, 10, false, true}});
    CHECK(told == 2);  // nothing new
    board.wish("http", {});
    CHECK(board.wishes() == std::vector<PictureWish>{{480, 270, false, false}, {}});
    board.wish("nobody", {});
    CHECK(told == 3);
}

TEST_CASE("board: a layout that is asked for anew tells the cameras once") {
    PictureBoard board{{Serial{"A"}}};
    int told = 0;
    board.on_wish([&] { ++told; });
    board.set_layout(PixelLayout::rgba);
    board.set_layout(PixelLayout::rgba);
    CHECK(told == 1);
    CHECK(board.layout() == PixelLayout::rgba);
}

TEST_CASE("board: pictures put on one thread and taken on another arrive whole and in order") {
    PictureBoard board{{Serial{"A"}}};
    std::atomic<bool> done = false;
    std::thread writer{[&] {
        for (std::uint64_t number = 1; number <= 2000; ++number)
            board.put(0, frame_of("A", number));
        done = true;
    }};
    std::uint64_t seen = 0;
    std::uint64_t last = 0;
    bool in_order = true;
    for (bool over = false; !over;) {
        over = done;
        if (const SharedFrame taken = board.slot(0).newer_than(seen)) {
            in_order = in_order && taken->number > last && taken->serial.value == "A";
            last = taken->number;
        }
    }
    writer.join();
    CHECK(in_order);
    CHECK(last == 2000);
}
