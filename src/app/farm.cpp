#include "app/farm.hpp"

#include <algorithm>
#include <thread>

#include "app/alarm_settings.hpp"
#include "base/log.hpp"

namespace farmwall::app {
namespace {

constexpr std::size_t mega = std::size_t{1} << 20U;

link::ManagerSettings link_settings(const config::Config& config, const std::filesystem::path& root) {
    link::ManagerSettings settings;
    for (const config::Printer& from : config.printers) {
        link::PrinterSettings printer;
        printer.id = from.id;
        printer.name = from.name;
        printer.serial = from.serial;
        printer.address = from.printer_ip;
        printer.port = from.mqtt_port;
        printer.access_code = from.access_code;
        printer.model_hint = from.model;
        printer.camera_enabled = from.camera_enabled;
        printer.maintenance = from.maintenance;
        settings.printers.push_back(std::move(printer));
    }
    settings.times = config.link;
    settings.discovery = config.discovery.enabled;
    settings.discovery_port = config.discovery.port;
    settings.root = root;
    settings.poll_interval = std::chrono::seconds{config.poll_interval_sec};
    return settings;
}

// The names were checked when the file was read.
camera::HardwareDecoding hardware_named(std::string_view name) {
    if (name == "off") return camera::HardwareDecoding::off;
    if (name == "vaapi") return camera::HardwareDecoding::vaapi;
    if (name == "v4l2") return camera::HardwareDecoding::v4l2;
    if (name == "d3d11") return camera::HardwareDecoding::d3d11;
    return camera::HardwareDecoding::automatic;
}

camera::ManagerSettings camera_settings(const config::Config& config, const std::filesystem::path& root) {
    camera::ManagerSettings settings;
    for (const config::Printer& from : config.printers) {
        settings.cameras.push_back({from.id, from.serial, from.name, from.access_code, from.camera_protocol,
                                    from.camera_port, from.camera_path, from.camera_user, from.camera_url});
    }
    const config::Camera& from = config.camera;
    settings.root = root;
    settings.cpu_budget = from.cpu_budget;
    settings.hardware = hardware_named(from.hardware_decoding);
    settings.times.rtsps_silence = from.rtsps_silence;
    settings.times.jpeg_silence = from.jpeg_silence;
    settings.times.truth.frozen = from.frozen_after;
    settings.black_box = from.black_box;
    settings.ring_longest = std::chrono::seconds{from.ring_sec};
    settings.ring_bytes = static_cast<std::size_t>(from.ring_mb) * mega;
    settings.ring_total_bytes = static_cast<std::size_t>(from.ring_total_mb) * mega;
    settings.clips.most_bytes = static_cast<std::uint64_t>(from.clips_mb) * mega;
    settings.clips.before = std::chrono::seconds{from.clip_before_sec};
    settings.clips.after = std::chrono::seconds{from.clip_after_sec};
    return settings;
}

std::vector<Serial> serials_of(const config::Config& config) {
    std::vector<Serial> serials;
    for (const config::Printer& printer : config.printers)
        serials.push_back(printer.serial);
    return serials;
}

std::unique_ptr<queue::History> open_history(const config::Config& config, const std::filesystem::path& root,
                                             const Clock& clock) {
    queue::History::Settings settings;
    settings.file = root / "jobs" / "history.db";
    settings.bounds.most_bytes = static_cast<std::uint64_t>(config.history.max_mb) * mega;
    settings.now = [&clock] { return clock.wall_now(); };
    auto opened = queue::History::open(std::move(settings));
    if (!opened) {
        log::warning("history", opened.error().text());
        return nullptr;
    }
    const std::string problem = opened.value()->problem();
    if (!problem.empty()) log::warning("history", problem);
    return std::move(opened).value();
}

dispatch::DispatcherSettings dispatch_settings(const config::Config& config) {
    dispatch::DispatcherSettings settings;
    settings.printers = config.printers.size();
    settings.alarms = alarm_times(config.alarms);
    return settings;
}

}  // namespace

Farm::Farm(const config::Config& config, const std::filesystem::path& root, std::function<void()> on_publish,
           Purpose purpose)
    : board_{serials_of(config)},
      store_{[this, on_publish = std::move(on_publish)] {
          feed_.look();
          dispatcher_.published();
          if (on_publish) on_publish();
      }},
      intents_{[this] { dispatcher_.wake(); }},
      history_{purpose == Purpose::serve ? open_history(config, root, clock_) : nullptr},
      links_{
          [&] {
              link::ManagerSettings settings = link_settings(config, root);
              settings.on_wish = [this](std::size_t printer, const Wish& wish) { heard_wish(printer, wish); };
              settings.on_event = [this](const dispatch::LinkEvent& event) { dispatcher_.link_event(event); };
              return settings;
          }(),
          net_, clock_, store_, telemetry_},
      jobs_{purpose == Purpose::serve ? JobQueue::open(config, root, store_) : nullptr},
      dispatcher_{[&] {
                      dispatch::DispatcherSettings settings = dispatch_settings(config);
                      if (jobs_) settings.queue = jobs_->setup(links_);
                      settings.on_alarm = [this](const AlarmRecord& record) { heard_alarm(record); };
                      settings.on_test_outputs = [this](const std::string& output) {
                          test_alarm_outputs(output);
                      };
                      return settings;
                  }(),
                  clock_,
                  store_,
                  intents_,
                  links_,
                  history_.get()},
      cameras_{camera_settings(config, root), net_, clock_, board_,
               [this](std::size_t camera, const CameraState& state) { publish_camera(camera, state); }},
      feed_{cameras_, store_, telemetry_, clock_} {
    if (jobs_) jobs_->tell(dispatcher_);
    if (purpose == Purpose::look) return;
    outputs_ = std::make_unique<link::AlarmOutputs>(alarm_output_settings(config.alarms),
                                                    [this](const std::vector<OutputHealth>& all) {
                                                        for (const OutputHealth& health : all)
                                                            publish_health(health);
                                                    });
    if (!config.alarms.sound) return;
    sound_ = std::make_unique<AlarmSound>(config.alarms.volume_percent,
                                          [this](const OutputHealth& health) { publish_health(health); });
}

Farm::~Farm() { stop(); }

void Farm::start() {
    CameraState unknown;
    unknown.since = clock_.now();
    const auto shared = std::make_shared<const CameraState>(std::move(unknown));
    cameras_.start();
    store_.update([&](FleetState& fleet) { fleet.cameras.assign(board_.size(), shared); });
    links_.start();
    dispatcher_.start();
}

void Farm::stop() {
    intents_.close();
    dispatcher_.stop();
    if (jobs_) jobs_->stop();
    if (sound_) sound_->stop();
    if (outputs_) outputs_->stop();
    {
        // Side by side: each has its own goodbyes to wait for.
        const std::jthread cameras{[this] { cameras_.stop(); }};
        links_.stop();
    }
    net_.stop();
    net_.join();
}

void Farm::heard_alarm(const AlarmRecord& record) {
    if (outputs_) outputs_->send(record);
    if (sound_) sound_->heard(record);
}

void Farm::test_alarm_outputs(const std::string& output) {
    if (outputs_) outputs_->test(output);
    if (sound_ && (output.empty() || output == "sound")) sound_->ring(0);
}

void Farm::publish_health(const OutputHealth& health) {
    auto next = std::make_shared<const OutputHealth>(health);
    store_.update([&](FleetState& fleet) {
        const auto known = std::ranges::find_if(
            fleet.alarm_outputs, [&](const auto& output) { return output->name == next->name; });
        if (known != fleet.alarm_outputs.end()) {
            *known = std::move(next);
        } else {
            fleet.alarm_outputs.push_back(std::move(next));
        }
    });
}

void Farm::publish_camera(std::size_t camera, const CameraState& state) {
    auto next = std::make_shared<const CameraState>(state);
    store_.update([&](FleetState& fleet) { fleet.cameras.at(camera) = std::move(next); });
}

void Farm::heard_wish(std::size_t printer, const Wish& wish) {
    if (std::holds_alternative<ConnectNow>(wish)) cameras_.connect_now(printer);
    if (const auto* trusted = std::get_if<TrustCertificate>(&wish)) cameras_.trust(printer, trusted->sha256);
}

std::uint64_t Farm::messages() const {
    std::uint64_t sum = 0;
    for (const auto& printer : store_.read()->printers) {
        sum += printer->stats.messages;
    }
    return sum;
}

bool Farm::settled() const {
    const FleetSnapshot fleet = store_.read();
    return std::all_of(fleet->printers.begin(), fleet->printers.end(), [](const auto& printer) {
        return printer->full_report_seen || printer->link.link == Link::offline ||
               printer->link.link == Link::refused;
    });
}

}  // namespace farmwall::app
