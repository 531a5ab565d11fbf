#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "dispatch/belief.hpp"
#include "dispatch/ports.hpp"
#include "fleet/intent_queue.hpp"
#include "fleet/queue_state.hpp"
#include "model/events.hpp"
#include "queue/queue_content.hpp"

namespace farmwall::dispatch {

// How long to wait for what (protocol 7.4).
struct StartTimes {
    Duration landed = std::chrono::seconds{90};
    Duration landed_slow = std::chrono::seconds{150};  // P1 and A1
    Duration active = std::chrono::seconds{180};       // from landed to working on it
    // An end is believed when it is still so after this: the states of one print come in several reports.
    Duration settle = std::chrono::seconds{2};
};

struct SchedulerSettings {
    std::vector<PrinterId> printers;   // config order
    std::vector<PrinterPlace> places;  // the same
    MatchRules rules;
    StartTimes times;
    Duration interval = std::chrono::seconds{5};
    Duration plate_change = std::chrono::minutes{5};
    int max_heating_watts = 0;  // 0: no limit
    bool delete_after_print = true;
    // Why a file that is not sliced cannot be taken; empty: it can.
    std::function<std::string()> slicer_obstacle;
    std::function<std::uint64_t()> random;  // for ids
};

// What is to be done; each is a call of the port with that name.
struct SaveQueue {
    std::uint64_t revision = 0;
    std::shared_ptr<const queue::QueueContent> content;
};
struct TakeFile {
    std::uint64_t ticket = 0;
    std::string source;
    std::string file_name;
    JobId first_id;
};
struct RemoveFile {
    std::string path;
};
struct BeginUpload {
    UploadId upload = 0;
    std::size_t printer = 0;
    std::string path;
    std::string remote_name;
};
struct CancelUpload {
    UploadId upload = 0;
};
struct RemoveRemote {
    std::size_t printer = 0;
    std::string remote_name;
};
struct SendStart {
    std::size_t printer = 0;
    CommandId command = 0;
    StartPrint start;
    JobIdentity seen;  // what the printer showed when that was decided
};
// A person cancelled the job that this printer works on: stop is asked of the command tracker.
struct StopPrint {
    std::size_t printer = 0;
    JobIdentity job;
    Origin origin = Origin::dispatcher;
};
struct BeginSlice {
    JobId job;
    std::string path;
    PrinterModel model = PrinterModel::unknown;
};
struct CancelSlice {
    JobId job;
};
struct TellJob {
    std::size_t printer = 0;
    std::string text;
};
using SchedulerEffect = std::variant<SaveQueue, TakeFile, RemoveFile, BeginUpload, CancelUpload, RemoveRemote,
                                     SendStart, StopPrint, BeginSlice, CancelSlice, TellJob>;
using SchedulerEffects = std::vector<SchedulerEffect>;

// The job queue from adding a file to its print's end, for all printers: a state machine without I/O (design
// 5). Invariants: a printer holds at most one job; a start is sent only after the intent to send it is on the
// disk, to a printer that matches at that moment, and once for each attempt; what is uncertain is held for a
// person; no job is lost. Not thread-safe: the dispatcher's.
class Scheduler {
public:
    explicit Scheduler(SchedulerSettings settings);

    // Takes up what was on the disk, before anything else. A job that was on its way to a printer goes back
    // into the queue; one whose start may have been sent is held until the printer or a person says what
    // became of it.
    void load(const queue::QueueContent& content, std::string problem, WallTime wall);

