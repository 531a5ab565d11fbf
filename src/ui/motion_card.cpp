#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ui/control_flow.hpp"
#include "ui/icons.hpp"

namespace farmwall::ui {
namespace {

constexpr std::array<double, 4> steps_mm{0.1, 1, 10, 50};
constexpr std::array<int, 3> feeds_mm_per_min{600, 3000, 6000};
constexpr int fastest_z_mm_per_min = 900;  // protocol 6.3

std::vector<std::string> step_labels() {
    std::vector<std::string> labels;
    labels.reserve(steps_mm.size());
    for (const double mm : steps_mm)
        labels.push_back(fmt::format("{:.6g} mm", mm));
    return labels;
}

Press jog(const char* id, std::string label, std::string_view arrow, const Jog& move) {
    Press press{std::string{"printer/jog/"} + id, std::move(label), move, arrow};
    press.exact = true;
    return press;
}

// The pad on the left, up and down of Z on the right.
void draw_pad(ControlFlow& flow, double mm, int feed) {
    const Canvas canvas = flow.canvas();
    const float space = canvas.px(8);
    const float height = canvas.px(52);
    const Rect box = flow.room(3 * height + 2 * space);
    const float key = std::min(canvas.px(84), (box.width * 0.56F - 2 * space) / 3);
    const auto cell = [&](int column, int row) {
        return Rect{box.x + static_cast<float>(column) * (key + space),
                    box.y + static_cast<float>(row) * (height + space), key, height};
    };
    flow.press_at(cell(1, 0), jog("y+", "Y+", icon::arrow_up, {0, mm, 0, feed}));
    flow.press_at(cell(0, 1), jog("x-", "X–", icon::arrow_left, {-mm, 0, 0, feed}));
    flow.press_at(cell(2, 1), jog("x+", "X+", icon::arrow_right, {mm, 0, 0, feed}));
    flow.press_at(cell(1, 2), jog("y-", "Y–", icon::arrow_down, {0, -mm, 0, feed}));
    flow.press_at(cell(1, 1), {"printer/home", "Home", Home{}, icon::home, {}, false, false, {}, true});
    const int slow = std::min(feed, fastest_z_mm_per_min);
    const float x = cell(2, 0).right() + canvas.px(20);
    const float half = (box.height - space) / 2;
    Press away = jog("z+", "Z+", icon::arrow_up, {0, 0, mm, slow});
    away.state = "nozzle away from the bed";
    Press toward = jog("z-", "Z–", icon::arrow_down, {0, 0, -mm, slow});
    toward.state = "nozzle toward the bed";
    flow.press_at({x, box.y, box.right() - x, half}, away);
    flow.press_at({x, box.y + half + space, box.right() - x, half}, toward);
}

void fill_motion_card(const PageContext& page, ControlFlow& flow) {
    const Theme& theme = page.frame.widgets.theme();
    PrinterPageState& state = page.state;
    flow.say(position_text(page.control.position), theme.text_color);
    const auto step = flow.choice("printer/jog/step", "Step", step_labels(), state.jog_step);
    const auto feed = flow.choice("printer/jog/feed", "Feed", {"slow", "normal", "fast"}, state.jog_feed);
    draw_pad(flow, steps_mm.at(state.jog_step), feeds_mm_per_min.at(state.jog_feed));
    flow.notes();
    if (step) state.jog_step = *step;
    if (feed) state.jog_feed = *feed;
}

}  // namespace

void draw_motion_card(const PageContext& page, Column& column) {
    if (page.fitted.build_volume == Millimetres3{}) return;
    draw_controls(page, column, "MOTION", [&](ControlFlow& flow) { fill_motion_card(page, flow); });
}

}  // namespace farmwall::ui
