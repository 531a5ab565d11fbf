#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "camera/h264_decoder.hpp"
#include "camera/hardware.hpp"
#include "camera/video_decoder.hpp"
#include "clips.hpp"
#include "pool_bench.hpp"

using namespace farmwall;
using namespace farmwall::camera;

namespace {

// A device that decodes like software and fails from the picture `failing` on; 0: never.
class FakeDevice final : public VideoDecoder {
public:
    explicit FakeDevice(int failing) : failing_{failing} {
        inner_ = std::move(H264Decoder::open(PictureMemory{})).value();
    }
    Status decode(const Packet& packet, bool deblock, std::vector<Picture>& pictures) override {
        if (++count_ == failing_) return Error{ErrorKind::io, "the device is gone"};
        return inner_->decode(packet, deblock, pictures);
    }

private:
    const int failing_;
    int count_ = 0;
    std::unique_ptr<H264Decoder> inner_;
};

struct Device {
    std::atomic<int> asked = 0;
    std::shared_ptr<const HardwareDecoder> decoder(
        std::function<Result<std::unique_ptr<VideoDecoder>>()> open) {
        return std::make_shared<const HardwareDecoder>(HardwareDecoder{"VAAPI",
                                                                       [this, open = std::move(open)] {
                                                                           ++asked;
                                                                           return open();
                                                                       },
                                                                       {}});
    }
};

Result<std::unique_ptr<VideoDecoder>> device_failing_at(int picture) {
    return std::unique_ptr<VideoDecoder>{std::make_unique<FakeDevice>(picture)};
}

const std::vector<Packet>& clip() {
    static const std::vector<Packet> made = clips::h264({}, clips::counter(640, 360));
    return made;
}

}  // namespace

TEST_CASE("hardware: a camera at every picture is decoded on the device, key pictures are not") {
    if (!clips::can_encode()) return;
    Device device;
    PoolBench bench{2, {1, HardwareDecoding::automatic, device.decoder([] { return device_failing_at(0); })}};
    CHECK(bench.pool->choice() == "VAAPI");
    bench.order(0, DecodeLevel::full);
    bench.order(1, DecodeLevel::keys);
    CHECK(bench.feed(0, clip()[0]).facts.decoder == "VAAPI");
    CHECK(bench.feed(1, clip()[0]).facts.decoder == "software");
    CHECK(clips::read_counter(*bench.feed(0, clip()[1]).frame) == 1);
    CHECK(device.asked == 1);
}

TEST_CASE("hardware: a device that cannot be opened is asked once, and every camera is decoded in software") {
    if (!clips::can_encode()) return;
    Device device;
    PoolBench bench{
        2, {1, HardwareDecoding::automatic, device.decoder([]() -> Result<std::unique_ptr<VideoDecoder>> {
                return Error{ErrorKind::io, "no permission"};
            })}};
    for (const std::size_t camera : {std::size_t{0}, std::size_t{1}}) {
        bench.order(camera, DecodeLevel::full);
        for (int i = 0; i < 5; ++i) {
            const auto told = bench.feed(camera, clip()[static_cast<std::size_t>(i)]);
            REQUIRE(told.facts.ok);
            CHECK(clips::read_counter(*told.frame) == i);
            CHECK(told.facts.decoder == "software (VAAPI: no permission)");
        }
    }
    CHECK(device.asked == 1);
    CHECK(bench.pool->choice() == "software (VAAPI: no permission)");
}

TEST_CASE("hardware: on the first error a camera goes on in software with the next key picture") {
    if (!clips::can_encode()) return;
    Device device;
    PoolBench bench{2, {1, HardwareDecoding::automatic, device.decoder([] { return device_failing_at(3); })}};
    bench.order(0, DecodeLevel::full);
    bench.order(1, DecodeLevel::full);
    for (std::size_t i = 0; i < clip().size(); ++i) {
        if (i > 2 && i < 10) {
            bench.pool->submit(0, clip()[i]);  // builds on what the device lost
            continue;
        }
        const auto told = bench.feed(0, clip()[i]);
        CHECK(told.facts.ok == (i != 2));
        CHECK(told.facts.decoder == (i < 2 ? "VAAPI" : "software (VAAPI: the device is gone)"));
        if (told.facts.ok) CHECK(clips::read_counter(*told.frame) == static_cast<int>(i));
    }
    // The other camera's decoder is its own.
    CHECK(bench.feed(1, clip()[0]).facts.decoder == "VAAPI");
    CHECK(bench.pool->choice() == "VAAPI");
}

TEST_CASE("hardware: a key picture that the device cannot decode is decoded in software at once") {
    if (!clips::can_encode()) return;
    Device device;
    PoolBench bench{1, {1, HardwareDecoding::automatic, device.decoder([] { return device_failing_at(1); })}};
    bench.order(0, DecodeLevel::full);
    for (std::size_t i = 0; i < 3; ++i) {
        const auto told = bench.feed(0, clip()[i]);
        REQUIRE(told.facts.ok);
        CHECK(clips::read_counter(*told.frame) == static_cast<int>(i));
        CHECK(told.facts.decoder == "software (VAAPI: the device is gone)");
    }
}

TEST_CASE("hardware: the next connection tries the device again") {
    if (!clips::can_encode()) return;
    Device device;
    PoolBench bench{1, {1, HardwareDecoding::automatic, device.decoder([] { return device_failing_at(2); })}};
    bench.order(0, DecodeLevel::full);
    bench.feed(0, clip()[0]);
    bench.feed(0, clip()[1]);
    bench.pool->forget(0);
    CHECK(bench.feed(0, clip()[10]).facts.decoder == "VAAPI");
    CHECK(device.asked == 2);
}

TEST_CASE("hardware: whatever this machine has, a choice is named, and a camera gets its pictures") {
    if (!clips::can_encode()) return;
    for (const HardwareDecoding wish :
         {HardwareDecoding::off, HardwareDecoding::automatic, HardwareDecoding::vaapi, HardwareDecoding::v4l2,
          HardwareDecoding::d3d11}) {
        PoolBench bench{1, {1, wish, nullptr}};
        bench.order(0, DecodeLevel::full);
        for (std::size_t i = 0; i < 3; ++i) {
            const auto told = bench.feed(0, clip()[i]);
            REQUIRE(told.facts.ok);
            CHECK(clips::read_counter(*told.frame) == static_cast<int>(i));
            CHECK(!told.facts.decoder.empty());
        }
        if (wish == HardwareDecoding::off) CHECK(bench.pool->choice() == "software");
        CHECK(!bench.pool->choice().empty());
    }
}
