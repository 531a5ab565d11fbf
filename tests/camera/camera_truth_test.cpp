#include "camera/camera_truth.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace farmwall;
using namespace farmwall::camera;
using namespace std::chrono_literals;

namespace {

const TimePoint t0{1h};
const TruthTimes times;

// Connected for a minute at t0, a picture of the chamber decoded right then, which differed.
CameraWitness running(Codec codec) {
    CameraWitness witness;
    witness.codec = codec;
    witness.connected = true;
    witness.connected_at = t0 - 60s;
    witness.last_byte = t0;
    witness.last_packet = t0;
    witness.last_decoded = t0;
    witness.last_change = t0;
    witness.mean_luma = 100;
    witness.usual_period = codec == Codec::h264 ? Duration{33ms} : Duration{500ms};
    return witness;
}

CameraWitness disconnected(CameraWitness witness, CameraProblem problem) {
    witness.connected = false;
    witness.connected_at.reset();
    witness.last_byte.reset();
    witness.problem = problem;
    return witness;
}

Verdict said(CameraTruth truth, CameraProblem problem, std::optional<TimePoint> changes_at) {
    return {truth, problem, changes_at};
}

}  // namespace

namespace doctest {
template <>
struct StringMaker<Verdict> {
    static String convert(const Verdict& verdict) {
        std::string text{word(verdict.truth)};
        text += ' ';
        text += sentence(verdict.problem);
        if (verdict.changes_at) text += " until t0 + " + std::to_string((*verdict.changes_at - t0).count());
        return text.c_str();
    }
};
}  // namespace doctest

TEST_CASE("truth: an obstacle is off for that reason, whatever comes, and for good") {
    CameraWitness witness = running(Codec::h264);
    for (const auto obstacle : {CameraProblem::switched_off, CameraProblem::no_camera,
                                CameraProblem::liveview_off, CameraProblem::address_unknown}) {
        witness.facts.obstacle = obstacle;
        CHECK(judge(witness, times, t0) == said(CameraTruth::off, obstacle, std::nullopt));
        CHECK(judge(witness, times, t0 + 1h) == said(CameraTruth::off, obstacle, std::nullopt));
    }
}

TEST_CASE("truth: before the first attempt ended it is connecting") {
    CHECK(judge({}, times, t0) == said(CameraTruth::connecting, CameraProblem::none, std::nullopt));
}

TEST_CASE(
    "truth: never a picture and a failed attempt is no signal with the problem, also while it is tried "
    "again") {
    CameraWitness witness;
    witness.problem = CameraProblem::unreachable;
    const Verdict failed = said(CameraTruth::no_signal, CameraProblem::unreachable, std::nullopt);
    CHECK(judge(witness, times, t0) == failed);
    witness.connected = true;
    witness.connected_at = t0;
    CHECK(judge(witness, times, t0) ==
          said(CameraTruth::no_signal, CameraProblem::unreachable, t0 + times.first_picture));
    CHECK(judge(witness, times, t0 + 10s) ==
          said(CameraTruth::no_signal, CameraProblem::no_picture, std::nullopt));
}

TEST_CASE("truth: connected without a picture is connecting for ten seconds, then no signal") {
    CameraWitness witness;
    witness.connected = true;
    witness.connected_at = t0;
    witness.last_byte = t0 + 9s;
    CHECK(judge(witness, times, t0 + 9999ms) == said(CameraTruth::connecting, CameraProblem::none, t0 + 10s));
    CHECK(judge(witness, times, t0 + 10s) ==
          said(CameraTruth::no_signal, CameraProblem::no_picture, std::nullopt));
}

