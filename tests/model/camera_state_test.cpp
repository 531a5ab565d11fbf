#include "model/camera_state.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string_view>

#include "builders.hpp"

using namespace farmwall;
using namespace farmwall::testing;

namespace {

// A printer that prints, with a camera that can be reached.
PrinterState printing(PrinterModel model) {
    PrinterState printer = online(model, JobState::running);
    printer.link.address = "192.0.2.7";
    return printer;
}

PrinterState in_stage(PrinterState printer, int stage) {
    printer.report.stage = stage;
    return printer;
}

}  // namespace

TEST_CASE("camera facts: a printer that prints has its model's camera, its address and nothing in the way") {
    CameraFacts expected;
    expected.kind = CameraKind::rtsps;
    expected.address = "192.0.2.7";
    expected.link_up = true;
    expected.printing = true;
    CHECK(camera_facts(printing(PrinterModel::x1c)) == expected);
    expected.kind = CameraKind::jpeg;
    CHECK(camera_facts(printing(PrinterModel::p1s)) == expected);
}

TEST_CASE("camera facts: the link is up while the printer answers, quiet or not") {
    PrinterState printer = printing(PrinterModel::x1c);
    CHECK(camera_facts(printer).link_up);
    printer.link.link = Link::quiet;
    CHECK(camera_facts(printer).link_up);
    for (const Link link : {Link::connecting, Link::half_dead, Link::offline, Link::refused}) {
        printer.link.link = link;
        CHECK_FALSE(camera_facts(printer).link_up);
    }
}

TEST_CASE("camera facts: switched off in the configuration comes before what the printer says") {
    PrinterState printer = printing(PrinterModel::x1c);
    printer.camera_enabled = false;
    printer.report.camera_present = false;
    printer.report.liveview = false;
    CHECK(camera_facts(printer).obstacle == CameraProblem::switched_off);
}

TEST_CASE("camera facts: no camera, liveview off and an unknown model are each a reason") {
    PrinterState printer = printing(PrinterModel::x1c);
    SUBCASE("the printer says that it has none") {
        printer.report.camera_present = false;
        printer.report.liveview = false;
        CHECK(camera_facts(printer).obstacle == CameraProblem::no_camera);
        CHECK(camera_facts(printer).kind == CameraKind::unknown);
    }
    SUBCASE("liveview is off at the printer") {
        printer.report.liveview = false;
        CHECK(camera_facts(printer).obstacle == CameraProblem::liveview_off);
        CHECK(camera_facts(printer).kind == CameraKind::rtsps);
    }
    SUBCASE("the model is not known, and nothing else tells") {
        printer.model = {};
        CHECK(camera_facts(printer).obstacle == CameraProblem::address_unknown);
        printer.report.camera_present = true;
        CHECK(camera_facts(printer).obstacle == CameraProblem::address_unknown);
    }
    SUBCASE("an unknown model that reports an RTSP address has that camera") {
        printer.model = {};
        printer.report.liveview = true;
        CHECK(camera_facts(printer).obstacle == CameraProblem::none);
        CHECK(camera_facts(printer).kind == CameraKind::rtsps);
    }
}

TEST_CASE("camera facts: the print advances only while running, in no special stage, and heard of") {
    PrinterState printer = printing(PrinterModel::x1c);
    CHECK(camera_facts(printer).printing);
    for (const int none : {-1, 0, 255})
        CHECK(camera_facts(in_stage(printer, none)).printing);
    CHECK_FALSE(camera_facts(in_stage(printer, 1)).printing);
    CHECK_FALSE(camera_facts(in_stage(printer, 14)).printing);
    for (const JobState state : {JobState::idle, JobState::prepare, JobState::pause, JobState::finish,
                                 JobState::failed, JobState::slicing}) {
        printer.report.state = state;
        CHECK_FALSE(camera_facts(printer).printing);
    }
    printer.report.state = JobState::running;
    for (const Link link : {Link::connecting, Link::quiet, Link::half_dead, Link::offline, Link::refused}) {
        printer.link.link = link;
        CHECK_FALSE(camera_facts(printer).printing);
    }
    printer.report.state.reset();
    printer.link.link = Link::online;
    CHECK_FALSE(camera_facts(printer).printing);
}

TEST_CASE("camera words: every problem but none has its own sentence, every truth its own word") {
    std::set<std::string_view> sentences;
    const int last = static_cast<int>(CameraProblem::unsupported);
    for (int i = 1; i <= last; ++i)
        sentences.insert(sentence(static_cast<CameraProblem>(i)));
    CHECK(sentences.size() == static_cast<std::size_t>(last));
    CHECK(sentences.count("") == 0);
    CHECK(sentence(CameraProblem::none).empty());

    std::set<std::string_view> words;
    for (int i = 0; i <= static_cast<int>(CameraTruth::no_signal); ++i)
        words.insert(word(static_cast<CameraTruth>(i)));
    CHECK(words.size() == 8);
    CHECK(words.count("") == 0);
    CHECK(shows_now(CameraTruth::slow));
    CHECK_FALSE(shows_now(CameraTruth::stale));
}
