#include "queue/job_files.hpp"

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "base/log.hpp"
#include "base/platform.hpp"
#include "queue/job_folder.hpp"

namespace farmwall::queue {
namespace {

constexpr const char* component = "jobs";
constexpr std::size_t most_waiting = 10'000;

struct Take {
    std::uint64_t ticket = 0;
    std::filesystem::path source;
    std::string file_name;
    JobId first_id;
};
struct Save {
    std::uint64_t revision = 0;
    std::shared_ptr<const QueueContent> content;
};
struct Remove {
    std::string path;
};
struct Load {
    std::promise<JobFiles::LoadedQueue> answer;
};
using Task = std::variant<Take, Remove, Load>;

// From any thread to ours.
class Inbox {
public:
    // False: too much waits. Of a file, its ticket is then kept.
    bool push(Task task) {
        {
            std::lock_guard lock{mutex_};
            if (tasks_.size() >= most_waiting) {
                if (const auto* take = std::get_if<Take>(&task)) refused_.push_back(take->ticket);
                return false;
            }
            tasks_.push_back(std::move(task));
        }
        changed_.notify_one();
        return true;
    }
    void push(Save save) {
        {
            std::lock_guard lock{mutex_};
            if (save_ && save_->revision > save.revision) return;
            save_ = std::move(save);
        }
        changed_.notify_one();
    }
    std::optional<Save> take_save() {
        std::lock_guard lock{mutex_};
        return std::exchange(save_, std::nullopt);
    }
    std::optional<Task> take_task() {
        std::lock_guard lock{mutex_};
        if (tasks_.empty()) return std::nullopt;
        Task task = std::move(tasks_.front());
        tasks_.pop_front();
        return task;
    }
    // Tickets for which there was no place.
    std::vector<std::uint64_t> take_refused() {
        std::lock_guard lock{mutex_};
        return std::exchange(refused_, {});
    }
    // Until something waits, a stop, or `until`.
    void wait(const std::stop_token& stop, const std::optional<TimePoint>& until) {
        std::unique_lock lock{mutex_};
        const auto something = [this] { return save_.has_value() || !tasks_.empty(); };
        if (until) {
            changed_.wait_until(lock, stop, *until, something);
        } else {
            changed_.wait(lock, stop, something);
        }
    }

private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Task> tasks_;
    std::optional<Save> save_;
    std::vector<std::uint64_t> refused_;  // only while there are tasks
};

}  // namespace

struct JobFiles::Impl {
    Impl(std::filesystem::path folder, Inspect inspect, SlicedCodec codec, OnEvent on_event, Duration retry)
        : folder_{std::move(folder), std::move(inspect), std::move(codec)},
          on_event_{std::move(on_event)},
          retry_{retry},
          thread_{[this](const std::stop_token& stop) { run(stop); }} {}

    Inbox inbox;

private:
    void run(const std::stop_token& stop);
    void save_what_waits();
    void try_to_save(bool news);
    void refuse(std::uint64_t ticket, std::string why);
    void carry_out(Take& take);
    void carry_out(Remove& remove);
    void carry_out(Load& load);

    JobFolder folder_;
    OnEvent on_event_;
    Duration retry_;
    std::optional<Save> unsaved_;  // what the disk has not taken yet
    std::optional<TimePoint> again_;
    std::string told_;     // why, as told last
    std::jthread thread_;  // uses everything above
};

void JobFiles::Impl::run(const std::stop_token& stop) {
    platform::name_this_thread("job files");
    while (true) {
        save_what_waits();
        for (const std::uint64_t ticket : inbox.take_refused())
            refuse(ticket, "Too many files wait to be stored; try again later");
        if (auto task = inbox.take_task()) {
            std::visit([this](auto& known) { carry_out(known); }, *task);
            continue;
        }
        if (stop.stop_requested()) break;
        inbox.wait(stop, again_);
    }
    save_what_waits();
    if (unsaved_) try_to_save(false);
}

// Between the pieces of a copy as well: a start waits for the disk to know of it.
void JobFiles::Impl::save_what_waits() {
    if (auto newer = inbox.take_save()) {
        unsaved_ = std::move(newer);
        try_to_save(true);
    } else if (again_ && std::chrono::steady_clock::now() >= *again_) {
        try_to_save(false);
    }
}

void JobFiles::Impl::try_to_save(bool news) {
    FilesEvent event;
    event.revision = unsaved_->revision;
    const Status saved = folder_.save(*unsaved_->content);
    if (saved) {
        event.kind = FilesEvent::Kind::saved;
        unsaved_.reset();
        again_.reset();
        told_.clear();
        return on_event_(event);
    }
    again_ = std::chrono::steady_clock::now() + retry_;
    event.kind = FilesEvent::Kind::not_saved;
    event.text = saved.error().what;
    if (event.text != told_) log::error(component, saved.error().text());
    const bool tell = news || event.text != told_;
    told_ = event.text;
    if (tell) on_event_(event);
}

void JobFiles::Impl::refuse(std::uint64_t ticket, std::string why) {
    FilesEvent event;
    event.kind = FilesEvent::Kind::not_taken;
    event.ticket = ticket;
    event.text = std::move(why);
    on_event_(event);
}

void JobFiles::Impl::carry_out(Take& take) {
    auto taken = folder_.take(take.source, take.file_name, take.first_id, [this] { save_what_waits(); });
    if (!taken) return refuse(take.ticket, taken.error().what);
    FilesEvent event;
    event.kind = FilesEvent::Kind::taken;
    event.ticket = take.ticket;
    event.path = std::move(taken.value().path);
    event.sliced = std::move(taken.value().sliced);
    on_event_(event);
}

void JobFiles::Impl::carry_out(Remove& remove) {
    if (auto removed = folder_.remove(remove.path); !removed) log::warning(component, removed.error().text());
}

void JobFiles::Impl::carry_out(Load& load) {
    load.answer.set_value(folder_.load(std::chrono::system_clock::now()));
}

JobFiles::JobFiles(std::filesystem::path folder, Inspect inspect, SlicedCodec codec, OnEvent on_event,
                   Duration retry)
    : impl_{std::make_unique<Impl>(std::move(folder), std::move(inspect), std::move(codec),
                                   std::move(on_event), retry)} {}

JobFiles::~JobFiles() = default;

JobFiles::LoadedQueue JobFiles::load() {
    Load load;
    auto answer = load.answer.get_future();
    if (!impl_->inbox.push(Task{std::move(load)}))
        return {{}, "The job queue cannot be read: too many files wait to be stored.", false};
    return answer.get();
}

void JobFiles::take(std::uint64_t ticket, const std::filesystem::path& source, const std::string& file_name,
                    const JobId& first_id) {
    impl_->inbox.push(Task{Take{ticket, source, file_name, first_id}});
}

void JobFiles::save(std::uint64_t revision, std::shared_ptr<const QueueContent> content) {
    impl_->inbox.push(Save{revision, std::move(content)});
}

void JobFiles::remove(const std::string& path) { impl_->inbox.push(Task{Remove{path}}); }

}  // namespace farmwall::queue