TEST_CASE("truth: a picture younger than three seconds is live by RTSP, then stale for as long as it takes") {
    CameraWitness witness = running(Codec::h264);
    CHECK(judge(witness, times, t0) == said(CameraTruth::live, CameraProblem::none, t0 + 3s));
    CHECK(judge(witness, times, t0 + 2999ms).truth == CameraTruth::live);
    CHECK(judge(witness, times, t0 + 3s) == said(CameraTruth::stale, CameraProblem::stalled, std::nullopt));
    CHECK(judge(witness, times, t0 + 1000h).truth == CameraTruth::stale);
    // A slow stream has no more time: its usual period is no excuse by RTSP.
    witness.usual_period = 5s;
    CHECK(judge(witness, times, t0 + 3s).truth == CameraTruth::stale);
}

TEST_CASE("truth: a JPEG picture is stale after three usual periods, and not before six seconds") {
    struct Row {
        std::optional<Duration> period;
        Duration limit;
    };
    for (const Row& row : {Row{std::nullopt, 6s}, Row{200ms, 6s}, Row{2s, 6s}, Row{2500ms, 7500ms},
                           Row{20s, 60s}, Row{Duration::max(), 3h}}) {
        CAPTURE(row.limit.count());
        CameraWitness witness = running(Codec::jpeg);
        witness.usual_period = row.period;
        witness.last_decoded.reset();
        const bool is_slow = row.period && *row.period >= Duration{800ms};
        CHECK(judge(witness, times, t0) ==
              said(is_slow ? CameraTruth::slow : CameraTruth::live, CameraProblem::none, t0 + row.limit));
        CHECK(judge(witness, times, t0 + row.limit - 1ns).truth != CameraTruth::stale);
        CHECK(judge(witness, times, t0 + row.limit).truth == CameraTruth::stale);
    }
}

TEST_CASE("truth: slow is a JPEG period from 0.8 s on and fewer than three RTSP pictures a second") {
    struct Row {
        Codec codec;
        Duration period;
        CameraTruth truth;
    };
    for (const Row& row :
         {Row{Codec::jpeg, 799ms, CameraTruth::live}, Row{Codec::jpeg, 800ms, CameraTruth::slow},
          Row{Codec::jpeg, 3s, CameraTruth::slow}, Row{Codec::h264, 33ms, CameraTruth::live},
          Row{Codec::h264, 333ms, CameraTruth::live}, Row{Codec::h264, 334ms, CameraTruth::slow}}) {
        CameraWitness witness = running(row.codec);
        witness.usual_period = row.period;
        CHECK(judge(witness, times, t0).truth == row.truth);
    }
    CameraWitness witness = running(Codec::jpeg);
    witness.usual_period.reset();
    CHECK(judge(witness, times, t0).truth == CameraTruth::live);
}

TEST_CASE("truth: a stale picture says why no newer one comes, where that is known") {
    const CameraWitness witness = running(Codec::h264);
    SUBCASE("the connection ended") {
        const auto ended = disconnected(witness, CameraProblem::closed_by_printer);
        CHECK(judge(ended, times, t0 + 2s) == said(CameraTruth::live, CameraProblem::none, t0 + 3s));
        CHECK(judge(ended, times, t0 + 3s) ==
              said(CameraTruth::stale, CameraProblem::closed_by_printer, std::nullopt));
    }
    SUBCASE("bytes come, but no picture, and then nothing at all") {
        CameraWitness talking = witness;
        talking.last_byte = t0 + 4s;
        CHECK(judge(talking, times, t0 + 3s) == said(CameraTruth::stale, CameraProblem::no_picture, t0 + 7s));
        CHECK(judge(talking, times, t0 + 7s) ==
              said(CameraTruth::stale, CameraProblem::stalled, std::nullopt));
    }
    SUBCASE("pictures come, but none of them can be decoded") {
        CameraWitness garbled = witness;
        garbled.undecodable_since = t0;
        garbled.last_packet = t0 + 20s;
        garbled.last_byte = t0 + 20s;
        CHECK(newest_picture(garbled) == t0);
        CHECK(judge(garbled, times, t0 + 2s) == said(CameraTruth::live, CameraProblem::none, t0 + 3s));
        CHECK(judge(garbled, times, t0 + 20s) ==
              said(CameraTruth::stale, CameraProblem::wrong_data, std::nullopt));
    }
}

