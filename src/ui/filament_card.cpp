#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "model/errors.hpp"
#include "ui/control_flow.hpp"
#include "ui/icons.hpp"

namespace farmwall::ui {
namespace {

// One place for filament as the card shows it.
struct Slot {
    std::string label;  // "A1", "External"
    Presence presence = Presence::unknown;
    std::optional<Color> color;
    std::string material;
    std::optional<int> remain_percent;
    bool active = false;
    TraySource source = {};
    bool selected = false;  // for the next start
};

struct Unit {
    std::string name;
    std::string humidity;
    std::vector<Slot> slots;
};

// What is the same for all slots of a printer.
struct InUse {
    std::optional<TraySource> active;
    std::optional<TraySource> selected;
};

Slot slot_of(const Tray* tray, std::string label, Presence presence, const TraySource& source,
             const InUse& use) {
    Slot slot{std::move(label), presence, {}, {}, {}, use.active == source, source, use.selected == source};
    if (tray == nullptr || presence == Presence::empty) return slot;
    slot.color = tray_color(*tray);
    slot.material = tray->material.value_or("");
    // An external spool that nobody described reports 0 % of nothing.
    const bool described = !slot.material.empty();
    if (described && tray->remain_percent && *tray->remain_percent >= 0)
        slot.remain_percent = *tray->remain_percent;
    if (slot.presence == Presence::unknown && !slot.material.empty()) slot.presence = Presence::present;
    return slot;
}

// "A" for the first AMS; HT units have numbers of their own.
std::string unit_letter(int id) {
    if (id >= 0 && id < 4) return std::string(1, static_cast<char>('A' + id));
    return id >= 128 ? fmt::format("HT{}", id - 127) : fmt::format("{}", id);
}

std::string humidity_text(const AmsUnit& unit) {
    if (unit.humidity_percent && *unit.humidity_percent > 0)
        return fmt::format("{} %", *unit.humidity_percent);
    // 1 is wet and 5 is dry on the wire.
    if (unit.humidity_index && *unit.humidity_index > 0)
        return fmt::format("dryness {} of 5", *unit.humidity_index);
    return {};
}

Unit ams_of(const PrinterState& printer, const AmsUnit& unit, const InUse& use) {
    Unit shown;
    const AmsKind kind = ams_kind(printer, unit);
    const std::string mark = unit.id >= 128 ? std::to_string(unit.id - 127) : unit_letter(unit.id);
    shown.name = fmt::format("{} {}", ams_kind_name(kind), mark);
    shown.humidity = humidity_text(unit);
    if (unit.celsius && *unit.celsius > 0) {
        shown.humidity += fmt::format("{}{:.0f}°", shown.humidity.empty() ? "" : "  ", *unit.celsius);
    }
    if (drying(unit) == Drying::drying) shown.humidity += "  drying";
    const int slots = unit.id >= 128 ? 1 : 4;
    for (int id = 0; id < slots; ++id) {
        const auto found =
            std::find_if(unit.trays.begin(), unit.trays.end(), [&](const Tray& t) { return t.id == id; });
        const Tray* tray = found == unit.trays.end() ? nullptr : &*found;
        Presence presence = tray_presence(printer.report, unit, id);
        if (presence == Presence::unknown && tray == nullptr) presence = Presence::empty;
        const std::string number = slots == 1 ? "" : std::to_string(id + 1);
        shown.slots.push_back(slot_of(tray, unit_letter(unit.id) + number, presence,
                                      {TraySource::Kind::ams, unit.id, id}, use));
    }
    return shown;
}

std::vector<Unit> units_of(const PrinterState& printer, const PrinterControl& control) {
    std::vector<Unit> units;
    const InUse use{active_tray(printer.report), control.selected_tray};
    for (const AmsUnit& unit : printer.report.ams.value_or(std::vector<AmsUnit>{})) {
        units.push_back(ams_of(printer, unit, use));
    }
    Unit outside{"External", {}, {}};
    for (const Tray& spool : external_spools(printer.report)) {
        const bool left = spool.id == 254 && extruder_count(printer) == 2;
        const auto kind = left ? TraySource::Kind::external_left : TraySource::Kind::external;
        outside.slots.push_back(
            slot_of(&spool, left ? "Left" : "Spool", Presence::unknown, {kind, 0, 0}, use));
    }
    if (!outside.slots.empty()) units.push_back(std::move(outside));
    return units;
}

void draw_spool(const Canvas& canvas, const Slot& slot, Vec2 center, float radius) {
    const Theme& theme = canvas.theme();
    if (slot.presence == Presence::empty || !slot.color) {
        canvas.ring(center, radius, theme.line, canvas.px(2));
        if (slot.presence == Presence::empty) {
            canvas.line({center.x - radius * 0.35F, center.y}, {center.x + radius * 0.35F, center.y},
                        theme.text_faint, canvas.px(2));
        } else {
            canvas.text({center.x, center.y - radius * 0.5F}, {Weight::bold, radius, theme.text_faint}, "?",
                        Align::center);
        }
        return;
    }
    canvas.disc(center, radius, *slot.color);
    canvas.ring(center, radius, with_alpha(theme.text_color, 0.22F), canvas.px(1));
    canvas.disc(center, radius * 0.3F, theme.surface_raised);
    if (slot.remain_percent) {  // how much is left, as an arc around it
        const float around = radius + canvas.px(6);
        canvas.ring(center, around, theme.line, canvas.px(3));
        canvas.arc(center, around, 0, static_cast<float>(std::clamp(*slot.remain_percent, 0, 100)) / 100.0F,
                   *slot.remain_percent <= 15 ? theme.paused : theme.text_muted, canvas.px(3));
    }
}

std::string slot_title(const Slot& slot) {
    if (slot.active) return slot.label + " in use";
    return slot.selected ? slot.label + " next" : slot.label;
}

void draw_slot(const Canvas& canvas, const Slot& slot, const Rect& box) {
    const Theme& theme = canvas.theme();
    if (slot.active) {
        canvas.fill(box, mix(theme.surface_raised, theme.accent, 0.16F), canvas.px(10));
        canvas.outline(box, theme.accent, canvas.px(10), canvas.px(2));
    }
    if (slot.selected && !slot.active) canvas.outline(box, theme.preparing, canvas.px(10), canvas.px(1.5F));
    const float radius = canvas.px(19);
    const float middle = box.center().x;
    const TextStyle label{Weight::medium, canvas.px(theme.text_small),
                          slot.active ? theme.accent : theme.text_muted};
    canvas.text({middle, box.y + canvas.px(8)}, label, slot_title(slot), Align::center);
    draw_spool(canvas, slot, {middle, box.y + canvas.px(58)}, radius);
    const TextStyle material{Weight::medium, canvas.px(theme.text), theme.text_color};
    const TextStyle faint{Weight::regular, canvas.px(theme.text_small), theme.text_faint};
    const float y = box.y + canvas.px(91);
    if (slot.presence == Presence::empty) {
        canvas.text({middle, y}, faint, "empty", Align::center);
        return;
    }
    canvas.text_within({middle, y}, box.width - 4, material, slot.material.empty() ? "?" : slot.material,
                       Align::center);
    if (slot.remain_percent) {
        canvas.text({middle, y + canvas.px(20)}, faint, fmt::format("{} %", *slot.remain_percent),
                    Align::center);
    }
}

// Pixels at 96 dpi.
constexpr float slot_height = 144;
constexpr float unit_head = 40;
constexpr float button_gap = 6;

float unit_height(const Canvas& canvas) {
    return canvas.px(unit_head + slot_height + 2 * button_gap + 8) +
           2 * canvas.px(canvas.theme().button_height);
}

// Of slot `i`: what it shows, and its buttons below.
Rect slot_box(const Canvas& canvas, const Unit& unit, const Rect& box, std::size_t i) {
    const float pad = canvas.px(14);
    const float width = (box.width - pad) / static_cast<float>(unit.slots.size());
    const Rect slot{box.x + pad / 2 + width * static_cast<float>(i), box.y + canvas.px(unit_head), width,
                    canvas.px(slot_height)};
    return slot.inset(canvas.px(3));
}

void draw_unit(const Canvas& canvas, const Unit& unit, const Rect& box) {
    if (!canvas.sees(box)) return;
    const Theme& theme = canvas.theme();
    const TextStyle name{Weight::medium, canvas.px(theme.text), theme.text_color};
    const TextStyle small{Weight::regular, canvas.px(theme.text_small), theme.text_muted};
    // Darker than the buttons on it.
    canvas.fill(box, mix(theme.surface_raised, theme.surface, 0.62F), canvas.px(theme.radius) * 0.7F);
    const float pad = canvas.px(14);
    canvas.text({box.x + pad, box.y + pad * 0.8F}, name, unit.name);
    if (!unit.humidity.empty()) {
        const float width =
            canvas.text({box.right() - pad, box.y + pad * 0.95F}, small, unit.humidity, Align::right);
        canvas.text({box.right() - pad - width - canvas.px(4), box.y + pad * 0.8F},
                    {Weight::icon, canvas.px(16), theme.text_faint}, icon::humidity, Align::right);
    }
    for (std::size_t i = 0; i < unit.slots.size(); ++i)
        draw_slot(canvas, unit.slots[i], slot_box(canvas, unit, box, i));
}

std::string tray_id(const TraySource& source) {
    switch (source.kind) {
        case TraySource::Kind::ams:
            return fmt::format("printer/tray/{}-{}", source.unit, source.slot);
        case TraySource::Kind::external:
            return "printer/tray/external";
        case TraySource::Kind::external_left:
            return "printer/tray/external-left";
    }
    return "printer/tray/external";
}

void press_slot(ControlFlow& flow, const Slot& slot, const Rect& box) {
    const Canvas canvas = flow.canvas();
    const float height = canvas.px(canvas.theme().button_height);
    const float space = canvas.px(button_gap);
    const Rect first{box.x, box.bottom() + space, box.width, height};
    const Rect second{box.x, first.bottom() + space, box.width, height};
    const std::string id = tray_id(slot.source);
    // The notes name the tray; the buttons what they do.
    Press select{id + "/select", "Select", SelectTray{slot.source}};
    select.chosen = slot.selected;
    select.exact = true;
    select.noted = slot.label;
    Press load{id + "/load", "Load", LoadTray{slot.source}};
    load.exact = true;
    load.noted = slot.label;
    flow.press_at(first, select);
    flow.press_at(second, load);
}

// Units side by side as long as they fit, by their number of slots; places relative to 0, 0.
std::vector<Rect> place_units(const Canvas& canvas, const std::vector<Unit>& units, float most) {
    const float gap = canvas.px(canvas.theme().gap);
    const float height = unit_height(canvas);
    std::vector<Rect> boxes;
    float x = 0;
    float y = 0;
    for (const Unit& unit : units) {
        const float slots = canvas.px(88) * static_cast<float>(unit.slots.size()) + canvas.px(14);
        const float width = std::min(most, std::max(canvas.px(190), slots));
        if (x > 0 && x + width > most) {
            x = 0;
            y += height + gap;
        }
        boxes.push_back({x, y, width, height});
        x += width + gap;
    }
    return boxes;
}

void fill_units(ControlFlow& flow, const std::vector<Unit>& units, float width) {
    const Canvas canvas = flow.canvas();
    const auto boxes = place_units(canvas, units, width);
    const Rect area = flow.room(boxes.back().bottom());
    for (std::size_t i = 0; i < units.size(); ++i) {
        const Rect box{area.x + boxes[i].x, area.y + boxes[i].y, boxes[i].width, boxes[i].height};
        if (flow.draws()) draw_unit(canvas, units[i], box);
        for (std::size_t slot = 0; slot < units[i].slots.size(); ++slot)
            press_slot(flow, units[i].slots[slot], slot_box(canvas, units[i], box, slot));
    }
    flow.notes();
}

std::string material_in(const PrinterState& printer, int id) {
    for (const AmsUnit& unit : printer.report.ams.value_or(std::vector<AmsUnit>{})) {
        if (unit.id != id) continue;
        for (const Tray& tray : unit.trays) {
            if (tray.material && !tray.material->empty()) return *tray.material;
        }
    }
    return "PLA";
}

void fill_drying(const PageContext& page, ControlFlow& flow, const DryingUnit& unit) {
    static constexpr std::array<int, 4> hours{4, 8, 12, 24};
    DryingWish& wish = page.state.drying.try_emplace(unit.unit).first->second;
    const std::string id = fmt::format("printer/drying/{}", unit.unit);
    std::vector<std::string> heats;
    std::vector<int> celsius;
    for (int at = unit.celsius.least_above_zero_celsius; at <= unit.celsius.most_celsius; at += 10) {
        celsius.push_back(at);
        heats.push_back(fmt::format("{} °C", at));
    }
    std::vector<std::string> times;
    times.reserve(std::size(hours));
    for (const int each : hours)
        times.push_back(fmt::format("{} h", each));
    const auto place = [](const auto& values, int value) {
        return static_cast<std::size_t>(std::find(values.begin(), values.end(), value) - values.begin());
    };
    flow.caption(fmt::format("DRYING IN UNIT {}", unit_letter(unit.unit)));
    const auto heat = flow.choice(id + "/celsius", "", heats, place(celsius, wish.celsius));
    const auto time = flow.choice(id + "/hours", "", times, place(hours, wish.hours));
    Press start{id + "/start", "Start drying",
                StartDrying{unit.unit, wish.celsius, wish.hours, material_in(page.printer, unit.unit)}};
    Press stop{id + "/stop", "Stop drying", StopDrying{unit.unit}};
    start.exact = stop.exact = true;
    flow.presses({start, stop});
    flow.notes();
    if (heat) wish.celsius = celsius[*heat];
    if (time) wish.hours = hours.at(*time);
}

void fill_filament_card(const PageContext& page, ControlFlow& flow, float width) {
    const Theme& theme = page.frame.widgets.theme();
    const auto units = units_of(page.printer, page.control);
    if (units.empty()) {
        flow.say(page.printer.full_report_seen ? "No AMS and no external spool reported"
                                               : "Unknown until the first full report",
                 theme.text_muted);
        return;
    }
    fill_units(flow, units, width);
    if (page.control.selected_tray)
        flow.say(describe(*page.control.selected_tray) + " is saved for the next start.", theme.preparing);
    if (runout(page.printer.report))
        flow.say("Filament ran out: the tray that is selected now is loaded, and the print goes on.",
                 theme.runout);
    flow.presses({{"printer/unload", "Unload", UnloadFilament{}},
                  {"printer/retry", "Retry", AnswerDialog{AnswerDialog::Answer::retry}},
                  {"printer/done", "Done", AnswerDialog{AnswerDialog::Answer::done}}});
    flow.notes();
    for (const DryingUnit& unit : page.fitted.drying)
        fill_drying(page, flow, unit);
}

}  // namespace

void draw_filament_card(const PageContext& page, Column& column) {
    const float width = column.inner_width();
    draw_controls(page, column, "FILAMENT",
                  [&](ControlFlow& flow) { fill_filament_card(page, flow, width); });
}

}  // namespace farmwall::ui
