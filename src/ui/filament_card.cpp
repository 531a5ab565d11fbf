#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/icons.hpp"
#include "ui/printer_cards.hpp"

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
};

struct Unit {
    std::string name;
    std::string humidity;
    std::vector<Slot> slots;
};

Slot slot_of(const Tray* tray, std::string label, Presence presence, bool active) {
    Slot slot{std::move(label), presence, {}, {}, {}, active};
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

Unit ams_of(const PrinterState& printer, const AmsUnit& unit, const std::optional<TraySource>& active) {
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
        const bool used = active == TraySource{TraySource::Kind::ams, unit.id, id};
        Presence presence = tray_presence(printer.report, unit, id);
        if (presence == Presence::unknown && tray == nullptr) presence = Presence::empty;
        const std::string number = slots == 1 ? "" : std::to_string(id + 1);
        shown.slots.push_back(slot_of(tray, unit_letter(unit.id) + number, presence, used));
    }
    return shown;
}

std::vector<Unit> units_of(const PrinterState& printer) {
    std::vector<Unit> units;
    const auto active = active_tray(printer.report);
    for (const AmsUnit& unit : printer.report.ams.value_or(std::vector<AmsUnit>{})) {
        units.push_back(ams_of(printer, unit, active));
    }
    Unit outside{"External", {}, {}};
    for (const Tray& spool : external_spools(printer.report)) {
        const bool left = !outside.slots.empty();
        const auto kind = left ? TraySource::Kind::external_left : TraySource::Kind::external;
        outside.slots.push_back(
            slot_of(&spool, left ? "Left" : "Spool", Presence::unknown, active == TraySource{kind, 0, 0}));
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

void draw_slot(const Canvas& canvas, const Slot& slot, const Rect& box) {
    const Theme& theme = canvas.theme();
    if (slot.active) {
        canvas.fill(box, mix(theme.surface_raised, theme.accent, 0.16F), canvas.px(10));
        canvas.outline(box, theme.accent, canvas.px(10), canvas.px(2));
    }
    const float radius = canvas.px(19);
    const float middle = box.center().x;
    const TextStyle label{Weight::medium, canvas.px(theme.text_small),
                          slot.active ? theme.accent : theme.text_muted};
    canvas.text({middle, box.y + canvas.px(8)}, label, slot.active ? slot.label + " in use" : slot.label,
                Align::center);
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

void draw_unit(const Canvas& canvas, const Unit& unit, const Rect& box) {
    const Theme& theme = canvas.theme();
    const TextStyle name{Weight::medium, canvas.px(theme.text), theme.text_color};
    const TextStyle small{Weight::regular, canvas.px(theme.text_small), theme.text_muted};
    canvas.fill(box, theme.surface_raised, canvas.px(theme.radius) * 0.7F);
    const float pad = canvas.px(14);
    canvas.text({box.x + pad, box.y + pad * 0.8F}, name, unit.name);
    if (!unit.humidity.empty()) {
        const float width =
            canvas.text({box.right() - pad, box.y + pad * 0.95F}, small, unit.humidity, Align::right);
        canvas.text({box.right() - pad - width - canvas.px(4), box.y + pad * 0.8F},
                    {Weight::icon, canvas.px(16), theme.text_faint}, icon::humidity, Align::right);
    }
    const float width = (box.width - pad) / static_cast<float>(unit.slots.size());
    for (std::size_t i = 0; i < unit.slots.size(); ++i) {
        const Rect slot{box.x + pad / 2 + width * static_cast<float>(i), box.y + canvas.px(40), width,
                        box.height - canvas.px(46)};
        draw_slot(canvas, unit.slots[i], slot.inset(canvas.px(3)));
    }
}

}  // namespace

void draw_filament_card(const PageContext& page, Column& column) {
    const Canvas canvas = page.frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const auto units = units_of(page.printer);
    const float gap = canvas.px(theme.gap);
    const float height = canvas.px(190);
    const float slot = canvas.px(88);
    const float most = column.inner_width();

    // Units side by side as long as they fit, by their number of slots.
    std::vector<Rect> boxes;
    float x = 0;
    float y = 0;
    for (const Unit& unit : units) {
        const float width = std::min(
            most, std::max(canvas.px(190), slot * static_cast<float>(unit.slots.size()) + canvas.px(14)));
        if (x > 0 && x + width > most) {
            x = 0;
            y += height + gap;
        }
        boxes.push_back({x, y, width, height});
        x += width + gap;
    }
    const Rect box = column.card("FILAMENT", units.empty() ? canvas.px(26) : y + height);
    if (units.empty()) {
        canvas.text({box.x, box.y}, {Weight::regular, canvas.px(theme.text), theme.text_muted},
                    page.printer.full_report_seen ? "No AMS and no external spool reported"
                                                  : "Unknown until the first full report");
    }
    for (std::size_t i = 0; i < units.size(); ++i) {
        draw_unit(canvas, units[i],
                  {box.x + boxes[i].x, box.y + boxes[i].y, boxes[i].width, boxes[i].height});
    }
}

}  // namespace farmwall::ui
