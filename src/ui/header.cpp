#include <fmt/format.h>

#include <array>

#include "ui/icons.hpp"
#include "ui/screens.hpp"

namespace farmwall::ui {
namespace {

struct Tab {
    Screen screen;
    const char* id;
    std::string_view label;
    std::string_view icon;
};
constexpr std::array tabs{Tab{Screen::wall, "tab/wall", "Wall", icon::view_grid},
                          Tab{Screen::overview, "tab/overview", "Overview", icon::view_list},
                          Tab{Screen::printer, "tab/printer", "Printer", icon::printer},
                          Tab{Screen::jobs, "tab/jobs", "Jobs", icon::layers},
                          Tab{Screen::alarms, "tab/alarms", "Alarms", icon::bell},
                          Tab{Screen::diagnostics, "tab/diagnostics", "Diagnostics", icon::pulse}};

struct Metrics {
    bool labels = true;  // beside the icons
    float tab_height = 0;
    float padding = 0;
    TextStyle label;
    TextStyle icon;
};

Metrics metrics(const Widgets& widgets, const Rect& box) {
    const Theme& theme = widgets.theme();
    Metrics m;
    m.labels = box.width > widgets.px(1000);
    m.tab_height = box.height * 0.66F;
    m.padding = widgets.px(14);
    m.label = {Weight::medium, widgets.px(theme.text), theme.text_muted};
    m.icon = {Weight::icon, widgets.px(theme.text) * 1.3F, theme.text_muted};
    return m;
}

// "3", behind the name of the alarms' tab; empty: none rings.
std::string badge_of(const Tab& tab, const HeaderView& view) {
    const bool any = tab.screen == Screen::alarms && view.ringing > 0;
    return any ? fmt::format("{}", view.ringing) : std::string{};
}

TextStyle badge_style(const Canvas& canvas) { return {Weight::bold, canvas.px(16), canvas.theme().on_color}; }

float badge_width(const Canvas& canvas, const std::string& badge) {
    return badge.empty() ? 0 : canvas.measure(badge_style(canvas), badge).x + canvas.px(14);
}

std::array<Rect, tabs.size()> tab_boxes(const Canvas& canvas, const Metrics& m, const Rect& box, float left,
                                        const HeaderView& view) {
    std::array<Rect, tabs.size()> boxes;
    for (std::size_t i = 0; i < tabs.size(); ++i) {
        const float icon = canvas.measure(m.icon, tabs[i].icon).x;
        const float label = m.labels ? canvas.measure(m.label, tabs[i].label).x + m.padding * 0.55F : 0;
        const float badge = badge_width(canvas, badge_of(tabs[i], view));
        const float width = icon + label + (badge > 0 ? badge + m.padding * 0.55F : 0) + m.padding * 2;
        boxes[i] = {left, box.y + (box.height - m.tab_height) / 2, width, m.tab_height};
        left += width + canvas.px(6);
    }
    return boxes;
}

void draw_tab(const Canvas& canvas, const Metrics& m, const Tab& tab, const Rect& box, bool current,
              bool hovered, const std::string& badge) {
    const Theme& theme = canvas.theme();
    const Color ink = current ? theme.text_color : hovered ? theme.text_color : theme.text_muted;
    if (current || hovered) {
        canvas.fill(box, current ? theme.surface_raised : theme.surface, canvas.px(theme.radius) * 0.6F);
    }
    TextStyle icon = m.icon;
    icon.color = current ? theme.accent : ink;
    TextStyle label = m.label;
    label.color = ink;
    const float icon_width = canvas.measure(icon, tab.icon).x;
    canvas.text_in({box.x + m.padding, box.y, icon_width, box.height}, icon, tab.icon, Align::left);
    if (!badge.empty()) {
        const float width = badge_width(canvas, badge);
        const float height = canvas.px(24);
        const Rect pill{box.right() - m.padding - width, box.center().y - height / 2, width, height};
        canvas.fill(pill, theme.failed, height / 2);
        canvas.text_in(pill, badge_style(canvas), badge, Align::center);
    }
    if (!m.labels) return;
    const float x = box.x + m.padding * 1.55F + icon_width;
    canvas.text_in({x, box.y, box.right() - x, box.height}, label, tab.label, Align::left);
}

// "7 printing" with its shape; returns the left edge.
float draw_count(const Canvas& canvas, float right, const Rect& box, int count, std::string_view what,
                 Condition condition) {
    const Theme& theme = canvas.theme();
    const Color color = count > 0 ? theme.of(condition) : theme.text_faint;
    const TextStyle number{Weight::bold, canvas.px(theme.title),
                           count > 0 ? theme.text_color : theme.text_faint};
    const TextStyle word{Weight::regular, canvas.px(theme.text), theme.text_muted};
    const bool words = box.width > canvas.px(1240);
    if (words) {
        right -= canvas.measure(word, what).x;
        canvas.text_in({right, box.y, 1e4F, box.height}, word, what, Align::left);
        right -= canvas.px(7);
    }
    const std::string digits = fmt::format("{}", count);
    right -= canvas.measure(number, digits).x;
    canvas.text_in({right, box.y, 1e4F, box.height}, number, digits, Align::left);
    const float radius = canvas.px(8.5F);
    right -= canvas.px(9) + radius * 2;
    draw_shape(canvas, condition, {right + radius, box.center().y}, radius, color);
    return right - canvas.px(26);
}

}  // namespace

std::optional<Screen> draw_header(const Widgets& widgets, const Rect& box, HeaderView view,
                                  HeaderState& state, bool& drew) {
    const Canvas canvas = widgets.canvas();
    const Theme& theme = canvas.theme();
    const Metrics m = metrics(widgets, box);
    const auto boxes = tab_boxes(canvas, m, box, box.x + canvas.px(theme.margin), view);
    std::optional<Screen> chosen;
    for (std::size_t i = 0; i < tabs.size(); ++i) {
        const Hit hit = widgets.hit(tabs[i].id, boxes[i]);
        if (hit.hovered) view.hovered_tab = static_cast<int>(i);
        if (hit.pressed) chosen = tabs[i].screen;
    }
    drew = state.drawn != view;
    if (!drew) return chosen;
    canvas.cover(box, theme.header);
    for (std::size_t i = 0; i < tabs.size(); ++i) {
        draw_tab(canvas, m, tabs[i], boxes[i], tabs[i].screen == view.screen,
                 view.hovered_tab == static_cast<int>(i), badge_of(tabs[i], view));
    }
    const TextStyle clock{Weight::bold, canvas.px(theme.title) * 1.15F, theme.text_color};
    float right = box.right() - canvas.px(theme.margin) - canvas.px(4);
    right -= canvas.text_in({box.x, box.y, right - box.x, box.height}, clock, view.clock, Align::right);
    right -= canvas.px(34);
    right = draw_count(canvas, right, box, view.offline, "offline", Condition::offline);
    right = draw_count(canvas, right, box, view.needs_hands, "need hands", Condition::failed);
    draw_count(canvas, right, box, view.printing, "printing", Condition::printing);
    state.drawn = view;
    return chosen;
}

}  // namespace farmwall::ui
