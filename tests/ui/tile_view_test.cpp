#include "ui/tile_view.hpp"

#include <doctest/doctest.h>

#include "fake_farm.hpp"

using namespace farmwall;
using namespace farmwall::ui;
using namespace std::chrono_literals;
using test::fake_printer;
using test::farm_now;

TEST_CASE("tile_view: a print shows word, percent, time left, layers and file") {
    const TileView view = tile_view(fake_printer(0), farm_now);
    CHECK(view.condition == Condition::printing);
    CHECK(view.word == "PRINTING");
    CHECK(view.number == "42");
    CHECK(view.unit == "%");
    CHECK(view.left == "1 h 56 min left");
    CHECK(view.layers == "50 / 120");
    CHECK(view.file == "Bracket_left_v7");
    CHECK(view.nozzle == "220 → 220°");
    CHECK(view.bed == "60 → 60°");
    CHECK(view.chamber == "38°");
    CHECK(view.age == "live");
    CHECK(view.progress == doctest::Approx(0.42));
    CHECK_FALSE(view.stale);
    CHECK_FALSE(view.needs_hands);
}

TEST_CASE("tile_view: a machine without a chamber sensor shows no chamber temperature") {
    CHECK(tile_view(fake_printer(1), farm_now).chamber.empty());  // P1S
}

TEST_CASE("tile_view: what nobody answers for is stale and tells its age as the number") {
    const TileView view = tile_view(fake_printer(6), farm_now);
    CHECK(view.word == "OFFLINE");
    CHECK(view.stale);
    CHECK(view.number == "7");
    CHECK(view.unit == "min");
    CHECK(view.left == "since the last report");
    CHECK(view.age == "7 min");
    CHECK_FALSE(view.detail.empty());
    CHECK_FALSE(view.progress.has_value());
}

TEST_CASE("tile_view: who just went offline is not called live") {
    PrinterState printer = fake_printer(6);
    printer.last_report = farm_now - 2s;
    CHECK(tile_view(printer, farm_now).age == "< 15 s");
}

TEST_CASE("tile_view: a quiet printer is not stale, its age is shown") {
    const TileView view = tile_view(fake_printer(16), farm_now);
    CHECK_FALSE(view.stale);
    CHECK(view.age == "3 min");
    CHECK(view.word == "IDLE");
}

TEST_CASE("tile_view: before the first report nothing is invented") {
    PrinterState printer;
    printer.name = "new";
    const TileView view = tile_view(printer, farm_now);
    CHECK(view.word == "CONNECTING");
    CHECK(view.number.empty());
    CHECK(view.left.empty());
    CHECK(view.layers.empty());
    CHECK(view.file.empty());
    CHECK(view.nozzle == "–");
    CHECK(view.bed == "–");
    CHECK(view.age == "no data");
    CHECK_FALSE(view.progress.has_value());
    CHECK(view.swatches.empty());
}

TEST_CASE("tile_view: a failed print needs hands and names its error") {
    const TileView view = tile_view(fake_printer(7), farm_now);
    CHECK(view.needs_hands);
    CHECK(view.detail == "Error 0300-800B");
}

TEST_CASE("tile_view: while preparing the bar moves and no percent of the job is claimed") {
    const TileView view = tile_view(fake_printer(9), farm_now);
    CHECK(view.word == "PREPARING");
    CHECK(view.number.empty());
    CHECK(view.progress == doctest::Approx(0.62));
    CHECK(view.detail == "Heat-bed preheating");
}

TEST_CASE("tile_view: exactly one loaded spool is the active one") {
    const TileView view = tile_view(fake_printer(0), farm_now);
    CHECK(view.swatches.size() >= 3);
    int active = 0;
    for (const Swatch& swatch : view.swatches)
        active += swatch.active ? 1 : 0;
    CHECK(active == 1);
}

TEST_CASE("tile_view: stays equal until next_change when no report comes") {
    for (unsigned i = 0; i < 17; ++i) {
        const PrinterState printer = fake_printer(i);
        TimePoint now = farm_now;
        for (int change = 0; change < 8; ++change) {
            const auto next = next_change(printer, now);
            if (!next) break;
            REQUIRE(*next > now);
            CHECK(tile_view(printer, now) == tile_view(printer, *next - 1ns));
            now = *next;
        }
    }
}

TEST_CASE("tile_view: a temperature that rounds to the same degree changes nothing") {
    PrinterState printer = fake_printer(0);
    const TileView before = tile_view(printer, farm_now);
    printer.report.nozzle_celsius = 220.4;
    CHECK(tile_view(printer, farm_now) == before);
    printer.report.nozzle_celsius = 218.2;
    CHECK(tile_view(printer, farm_now) != before);
}

TEST_CASE("tile_view: percent out of range is shown inside it") {
    PrinterState printer = fake_printer(0);
    printer.report.percent = 250;
    CHECK(tile_view(printer, farm_now).number == "100");
    printer.report.percent = -4;
    CHECK(tile_view(printer, farm_now).number == "0");
}

TEST_CASE("job_name: folders and endings go, control characters cannot break a line") {
    Report report;
    report.gcode_file = "/data/Metadata/plate_1.gcode";
    CHECK(job_name(report) == "plate_1");
    report.subtask_name = "lamp.gcode.3mf";
    CHECK(job_name(report) == "lamp");
    report.subtask_name = "two\nlines";
    CHECK(job_name(report).find('\n') == std::string::npos);
    report.subtask_name = "";
    CHECK(job_name(report) == "plate_1");
}

TEST_CASE("tray_color: empty, malformed and missing colours give none") {
    Tray tray;
    CHECK_FALSE(tray_color(tray).has_value());
    tray.material = "PLA";
    tray.color = "XX";
    CHECK_FALSE(tray_color(tray).has_value());
    tray.color = "GG0000FF";
    CHECK_FALSE(tray_color(tray).has_value());
    tray.color = "FF8000FF";
    CHECK(tray_color(tray) == Color{255, 128, 0, 255});
    tray.material = "";
    CHECK_FALSE(tray_color(tray).has_value());
}
