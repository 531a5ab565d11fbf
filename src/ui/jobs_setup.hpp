#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "camera/frame.hpp"
#include "model/matching.hpp"

namespace farmwall::ui {

// What the screen of the jobs is given from outside. Everything is called on the render thread and must not
// wait.
struct JobsSetup {
    // The matrix; empty: it is not shown.
    std::function<std::vector<Check>(const Job&, const Place&, const MatchRules&, TimePoint)> explain;
    // The picture at the end of the newest print of a printer; empty, or null: there is none.
    std::function<camera::SharedFrame(const PrinterId&)> last_frame;
    // Where the list of files begins; empty: at home.
    std::filesystem::path start_folder;
    std::filesystem::path home;
};

}  // namespace farmwall::ui
