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
    const fs::path aside = name_aside(file, now);
    const std::string as = aside.filename().string();
    auto text = read_file(file, most_queue_bytes);
    std::string what = text ? "" : text.error().what;
    if (text) {
        auto reading = read_queue(text.value(), codec_);
        if (reading) {
            out.reading = std::move(reading).value();
            out.state = out.reading.problems.empty() ? Stored::State::whole : Stored::State::partly;
        } else {
            what = reading.error().what;
        }
    }
    if (out.state == Stored::State::whole) return out;
    if (out.state == Stored::State::partly) {
        out.problem = fmt::format("Not all of {} was understood ({})", name, summary(out.reading.problems));
        const Status copied = platform::replace_file(aside, text.value(), false);
        if (copied) {
            out.problem += fmt::format("; a copy was set aside as {}", as);
        } else {
            obstacle_ =
                Error{ErrorKind::io, fmt::format("{} is not replaced, because its damaged copy cannot be "
                                                 "set aside: {}",
                                                 name, copied.error().what)};
        }
        return out;
    }
    out.state = Stored::State::damaged;
    out.problem = fmt::format("{} cannot be used ({})", name, what);
    std::error_code problem;
    fs::rename(file, aside, problem);
    if (!problem) {
        out.problem += fmt::format(" and was set aside as {}", as);
    } else {
        obstacle_ =
            Error{ErrorKind::io,
                  fmt::format("{} is not replaced, because it is damaged and cannot be set aside ({})", name,
                              problem.message())};
    }
    return out;
}

JobFiles::LoadedQueue JobFolder::load(WallTime now) {
    JobFiles::LoadedQueue out;
    obstacle_.reset();
    queue_is_good_ = false;
    std::vector<std::string> problems;
    if (auto prepared = prepare(); !prepared) {
        obstacle_ = prepared.error();
        out.writable = false;
        out.problem = prepared.error().text() + ".";
        // Another program works with it: its jobs are not ours.
        if (prepared.error().kind == ErrorKind::unavailable) return out;
        problems.push_back(prepared.error().text());
    }
    const auto obstacle = obstacle_;
    Stored newest = read(queue_, now);
    if (!newest.problem.empty()) problems.push_back(newest.problem);
    queue_is_good_ = newest.state == Stored::State::whole;
    if (newest.state == Stored::State::whole || newest.state == Stored::State::partly) {
        out.content = std::move(newest.reading.content);
    } else if (is_there(good_)) {
        Stored before = read(good_, now);
        if (!before.problem.empty()) problems.push_back(before.problem);
        const bool usable = before.state != Stored::State::damaged;
        if (newest.state == Stored::State::absent) problems.emplace_back("queue.json is missing");
        problems.emplace_back(usable ? "The copy before it was taken, and its jobs wait for a person"
                                     : "The queue begins empty");
        if (usable) out.content = std::move(before.reading.content);
        distrust(out.content);
    } else if (newest.state == Stored::State::damaged) {
        problems.emplace_back("There is no copy before it; the queue begins empty");
    }
    if (obstacle) {
        obstacle_ = obstacle;
    } else if (obstacle_) {
        problems.push_back(obstacle_->what);
    }
    out.writable = !obstacle_;
    out.problem.clear();
    for (const std::string& problem : problems)
        out.problem += (out.problem.empty() ? "" : ". ") + problem;
    if (!out.problem.empty()) out.problem += ".";
    return out;
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
    keep_copy_before();
    if (auto replaced = platform::replace_file(queue_, queue_to_json(content, codec_), false); !replaced)
        return Error{ErrorKind::io, "The job queue cannot be saved: " + replaced.error().what};
    queue_is_good_ = true;
    return Done{};
}

}  // namespace farmwall::queue
