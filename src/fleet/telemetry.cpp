#include "fleet/telemetry.hpp"

#include "model/facts.hpp"

namespace farmwall {
namespace {

float value(const std::optional<int>& percent) {
    return percent ? static_cast<float>(*percent) : Sample::unknown;
}

}  // namespace

Sample sample_of(const PrinterState& printer, TimePoint now, Duration stale_after) {
    Sample sample;
    sample.at = now;
    // A quiet printer is alive and its last values stand; one that is gone has none.
    const bool alive = printer.link.link == Link::online || printer.link.link == Link::quiet;
    if (!alive || !printer.last_report || now - *printer.last_report > stale_after) return sample;
    const auto take = [](const std::optional<Temperature>& from, float& celsius) {
        if (from) celsius = static_cast<float>(from->celsius);
    };
    const auto take_target = [](const std::optional<Temperature>& from, float& celsius) {
        if (from && from->target_celsius) celsius = static_cast<float>(*from->target_celsius);
    };
    const auto nozzle = active_nozzle(printer);
    take(nozzle, sample.nozzle_celsius);
    take_target(nozzle, sample.nozzle_target_celsius);
    const auto plate = bed(printer);
    take(plate, sample.bed_celsius);
    take_target(plate, sample.bed_target_celsius);
    take(chamber(printer), sample.chamber_celsius);
    const Fans now_fans = fans(printer);
    sample.part_fan_percent = value(now_fans.part_percent);
    sample.aux_fan_percent = value(now_fans.aux_percent);
    sample.chamber_fan_percent = value(now_fans.chamber_percent);
    sample.percent = value(printer.report.percent);
    return sample;
}

void TelemetryStore::record(std::size_t printer, const Sample& sample) {
    rings_.with([&](std::vector<Ring>& rings) {
        if (rings.size() <= printer) rings.resize(printer + 1);
        Ring& ring = rings[printer];
        if (ring.samples.size() < limit_) {
            ring.samples.push_back(sample);
        } else {
            ring.samples[ring.next] = sample;
            ring.next = (ring.next + 1) % limit_;
        }
    });
}

std::vector<Sample> TelemetryStore::read(std::size_t printer) const {
    return rings_.with([&](const std::vector<Ring>& rings) {
        std::vector<Sample> out;
        if (printer >= rings.size()) return out;
        const Ring& ring = rings[printer];
        out.reserve(ring.samples.size());
        const auto middle = ring.samples.begin() + static_cast<std::ptrdiff_t>(ring.next);
        out.insert(out.end(), middle, ring.samples.end());
        out.insert(out.end(), ring.samples.begin(), middle);
        return out;
    });
}

}  // namespace farmwall
