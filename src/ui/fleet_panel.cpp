#include "ui/fleet_panel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/compat.hpp"
#include "ui/icons.hpp"
#include "ui/touch_scroll.hpp"

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

constexpr Duration hold_to_confirm = 800ms;
constexpr Duration hold_to_stop = 1500ms;

// Pixels at 96 dpi.
constexpr float between = 8;
constexpr float line_height = 30;
constexpr float long_line_height = 46;  // of two lines of words

std::string_view verb(FleetKind kind) {
    switch (kind) {
        case FleetKind::pause:
            return "Pause";
        case FleetKind::resume:
            return "Resume";
        case FleetKind::stop:
            return "Stop";
        case FleetKind::lights_on:
            return "Lights on";
        case FleetKind::lights_off:
            return "Lights off";
        case FleetKind::fans:
            return "Fans";
        case FleetKind::cool_down:
            return "Cool down";
    }
    return "";
}

// What the hand agrees to: another list, or another print, and it must agree anew.
std::string subject_of(const FleetState& fleet, const FleetPanel& panel, const FleetPlan& plan) {
    std::string subject = describe(fleet_action(panel));
    for (const std::size_t index : plan.affected) {
        const JobIdentity job = job_identity(fleet.printers[index]->report);
        subject += '\n' + fleet.printers[index]->id.value + '\t' + job.subtask_id + '\t' + job.name;
    }
    return subject;
}

// One command a printer, all under the same text.
void send_to_fleet(const Frame& frame, FleetPanel& panel, const FleetPlan& plan) {
    const FleetState& fleet = *frame.input.fleet;
    const Action action = fleet_action(panel);
    const auto when =
        std::chrono::duration_cast<std::chrono::milliseconds>(frame.input.wall_now.time_since_epoch());
    panel.sent_as = fmt::format("{}-{}-{}", name(action), fleet.revision, when.count());
    for (const auto& [index, why] : plan.spared)
        panel.spared[fleet.printers[index]->id] = why;
    for (const std::size_t index : plan.affected) {
        const PrinterState& printer = *fleet.printers[index];
        const bool taken =
            frame.emit && frame.emit(Intent{printer.id, screen_command(action, printer, panel.sent_as)});
        if (taken) {
            panel.asked.push_back(printer.id);
        } else {
            panel.spared[printer.id] = "Too many requests wait already.";
        }
    }
}

}  // namespace

Action fleet_action(const FleetPanel& panel) {
    switch (panel.kind) {
        case FleetKind::pause:
            return Pause{};
        case FleetKind::resume:
            return Resume{};
        case FleetKind::stop:
            return Stop{};
        case FleetKind::lights_on:
            return SetLight{std::nullopt, true};
        case FleetKind::lights_off:
            return SetLight{std::nullopt, false};
        case FleetKind::fans:
            return SetFan{panel.fan, panel.percent};
        case FleetKind::cool_down:
            return CoolDown{};
    }
    return Pause{};
}

FleetPlan plan_fleet(const FleetState& fleet, const FleetPanel& panel, const std::set<PrinterId>& chosen,
                     TimePoint now) {
    FleetPlan plan;
    const Action action = fleet_action(panel);
    for (std::size_t i = 0; i < fleet.printers.size(); ++i) {
        const PrinterState& printer = *fleet.printers[i];
        if (!panel.everyone && !chosen.contains(printer.id)) continue;
        const Standing found = standing(action, printer, control_of(fleet, i), now);
        if (found.enabled()) {
            plan.affected.push_back(i);
        } else {
            plan.spared.emplace_back(i,
                                     found.refusal ? found.why : std::string{sentence(Refusal::under_way)});
        }
    }
    return plan;
}

std::string fleet_title(const FleetPanel& panel, const FleetPlan& plan) {
    const auto count = plan.affected.size();
    const auto all = count + plan.spared.size();
    const std::string what =
        panel.kind == FleetKind::fans ? describe(fleet_action(panel)) + " at" : std::string{verb(panel.kind)};
    const bool on = panel.kind == FleetKind::lights_on || panel.kind == FleetKind::lights_off;
    return fmt::format("{}{} {} of {} printer{}", what, on ? " at" : "", count, all, all == 1 ? "" : "s");
}

std::string fleet_result(const PrinterControl& control, const std::string& sent_as) {
    for (auto at = control.commands.rbegin(); at != control.commands.rend(); ++at) {
        if ((*at)->fleet_action == sent_as) return phase_text(**at);
    }
    return "waiting";
}