    // Wishes of people that are about jobs; others are none of ours. False: not about jobs.
    [[nodiscard]] bool concerns(const Wish& wish) const;
    [[nodiscard]] SchedulerEffects wish(std::optional<std::size_t> printer, const Wish& wish, TimePoint now,
                                        WallTime wall);
    // The printer's published state is another than at the last call.
    [[nodiscard]] SchedulerEffects look(std::size_t printer, std::shared_ptr<const PrinterState> state,
                                        const std::optional<TraySource>& selected, bool own_stop,
                                        TimePoint now, WallTime wall);
    [[nodiscard]] SchedulerEffects upload_event(const UploadEvent& event, TimePoint now, WallTime wall);
    // Of ids from first_start_id on.
    [[nodiscard]] SchedulerEffects start_event(const LinkEvent& event, TimePoint now, WallTime wall);
    [[nodiscard]] SchedulerEffects files_event(const queue::FilesEvent& event, TimePoint now, WallTime wall);
    [[nodiscard]] SchedulerEffects slice_event(const SliceEvent& event, TimePoint now, WallTime wall);
    [[nodiscard]] SchedulerEffects tick(TimePoint now, WallTime wall);
    [[nodiscard]] std::optional<TimePoint> next_due() const;

    // Grows with everything that changes the published state.
    [[nodiscard]] std::uint64_t published_revision() const { return published_revision_; }
    [[nodiscard]] std::shared_ptr<const QueueState> published(TimePoint now, WallTime wall);

    // Whether a print with this subtask_id was started by the queue.
    [[nodiscard]] bool started(const std::string& subtask_id) const;
    [[nodiscard]] PlateState plate(std::size_t printer) const { return printers_[printer].desk.plate.state; }

    // For tests and for saving.
    [[nodiscard]] queue::QueueContent content() const;

private:
    struct Entry {
        Job job;
        std::string waiting;
        double progress = 0;
        std::uint64_t bytes_per_second = 0;
        std::string slicer_line;
        int upload_failures = 0;
        bool cancel_wanted = false;  // by a person, while it is at the printer
        Origin cancel_origin = Origin::screen;
        std::shared_ptr<const JobView> view;  // null: to be made again
    };
    // A start on its way.
    struct Start {
        CommandId command = 0;
        StartPrint print;
        std::uint64_t needs_saved = 0;  // the revision that has to be on the disk first
        bool sent = false;
        std::optional<TimePoint> deadline;
        bool landed = false;
        PlateRecord plate_before;
    };
    struct Printer {
        std::shared_ptr<const PrinterState> state;
        std::optional<TraySource> selected;
        PrinterDesk desk;
        std::optional<UploadId> upload;
        std::optional<TimePoint> uploaded;  // when its job's file was complete there
        std::optional<Start> start;
        TimePoint space_known_at{};            // when desk.free_bytes was said
        std::optional<TimePoint> ended_since;  // our print looks ended
        bool saw_filament = false;
        bool own_stop = false;  // we asked it to stop a short while ago
        bool was_active = false;
        std::shared_ptr<const PrinterDesk> published;  // null: to be made again
    };
    // What one call works on.
    struct Call {
        TimePoint now{};
        WallTime wall{};
        SchedulerEffects effects;
    };

    // scheduler.cpp
    SchedulerEffects finish(Call& call);
    void resume(Entry& entry, WallTime wall);
    void changed(Entry& entry, bool persistent = true);
    void desk_changed(std::size_t printer, bool persistent = true);
    [[nodiscard]] Entry* find(const JobId& id);
    [[nodiscard]] Entry* job_at(std::size_t printer);
    [[nodiscard]] std::optional<std::size_t> index_of(const PrinterId& id) const;
    [[nodiscard]] std::optional<std::size_t> printer_of(const Entry& entry) const;
    [[nodiscard]] Place place(std::size_t printer) const;
    [[nodiscard]] JobId new_id();
    void end(Call& call, Entry& entry, JobPhase phase, std::string why);
    void hold(Call& call, Entry& entry, std::string why);
    void back_to_queue(Call& call, Entry& entry, const std::string& why);
    void release_printer(Call& call, Entry& entry);
    void forget_space(std::size_t printer);
    void forget_file(Call& call, const std::string& path);
    void tell(Call& call, const Entry& entry, const std::string& text);

