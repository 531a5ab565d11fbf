#include "sim/picture/scene.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace farmwall::sim {

namespace {

// "RRGGBBAA"; dark filaments keep enough light to show their shape.
Rgb color_of(const Spool* spool) {
    const auto value = spool == nullptr ? std::nullopt : parse_hex(spool->color);
    if (!value || spool->color.size() != 8 || (*value & 0xFF) == 0) return {0.75F, 0.76F, 0.78F};
    const auto part = [&](int shift) {
        return 0.09F + 0.89F * static_cast<float>((*value >> shift) & 0xFF) / 255.0F;
    };
    return {part(24), part(16), part(8)};
}

std::uint64_t shape_of(const std::string& job, const std::string& printer) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const std::string* text : {&job, &printer})
        for (const char c : *text)
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    return hash ^ (hash >> 29);
}

std::string note_of(const MachineState& s) {
    switch (s.state) {
        case GcodeState::running:
            return fmt::format("{}%  LAYER {}/{}", s.percent, s.layer, s.job.layers);
        case GcodeState::pause:
            return fmt::format("PAUSED AT {}%", s.percent);
        case GcodeState::prepare:
        case GcodeState::slicing:
            return "PREPARING";
        case GcodeState::finish:
            return "FINISHED";
        case GcodeState::failed:
            return fmt::format("STOPPED AT {}%", s.percent);
        case GcodeState::idle:
        case GcodeState::init:
        case GcodeState::offline:
            break;
    }
    return "IDLE";
}

}  // namespace

Scene scene_of(const Machine& machine, const std::string& name, int number) {
    const auto& s = machine.state();
    Scene scene;
    scene.name = name;
    scene.note = note_of(s);
    scene.number = static_cast<std::uint16_t>(number);
    scene.bed_slinger = machine.spec().bed_slinger;
    scene.light = s.chamber_light != "off";
    scene.working = s.state == GcodeState::running && s.progress == Progress::printing;
    scene.has_object = !s.job.name.empty() && s.state != GcodeState::idle && s.printed_s > 0;
    scene.height =
        s.state == GcodeState::finish
            ? 1.0F
            : static_cast<float>(std::clamp(s.printed_s / std::max(1.0, s.job.duration_s), 0.0, 1.0));
    scene.shape = shape_of(s.job.name, name);
    for (const Source& source : s.job.sources)
        scene.filaments.push_back(color_of(machine.spool_at(source)));
    if (scene.filaments.empty())
        scene.filaments.push_back(
            color_of(machine.spool_at(s.loaded[static_cast<std::size_t>(s.active_extruder)])));
    scene.layers = s.job.layers;
    return scene;
}

}  // namespace farmwall::sim