namespace {

struct Group {
    std::string key;
    std::string name;
    std::vector<PrinterId> printers;
};

std::vector<Group> groups_of(const FleetState& fleet) {
    std::vector<Group> groups;
    for (const auto& printer : fleet.printers) {
        const ModelInfo& info = model_info(printer->model.model);
        const bool known = printer->model.model != PrinterModel::unknown;
        const std::string key{known ? info.key : std::string_view{"unknown"}};
        auto found = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.key == key; });
        if (found == groups.end())
            found = groups.insert(found, {key, std::string{known ? info.name : "Unknown"}, {}});
        found->printers.push_back(printer->id);
    }
    return groups;
}

// All of them chosen: none afterwards; else all.
void toggle(std::set<PrinterId>& chosen, const std::vector<PrinterId>& printers) {
    const bool all = std::all_of(printers.begin(), printers.end(),
                                 [&](const PrinterId& id) { return chosen.contains(id); });
    for (const PrinterId& id : printers) {
        if (all) {
            chosen.erase(id);
        } else {
            chosen.insert(id);
        }
    }
}

void draw_groups(const Frame& frame, const Rect& row, OverviewState& state) {
    const Widgets& widgets = frame.widgets;
    const Canvas canvas = widgets.canvas();
    const float space = widgets.px(between);
    const auto groups = groups_of(*frame.input.fleet);
    const float told = std::min(row.width * 0.4F, widgets.px(330));
    const float room = row.width - told;
    const auto count = static_cast<float>(groups.size() + 1);
    const float width = std::min(widgets.px(150), (room + space) / count - space);
    std::vector<PrinterId> everybody;
    for (const auto& printer : frame.input.fleet->printers)
        everybody.push_back(printer->id);
    float x = row.x;
    const auto chip = [&](const std::string& id, const std::string& label,
                          const std::vector<PrinterId>& who) {
        Widgets::ButtonLook look{label};
        look.chosen = !who.empty() && std::all_of(who.begin(), who.end(), [&](const PrinterId& each) {
            return state.chosen.contains(each);
        });
        if (widgets.button(id, {x, row.y, width, row.height}, look)) toggle(state.chosen, who);
        x += width + space;
    };
    chip("fleet/all", fmt::format("All {}", everybody.size()), everybody);
    for (const Group& group : groups)
        chip("fleet/model/" + group.key, fmt::format("{} ({})", group.name, group.printers.size()),
             group.printers);
    const TextStyle plain{Weight::regular, widgets.px(widgets.theme().text), widgets.theme().text_muted};
    const std::string words = state.chosen.empty()
                                  ? "Nobody is chosen: tick rows or a model."
                                  : fmt::format("{} of {} chosen", state.chosen.size(), everybody.size());
    canvas.text_in({row.right() - told + space, row.y, told - space, row.height}, plain, words, Align::right);
}

}  // namespace

float fleet_bar_height(const Widgets& widgets) {
    return 2 * widgets.px(widgets.theme().button_height) + widgets.px(between);
}

void draw_fleet_bar(const Frame& frame, const Rect& box, OverviewState& state) {
    const Widgets& widgets = frame.widgets;
    const float height = widgets.px(widgets.theme().button_height);
    const float space = widgets.px(between);
    std::erase_if(state.chosen,
                  [&](const PrinterId& id) { return find_printer(*frame.input.fleet, id) == nullptr; });
    draw_groups(frame, {box.x, box.y, box.width, height}, state);
    struct Choice {
        const char* id;
        std::string_view label;
        FleetKind kind;
        bool everyone;
    };
    static constexpr Choice choices[] = {{"fleet/pause", "Pause", FleetKind::pause, false},
                                         {"fleet/resume", "Resume", FleetKind::resume, false},
                                         {"fleet/lights_on", "Lights on", FleetKind::lights_on, false},
                                         {"fleet/lights_off", "Lights off", FleetKind::lights_off, false},
                                         {"fleet/fans", "Fans", FleetKind::fans, false},
                                         {"fleet/cool_down", "Cool down", FleetKind::cool_down, false},
                                         {"fleet/stop", "Stop", FleetKind::stop, false},
                                         {"fleet/stop_all", "Stop all", FleetKind::stop, true}};
    const float width = (box.width + space) / static_cast<float>(std::size(choices)) - space;
    float x = box.x;
    for (const Choice& choice : choices) {
        Widgets::ButtonLook look{choice.label};
        look.enabled = choice.everyone || !state.chosen.empty();
        look.danger = choice.everyone;
        if (widgets.button(choice.id, {x, box.y + height + space, width, height}, look)) {
            state.panel = FleetPanel{};
            state.panel->kind = choice.kind;
            state.panel->everyone = choice.everyone;
        }
        x += width + space;
    }
}