    // scheduler_wishes.cpp
    void add(Call& call, const AddJob& wish);
    void added(Call& call, const queue::FilesEvent& event);
    void answer(AddAnswer answer);
    // A job is answered for once it is on the disk.
    void give_saved_answers();
    void order(Call& call, const OrderJob& wish);
    void cancel(Call& call, Entry& entry, Origin origin);
    void complete(Call& call, Entry& entry);
    void remove(Call& call, const JobId& id);
    void requeue(Call& call, Entry& entry);
    void again(Call& call, const Entry& entry);
    void move(const MoveJob& wish);
    void edit(Call& call, const EditJob& wish);
    void plate_cleared(Call& call, std::size_t printer, const PlateCleared& wish);

    // scheduler_plan.cpp
    void dispatch(Call& call);
    [[nodiscard]] std::vector<std::size_t> dispatch_order() const;
    [[nodiscard]] bool may_start_by_time(Call& call, Entry& entry);
    void set_waiting(Entry& entry, std::string text);
    [[nodiscard]] std::optional<std::size_t> best_of(const std::vector<Match>& matches) const;
    [[nodiscard]] int new_task_id();
    void claim(Call& call, Entry& entry, std::size_t printer);
    void begin_slicing(Call& call, Entry& entry);
    void make_forecast(const Call& call);

    // scheduler_start.cpp
    void begin_upload(Call& call, Entry& entry, std::size_t printer);
    void upload_failed(Call& call, Entry& entry, std::size_t printer, const UploadEvent& event);
    void try_start(Call& call, std::size_t printer);
    [[nodiscard]] int heating_now() const;
    void occupy_plate(const Call& call, std::size_t index, const std::string& print,
                      const std::optional<JobId>& job);
    [[nodiscard]] bool still_matches(const Call& call, std::size_t index, const Entry& entry) const;
    void send_saved_starts(Call& call);
    void follow_print(Call& call, std::size_t printer);
    void follow_start(Call& call, std::size_t printer, Entry& entry, Sighting sighting);
    void follow_running(Call& call, std::size_t printer, Entry& entry, Sighting sighting);
    void adopt(Call& call, std::size_t printer);
    void follow_plate(Call& call, std::size_t printer);
    void began_running(Call& call, std::size_t printer, Entry& entry);
    void print_ended(Call& call, std::size_t printer, Entry& entry);
    void start_deadline(Call& call, std::size_t printer);

    SchedulerSettings settings_;
    std::vector<Printer> printers_;
    std::vector<Entry> entries_;                                  // in the order of the queue
    std::vector<std::pair<std::size_t, std::string>> leftovers_;  // remote files of the program's last life
    std::vector<std::pair<PrinterId, PrinterDesk>> strangers_;    // desks of printers that are not configured
    struct Intake {
        std::uint64_t ticket = 0;
        AddJob wish;
        JobId first_id;
    };
    std::vector<Intake> intakes_;  // files on their way in
    std::uint64_t last_intake_ = 0;
    std::vector<AddAnswer> answers_;
    std::vector<std::pair<std::uint64_t, AddAnswer>> unsaved_answers_;  // the revision that holds their jobs
    std::shared_ptr<const DispatchResult> last_result_;
    std::shared_ptr<const Forecast> forecast_;
    std::optional<WallTime> last_dispatch_;
    std::uint64_t dispatches_ = 0;
    std::string problem_;               // of the disk
    std::string load_problem_;          // of the file, at the start
    std::uint64_t revision_ = 0;        // of what is to be saved
    std::uint64_t saved_revision_ = 0;  // that is on the disk
    bool unsaved_ = false;
    bool dispatch_wanted_ = true;
    std::uint64_t published_revision_ = 0;
    TimePoint next_dispatch_{};
    TimePoint next_forecast_{};
    UploadId last_upload_ = 0;
    CommandId last_start_ = first_start_id;
};

}  // namespace farmwall::dispatch
