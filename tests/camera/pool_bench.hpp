#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "camera/decode_pool.hpp"
#include "camera/picture_board.hpp"
#include "net/waiting.hpp"

// A pool with everything it told.
struct PoolBench {
    struct Told {
        std::size_t camera = 0;
        farmwall::camera::Decoded facts;
        farmwall::camera::SharedFrame frame;  // the newest on the board then
    };

    explicit PoolBench(std::size_t cameras, farmwall::camera::DecodePool::Settings settings =
                                                {1, farmwall::camera::HardwareDecoding::off, nullptr})
        : board{serials(cameras)} {
        pool = std::make_unique<farmwall::camera::DecodePool>(
            settings, clock, board, [this](std::size_t camera, const farmwall::camera::Decoded& facts) {
                told.put({camera, facts, facts.ok ? board.slot(camera).newest() : nullptr});
            });
    }
    static std::vector<farmwall::Serial> serials(std::size_t count) {
        std::vector<farmwall::Serial> made;
        for (std::size_t i = 0; i < count; ++i)
            made.emplace_back("SERIAL" + std::to_string(i));
        return made;
    }
    void order(std::size_t camera, farmwall::camera::DecodeLevel level, int width = 0, int height = 0,
               farmwall::camera::PixelLayout layout = farmwall::camera::PixelLayout::i420,
               farmwall::Duration least = {}) const {
        pool->order(camera, {{level, least}, width, height, layout});
    }
    // Submits and waits until it was decoded.
    Told feed(std::size_t camera, const farmwall::camera::Packet& packet) {
        const std::size_t before = told.values().size();
        pool->submit(camera, packet);
        REQUIRE(told.wait_for(before + 1));
        return told.values().back();
    }
    farmwall::Result<farmwall::camera::Snapshot> snapshot(std::size_t camera, int width) const {
        Arrivals<farmwall::Result<farmwall::camera::Snapshot>> answers;
        pool->snapshot(camera, width, [&](auto answer) { answers.put(std::move(answer)); });
        REQUIRE(answers.wait_for(1));
        return answers.values().front();
    }
    // All that was posted to the pool's threads before is done.
    void settle(std::size_t camera) const { static_cast<void>(snapshot(camera, 16)); }

    farmwall::ManualClock clock;
    farmwall::camera::PictureBoard board;
    Arrivals<Told> told;
    std::unique_ptr<farmwall::camera::DecodePool> pool;
};
