#include "dispatch/waiting.hpp"

#include <doctest/doctest.h>

using namespace farmwall;
using dispatch::waiting_text;

namespace {

Match refusing(std::initializer_list<CheckKind> checks) {
    Match match;
    for (const CheckKind kind : checks)
        match.refused |= 1U << static_cast<unsigned>(kind);
    return match;
}

}  // namespace

TEST_CASE("waiting: the printers that could print it are counted by what keeps them") {
    CHECK(waiting_text({refusing({CheckKind::idle}), refusing({CheckKind::idle, CheckKind::plate_clear}),
                        refusing({CheckKind::plate_clear}), refusing({CheckKind::model})},
                       {}) == "Waits for a printer: 2 are busy, 1 waits for its plate to be cleared.");
}

TEST_CASE("waiting: where none could print it, what lasts is said") {
    CHECK(
        waiting_text({refusing({CheckKind::idle, CheckKind::model}), refusing({CheckKind::filament})}, {}) ==
        "No printer can print it as set up now: 1 is another model, 1 lacks the filament.");
}

TEST_CASE("waiting: of a job for one printer only that printer is spoken of") {
    CHECK(waiting_text({refusing({CheckKind::target}), refusing({CheckKind::online})}, 1) ==
          "Its printer is not connected.");
    CHECK(waiting_text({refusing({}), refusing({CheckKind::idle, CheckKind::nozzle_diameter})}, 1) ==
          "Its printer has another nozzle.");
}

TEST_CASE("waiting: a printer that is free needs no words") {
    CHECK(waiting_text({refusing({CheckKind::idle}), refusing({})}, {}).empty());
}

TEST_CASE("waiting: no printer at all, or none with the tag") {
    CHECK(waiting_text({}, {}) == "No printer is configured.");
    CHECK(waiting_text({refusing({CheckKind::target}), refusing({CheckKind::target})}, {}) ==
          "No printer has the tag that was asked for.");
}
