#include "model/action.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>

namespace farmwall {
namespace {

template <class... Cases>
struct Overload : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Overload(Cases...) -> Overload<Cases...>;

constexpr std::array<std::string_view, std::variant_size_v<Action>> names{
    "pause",
    "resume",
    "stop",
    "clear_fault",
    "set_light",
    "set_fan",
    "set_air_mode",
    "set_nozzle_target",
    "set_bed_target",
    "set_chamber_target",
    "cool_down",
    "set_speed",
    "home",
    "jog",
    "select_tray",
    "load_tray",
    "unload_filament",
    "answer_dialog",
    "skip_objects",
    "set_timelapse",
    "start_drying",
    "stop_drying",
};

std::string target_text(std::string_view heater, int celsius) {
    return celsius == 0 ? fmt::format("{} heater off", heater) : fmt::format("{} to {} °C", heater, celsius);
}

std::string jog_text(const Jog& jog) {
    std::string text = "Move";
    for (const auto& [axis, mm] : {std::pair{'X', jog.x}, std::pair{'Y', jog.y}, std::pair{'Z', jog.z}}) {
        if (mm != 0) text += fmt::format(" {} {:+.6g} mm", axis, mm);
    }
    return text;
}

std::string_view speed_text(int level) {
    switch (level) {
        case 1:
            return "silent";
        case 2:
            return "standard";
        case 3:
            return "sport";
        case 4:
            return "ludicrous";
        default:
            return "unknown";
    }
}

std::string unit_text(int unit) {
    if (unit >= 128) return fmt::format("AMS HT {}", unit - 127);
    if (unit >= 0 && unit < 4) return fmt::format("AMS {}", static_cast<char>('A' + unit));
    return "AMS Lite";
}

}  // namespace

std::string_view name(const Action& action) { return names.at(action.index()); }

std::string_view describe(Fan fan) {
    switch (fan) {
        case Fan::part:
            return "Part fan";
        case Fan::aux:
            return "Aux fan";
        case Fan::chamber:
            return "Chamber fan";
        case Fan::second_aux:
            return "Second aux fan";
    }
    return "Fan";
}

std::string_view describe(Lamp lamp) {
    switch (lamp) {
        case Lamp::chamber:
            return "Chamber light";
        case Lamp::work:
            return "Work light";
        case Lamp::logo:
            return "Logo light";
    }
    return "Light";
}

std::string describe(const TraySource& tray) {
    switch (tray.kind) {
        case TraySource::Kind::external:
            return "External spool";
        case TraySource::Kind::external_left:
            return "Left external spool";
        case TraySource::Kind::ams:
            break;
    }
    if (tray.unit >= 128) return unit_text(tray.unit);
    const std::int64_t number = std::int64_t{tray.slot} + 1;  // of whatever a script asks for
    if (tray.unit >= 0 && tray.unit < 4)
        return fmt::format("Tray {}{}", static_cast<char>('A' + tray.unit), number);
    return fmt::format("AMS Lite tray {}", number);
}

std::string describe(const Action& action) {
    return std::visit(
        Overload{
            [](const Pause&) { return std::string{"Pause"}; },
            [](const Resume&) { return std::string{"Resume"}; },
            [](const Stop&) { return std::string{"Stop"}; },
            [](const ClearFault&) { return std::string{"Clear the error"}; },
            [](const SetLight& a) {
                return fmt::format("{} {}", a.lamp ? describe(*a.lamp) : "Lights", a.on ? "on" : "off");
            },
            [](const SetFan& a) { return fmt::format("{} {} %", describe(a.fan), a.percent); },
            [](const SetAirMode& a) {
                return std::string{a.mode == AirMode::cooling ? "Air to cooling" : "Air to heating"};
            },
            [](const SetNozzleTarget& a) {
                return target_text(a.extruder == 0 ? "Nozzle" : "Left nozzle", a.celsius);
            },
            [](const SetBedTarget& a) { return target_text("Bed", a.celsius); },
            [](const SetChamberTarget& a) { return target_text("Chamber", a.celsius); },
            [](const CoolDown&) { return std::string{"Cool down"}; },
            [](const SetSpeed& a) { return fmt::format("Speed {}", speed_text(a.level)); },
            [](const Home&) { return std::string{"Home all axes"}; },
            [](const Jog& a) { return jog_text(a); },
            [](const SelectTray& a) { return describe(a.tray) + " for the next start"; },
            [](const LoadTray& a) { return "Load " + describe(a.tray); },
            [](const UnloadFilament&) { return std::string{"Unload the filament"}; },
            [](const AnswerDialog& a) {
                return std::string{a.answer == AnswerDialog::Answer::retry ? "Retry" : "Done"};
            },
            [](const SkipObjects& a) {
                return fmt::format("Skip {} object{}", a.ids.size(), a.ids.size() == 1 ? "" : "s");
            },
            [](const SetTimelapse& a) { return std::string{a.on ? "Timelapse on" : "Timelapse off"}; },
            [](const StartDrying& a) {
                return fmt::format("Dry {} at {} °C for {} h", unit_text(a.unit), a.celsius, a.hours);
            },
            [](const StopDrying& a) { return "Stop drying " + unit_text(a.unit); },
        },
        action);
}

bool makes_safer(const Action& action) {
    return std::visit([](const auto& a) { return a.makes_safer; }, action);
}

bool same_subject(const Action& a, const Action& b) {
    // Starting and stopping to dry are answered alike, as are loading and unloading.
    const auto filament = [](const Action& action) {
        return std::holds_alternative<LoadTray>(action) || std::holds_alternative<UnloadFilament>(action) ||
               std::holds_alternative<SelectTray>(action);
    };
    if (filament(a) && filament(b)) return true;
    const auto drying_unit = [](const Action& action) -> std::optional<int> {
        if (const auto* start = std::get_if<StartDrying>(&action)) return start->unit;
        if (const auto* stop = std::get_if<StopDrying>(&action)) return stop->unit;
        return std::nullopt;
    };
    if (const auto unit = drying_unit(a)) return unit == drying_unit(b);
    const auto moves = [](const Action& action) {
        return std::holds_alternative<Home>(action) || std::holds_alternative<Jog>(action);
    };
    if (moves(a) && moves(b)) return true;
    if (a.index() != b.index()) return false;
    if (const auto* fan = std::get_if<SetFan>(&a)) return fan->fan == std::get<SetFan>(b).fan;
    if (const auto* light = std::get_if<SetLight>(&a)) {
        const auto& other = std::get<SetLight>(b);
        return !light->lamp || !other.lamp || light->lamp == other.lamp;
    }
    if (const auto* nozzle = std::get_if<SetNozzleTarget>(&a))
        return nozzle->extruder == std::get<SetNozzleTarget>(b).extruder;
    return true;
}

}  // namespace farmwall
