#include "camera/camera_target.hpp"

#include <doctest/doctest.h>

using namespace farmwall;
using namespace farmwall::camera;

namespace {

CameraFacts facts_of(CameraKind kind) {
    CameraFacts facts;
    facts.kind = kind;
    facts.address = "192.0.2.10";
    return facts;
}

CameraConfig plain() {
    CameraConfig config;
    config.access_code = Secret{"a/b:c"};
    return config;
}

}  // namespace

TEST_CASE("target: by the model's kind, with the printers' ports") {
    const CameraTarget rtsps = camera_target(plain(), facts_of(CameraKind::rtsps));
    CHECK(rtsps.kind == CameraTarget::Kind::rtsps);
    CHECK(rtsps.port == 322);
    CHECK(rtsps.path == "/streaming/live/1");
    CHECK(rtsps.user == "bblp");
    const CameraTarget jpeg = camera_target(plain(), facts_of(CameraKind::jpeg));
    CHECK(jpeg.kind == CameraTarget::Kind::jpeg);
    CHECK(jpeg.port == 6000);
    CHECK(usual_codec(jpeg) == Codec::jpeg);
}

TEST_CASE("target: the configuration's protocol, port, path and user beat the model") {
    CameraConfig config = plain();
    config.protocol = "rtsps";
    config.port = 7322;
    config.path = "/other";
    config.user = "me";
    const CameraTarget target = camera_target(config, facts_of(CameraKind::jpeg));
    CHECK(target.kind == CameraTarget::Kind::rtsps);
    CHECK(target.port == 7322);
    CHECK(target.path == "/other");
    CHECK(target.user == "me");
}

TEST_CASE("target: a protocol that is told needs no known model") {
    CameraConfig config = plain();
    CameraFacts facts = facts_of(CameraKind::unknown);
    facts.obstacle = CameraProblem::address_unknown;
    CHECK(camera_target(config, facts).obstacle == CameraProblem::address_unknown);
    config.protocol = "jpeg";
    CHECK(camera_target(config, facts).kind == CameraTarget::Kind::jpeg);
}

TEST_CASE("target: rtsp and http at the printer's address become a URL with the login escaped") {
    CameraConfig config = plain();
    config.protocol = "rtsp";
    CHECK(camera_target(config, facts_of(CameraKind::jpeg)).url.reveal() ==
          "rtsp://192.0.2.10:554/streaming/live/1");
    config.user = "me@home";
    config.port = 8554;
    config.path = "/cam";
    CHECK(camera_target(config, facts_of(CameraKind::jpeg)).url.reveal() ==
          "rtsp://me%40home:a%2Fb%3Ac@192.0.2.10:8554/cam");
    config = plain();
    config.protocol = "http";
    const CameraTarget target = camera_target(config, facts_of(CameraKind::jpeg));
    CHECK(target.url.reveal() == "http://192.0.2.10:80/");
    CHECK(kind_word(target) == "HTTP");
}

TEST_CASE(
    "target: a URL of its own does not care whether the printer has a camera, only whether it is wanted") {
    CameraConfig config = plain();
    config.url = Secret{"http://192.0.2.20/mjpeg"};
    CameraFacts facts;
    facts.obstacle = CameraProblem::no_camera;
    CHECK(camera_target(config, facts).kind == CameraTarget::Kind::foreign);
    facts.obstacle = CameraProblem::switched_off;
    CHECK(camera_target(config, facts).kind == CameraTarget::Kind::none);
    CHECK(camera_target(config, facts).obstacle == CameraProblem::switched_off);
}

TEST_CASE("target: without liveview there is nothing to connect to, also where the port is told") {
    CameraConfig config = plain();
    CameraFacts facts = facts_of(CameraKind::rtsps);
    facts.obstacle = CameraProblem::liveview_off;
    CHECK(camera_target(config, facts).obstacle == CameraProblem::liveview_off);
    config.protocol = "rtsps";
    CHECK(camera_target(config, facts).obstacle == CameraProblem::liveview_off);
}
