#include "app/job_queue.hpp"

#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "wire/sliced_file_reader.hpp"
#include "wire/sliced_json.hpp"

namespace farmwall::app {
namespace {

dispatch::SchedulerSettings scheduler_settings(const config::Config& config) {
    dispatch::SchedulerSettings settings;
    for (const config::Printer& printer : config.printers) {
        settings.printers.push_back(printer.id);
        settings.places.push_back({printer.tags, printer.auto_clear});
    }
    const config::Dispatch& from = config.dispatch;
    settings.rules.require_plate_clear = from.require_plate_clear;
    settings.rules.most_humid_percent = from.most_humid_percent;
    settings.interval = std::chrono::seconds{config.dispatch_interval_sec};
    settings.plate_change = std::chrono::minutes{from.plate_change_min};
    settings.max_heating_watts = from.max_heating_watts;
    settings.times.landed = from.start_shown;
    settings.times.landed_slow = from.start_shown_slow;
    settings.delete_after_print = from.delete_after_print;
    settings.slicer_obstacle = [] {
        return std::string{
            "This file is not sliced yet. Slice it for one of the printers and add the .gcode.3mf."};
    };
    // The dispatcher's thread alone asks.
    settings.random = [generator = std::make_shared<std::mt19937_64>(std::random_device{}())] {
        return (*generator)();
    };
    return settings;
}

link::UploadsSettings upload_settings(const config::Config& config, FleetStore& store, net::PinStore& pins,
                                      std::function<void(const dispatch::UploadEvent&)> on_event) {
    link::UploadsSettings settings;
    std::vector<Serial> serials;
    for (const config::Printer& printer : config.printers) {
        settings.printers.push_back({printer.id, printer.model, printer.ftps_port, printer.access_code});
        serials.push_back(printer.serial);
    }
    settings.address = [&store](std::size_t printer) {
        const FleetSnapshot fleet = store.read();
        return printer < fleet->printers.size() ? fleet->printers[printer]->link.address : std::string{};
    };
    settings.pin = [&pins,
                    serials = std::move(serials)](std::size_t printer) -> std::optional<net::Certificate> {
        auto found = pins.load(serials.at(printer));
        if (found) return std::move(found).value();
        log::warning("uploads", found.error().text());
        return std::nullopt;
    };
    settings.on_event = std::move(on_event);
    settings.parallel = config.dispatch.parallel_uploads;
    return settings;
}

// Jobs that share a file share what is known of it. Pictures are not written into the queue's file.
void share_inspections(queue::QueueContent& content) {
    std::map<std::string, std::shared_ptr<const SlicedFile>> known;
    for (Job& job : content.jobs) {
        if (job.sliced == nullptr) continue;
        auto [of_file, fresh] = known.try_emplace(job.file_path);
        if (fresh) {
            SlicedFile with_pictures = *job.sliced;
            if (!is_over(job.phase))
                wire::read_small_pictures(std::filesystem::u8path(job.file_path), with_pictures);
            of_file->second = std::make_shared<const SlicedFile>(std::move(with_pictures));
        }
        job.sliced = of_file->second;
    }
}

}  // namespace

JobQueue::Files::Files(const std::filesystem::path& folder, queue::JobFiles::OnEvent on_event)
    : files_{std::make_unique<queue::JobFiles>(
          folder, wire::inspect_sliced,
          queue::SlicedCodec{[](const SlicedFile& file) { return wire::sliced_to_json(file); },
                             wire::sliced_from_json},
          std::move(on_event))} {}

JobQueue::JobQueue(const config::Config& config, const std::filesystem::path& root, FleetStore& store)
    : settings_{scheduler_settings(config)},
      pins_{root},
      files_{root / "jobs",
             [this](const queue::FilesEvent& event) {
                 if (dispatch::Dispatcher* const to = dispatcher_) to->files_event(event);
             }},
      uploads_{upload_settings(config, store, pins_, [this](const dispatch::UploadEvent& event) {
          if (dispatch::Dispatcher* const to = dispatcher_) to->upload_event(event);
      })} {}

JobQueue::~JobQueue() { stop(); }

std::unique_ptr<JobQueue> JobQueue::open(const config::Config& config, const std::filesystem::path& root,
                                         FleetStore& store) {
    std::unique_ptr<JobQueue> made{new JobQueue{config, root, store}};
    made->loaded_ = made->files_.load();
    if (!made->loaded_.problem.empty()) log::warning("queue", made->loaded_.problem);
    if (!made->loaded_.writable) return nullptr;
    share_inspections(made->loaded_.content);
    return made;
}

dispatch::QueueSetup JobQueue::setup(dispatch::PrintStarts& starts) {
    dispatch::QueueSetup setup;
    setup.settings = settings_;
    setup.content = std::move(loaded_.content);
    setup.problem = std::move(loaded_.problem);
    setup.starts = &starts;
    setup.uploads = &uploads_;
    setup.files = &files_;
    return setup;
}

void JobQueue::tell(dispatch::Dispatcher& dispatcher) { dispatcher_ = &dispatcher; }

void JobQueue::stop() {
    uploads_.stop();
    files_.close();
}

}  // namespace farmwall::app