TEST_CASE("truth: connecting again makes no picture younger; only a new one ends stale") {
    CameraWitness witness = disconnected(running(Codec::h264), CameraProblem::closed_by_printer);
    witness.connected = true;
    witness.connected_at = t0 + 20s;
    witness.last_byte = t0 + 20s;
    CHECK(judge(witness, times, t0 + 20s) ==
          said(CameraTruth::stale, CameraProblem::closed_by_printer, t0 + 30s));
    CHECK(judge(witness, times, t0 + 30s) ==
          said(CameraTruth::stale, CameraProblem::no_picture, std::nullopt));
    witness.last_packet = t0 + 31s;
    witness.problem = CameraProblem::none;
    CHECK(judge(witness, times, t0 + 31s).truth == CameraTruth::live);
}

TEST_CASE("truth: how slow a JPEG camera used to be excuses no picture of an earlier connection") {
    CameraWitness witness = running(Codec::jpeg);
    witness.usual_period = 20s;
    CHECK(judge(witness, times, t0 + 30s).truth == CameraTruth::slow);
    const auto ended = disconnected(witness, CameraProblem::bad_access_code);
    CHECK(judge(ended, times, t0 + 5s) == said(CameraTruth::slow, CameraProblem::none, t0 + 6s));
    CHECK(judge(ended, times, t0 + 6s) ==
          said(CameraTruth::stale, CameraProblem::bad_access_code, std::nullopt));
}

TEST_CASE("truth: frozen is the same picture for thirty seconds while the print advances") {
    CameraWitness witness = running(Codec::h264);
    witness.facts.printing = true;
    witness.printing_since = t0 - 1h;
    const auto looked_at = [&](Duration after) {
        witness.last_byte = witness.last_packet = witness.last_decoded = t0 + after;
        return judge(witness, times, t0 + after).truth;
    };
    CHECK(looked_at(29999ms) == CameraTruth::live);
    CHECK(looked_at(30s) == CameraTruth::frozen);
    SUBCASE("a change ends it") {
        witness.last_change = t0 + 30s;
        CHECK(looked_at(31s) == CameraTruth::live);
    }
    SUBCASE("counted from when the print began to advance, where that is later") {
        witness.printing_since = t0 + 20s;
        CHECK(looked_at(49999ms) == CameraTruth::live);
        CHECK(looked_at(50s) == CameraTruth::frozen);
    }
    SUBCASE("a print that does not advance may look the same for ever") {
        witness.facts.printing = false;
        CHECK(looked_at(1h) == CameraTruth::live);
        witness.facts.printing = true;
        witness.printing_since.reset();
        CHECK(looked_at(1h) == CameraTruth::live);
    }
    SUBCASE("a picture of which no change was ever seen counts from the print alone") {
        witness.last_change.reset();
        witness.printing_since = t0;
        CHECK(looked_at(29s) == CameraTruth::live);
        CHECK(looked_at(30s) == CameraTruth::frozen);
    }
    SUBCASE("when packets stop it is stale, not frozen") {
        CHECK(judge(witness, times, t0 + 33s).truth == CameraTruth::stale);
    }
}

TEST_CASE("truth: time in which nobody looked proves nothing") {
    CameraWitness witness = running(Codec::h264);
    witness.facts.printing = true;
    witness.printing_since = t0 - 1h;
    witness.last_decoded = t0 + 1s;  // then unseen; packets go on
    witness.last_byte = witness.last_packet = t0 + 29s;
    CHECK(judge(witness, times, t0 + 30500ms) == said(CameraTruth::live, CameraProblem::none, t0 + 32s));
}

