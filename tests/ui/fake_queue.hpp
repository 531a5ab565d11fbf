#pragma once

#include <png.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fake_farm.hpp"
#include "ui/jobs_setup.hpp"

// An invented queue on the invented farm, the same each time.
namespace farmwall::test {

inline constexpr WallTime farm_wall{std::chrono::hours{480'000}};

// A small PNG: a disc of one colour on a transparent ground.
inline std::string thumbnail_png(unsigned red, unsigned green, unsigned blue, int side = 64) {
    std::vector<png_byte> pixels;
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            const int dx = 2 * x - side;
            const int dy = 2 * y - side;
            const bool inside = dx * dx + dy * dy < side * side * 3 / 4;
            for (const unsigned c : {red, green, blue, inside ? 255U : 0U})
                pixels.push_back(static_cast<png_byte>(c));
        }
    }
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = image.height = static_cast<png_uint_32>(side);
    image.format = PNG_FORMAT_RGBA;
    png_alloc_size_t bytes = 0;
    png_image_write_to_memory(&image, nullptr, &bytes, 0, pixels.data(), 0, nullptr);
    std::string png(bytes, '\0');
    png_image_write_to_memory(&image, png.data(), &bytes, 0, pixels.data(), 0, nullptr);
    png.resize(bytes);
    return png;
}

inline std::shared_ptr<const SlicedFile> sliced_file(unsigned i) {
    static const char* materials[] = {"PLA", "PETG", "ASA", "TPU"};
    static const char* colors[] = {"D8382FFF", "2F6FDBFF", "F2F2F2FF", "1B1B1DFF", "2FA35AFF"};
    auto file = std::make_shared<SlicedFile>();
    file->sha256 = "sha" + std::to_string(i);
    file->slicer = "BambuStudio 02.02.00.85";
    file->project_filaments = 2;
    for (int index = 1; index <= 1 + static_cast<int>(i % 3); ++index) {
        SlicedPlate plate;
        plate.index = index;
        plate.model = PrinterModel::x1c;
        plate.nozzle_diameters_mm = {0.4};
        plate.plate_type = PlateType::textured_plate;
        plate.prediction = std::chrono::minutes{25 + i * 17 % 300};
        plate.grams = 12.0 + i * 7 % 120;
        plate.labelled_objects = true;
        plate.objects = {{201, "Bracket left"}, {305, "Bracket right"}, {409, "Clip"}};
        for (unsigned f = 0; f <= i % 2; ++f) {
            SlicedFilament filament;
            filament.id = static_cast<int>(f) + 1;
            filament.material = materials[(i + f) % 4];
            filament.color = colors[(i + 2 * f) % 5];
            filament.grams = 9.5 + f;
            plate.filaments.push_back(filament);
        }
        if (i % 4 != 3)
            plate.thumbnail_png = std::make_shared<const std::string>(
                thumbnail_png(80 + i * 37 % 170, 80 + i * 91 % 170, 80 + i * 53 % 170));
        file->plates.push_back(std::move(plate));
    }
    return file;
}

// A job in this phase; its number gives it name and file.
inline Job fake_job(unsigned i, JobPhase phase) {
    Job job;
    job.id = JobId{"00000000000" + std::to_string(i % 10) + (i < 10 ? "" : std::to_string(i))};
    job.file_name = detail::files[i % 6];
    job.phase = phase;
    job.created = farm_wall - std::chrono::minutes{30 + i};
    job.sliced = sliced_file(i % 12);
    if (i % 5 == 2) job.tag = "pla-only";
    if (phase == JobPhase::held)
        job.error = "The printer did not begin it within 90 s: look at it, then retry.";
    if (phase == JobPhase::failed) job.error = "The print failed with 0300-800B.";
    if (phase == JobPhase::canceled) job.error = "Canceled by a person at the screen.";
    return job;
}

inline JobView fake_view(unsigned i, JobPhase phase) {
    JobView view;
    Job job = fake_job(i, phase);
    if (phase == JobPhase::queued) view.waiting = "No printer is free: 9 print, 2 wait for a clear plate.";
    if (phase == JobPhase::running) view.progress = 0.42;
    if (phase == JobPhase::uploading) {
        view.progress = 0.37;
        view.bytes_per_second = 4'200'000;
    }
    if (holds_printer(phase)) job.assigned = PrinterId{"p" + std::to_string(i % 12 + 1)};
    view.job = std::make_shared<const Job>(std::move(job));
    return view;
}

inline Forecast fake_forecast(const QueueState& queue, std::size_t printers) {
    using std::chrono::minutes;
    Forecast forecast;
    std::vector<WallTime> free(printers, farm_wall);
    for (std::size_t i = 0; i < printers; ++i) {
        if (i % 4 != 1) continue;
        forecast.blocks.push_back({i, std::nullopt, farm_wall - minutes{50}, farm_wall + minutes{35}});
        free[i] = farm_wall + minutes{40};
    }
    std::size_t next = 0;
    for (const auto& view : queue.jobs) {
        const Job& job = *view->job;
        if (is_over(job.phase)) continue;
        if (job.phase == JobPhase::held || printers == 0) {
            forecast.jobs.push_back({job.id, 0, {}, {}, false});
            continue;
        }
        const std::size_t at = next++ % printers;
        const bool runs = job.phase == JobPhase::running;
        const WallTime start = runs ? farm_wall - minutes{30} : free[at];
        const WallTime end = start + minutes{60 + static_cast<int>(next) * 23 % 150};
        forecast.jobs.push_back({job.id, at, start, end, next % 7 == 0});
        forecast.blocks.push_back({at, job.id, start, end});
        free[at] = end + minutes{5};
    }
    forecast.next_free = 1;
    forecast.next_free_at = farm_wall + minutes{35};
    forecast.plate_changes_per_hour = 2.4;
    forecast.runs_dry = farm_wall + std::chrono::hours{5};
    return forecast;
}

// The farm with jobs in the phases given; desks for every printer, of which the fifth waits for its plate.
inline FleetSnapshot with_queue(const FleetSnapshot& fleet, const std::vector<JobPhase>& phases) {
    auto next = std::make_shared<FleetState>(*fleet);
    auto queue = std::make_shared<QueueState>();
    for (unsigned i = 0; i < phases.size(); ++i)
        queue->jobs.push_back(std::make_shared<const JobView>(fake_view(i, phases[i])));
    for (std::size_t i = 0; i < fleet->printers.size(); ++i) {
        PrinterDesk desk;
        desk.plate.state = i % 5 == 4 || i % 5 == 2 ? PlateState::occupied : PlateState::clear;
        if (i % 5 == 4) {
            desk.plate.print = "gear_m2_z40";
            desk.plate.since = farm_wall - std::chrono::minutes{25};
        }
        for (const auto& view : queue->jobs) {
            if (view->job->assigned == fleet->printers[i]->id) desk.job = view->job->id;
        }
        queue->desks.push_back(std::make_shared<const PrinterDesk>(std::move(desk)));
        queue->places.push_back(
            {i % 3 == 0 ? std::vector<std::string>{"pla-only"} : std::vector<std::string>{}, false});
    }
    queue->last_dispatch = farm_wall - std::chrono::seconds{10};
    DispatchResult result;
    result.queued = 5;
    result.dispatched = {{JobId{"a"}, PrinterId{"p1"}, ""}, {JobId{"b"}, PrinterId{"p2"}, ""}};
    queue->last_result = std::make_shared<const DispatchResult>(std::move(result));
    queue->forecast = std::make_shared<const Forecast>(fake_forecast(*queue, fleet->printers.size()));
    next->queue = std::move(queue);
    return next;
}

inline std::vector<JobPhase> every_phase() {
    using enum JobPhase;
    return {running, uploading, starting, claimed, queued, queued,   queued,
            held,    slicing,   queued,   queued,  failed, canceled, completed};
}

// Checks by the printer's condition alone.
inline std::vector<Check> fake_checks(const Job& job, const Place& place, const MatchRules& /*rules*/,
                                      TimePoint /*now*/) {
    std::vector<Check> checks;
    const PrinterState& printer = place.printer;
    const bool online = printer.link.link == Link::online;
    checks.push_back({CheckKind::online, online ? Verdict::pass : Verdict::refuse, "",
                      online ? "online" : "offline", online ? "" : "The printer does not answer."});
    const bool idle = printer.report.state == JobState::idle || printer.report.state == JobState::finish;
    checks.push_back({CheckKind::idle, idle ? Verdict::pass : Verdict::refuse, "", idle ? "idle" : "prints",
                      idle ? "" : "It prints."});
    const bool clear = place.desk.plate.state == PlateState::clear;
    checks.push_back({CheckKind::plate_clear, clear ? Verdict::pass : Verdict::refuse, "",
                      clear ? "clear" : "occupied", clear ? "" : "The plate has to be cleared."});
    const bool same = printer.model.model == PrinterModel::x1c || printer.model.model == PrinterModel::p1s;
    checks.push_back({CheckKind::model, same ? Verdict::pass : Verdict::refuse, "X1C", printer.name,
                      same ? "" : "It was sliced for another model."});
    const bool aimed = !job.printer || *job.printer == printer.id;
    checks.push_back({CheckKind::target, aimed ? Verdict::pass : Verdict::refuse,
                      aimed ? "" : job.printer->value, printer.name,
                      aimed ? "" : "The job is for another printer."});
    checks.push_back({CheckKind::amount, Verdict::warn, "45 g", "A2: 30 g", "The spool may run out."});
    return checks;
}

inline ui::JobsSetup fake_setup() {
    ui::JobsSetup setup;
    setup.explain = fake_checks;
    return setup;
}

}  // namespace farmwall::test
