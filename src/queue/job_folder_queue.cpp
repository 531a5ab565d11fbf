#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/platform.hpp"
#include "queue/job_folder.hpp"

// What the folder of the jobs does with queue.json.
namespace farmwall::queue {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_queue_bytes = std::size_t{512} << 20U;

bool is_there(const fs::path& file) {
    std::error_code unknown;
    return fs::exists(fs::symlink_status(file, unknown));
}

fs::path name_aside(const fs::path& file, WallTime now) {
    const std::string name = fmt::format("{}.damaged-{:%Y-%m-%dT%H-%M-%SZ}", file.filename().string(),
                                         fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
    fs::path aside = file;
    aside.replace_filename(name);
    for (int number = 2; is_there(aside); ++number)
        aside.replace_filename(fmt::format("{}-{}", name, number));
    return aside;
}

// The first of them; a damaged file can be wrong in a thousand places.
std::string summary(const std::vector<std::string>& problems) {
    constexpr std::size_t shown = 3;
    std::string out;
    for (std::size_t i = 0; i < std::min(shown, problems.size()); ++i)
        out += (i == 0 ? "" : "; ") + problems[i];
    if (problems.size() > shown) out += fmt::format("; and {} more", problems.size() - shown);
    return out;
}

// Of a copy that is older than what was lost: what it calls waiting may have been started since.
void distrust(QueueContent& content) {
    for (Job& job : content.jobs) {
        const bool may_start = !is_over(job.phase) && job.phase != JobPhase::held &&
                               job.phase != JobPhase::starting && job.phase != JobPhase::running;
        if (!may_start) continue;
        job.phase = JobPhase::held;
        job.error =
            "The newest state of the queue was lost, and this job may have been printed; look before "
            "you start it";
    }
    for (auto& [printer, desk] : content.desks) {
        if (desk.plate.state == PlateState::clear) desk.plate.state = PlateState::unknown;
    }
}

}  // namespace

Status JobFolder::prepare() {
    if (!locked_) {
        if (auto taken = lock_.take(queue_, "job queue"); !taken) return taken;
        locked_ = true;
    }
    for (const fs::path& folder : {files_, tmp_}) {
        std::error_code problem;
        fs::create_directories(folder, problem);
        if (problem) {
            return Error{ErrorKind::io,
                         fmt::format("The jobs folder cannot be written ({})", problem.message()),
                         folder.string()};
        }
    }
    sweep();
    return Done{};
}

// What a program that ended suddenly left; nobody else works here.
void JobFolder::sweep() const {
    const auto remove_if = [](const fs::path& folder, const auto& is_left) {
        std::error_code problem;
        std::vector<fs::path> left;
        for (fs::directory_iterator at{folder, problem}, end; !problem && at != end; at.increment(problem)) {
            std::error_code unknown;
            if (is_left(at->path().filename().string()) &&
                at->symlink_status(unknown).type() == fs::file_type::regular)
                left.push_back(at->path());
        }
        for (const fs::path& file : left)
            fs::remove(file, problem);
    };
    remove_if(tmp_, [](const std::string& name) { return name.ends_with(".part"); });
    remove_if(folder_, [](const std::string& name) {
        return name.starts_with("queue.json.new-") || name.starts_with("queue.json.good.new-");
    });
}

JobFolder::Stored JobFolder::read(const fs::path& file, WallTime now) {
    Stored out;
    const std::string name = file.filename().string();
    if (!is_there(file)) return out;
    auto text = read_file(file, most_queue_bytes);
    std::string what;
    if (text) {
        auto reading = read_queue(text.value(), codec_);
        if (reading) {
            out.reading = std::move(reading).value();
            out.state = Stored::State::whole;
            if (out.reading.problems.empty()) return out;
            out.state = Stored::State::partly;
            what = fmt::format("Not all of {} was understood ({})", name, summary(out.reading.problems));
        } else {
            what = reading.error().what;
        }
    } else {
        what = text.error().what;
    }
    const fs::path aside = name_aside(file, now);
    const std::string as = aside.filename().string();
    SetAside owed;
    if (out.state == Stored::State::partly) {
        out.problem = fmt::format("{}; a copy of it is {}", what, as);
        owed = [aside, whole = std::move(text).value()] {
            return platform::replace_file(aside, whole, false);
        };
    } else {
        out.state = Stored::State::damaged;
        out.problem = fmt::format("{} cannot be used ({}); it was set aside as {}", name, what, as);
        owed = [file, aside]() -> Status {
            std::error_code problem;
            fs::rename(file, aside, problem);
            if (!problem) return Done{};
            return Error{ErrorKind::io, problem.message()};
        };
    }
    if (obstacle_) {
        out.problem = fmt::format("{} cannot be used whole ({})", name, what);  // and is not ours to touch
    } else if (auto done = owed(); !done) {
        out.problem =
            fmt::format("{} cannot be used whole ({}) nor set aside ({})", name, what, done.error().what);
        owed_.push_back(std::move(owed));
    }
    return out;
}

JobFiles::LoadedQueue JobFolder::load(WallTime now) {
    JobFiles::LoadedQueue out;
    obstacle_.reset();
    owed_.clear();
    queue_is_good_ = false;
    std::vector<std::string> problems;
    if (auto prepared = prepare(); !prepared) {
        obstacle_ = prepared.error();
        out.writable = false;
        problems.push_back(prepared.error().text());
    }
    // What another program works with is not ours.
    if (!obstacle_ || obstacle_->kind != ErrorKind::unavailable) out.content = read_newest(now, problems);
    for (const std::string& problem : problems)
        out.problem += problem + (&problem == &problems.back() ? "." : ". ");
    return out;
}

QueueContent JobFolder::read_newest(WallTime now, std::vector<std::string>& problems) {
    Stored newest = read(queue_, now);
    if (!newest.problem.empty()) problems.push_back(newest.problem);
    queue_is_good_ = newest.state == Stored::State::whole;
    if (newest.state == Stored::State::whole || newest.state == Stored::State::partly)
        return std::move(newest.reading.content);
    if (!is_there(good_)) {
        if (newest.state == Stored::State::damaged)
            problems.emplace_back("There is no copy before it; the queue begins empty");
        return {};
    }
    if (newest.state == Stored::State::absent) problems.emplace_back("queue.json is missing");
    Stored before = read(good_, now);
    if (!before.problem.empty()) problems.push_back(before.problem);
    if (before.state == Stored::State::damaged) {
        problems.emplace_back("The queue begins empty");
        return {};
    }
    problems.emplace_back("The copy before it was taken, and its jobs wait for a person");
    distrust(before.reading.content);
    return std::move(before.reading.content);
}

// Gives what is there a second name before it is replaced. Without a copy the newest state counts all the
// more: a failure here stops nothing.
void JobFolder::keep_copy_before() const {
    if (!queue_is_good_) return;
    fs::path beside = good_;
    beside += fmt::format(".new-{}", platform::process_number());
    std::error_code problem;
    fs::remove(beside, problem);
    fs::create_hard_link(queue_, beside, problem);
    if (!problem) fs::rename(beside, good_, problem);
    if (!problem) return;
    // Not every file system knows second names.
    fs::remove(beside, problem);
    const auto text = read_file(queue_, most_queue_bytes);
    if (!text) return;
    if (auto copied = platform::replace_file(good_, text.value(), false); !copied)
        log::warning("jobs", "The copy of the queue before cannot be kept: " + copied.error().text());
}

Status JobFolder::save(const QueueContent& content) {
    if (obstacle_) return *obstacle_;
    // Nothing is replaced before it is kept elsewhere.
    while (!owed_.empty()) {
        if (auto done = owed_.back()(); !done) {
            return Error{ErrorKind::io,
                         "The job queue is not saved, because a damaged one cannot be set aside: " +
                             done.error().what};
        }
        owed_.pop_back();
    }
    keep_copy_before();
    if (auto replaced = platform::replace_file(queue_, queue_to_json(content, codec_), false); !replaced)
        return Error{ErrorKind::io, "The job queue cannot be saved: " + replaced.error().what};
    queue_is_good_ = true;
    return Done{};
}

}  // namespace farmwall::queue
