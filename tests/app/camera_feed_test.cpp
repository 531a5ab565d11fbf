#include "app/camera_feed.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

using namespace farmwall;
using namespace farmwall::app;
using namespace std::chrono_literals;

TEST_CASE("feed: the black box keeps what led to a failed print, a runout or an error, and nothing else") {
    CHECK(is_fault(EventKind::print_failed));
    CHECK(is_fault(EventKind::runout));
    CHECK(is_fault(EventKind::error_raised));
    CHECK_FALSE(is_fault(EventKind::print_finished));
    CHECK_FALSE(is_fault(EventKind::print_canceled));
    CHECK_FALSE(is_fault(EventKind::link_down));
}

TEST_CASE("feed: a clip's telemetry is JSON with the status and the samples of the last two minutes") {
    const TimePoint now{1h};
    PrinterState printer;
    printer.id = PrinterId{"left"};
    Sample old;
    old.at = now - 3min;
    Sample recent;
    recent.at = now - 10s;
    recent.nozzle_celsius = 219.96F;
    const auto told =
        boost::json::parse(clip_telemetry(printer, CameraState{}, {old, recent}, now)).as_object();
    CHECK(told.at("status").at("id").as_string() == "left");
    const auto& samples = told.at("samples").as_array();
    REQUIRE(samples.size() == 1);
    CHECK(samples[0].at("at_sec").to_number<double>() == -10);
    CHECK(samples[0].at("nozzle").to_number<double>() == 220);
    CHECK(samples[0].at("bed").is_null());
}
