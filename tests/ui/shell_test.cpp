#include "ui/shell.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "shell_bench.hpp"

using namespace farmwall;
using namespace farmwall::ui;
using namespace std::chrono_literals;
using compat::Key;
using test::Bench;

TEST_CASE("shell: every screen draws farms of any size, known or not, on any window") {
    for (const unsigned count : {0U, 1U, 12U, 100U}) {
        for (const auto& fleet : {test::fake_farm(count), test::unknown_farm(count)}) {
            Bench bench{fleet};
            for (const auto& [width, height] :
                 {std::pair{1920.0F, 1080.0F}, {1080.0F, 1920.0F}, {320.0F, 200.0F}}) {
                bench.input.width = width;
                bench.input.height = height;
                ImGui::GetIO().DisplaySize = {width, height};
                for (const Screen screen : {Screen::wall, Screen::overview, Screen::printer, Screen::jobs,
                                            Screen::alarms, Screen::diagnostics}) {
                    bench.shell->show(screen);
                    CHECK(bench.frame().drew);
                    bench.frame();
                }
            }
        }
    }
}

TEST_CASE("shell: words that fit at no size end, whatever the width of a tile") {
    Bench bench{test::fake_farm(34)};  // has the longest word
    for (float width = 40; width < 2600; width += 37) {
        bench.input.width = width;
        ImGui::GetIO().DisplaySize = {width, 800};
        CHECK(bench.frame().drew);
    }
}

TEST_CASE("shell: a window of no height or width draws nothing and survives") {
    Bench bench{test::fake_farm(3)};
    bench.input.width = bench.input.height = 1;
    CHECK_FALSE(bench.frame().drew);
    bench.input.width = 800;
    bench.input.height = 600;
    CHECK(bench.frame().drew);
}

TEST_CASE("shell: an unchanged snapshot marks no tile and emits nothing to draw") {
    Bench bench{test::fake_farm(12)};
    CHECK(bench.frame().tiles == 12);
    bench.settle();
    CHECK_FALSE(bench.shell->wants_frame(bench.input));
    const FrameResult again = bench.frame();
    CHECK(again.tiles == 0);
    CHECK_FALSE(again.drew);
    CHECK(bench.vertices == 0);
}

TEST_CASE("shell: a changed temperature marks exactly one tile") {
    Bench bench{test::fake_farm(100)};
    bench.settle();
    bench.change(5, [](PrinterState& printer) { printer.report.bed_celsius = 55; });
    CHECK(bench.shell->wants_frame(bench.input));
    CHECK(bench.frame().tiles == 1);
    CHECK_FALSE(bench.shell->wants_frame(bench.input));
}

TEST_CASE("shell: a report that changes nothing visible wants no frame") {
    Bench bench{test::fake_farm(12)};
    bench.settle();
    bench.change(0, [](PrinterState& printer) {
        printer.stats.messages += 1;
        printer.report.wifi_dbm = -60;
        printer.last_report = test::farm_now;
    });
    CHECK_FALSE(bench.shell->wants_frame(bench.input));
}

TEST_CASE("shell: time alone redraws what grew older, at the moment it said") {
    Bench bench{test::fake_farm(1)};
    bench.settle();
    const TimePoint next = bench.shell->next_change(bench.input);
    CHECK(next == test::farm_now + 14s);  // live until 15 s after the last report
    bench.input.now = next - 1ms;
    CHECK_FALSE(bench.shell->wants_frame(bench.input));
    bench.input.now = next;
    CHECK(bench.shell->wants_frame(bench.input));
    CHECK(bench.frame().tiles == 1);
}

TEST_CASE("shell: the clock's minute redraws the header and no tile") {
    Bench bench{test::fake_farm(12)};
    bench.settle();
    bench.input.wall_now += 1min;
    CHECK(bench.shell->wants_frame(bench.input));
    const FrameResult result = bench.frame();
    CHECK(result.drew);
    CHECK(result.tiles == 0);
}

