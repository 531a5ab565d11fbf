#include "ui/picture_view.hpp"

#include <doctest/doctest.h>

#include "fake_pictures.hpp"
#include "ui/text_format.hpp"

using namespace farmwall;
using namespace farmwall::ui;
using namespace std::chrono_literals;
using test::camera_state;
using test::farm_now;

TEST_CASE("picture_view: a live picture is shown as it is, without a reason") {
    const PictureView view = picture_view(camera_state(CameraTruth::live), farm_now - 40ms, farm_now);
    CHECK(view.shown);
    CHECK_FALSE(view.doubtful);
    CHECK(view.mark == "LIVE");
    CHECK(view.reason.empty());
}

TEST_CASE("picture_view: slow is normal for some cameras and not doubtful") {
    const PictureView view = picture_view(camera_state(CameraTruth::slow), farm_now - 2s, farm_now);
    CHECK(view.shown);
    CHECK_FALSE(view.doubtful);
    CHECK(view.mark == "SLOW");
}

TEST_CASE("picture_view: a stale picture is doubtful and tells its age in seconds, then minutes") {
    CameraState camera = camera_state(CameraTruth::stale, CameraProblem::stalled);
    const auto mark = [&](Duration age) { return picture_view(camera, farm_now - age, farm_now).mark; };
    CHECK(mark(12s) == "STALE 12 s");
    CHECK(mark(59s + 999ms) == "STALE 59 s");
    CHECK(mark(60s) == "STALE 1 min");
    CHECK(mark(3h) == "STALE 3 h");
    const PictureView view = picture_view(camera, farm_now - 12s, farm_now);
    CHECK(view.shown);
    CHECK(view.doubtful);
    CHECK(view.reason == "The camera stopped sending");
}

TEST_CASE("picture_view: without a picture of our own the age is that of the newest received") {
    CameraState camera = camera_state(CameraTruth::stale);
    camera.last_picture = farm_now - 8s;
    const PictureView view = picture_view(camera, std::nullopt, farm_now);
    CHECK_FALSE(view.shown);
    CHECK_FALSE(view.doubtful);
    CHECK(view.mark == "STALE 8 s");
}

TEST_CASE("picture_view: frozen and dark are doubtful and tell for how long") {
    for (const CameraTruth truth : {CameraTruth::frozen, CameraTruth::dark}) {
        const PictureView view = picture_view(camera_state(truth), farm_now - 40ms, farm_now);
        CHECK(view.shown);
        CHECK(view.doubtful);
        CHECK(view.mark == std::string{word(truth)} + " 40 s");
    }
}

TEST_CASE("picture_view: no signal keeps the last picture as an old one, or gives the reason alone") {
    const CameraState camera = camera_state(CameraTruth::no_signal, CameraProblem::unreachable);
    const PictureView old = picture_view(camera, farm_now - 7min, farm_now);
    CHECK(old.shown);
    CHECK(old.doubtful);
    CHECK(old.mark == "NO SIGNAL 7 min");
    const PictureView never = picture_view(camera, std::nullopt, farm_now);
    CHECK_FALSE(never.shown);
    CHECK(never.mark == "NO SIGNAL");
    CHECK(never.reason == "Nothing answers at the camera's address");
}

TEST_CASE("picture_view: a camera that is off shows no picture, even where one is left") {
    const CameraState camera = camera_state(CameraTruth::off, CameraProblem::liveview_off);
    const PictureView view = picture_view(camera, farm_now - 1s, farm_now);
    CHECK_FALSE(view.shown);
    CHECK(view.reason == "LAN liveview is off: switch it on at the printer");
    CHECK_FALSE(next_change(camera, farm_now - 1s, farm_now).has_value());
}

TEST_CASE("picture_view: a picture left over from when nobody looked is not called live") {
    for (const CameraTruth truth : {CameraTruth::live, CameraTruth::slow}) {
        const PictureView view = picture_view(camera_state(truth), farm_now - 5min, farm_now);
        CHECK(view.truth == CameraTruth::stale);
        CHECK(view.doubtful);
        CHECK(view.mark == "STALE 5 min");
    }
}

TEST_CASE("picture_view: stays equal until next_change, for every truth") {
    for (const CameraTruth truth :
         {CameraTruth::off, CameraTruth::connecting, CameraTruth::live, CameraTruth::slow, CameraTruth::stale,
          CameraTruth::frozen, CameraTruth::dark, CameraTruth::no_signal}) {
        CAPTURE(word(truth));
        const CameraState camera = camera_state(truth);
        for (const auto newest : {std::optional<TimePoint>{}, std::optional{farm_now - 300ms}}) {
            TimePoint now = farm_now;
            for (int change = 0; change < 130; ++change) {
                const auto next = next_change(camera, newest, now);
                if (!next) break;
                REQUIRE(*next > now);
                REQUIRE(picture_view(camera, newest, now) == picture_view(camera, newest, *next - 1ns));
                now = *next;
            }
        }
    }
}

TEST_CASE("picture_view: the age wakes once a second below a minute, then once a minute") {
    const CameraState camera = camera_state(CameraTruth::stale);
    CHECK(next_change(camera, farm_now - 12s, farm_now) == farm_now + 1s);
    CHECK(next_change(camera, farm_now - 12400ms, farm_now) == farm_now + 600ms);
    CHECK(next_change(camera, farm_now - 61s, farm_now) == farm_now + 59s);
}

TEST_CASE("picture_age_text: a clock that went back gives no negative age") {
    CHECK(picture_age_text(-5s) == "0 s");
    CHECK(picture_age_lasts(-5s) == 6s);
}
