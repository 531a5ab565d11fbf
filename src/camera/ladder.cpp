#include "camera/ladder.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace farmwall::camera {
namespace {

constexpr std::array<std::chrono::seconds, 5> steps = {std::chrono::seconds{1}, std::chrono::seconds{2},
                                                       std::chrono::seconds{5}, std::chrono::seconds{15},
                                                       std::chrono::seconds{60}};
constexpr Duration stable = std::chrono::minutes{1};
constexpr unsigned often = 5;

// Trying again sooner cannot help: a person has to do something first.
bool needs_a_person(CameraProblem problem) {
    return problem == CameraProblem::bad_access_code || problem == CameraProblem::certificate_changed ||
           problem == CameraProblem::wrong_serial;
}

}  // namespace

Ladder::Ladder(std::function<double()> random) : random_{std::move(random)} {}

Duration Ladder::next(CameraProblem problem, TimePoint now) {
    if (pictures_since_ && now - *pictures_since_ >= stable) step_ = 0;
    pictures_since_.reset();
    refusals_ = problem == CameraProblem::refused_connection ? std::min(refusals_ + 1, often) : 0;
    Duration wait = steps.back();
    if (!needs_a_person(problem)) {
        wait = steps.at(step_);
        step_ = std::min(step_ + 1, static_cast<unsigned>(steps.size()) - 1);
    }
    const double kept = 1.0 - 0.25 * std::clamp(random_(), 0.0, 1.0);
    return Duration{static_cast<Duration::rep>(static_cast<double>(wait.count()) * kept)};
}

void Ladder::pictures_began(TimePoint now) {
    pictures_since_ = now;
    refusals_ = 0;
}

CameraProblem Ladder::told(CameraProblem problem) const {
    const bool refused = problem == CameraProblem::refused_connection && refusals_ >= often;
    return refused ? CameraProblem::refused_often : problem;
}

void Ladder::reset() {
    step_ = 0;
    refusals_ = 0;
    pictures_since_.reset();
}

}  // namespace farmwall::camera