TEST_CASE("shell: a resized window is drawn whole again") {
    Bench bench{test::fake_farm(12)};
    bench.settle();
    bench.input.width = 1000;
    ImGui::GetIO().DisplaySize = {1000, 800};
    CHECK(bench.shell->wants_frame(bench.input));
    CHECK(bench.frame().tiles == 12);
}

TEST_CASE("shell: function keys choose the screen and Escape leads back to the wall") {
    Bench bench{test::fake_farm(4)};
    bench.settle();
    bench.press(Key::f2);
    CHECK(bench.shell->screen() == Screen::overview);
    bench.press(Key::f3);
    CHECK(bench.shell->screen() == Screen::printer);
    bench.press(Key::f4);
    CHECK(bench.shell->screen() == Screen::diagnostics);
    bench.press(Key::f5);
    CHECK(bench.shell->screen() == Screen::alarms);
    bench.press(Key::escape);
    CHECK(bench.shell->screen() == Screen::wall);
    bench.press(Key::f4);
    bench.press(Key::f1);
    CHECK(bench.shell->screen() == Screen::wall);
}

TEST_CASE("shell: arrows move the focus over tiles and Enter opens the printer") {
    Bench bench{test::fake_farm(12)};
    bench.settle();
    bench.press(Key::right);  // shows the focus on the first tile
    bench.press(Key::right);
    bench.press(Key::right);
    bench.press(Key::enter);
    CHECK(bench.shell->screen() == Screen::printer);
    CHECK(bench.target("printer/ask_full_report").has_value());
    bench.click("printer/ask_full_report");
    REQUIRE(bench.intents.size() == 1);
    CHECK(bench.intents[0].printer == PrinterId{"p3"});
}

TEST_CASE("shell: a press on a tile or a row opens that printer's page") {
    Bench bench{test::fake_farm(12)};
    bench.click("tile/p2");
    CHECK(bench.shell->screen() == Screen::printer);
    bench.click("tab/overview");
    CHECK(bench.shell->screen() == Screen::overview);
    bench.click("overview/row/p4");
    CHECK(bench.shell->screen() == Screen::printer);
    bench.click("printer/ask_full_report");
    REQUIRE(bench.intents.size() == 1);
    CHECK(bench.intents[0].printer == PrinterId{"p4"});
    CHECK(std::holds_alternative<AskFullReport>(bench.intents[0].wish));
}

TEST_CASE("shell: a pressed column sorts, again reverses, a third time restores the config's order") {
    Bench bench{test::fake_farm(12)};
    bench.shell->show(Screen::overview);
    const auto first_row = [&] {
        bench.frame();
        for (const Target& target : bench.shell->targets()) {
            if (target.id.starts_with("overview/row/")) return target.id;
        }
        return std::string{};
    };
    CHECK(first_row() == "overview/row/p1");
    bench.click("overview/sort/name");
    CHECK(first_row() == "overview/row/p3");  // A1-03
    bench.click("overview/sort/name");
    CHECK(first_row() == "overview/row/p7");  // X1C-07
    bench.click("overview/sort/name");
    CHECK(first_row() == "overview/row/p1");
}

TEST_CASE("printer page: buttons that make no sense are disabled and emit nothing") {
    Bench bench{test::fake_farm(12)};
    SUBCASE("connected: no connecting") {
        bench.shell->show_printer(PrinterId{"p1"});
        bench.click("printer/connect_now");
        CHECK(bench.intents.empty());
    }
    SUBCASE("offline: nobody to ask") {
        bench.shell->show_printer(PrinterId{"p7"});
        bench.click("printer/ask_full_report");
        CHECK(bench.intents.empty());
        bench.click("printer/connect_now");
        REQUIRE(bench.intents.size() == 1);
        CHECK(std::holds_alternative<ConnectNow>(bench.intents[0].wish));
    }
    SUBCASE("the certificate did not change: nothing to trust") {
        bench.shell->show_printer(PrinterId{"p1"});
        bench.settle();
        CHECK_FALSE(bench.target("printer/trust").has_value());
    }
}

