#include "dispatch/work.hpp"

#include <algorithm>
#include <utility>

#include "model/availability.hpp"
#include "model/facts.hpp"
#include "queue/history.hpp"

namespace farmwall::dispatch {
namespace {

using namespace std::chrono_literals;

constexpr auto between_samples = 5s;
constexpr auto between_progress = 100ms;
constexpr std::size_t most_unfinished = 1000;

std::optional<double> target_of(const std::optional<Temperature>& temperature) {
    return temperature ? temperature->target_celsius : std::nullopt;
}
std::optional<double> celsius_of(const std::optional<Temperature>& temperature) {
    return temperature ? std::optional{temperature->celsius} : std::nullopt;
}

queue::HistorySample history_sample(const PrinterState& printer, WallTime now) {
    queue::HistorySample sample;
    sample.at = now;
    const auto nozzle = active_nozzle(printer);
    const auto plate = bed(printer);
    sample.nozzle_celsius = celsius_of(nozzle);
    sample.nozzle_target_celsius = target_of(nozzle);
    sample.bed_celsius = celsius_of(plate);
    sample.bed_target_celsius = target_of(plate);
    sample.chamber_celsius = celsius_of(chamber(printer));
    sample.percent = printer.report.percent;
    sample.part_fan_percent = fans(printer).part_percent;
    if (printer.report.state) sample.state = wire_name(*printer.report.state);
    return sample;
}

// Pressing is no news, and neither is that it was sent: what came of it is.
bool is_news(const CommandStatus& status) {
    if (status.phase == Phase::accepted) return !status.can_be_confirmed;
    return is_over(status.phase);
}

std::string command_text(const CommandStatus& status) {
    std::string text = describe(status.action) + ": ";
    switch (status.phase) {
        case Phase::refused:
            text += "refused";
            break;
        case Phase::failed:
            text += "failed";
            break;
        case Phase::unknown:
            text += "no answer";
            break;
        case Phase::accepted:
        case Phase::confirmed:
            text += "done";
            break;
        case Phase::queued:
        case Phase::sent:
            text += name(status.phase);
            break;
    }
    text += status.reason.empty() ? "." : ". " + status.reason;
    return text;
}

}  // namespace

DispatchWork::DispatchWork(DispatcherSettings settings, const Clock& clock, FleetStore& store,
                           PrinterLinks& links, queue::History* history)
    : settings_{std::move(settings)},
      clock_{clock},
      store_{store},
      links_{links},
      history_{history},
      tracker_{settings_.printers, settings_.times},
      alarms_{settings_.alarms},
      prints_{settings_.printers},
      jobs_{settings_.queue ? std::make_unique<Scheduler>(settings_.queue->settings) : nullptr},
      fleet_{store.read()},
      seen_(settings_.printers),
      controls_(settings_.printers),
      control_changed_(settings_.printers, true) {}

void DispatchWork::begin() {
    fleet_ = store_.read();
    next_sample_ = clock_.now() + between_samples;
    if (history_ != nullptr) remember(*history_);
    if (jobs_) jobs_->load(settings_.queue->content, settings_.queue->problem, clock_.wall_now());
    publish();
}

void DispatchWork::remember(const queue::History& history) {
    queue::HistoryQuery query;
    query.most_rows = most_unfinished;
    if (const auto prints = history.prints(query)) {
        for (const queue::PrintRecord& print : prints.value()) {
            const auto index = index_of(print.printer);
            if (index && !print.ended) prints_.resume(*index, print);
        }
    }
    if (const auto trays = history.tray_choices({})) {
        for (const queue::TrayChoice& choice : trays.value()) {
            if (const auto index = index_of(choice.printer)) change(*index).selected_tray = choice.tray;
        }
    }
}

std::optional<std::size_t> DispatchWork::index_of(const PrinterId& id) const {
    const auto& printers = fleet_->printers;
    const auto found = std::ranges::find_if(printers, [&](const auto& printer) { return printer->id == id; });
    const auto index = static_cast<std::size_t>(found - printers.begin());
    return index < std::min(printers.size(), seen_.size()) ? std::optional{index} : std::nullopt;
}

void DispatchWork::take(const std::vector<Intent>& intents) {
    if (intents.empty()) return;
    look();  // the newest state decides
    for (const Intent& intent : intents) {
        if (const auto* test = std::get_if<TestAlarmOutputs>(&intent.wish)) {
            if (settings_.on_test_outputs) settings_.on_test_outputs(test->output);
        } else if (jobs_ && jobs_->concerns(intent.wish)) {
            const auto printer = index_of(intent.printer);
            carry_out(jobs_->wish(printer, intent.wish, clock_.now(), clock_.wall_now()));
            if (printer) look_at(*printer);
        } else if (const auto index = index_of(intent.printer)) {
            act(*index, intent.wish);
        }
    }
    publish();
}

void DispatchWork::act(std::size_t printer, const Wish& wish) {
    const TimePoint now = clock_.now();
    const WallTime wall = clock_.wall_now();
    const PrinterState& state = *fleet_->printers[printer];
    if (const auto* command = std::get_if<Command>(&wish)) {
        carry_out(tracker_.request(printer, *command, state, now, wall));
    } else if (const auto* acknowledge = std::get_if<AcknowledgeAlarm>(&wish)) {
        alarm_records(alarms_.acknowledge({state.id, acknowledge->kind},
                                          std::string{name(acknowledge->origin)}, now, wall));
    } else if (const auto* snooze = std::get_if<SnoozeAlarm>(&wish)) {
        alarm_records(alarms_.snooze({state.id, snooze->kind}, snooze->how_long,
                                     std::string{name(snooze->origin)}, now, wall));
    } else {
        links_.wish(printer, wish);
    }
}

void DispatchWork::take(const std::vector<LinkEvent>& events) {
    if (events.empty()) return;
    fleet_ = store_.read();
    for (const LinkEvent& event : events) {
        if (event.printer >= std::min(fleet_->printers.size(), seen_.size())) continue;
        if (event.command >= first_start_id) {
            if (jobs_) carry_out(jobs_->start_event(event, clock_.now(), clock_.wall_now()));
            continue;
        }
        carry_out(
            tracker_.link_event(event, *fleet_->printers[event.printer], clock_.now(), clock_.wall_now()));
    }
    publish();
}

void DispatchWork::take(const std::vector<QueueNews>& news) {
    if (news.empty() || !jobs_) return;
    look();  // a start is decided by the newest state
    for (const QueueNews& one : news) {
        const TimePoint now = clock_.now();
        const WallTime wall = clock_.wall_now();
        if (const auto* upload = std::get_if<UploadEvent>(&one)) {
            carry_out(jobs_->upload_event(*upload, now, wall));
        } else if (const auto* files = std::get_if<queue::FilesEvent>(&one)) {
            carry_out(jobs_->files_event(*files, now, wall));
        } else if (const auto* slice = std::get_if<SliceEvent>(&one)) {
            carry_out(jobs_->slice_event(*slice, now, wall));
        }
    }
    publish();
}

void DispatchWork::look() {
    const FleetSnapshot before = std::exchange(fleet_, store_.read());
    if (before != fleet_) new_events(*fleet_);
    for (std::size_t i = 0; i < std::min(fleet_->printers.size(), seen_.size()); ++i) {
        const auto& camera = i < fleet_->cameras.size() ? fleet_->cameras[i] : nullptr;
        if (seen_[i].state == fleet_->printers[i] && seen_[i].camera == camera) continue;
        seen_[i].state = fleet_->printers[i];
        seen_[i].camera = camera;
        look_at(i);
    }
    publish();
}

void DispatchWork::look_at(std::size_t printer) {
    const PrinterState& state = *fleet_->printers[printer];
    const TimePoint now = clock_.now();
    const WallTime wall = clock_.wall_now();
    carry_out(tracker_.report(printer, state, now));
    const bool known = is_connected(state) && state.full_report_seen && state.report.state;
    if (known) seen_[printer].printing = is_active(*state.report.state);
    auto causes = alarm_causes(state, camera_of(*fleet_, printer), seen_[printer].printing);
    // A person has said that the plate is free, although the printer still shows what lay there.
    if (jobs_ && jobs_->plate(printer) == PlateState::clear)
        std::erase_if(causes,
                      [](const auto& cause) { return cause.kind == AlarmKind::waiting_for_clearing; });
    alarm_records(alarms_.look(state.id, state.name, causes, now, wall));
    if (jobs_)
        carry_out(jobs_->look(printer, fleet_->printers[printer], controls_[printer].selected_tray,
                              tracker_.own_stop(printer, now), now, wall));
    if (history_ == nullptr) return;
    for (auto& record : prints_.look(printer, state, tracker_.own_stop(printer, now), wall)) {
        record.ours = jobs_ && jobs_->started(record.subtask_id);
        history_->add(record);
    }
}

// Those of the links; the dispatcher's own are handed over where they are made.
void DispatchWork::new_events(const FleetState& fleet) {
    if (history_ == nullptr) return;
    std::vector<std::shared_ptr<const Event>> fresh;
    for (auto at = fleet.events.rbegin(); at != fleet.events.rend() && *at != newest_event_; ++at)
        fresh.push_back(*at);
    if (!fleet.events.empty()) newest_event_ = fleet.events.back();
    for (auto at = fresh.rbegin(); at != fresh.rend(); ++at) {
        const EventKind kind = (*at)->kind;
        const bool own = kind == EventKind::command || kind == EventKind::foreign_command ||
                         kind == EventKind::alarm || kind == EventKind::job;
        if (!own) history_->add(**at);
    }
}

void DispatchWork::tick() {
    const TimePoint now = clock_.now();
    carry_out(tracker_.tick(now));
    alarm_records(alarms_.tick(now, clock_.wall_now()));
    if (jobs_) carry_out(jobs_->tick(now, clock_.wall_now()));
    if (history_ != nullptr && now >= next_sample_) sample();
    publish();
}

void DispatchWork::sample() {
    const TimePoint now = clock_.now();
    next_sample_ = std::max(next_sample_ + between_samples, now + between_samples / 2);
    for (const auto& printer : store_.read()->printers) {
        // What an absent printer last said is no sample.
        if (is_connected(*printer) && printer->full_report_seen)
            history_->add(printer->id, history_sample(*printer, clock_.wall_now()));
    }
}

std::optional<TimePoint> DispatchWork::next_due() const {
    std::optional<TimePoint> due = tracker_.next_due();
    const auto sooner = [&](const std::optional<TimePoint>& other) {
        if (other && (!due || *other < *due)) due = other;
    };
    sooner(alarms_.next_due());
    if (jobs_) sooner(jobs_->next_due());
    if (jobs_ && jobs_->published_revision() != jobs_revision_) sooner(jobs_published_ + between_progress);
    if (history_ != nullptr) sooner(next_sample_);
    return due;
}

PrinterControl& DispatchWork::change(std::size_t printer) {
    control_changed_[printer] = true;
    return controls_[printer];
}

void DispatchWork::carry_out(TrackerEffects effects) {
    for (TrackerEffect& effect : effects) {
        if (const auto* send = std::get_if<SendAction>(&effect)) {
            links_.send(send->printer, send->command, send->action, send->position, send->seen_job);
        } else if (const auto* changed = std::get_if<StatusChanged>(&effect)) {
            status_changed(changed->printer, changed->status);
        } else if (const auto* position = std::get_if<PositionChanged>(&effect)) {
            change(position->printer).position = position->position;
        } else if (const auto* selected = std::get_if<TraySelected>(&effect)) {
            change(selected->printer).selected_tray = selected->tray;
            if (history_ != nullptr)
                history_->add(queue::TrayChoice{fleet_->printers[selected->printer]->id, selected->tray,
                                                clock_.wall_now()});
        } else if (auto* foreign = std::get_if<ForeignSeen>(&effect)) {
            tell(foreign->printer, EventKind::foreign_command,
                 "Another client sent " + foreign->command.command + ".");
            change(foreign->printer).foreign = std::move(foreign->command);
        }
    }
}

void DispatchWork::carry_out(SchedulerEffects effects) {
    const QueueSetup& queue = *settings_.queue;
    for (SchedulerEffect& effect : effects) {
        if (auto* save = std::get_if<SaveQueue>(&effect)) {
            queue.files->save(save->revision, std::move(save->content));
        } else if (const auto* take = std::get_if<TakeFile>(&effect)) {
            queue.files->take(take->ticket, std::filesystem::u8path(take->source), take->file_name,
                              take->first_id);
        } else if (const auto* remove = std::get_if<RemoveFile>(&effect)) {
            queue.files->remove(remove->path);
        } else if (const auto* upload = std::get_if<BeginUpload>(&effect)) {
            queue.uploads->upload(upload->upload, upload->printer, std::filesystem::u8path(upload->path),
                                  upload->remote_name);
        } else if (const auto* cancel = std::get_if<CancelUpload>(&effect)) {
            queue.uploads->cancel(cancel->upload);
        } else if (const auto* remote = std::get_if<RemoveRemote>(&effect)) {
            queue.uploads->remove(remote->printer, remote->remote_name);
        } else if (const auto* start = std::get_if<SendStart>(&effect)) {
            queue.starts->start(start->printer, start->command, start->start, start->seen);
        } else if (const auto* stop = std::get_if<StopPrint>(&effect)) {
            carry_out(*stop);
        } else if (const auto* slice = std::get_if<BeginSlice>(&effect)) {
            if (queue.slicers != nullptr) queue.slicers->slice(slice->job, slice->path, slice->model);
        } else if (const auto* no_slice = std::get_if<CancelSlice>(&effect)) {
            if (queue.slicers != nullptr) queue.slicers->cancel(no_slice->job);
        } else if (auto* told = std::get_if<TellJob>(&effect)) {
            tell(told->printer, EventKind::job, std::move(told->text));
        }
    }
}

void DispatchWork::carry_out(const StopPrint& stop) {
    Command command;
    command.action = Stop{};
    command.origin = stop.origin;
    command.seen_job = stop.job;
    carry_out(tracker_.request(stop.printer, command, *fleet_->printers[stop.printer], clock_.now(),
                               clock_.wall_now()));
}

void DispatchWork::status_changed(std::size_t printer, const std::shared_ptr<const CommandStatus>& status) {
    auto& commands = change(printer).commands;
    const auto same =
        std::ranges::find_if(commands, [&](const auto& known) { return known->id == status->id; });
    if (same != commands.end()) {
        *same = status;
    } else {
        if (commands.size() >= PrinterControl::most_commands) commands.erase(commands.begin());
        commands.push_back(status);
    }
    if (history_ != nullptr) history_->add(*status);
    if (is_news(*status)) tell(printer, EventKind::command, command_text(*status));
}

void DispatchWork::tell(std::size_t printer, EventKind kind, std::string text) {
    auto event = std::make_shared<const Event>(
        Event{clock_.wall_now(), fleet_->printers[printer]->id, kind, std::move(text)});
    // The history has a table of its own for alarms.
    if (history_ != nullptr && kind != EventKind::alarm) history_->add(*event);
    own_events_.push_back(std::move(event));
}

void DispatchWork::alarm_records(const std::vector<AlarmRecord>& records) {
    for (const AlarmRecord& record : records) {
        if (history_ != nullptr) history_->add(record);
        if (settings_.on_alarm) settings_.on_alarm(record);
        // Every repetition would push the rest out of the list.
        if (record.what == AlarmRecord::What::repeated) continue;
        if (const auto printer = index_of(record.key.printer))
            tell(*printer, EventKind::alarm, shift_log_text(record));
    }
}

// Progress alone is not worth more than a few publications a second.
std::shared_ptr<const QueueState> DispatchWork::jobs_to_publish() {
    const TimePoint now = clock_.now();
    if (!jobs_ || jobs_->published_revision() == jobs_revision_) return nullptr;
    if (jobs_revision_ != 0 && now < jobs_published_ + between_progress) return nullptr;
    jobs_revision_ = jobs_->published_revision();
    jobs_published_ = now;
    return jobs_->published(now, clock_.wall_now());
}

void DispatchWork::publish() {
    const bool controls = std::ranges::find(control_changed_, true) != control_changed_.end();
    // A text or a cause changes also where no record says so.
    const bool alarms = std::exchange(alarms_revision_, alarms_.revision()) != alarms_.revision();
    const auto jobs = jobs_to_publish();
    if (!controls && own_events_.empty() && !alarms && jobs == nullptr) return;
    std::vector<std::pair<std::size_t, std::shared_ptr<const PrinterControl>>> changed;
    for (std::size_t i = 0; i < controls_.size(); ++i) {
        if (!control_changed_[i]) continue;
        control_changed_[i] = false;
        changed.emplace_back(i, std::make_shared<const PrinterControl>(controls_[i]));
    }
    std::shared_ptr<const std::vector<Alarm>> standing;
    if (alarms) standing = std::make_shared<const std::vector<Alarm>>(alarms_.standing());
    const auto events = std::exchange(own_events_, {});
    store_.update([&](FleetState& fleet) {
        if (fleet.controls.size() != controls_.size()) fleet.controls.resize(controls_.size());
        for (auto& [index, control] : changed)
            fleet.controls[index] = std::move(control);
        if (standing) fleet.alarms = std::move(standing);
        if (jobs) fleet.queue = jobs;
        fleet.events.insert(fleet.events.end(), events.begin(), events.end());
        if (fleet.events.size() > FleetState::max_events) {
            const auto surplus = static_cast<std::ptrdiff_t>(fleet.events.size() - FleetState::max_events);
            fleet.events.erase(fleet.events.begin(), fleet.events.begin() + surplus);
        }
    });
}

}  // namespace farmwall::dispatch