namespace {

struct LineList {
    const char* id;
    std::size_t count = 0;
    std::size_t columns = 1;
    float line = line_height;
};

// Scrolls when it is too long; `draw` draws one line.
void draw_lines(const Frame& frame, const Rect& box, const LineList& list,
                const std::function<void(const Canvas&, const Rect&, std::size_t)>& draw) {
    const float height = frame.widgets.px(list.line);
    ImGui::SetCursorScreenPos({box.x, box.y});
    ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, 0);
    ImGui::BeginChild(list.id, {box.width + frame.widgets.px(12), box.height}, false,
                      ImGuiWindowFlags_NoBackground);
    const ImVec2 top = ImGui::GetCursorScreenPos();
    const Canvas canvas = frame.widgets.canvas();
    const float width = box.width / static_cast<float>(list.columns);
    for (std::size_t i = 0; i < list.count; ++i) {
        const std::size_t line = i / list.columns;
        const float y = top.y + height * static_cast<float>(line);
        draw(canvas,
             {box.x + width * static_cast<float>(i % list.columns), y, width - frame.widgets.px(10), height},
             i);
    }
    const auto rows = (list.count + list.columns - 1) / list.columns;
    ImGui::SetCursorScreenPos(top);
    ImGui::Dummy({1, height * static_cast<float>(rows)});
    scroll_by_hand();
    ImGui::EndChild();
    ImGui::PopStyleColor();
}

// The words in two lines where they need them.
void name_and_words(const Canvas& canvas, const Rect& box, const std::string& who, const std::string& words,
                    Color color) {
    const Theme& theme = canvas.theme();
    const float head = std::min(canvas.px(150), box.width * 0.4F);
    canvas.text_in({box.x, box.y, head - canvas.px(8), box.height},
                   {Weight::medium, canvas.px(theme.text), theme.text_color}, who, Align::left);
    const TextStyle plain{Weight::regular, canvas.px(15), color};
    const float width = box.width - head;
    const float tall = canvas.paragraph_height(width, 2, plain, words);
    canvas.paragraph({box.x + head, box.y + (box.height - tall) / 2}, width, 2, plain, words);
}

// Which fan, and how fast.
float draw_fan_choice(const Frame& frame, const Rect& box, FleetPanel& panel) {
    const Widgets& widgets = frame.widgets;
    const float height = widgets.px(widgets.theme().button_height);
    const float space = widgets.px(between);
    const float width = widgets.px(118);
    float x = box.x;
    const auto chip = [&](const std::string& id, std::string_view label, bool chosen) {
        Widgets::ButtonLook look{label};
        look.chosen = chosen;
        const bool pressed = widgets.button(id, {x, box.y, width, height}, look);
        x += width + space;
        return pressed;
    };
    for (const Fan fan : {Fan::part, Fan::aux, Fan::chamber}) {
        if (chip(fmt::format("fleet/fan/{}", static_cast<int>(fan)), describe(fan), panel.fan == fan))
            panel.fan = fan;
    }
    x += space * 2;
    for (const int percent : {0, 25, 50, 75, 100}) {
        const std::string label = percent == 0 ? "Off" : fmt::format("{} %", percent);
        if (chip(fmt::format("fleet/percent/{}", percent), label, panel.percent == percent))
            panel.percent = percent;
    }
    return height + space * 2;
}

void draw_plan(const Frame& frame, const Rect& box, const FleetPlan& plan) {
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const FleetState& fleet = *frame.input.fleet;
    const float head = canvas.px(30);
    const float half = std::floor(box.width / 2);
    const TextStyle title{Weight::medium, canvas.px(theme.text_small), theme.text_faint};
    canvas.text({box.x, box.y}, title, fmt::format("AFFECTED ({})", plan.affected.size()));
    canvas.text({box.x + half, box.y}, title, fmt::format("NOT AFFECTED ({})", plan.spared.size()));
    const Rect left{box.x, box.y + head, half - canvas.px(30), box.height - head};
    const Rect right{box.x + half, box.y + head, box.width - half - canvas.px(14), box.height - head};
    const auto columns = static_cast<std::size_t>(std::max(1.0F, left.width / canvas.px(150)));
    draw_lines(frame, left, {"fleet/affected", plan.affected.size(), columns},
               [&](const Canvas& on, const Rect& line, std::size_t i) {
                   on.text_in(line, {Weight::medium, on.px(theme.text), theme.text_color},
                              fleet.printers[plan.affected[i]]->name, Align::left);
               });
    draw_lines(frame, right, {"fleet/spared", plan.spared.size(), 1, long_line_height},
               [&](const Canvas& on, const Rect& line, std::size_t i) {
                   const auto& [index, why] = plan.spared[i];
                   name_and_words(on, line, fleet.printers[index]->name, why, theme.text_muted);
               });
}

