#include "app/sound_device.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numbers>
#include <thread>

#include "app/chime.hpp"
#include "base/file.hpp"
#include "temporary_folder.hpp"

using namespace farmwall;
using namespace farmwall::app;
using namespace std::chrono_literals;

#ifdef FARMWALL_OPENAL

// The library reads its settings once in a process: nothing else here may use it before.
TEST_CASE("sound device: what is played reaches the output, once") {
    const TemporaryFolder folder;
    const auto wave = folder.path() / "out.wav";
    const auto settings = folder.path() / "alsoft.conf";
    std::ofstream{settings} << "[general]\ndrivers = wave\nfrequency = 44100\nchannels = mono\nsample-type = "
                               "int16\n[wave]\nfile = "
                            << wave.string() << "\n";
    setenv("ALSOFT_CONF", settings.c_str(), 1);
    {
        const auto device = system_sound_device();
        REQUIRE(device->open().ok());
        CHECK(device->open().ok());
        CHECK_FALSE(device->playing());
        REQUIRE(device->play(chime(0), chime_rate, 1.0).ok());
        CHECK(device->playing());
        const auto end = std::chrono::steady_clock::now() + 10s;
        while (device->playing() && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(10ms);
        CHECK_FALSE(device->playing());
        device->close();
        CHECK_FALSE(device->playing());
    }
    const auto bytes = read_file(wave, std::size_t{16} << 20U);
    REQUIRE(bytes.ok());
    int loudest = 0;
    std::size_t loud_samples = 0;
    for (std::size_t at = 128; at + 1 < bytes.value().size(); at += 2) {
        const auto low = static_cast<unsigned char>(bytes.value()[at]);
        const auto high = static_cast<signed char>(bytes.value()[at + 1]);
        const int sample = std::abs(high * 256 + low);
        loudest = std::max(loudest, sample);
        if (sample > 1000) ++loud_samples;
    }
    CHECK(loudest > 5'000);
    CHECK(loudest < 32'767);
    CHECK(loud_samples > chime_rate / 4);
    CHECK(loud_samples < chime_rate);
}

#else

TEST_CASE("sound device: a build without sound says so") {
    const auto device = system_sound_device();
    const Status opened = device->open();
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().kind == ErrorKind::unsupported);
    CHECK_FALSE(device->playing());
}

#endif