TEST_CASE("truth: what was decoded too long ago makes neither frozen nor dark") {
    CameraWitness witness = running(Codec::h264);
    witness.mean_luma = 3;
    witness.last_byte = witness.last_packet = t0 + 29s;
    CHECK(judge(witness, times, t0 + 29s) == said(CameraTruth::dark, CameraProblem::none, t0 + 30s));
    CHECK(judge(witness, times, t0 + 30s) == said(CameraTruth::live, CameraProblem::none, t0 + 32s));
}

TEST_CASE("truth: a camera that nobody looks at is judged by its packets") {
    CameraWitness witness = running(Codec::h264);
    witness.last_decoded.reset();
    witness.last_change.reset();
    witness.mean_luma.reset();
    CHECK(judge(witness, times, t0) == said(CameraTruth::live, CameraProblem::none, t0 + 3s));
    CHECK(judge(witness, times, t0 + 3s).truth == CameraTruth::stale);
}

TEST_CASE("truth: dark is a mean luma below the threshold; dark comes before frozen, frozen before slow") {
    CameraWitness witness = running(Codec::jpeg);
    witness.usual_period = 1s;
    witness.mean_luma = dark_luma;
    CHECK(judge(witness, times, t0).truth == CameraTruth::slow);
    witness.mean_luma = dark_luma - 0.1;
    CHECK(judge(witness, times, t0).truth == CameraTruth::dark);
    witness.facts.printing = true;
    witness.printing_since = t0 - 1h;
    witness.last_change = t0 - 30s;
    CHECK(judge(witness, times, t0).truth == CameraTruth::dark);
    witness.mean_luma = dark_luma;
    CHECK(judge(witness, times, t0).truth == CameraTruth::frozen);
}

namespace {

// Anything a camera may have been seen doing, consistent or not.
CameraWitness any_witness(std::mt19937& random) {
    const auto below = [&](int bound) { return std::uniform_int_distribution<int>{0, bound - 1}(random); };
    const auto moment = [&]() -> std::optional<TimePoint> {
        if (below(4) == 0) return std::nullopt;
        return t0 + std::chrono::milliseconds{500 * below(160)};
    };
    CameraWitness witness;
    witness.codec = below(2) == 0 ? Codec::h264 : Codec::jpeg;
    if (below(10) == 0) witness.facts.obstacle = CameraProblem::liveview_off;
    witness.facts.printing = below(2) == 0;
    witness.connected = below(3) > 0;
    witness.connected_at = moment();
    if (below(2) == 0) witness.problem = CameraProblem::closed_by_printer;
    witness.last_byte = moment();
    witness.last_packet = moment();
    witness.last_decoded = moment();
    witness.last_change = moment();
    if (below(4) == 0) witness.undecodable_since = moment();
    witness.printing_since = moment();
    if (below(2) == 0) witness.mean_luma = below(40);
    if (below(4) > 0) witness.usual_period = std::chrono::milliseconds{50 * below(200)};
    return witness;
}

}  // namespace

TEST_CASE("truth: the verdict stands until the moment it names, and is another one at that moment") {
    std::mt19937 random{6};
    for (int round = 0; round < 20'000; ++round) {
        const CameraWitness witness = any_witness(random);
        const TimePoint end = t0 + 200s;
        TimePoint now = t0 + std::chrono::milliseconds{std::uniform_int_distribution<int>{0, 90'000}(random)};
        int changes = 0;
        while (now < end) {
            const Verdict verdict = judge(witness, times, now);
            const TimePoint until = verdict.changes_at.value_or(end);
            REQUIRE(until > now);
            for (const Duration at : {(until - now) / 3, (until - now) / 2, until - now - Duration{1}})
                REQUIRE(judge(witness, times, now + at) == verdict);
            if (!verdict.changes_at) break;
            const Verdict next = judge(witness, times, until);
            REQUIRE((next.truth != verdict.truth || next.problem != verdict.problem));
            now = until;
            REQUIRE(++changes <= 4);
        }
    }
}
