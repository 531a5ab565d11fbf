#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "queue/job_files.hpp"

// Jobs, queues and files for the tests of the job store.
namespace farmwall::testing {

using namespace std::chrono_literals;

constexpr WallTime evening{480'018h + 250ms};

inline SlicedFile sliced_file(const std::string& slicer) {
    SlicedFile made;
    made.bytes = 4711;
    made.sha256 = "ab12";
    made.slicer = slicer;
    SlicedPlate plate;
    plate.grams = 12.3;
    made.plates.push_back(plate);
    return made;
}

// Keeps the slicer's name alone, which is enough to tell inspections apart.
inline queue::SlicedCodec slicer_codec() {
    return {[](const SlicedFile& file) { return "{\"slicer\":\"" + file.slicer + "\"}"; },
            [](std::string_view text) -> Result<SlicedFile> {
                constexpr std::string_view front = "{\"slicer\":\"";
                if (!text.starts_with(front) || !text.ends_with("\"}"))
                    return Error{ErrorKind::bad_input, "no slicer"};
                text.remove_prefix(front.size());
                text.remove_suffix(2);
                return sliced_file(std::string{text});
            }};
}

inline Job job(const std::string& id, JobPhase phase = JobPhase::queued) {
    Job made;
    made.id = JobId{id};
    made.file_name = "bracket.gcode.3mf";
    made.file_path = "/farm/jobs/files/" + id + "__bracket.gcode.3mf";
    made.phase = phase;
    made.created = evening;
    return made;
}

inline queue::QueueContent queue_of(std::vector<Job> jobs) {
    queue::QueueContent made;
    made.jobs = std::move(jobs);
    return made;
}

template <class T>
T value_or_fail(Result<T> result) {
    REQUIRE_MESSAGE(result.ok(), result.error().text());
    return std::move(result).value();
}

inline std::string content_of(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

inline void write_file(const std::filesystem::path& file, std::string_view content) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << content;
}

// Names of what lies in a folder, sorted.
inline std::vector<std::string> names_in(const std::filesystem::path& folder) {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator{folder})
        out.push_back(entry.path().filename().string());
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace farmwall::testing
