#pragma once

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "dispatch/dispatcher.hpp"
#include "dispatch/print_log.hpp"
#include "dispatch/tracker.hpp"

namespace farmwall::dispatch {

using QueueNews = std::variant<UploadEvent, queue::FilesEvent, SliceEvent>;

// What the dispatcher's thread does, without the thread: commands, alarms, history. One thread calls it.
class DispatchWork {
public:
    DispatchWork(DispatcherSettings settings, const Clock& clock, FleetStore& store, PrinterLinks& links,
                 queue::History* history);

    // Publishes an empty control for each printer, takes up what the history says is not over. Reads the
    // disk.
    void begin();
    // Intents of printers that do not exist are dropped: nobody can have pressed that.
    void take(const std::vector<Intent>& intents);
    void take(const std::vector<LinkEvent>& events);
    // What uploads, files and the slicer say.
    void take(const std::vector<QueueNews>& news);
    // Looks at what was published since the last call.
    void look();
    // Time passed.
    void tick();
    [[nodiscard]] std::optional<TimePoint> next_due() const;

private:
    struct Seen {
        std::shared_ptr<const PrinterState> state;
        std::shared_ptr<const CameraState> camera;
        bool printing = false;  // when it was last heard
    };

    void remember(const queue::History& history);
    void act(std::size_t printer, const Wish& wish);
    void carry_out(TrackerEffects effects);
    void carry_out(SchedulerEffects effects);
    void carry_out(const StopPrint& stop);
    void status_changed(std::size_t printer, const std::shared_ptr<const CommandStatus>& status);
    void tell(std::size_t printer, EventKind kind, std::string text);
    void look_at(std::size_t printer);
    void alarm_records(const std::vector<AlarmRecord>& records);
    void new_events(const FleetState& fleet);
    void sample();
    void publish();
    [[nodiscard]] std::shared_ptr<const QueueState> jobs_to_publish();
    [[nodiscard]] std::optional<std::size_t> index_of(const PrinterId& id) const;
    [[nodiscard]] PrinterControl& change(std::size_t printer);

    DispatcherSettings settings_;
    const Clock& clock_;
    FleetStore& store_;
    PrinterLinks& links_;
    queue::History* history_;

    CommandTracker tracker_;
    AlarmBook alarms_;
    PrintLog prints_;
    std::unique_ptr<Scheduler> jobs_;  // null: no queue
    FleetSnapshot fleet_;              // the newest that was looked at
    std::vector<Seen> seen_;
    std::vector<PrinterControl> controls_;
    std::vector<bool> control_changed_;
    std::shared_ptr<const Event> newest_event_;             // that was handed to the history
    std::vector<std::shared_ptr<const Event>> own_events_;  // not yet published
    std::uint64_t alarms_revision_ = 0;                     // as published
    std::uint64_t jobs_revision_ = 0;                       // as published
    TimePoint jobs_published_{};
    TimePoint next_sample_{};
};

}  // namespace farmwall::dispatch
