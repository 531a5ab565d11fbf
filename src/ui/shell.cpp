#include "ui/shell.hpp"

#include <algorithm>
#include <cmath>

#include "ui/compat.hpp"
#include "ui/screens.hpp"
#include "ui/text_format.hpp"

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

// Plots move on and the numbers of Diagnostics change although no report came.
constexpr Duration slow_refresh = 5s;
constexpr Duration diagnostics_refresh = 1s;
// Tables with the whole farm follow reports at most this often.
constexpr Duration table_interval = 500ms;

constexpr ImGuiWindowFlags bare_window = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                         ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoSavedSettings |
                                         ImGuiWindowFlags_NoBringToFrontOnFocus |
                                         ImGuiWindowFlags_NoScrollWithMouse;

void begin_window(const char* id, const Rect& box, bool keyboard) {
    ImGui::SetNextWindowPos({box.x, box.y});
    ImGui::SetNextWindowSize({box.width, box.height});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, {1, 1});
    ImGui::Begin(id, nullptr, bare_window | (keyboard ? 0 : ImGuiWindowFlags_NoNav));
    ImGui::PopStyleVar(3);
}

Duration until_next_minute(WallTime now) {
    const auto past = now.time_since_epoch() % 60s;
    return std::chrono::duration_cast<Duration>(60s - past);
}

}  // namespace

std::string_view screen_name(Screen screen) {
    switch (screen) {
        case Screen::wall:
            return "wall";
        case Screen::overview:
            return "overview";
        case Screen::printer:
            return "printer";
        case Screen::diagnostics:
            return "diagnostics";
    }
    return "wall";
}

std::optional<Screen> screen_from(std::string_view name) {
    for (const Screen screen : {Screen::wall, Screen::overview, Screen::printer, Screen::diagnostics}) {
        if (screen_name(screen) == name) return screen;
    }
    return std::nullopt;
}

struct Shell::State {
    const Theme& theme;
    const Fonts& fonts;
    const TelemetryStore& telemetry;
    IntentSink emit;

    Screen screen = Screen::wall;
    PrinterId selected;
    std::vector<CachedView> views;  // by index in the fleet
    std::vector<Target> targets;
    HeaderState header;
    WallState wall;
    OverviewState overview;
    PrinterPageState page;

    bool valid = false;  // the kept picture is of this screen and size
    std::uint64_t drawn_revision = 0;
    std::shared_ptr<const PrinterState> drawn_printer;
    TimePoint drawn_at{};
    float width = 0, height = 0, scale = 0;

    void refresh(const FrameInput& input);
    [[nodiscard]] HeaderView header_view(const FrameInput& input) const;
    [[nodiscard]] std::size_t selected_index() const;
    void select(std::size_t index);
    void go(Screen to);
    void handle_keys();
    void draw_body(const FrameInput& input, const Widgets& widgets, const Rect& area, FrameResult& result);
    [[nodiscard]] bool body_wants_frame(const FrameInput& input) const;
};

// Makes the views of the printers that changed, or whose text changes with time, again.
void Shell::State::refresh(const FrameInput& input) {
    const auto& printers = input.fleet->printers;
    views.resize(printers.size());
    for (std::size_t i = 0; i < printers.size(); ++i) {
        CachedView& cached = views[i];
        if (cached.state == printers[i] && input.now < cached.valid_until) continue;
        cached.state = printers[i];
        cached.view = tile_view(*printers[i], input.now);
        cached.valid_until = ui::next_change(*printers[i], input.now).value_or(TimePoint::max());
    }
}

HeaderView Shell::State::header_view(const FrameInput& input) const {
    HeaderView view;
    view.screen = screen;
    view.clock = clock_text(input.wall_now);
    for (const CachedView& cached : views) {
        const Condition condition = cached.view.condition;
        view.printing += condition == Condition::printing || condition == Condition::preparing ? 1 : 0;
        view.needs_hands += cached.view.needs_hands ? 1 : 0;
        view.offline += condition == Condition::offline ? 1 : 0;
    }
    return view;
}

std::size_t Shell::State::selected_index() const {
    const auto found = std::find_if(views.begin(), views.end(),
                                    [&](const CachedView& cached) { return cached.state->id == selected; });
    return found == views.end() ? 0 : static_cast<std::size_t>(found - views.begin());
}

void Shell::State::select(std::size_t index) {
    if (index >= views.size()) return;
    selected = views[index].state->id;
    wall.focus = index;
    go(Screen::printer);
}

void Shell::State::go(Screen to) {
    if (to == screen) return;
    screen = to;
    valid = false;
}

void Shell::State::handle_keys() {
    using compat::Key;
    if (compat::pressed(Key::f1)) go(Screen::wall);
    if (compat::pressed(Key::f2)) go(Screen::overview);
    if (compat::pressed(Key::f3)) {
        if (selected.empty()) select(wall.focus);
        go(Screen::printer);
    }
    if (compat::pressed(Key::f4)) go(Screen::diagnostics);
    if (compat::pressed(Key::escape)) go(Screen::wall);
}