Color result_color(const Theme& theme, const std::string& result) {
    if (result.starts_with("confirmed") || result.starts_with("accepted")) return theme.finished;
    if (result.starts_with("failed") || result.starts_with("refused") || result.starts_with("no answer"))
        return theme.failed;
    return theme.text_muted;
}

void draw_results(const Frame& frame, const Rect& box, const FleetPanel& panel) {
    const FleetState& fleet = *frame.input.fleet;
    const Theme& theme = frame.widgets.theme();
    struct Line {
        std::string who;
        std::string words;
        Color color;
    };
    std::vector<Line> lines;
    for (std::size_t i = 0; i < fleet.printers.size(); ++i) {
        const PrinterState& printer = *fleet.printers[i];
        const bool asked = std::find(panel.asked.begin(), panel.asked.end(), printer.id) != panel.asked.end();
        if (asked) {
            const std::string result = fleet_result(control_of(fleet, i), panel.sent_as);
            lines.push_back({printer.name, result, result_color(theme, result)});
        } else if (const auto spared = panel.spared.find(printer.id); spared != panel.spared.end()) {
            lines.push_back({printer.name, "not sent: " + spared->second, theme.text_faint});
        }
    }
    const std::size_t columns = box.width > frame.widgets.px(1000) ? 2 : 1;
    draw_lines(frame, box, {"fleet/results", lines.size(), columns, long_line_height},
               [&](const Canvas& on, const Rect& line, std::size_t i) {
                   name_and_words(on, line, lines[i].who, lines[i].words, lines[i].color);
               });
}

// The buttons at the bottom; true when the panel is to be closed.
bool draw_decision(const Frame& frame, const Rect& row, FleetPanel& panel, const FleetPlan& plan) {
    const Widgets& widgets = frame.widgets;
    const float narrow = widgets.px(160);
    if (!panel.sent_as.empty())
        return widgets.button("fleet/close", {row.x, row.y, narrow, row.height}, {"Close", icon::close});
    const bool close = widgets.button("fleet/cancel", {row.x, row.y, narrow, row.height}, {"Cancel"});
    const bool stop = panel.kind == FleetKind::stop;
    const std::string label = stop ? fmt::format("Hold to stop {}", plan.affected.size())
                                   : fmt::format("Hold to confirm for {}", plan.affected.size());
    Widgets::ButtonLook look{label, stop ? icon::stop : icon::check};
    look.enabled = !plan.affected.empty();
    look.danger = stop;
    look.primary = !stop;
    const float width = std::min(widgets.px(340), row.width - narrow - widgets.px(20));
    const Gestures::Hold hold{stop ? hold_to_stop : hold_to_confirm,
                              subject_of(*frame.input.fleet, panel, plan), frame.input.now};
    const Rect box{row.right() - width, row.y, width, row.height};
    if (frame.gestures.hold(widgets, stop ? "fleet/confirm_stop" : "fleet/confirm", box, look, hold))
        send_to_fleet(frame, panel, plan);
    return close;
}

}  // namespace

void draw_fleet_panel(const Frame& frame, const Rect& box, OverviewState& state) {
    const Widgets& widgets = frame.widgets;
    const Canvas canvas = widgets.canvas();
    const Theme& theme = widgets.theme();
    FleetPanel& panel = *state.panel;
    const bool sent = !panel.sent_as.empty();
    const FleetPlan plan =
        sent ? FleetPlan{} : plan_fleet(*frame.input.fleet, panel, state.chosen, frame.input.now);
    canvas.fill(box, theme.surface, widgets.px(theme.radius));
    const Rect inner = box.inset(widgets.px(theme.card_padding));
    const TextStyle title{Weight::bold, widgets.px(theme.title), theme.text_color};
    const std::string words = sent ? fmt::format("{}: sent to {} printer{}", describe(fleet_action(panel)),
                                                 panel.asked.size(), panel.asked.size() == 1 ? "" : "s")
                                   : fleet_title(panel, plan);
    canvas.text_within({inner.x, inner.y}, inner.width, title, words);
    float y = inner.y + widgets.px(40);
    const float row = widgets.px(theme.button_height) * 1.2F;
    if (!sent && panel.kind == FleetKind::fans)
        y += draw_fan_choice(frame, {inner.x, y, inner.width, row}, panel);
    const Rect middle{inner.x, y, inner.width, std::max(1.0F, inner.bottom() - row - widgets.px(16) - y)};
    if (sent) {
        draw_results(frame, middle, panel);
    } else {
        draw_plan(frame, middle, plan);
    }
    if (draw_decision(frame, {inner.x, inner.bottom() - row, inner.width, row}, panel, plan))
        state.panel.reset();
}

}  // namespace farmwall::ui