TEST_CASE("printer page: a new certificate is trusted only in two steps") {
    Bench bench{test::fake_farm(15), 1280, 1400};
    bench.shell->show_printer(PrinterId{"p15"});
    bench.settle();
    CHECK_FALSE(bench.target("printer/trust/confirm").has_value());
    bench.click("printer/trust");
    CHECK(bench.intents.empty());
    SUBCASE("confirmed: names the certificate that was shown") {
        bench.click("printer/trust/confirm");
        REQUIRE(bench.intents.size() == 1);
        const auto* trust = std::get_if<TrustCertificate>(&bench.intents[0].wish);
        REQUIRE(trust != nullptr);
        CHECK(trust->sha256 == bench.input.fleet->printers[14]->link.new_certificate);
    }
    SUBCASE("canceled: nothing is sent") {
        bench.click("printer/trust/cancel");
        CHECK(bench.intents.empty());
        CHECK(bench.target("printer/trust").has_value());
    }
    SUBCASE("another certificate in between: back to the first step") {
        bench.change(14, [](PrinterState& printer) { printer.link.new_certificate = std::string(64, 'a'); });
        bench.settle();
        CHECK_FALSE(bench.target("printer/trust/confirm").has_value());
        CHECK(bench.target("printer/trust").has_value());
    }
    SUBCASE("looked away: back to the first step") {
        bench.shell->show_printer(PrinterId{"p1"});
        bench.settle();
        bench.shell->show_printer(PrinterId{"p15"});
        bench.settle();
        CHECK_FALSE(bench.target("printer/trust/confirm").has_value());
    }
}

TEST_CASE("printer page: follows its own printer and not the others") {
    Bench bench{test::fake_farm(12)};
    bench.shell->show_printer(PrinterId{"p1"});
    bench.settle();
    CHECK_FALSE(bench.shell->wants_frame(bench.input));
    bench.change(3, [](PrinterState& printer) { printer.report.bed_celsius = 50; });
    CHECK_FALSE(bench.shell->wants_frame(bench.input));
    bench.change(0, [](PrinterState& printer) { printer.report.bed_celsius = 50; });
    CHECK(bench.shell->wants_frame(bench.input));
}

TEST_CASE("overview: follows reports at most twice a second") {
    Bench bench{test::fake_farm(12)};
    bench.shell->show(Screen::overview);
    bench.settle();
    bench.change(3, [](PrinterState& printer) { printer.report.bed_celsius = 50; });
    CHECK_FALSE(bench.shell->wants_frame(bench.input));
    CHECK(bench.shell->next_change(bench.input) == bench.input.now + 500ms);
    bench.input.now += 500ms;
    CHECK(bench.shell->wants_frame(bench.input));
}

TEST_CASE("shell: ids of targets are unique on every screen") {
    Bench bench{test::fake_farm(15), 1280, 1400};
    bench.shell->show_printer(PrinterId{"p15"});
    for (const Screen screen : {Screen::wall, Screen::overview, Screen::printer, Screen::jobs, Screen::alarms,
                                Screen::diagnostics}) {
        bench.shell->show(screen);
        bench.settle();
        std::vector<std::string> ids;
        for (const Target& target : bench.shell->targets())
            ids.push_back(target.id);
        std::sort(ids.begin(), ids.end());
        CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
        CHECK(ids.size() >= 4);
    }
}

TEST_CASE("screen_from: knows the names of all screens and no other") {
    for (const Screen screen : {Screen::wall, Screen::overview, Screen::printer, Screen::jobs, Screen::alarms,
                                Screen::diagnostics}) {
        CHECK(screen_from(screen_name(screen)) == screen);
    }
    CHECK_FALSE(screen_from("Wall").has_value());
    CHECK_FALSE(screen_from("").has_value());
}