bool Shell::State::body_wants_frame(const FrameInput& input) const {
    const bool new_state = input.fleet->revision != drawn_revision;
    const Duration since = input.now - drawn_at;
    switch (screen) {
        case Screen::wall:
            if (wall.drawn.size() != views.size()) return true;
            for (std::size_t i = 0; i < views.size(); ++i) {
                if (!wall.drawn[i] || wall.drawn[i]->view != views[i].view) return true;
            }
            return false;
        case Screen::overview:
            return (new_state && since >= table_interval) || since >= slow_refresh;
        case Screen::printer:
            if (since >= slow_refresh) return true;
            return !views.empty() && views[selected_index()].state != drawn_printer;
        case Screen::diagnostics:
            return since >= diagnostics_refresh;
    }
    return true;
}

void Shell::State::draw_body(const FrameInput& input, const Widgets& widgets, const Rect& area,
                             FrameResult& result) {
    const Frame frame{input, widgets, telemetry, emit, area};
    std::optional<std::size_t> chosen;
    const auto drew_all = [&] {
        result.drew = true;
        result.dirty.push_back(area);
    };
    switch (screen) {
        case Screen::wall:
            chosen = draw_wall(frame, views, wall, result);
            break;
        case Screen::overview:
            chosen = draw_overview(frame, views, overview);
            drew_all();
            break;
        case Screen::printer:
            if (!views.empty()) {
                const std::size_t index = selected_index();
                draw_printer_page(frame, *views[index].state, index, page);
                drawn_printer = views[index].state;
            } else {
                draw_wall(frame, views, wall, result);
            }
            drew_all();
            break;
        case Screen::diagnostics:
            draw_diagnostics(frame);
            drew_all();
            break;
    }
    if (chosen) select(*chosen);
}

Shell::Shell(const Theme& theme, const Fonts& fonts, const TelemetryStore& telemetry, IntentSink emit)
    : state_{new State{theme,
                       fonts,
                       telemetry,
                       std::move(emit),
                       {},
                       {},
                       {},
                       {},
                       {},
                       {},
                       {},
                       {},
                       {},
                       {},
                       {},
                       {},
                       {},
                       {},
                       {}}} {
    ImGuiIO& io = ImGui::GetIO();
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    io.IniFilename = nullptr;  // nothing of the window is remembered on disk
    ImGui::GetStyle().ScrollbarSize = 10;
    ImGui::GetStyle().ScrollbarRounding = 5;
}
Shell::~Shell() = default;

void Shell::show(Screen screen) { state_->go(screen); }

void Shell::show_printer(const PrinterId& printer) {
    state_->selected = printer;
    state_->screen = Screen::printer;
    state_->valid = false;
}

Screen Shell::screen() const { return state_->screen; }

bool Shell::wants_frame(const FrameInput& input) {
    State& s = *state_;
    if (!s.valid || s.width != input.width || s.height != input.height || s.scale != input.scale) return true;
    s.refresh(input);
    HeaderView header = s.header_view(input);
    if (!s.header.drawn) return true;
    header.hovered_tab = s.header.drawn->hovered_tab;
    return header != *s.header.drawn || s.body_wants_frame(input);
}

TimePoint Shell::next_change(const FrameInput& input) const {
    const State& s = *state_;
    TimePoint next = input.now + until_next_minute(input.wall_now);
    switch (s.screen) {
        case Screen::wall:
            break;
        case Screen::overview:
            next = std::min(next, s.drawn_at + (input.fleet->revision != s.drawn_revision ? table_interval
                                                                                          : slow_refresh));
            break;
        case Screen::printer:
            next = std::min(next, s.drawn_at + slow_refresh);
            break;
        case Screen::diagnostics:
            next = std::min(next, s.drawn_at + diagnostics_refresh);
            break;
    }
    for (const CachedView& cached : s.views)
        next = std::min(next, cached.valid_until);
    return next;
}

FrameResult Shell::frame(const FrameInput& input) {
    State& s = *state_;
    FrameResult result;
    s.refresh(input);
    s.handle_keys();
    const bool same_size = s.width == input.width && s.height == input.height && s.scale == input.scale;
    if (!s.valid || !same_size) {
        s.header.drawn.reset();
        s.wall.background_drawn = false;
        s.width = input.width;
        s.height = input.height;
        s.scale = input.scale;
        s.valid = true;
    }
    s.targets.clear();
    const Widgets widgets{s.theme, s.fonts, input.scale, s.targets};
    const Rect header{0, 0, input.width, std::floor(widgets.px(s.theme.header_height))};
    const Rect body{0, header.height, input.width, input.height - header.height};
    if (body.height < 1 || body.width < 1) return result;

    begin_window("header", header, false);
    const auto tab = draw_header(widgets, header, s.header_view(input), s.header, result.drew);
    if (result.drew) result.dirty.push_back(header);
    ImGui::End();
    begin_window("body", body, s.screen != Screen::wall);
    s.draw_body(input, widgets, body, result);
    ImGui::End();
    if (tab == Screen::printer && s.selected.empty()) s.select(s.wall.focus);
    if (tab) s.go(*tab);
    s.drawn_revision = input.fleet->revision;
    s.drawn_at = input.now;
    return result;
}

void Shell::invalidate() { state_->valid = false; }

const std::vector<Target>& Shell::targets() const { return state_->targets; }

}  // namespace farmwall::ui
