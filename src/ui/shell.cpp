#include "ui/shell.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/compat.hpp"
#include "ui/jobs_screen.hpp"
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

// The name under which the wishes are on the board.
constexpr const char* viewer = "window";

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

std::shared_ptr<const PrinterControl> control_at(const FleetState& fleet, std::size_t index) {
    return index < fleet.controls.size() ? fleet.controls[index] : nullptr;
}

std::shared_ptr<const PrinterDesk> desk_at(const FleetState& fleet, std::size_t index) {
    const bool known = fleet.queue != nullptr && index < fleet.queue->desks.size();
    return known ? fleet.queue->desks[index] : nullptr;
}

// The job that holds the printer of this desk.
std::shared_ptr<const JobView> job_at(const FleetState& fleet, const PrinterDesk* desk) {
    if (desk == nullptr || !desk->job) return nullptr;
    for (const auto& view : fleet.queue->jobs) {
        if (view->job->id == *desk->job) return view;
    }
    return nullptr;
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
        case Screen::jobs:
            return "jobs";
        case Screen::alarms:
            return "alarms";
        case Screen::diagnostics:
            return "diagnostics";
    }
    return "wall";
}

std::optional<Screen> screen_from(std::string_view name) {
    for (const Screen screen : {Screen::wall, Screen::overview, Screen::printer, Screen::jobs, Screen::alarms,
                                Screen::diagnostics}) {
        if (screen_name(screen) == name) return screen;
    }
    return std::nullopt;
}

struct Shell::State {
    const Theme& theme;
    const Fonts& fonts;
    const TelemetryStore& telemetry;
    camera::PictureBoard& board;
    IntentSink emit;

    Screen screen = Screen::wall;
    PrinterId selected = {};
    // By index in the fleet:
    std::vector<CachedView> views = {};
    std::vector<CachedPicture> pictures = {};
    std::vector<camera::PictureWish> wished = {};  // of the current screen
    std::vector<Target> targets = {};
    HeaderState header = {};
    WallState wall = {};
    OverviewState overview = {};
    PrinterPageState page = {};
    JobsState jobs = {};
    AlarmsState alarms = {};
    DiagnosticsState diagnostics = {};
    Gestures gestures = {};

    bool valid = false;  // the kept picture is of this screen and size
    std::uint64_t drawn_revision = 0;
    std::shared_ptr<const PrinterState> drawn_printer = {};
    std::shared_ptr<const PrinterControl> drawn_control = {};
    std::shared_ptr<const PrinterDesk> drawn_desk = {};
    std::shared_ptr<const JobView> drawn_job = {};
    std::uint64_t drawn_pictures = 0;  // with the plates: all sequences together
    std::uint64_t drawn_sequence = 0;  // of the page's picture …
    PictureView drawn_picture = {};    // … and what is said of it
    TimePoint page_drawn_at{};         // all of it
    bool page_whole = true;            // to be drawn
    TimePoint drawn_at{};
    float width = 0, height = 0, scale = 0;

    [[nodiscard]] Rect body(const FrameInput& input) const;
    void refresh(const FrameInput& input);
    void refresh_wishes(const FrameInput& input);
    void refresh_picture(const FrameInput& input, std::size_t index);
    [[nodiscard]] std::vector<camera::PictureWish> wishes_for_board() const;
    [[nodiscard]] std::uint64_t picture_count() const;
    [[nodiscard]] bool page_picture_changed() const;
    [[nodiscard]] bool page_changed(const FrameInput& input) const;
    void draw_page(const FrameInput& input, const Frame& frame, FrameResult& result);
    [[nodiscard]] HeaderView header_view(const FrameInput& input) const;
    [[nodiscard]] std::size_t selected_index() const;
    void select(std::size_t index);
    void go(Screen to);
    void leave();
    void handle_keys();
    void draw_body(const FrameInput& input, const Widgets& widgets, const Rect& area, FrameResult& result);
    [[nodiscard]] bool body_wants_frame(const FrameInput& input) const;
};

Rect Shell::State::body(const FrameInput& input) const {
    const float header_height = std::floor(theme.header_height * input.scale);
    return {0, header_height, input.width, input.height - header_height};
}

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
    refresh_wishes(input);
    pictures.resize(printers.size());
    for (std::size_t i = 0; i < printers.size(); ++i)
        refresh_picture(input, i);
}

// Which pictures the current screen shows, and how big.
void Shell::State::refresh_wishes(const FrameInput& input) {
    wished.assign(views.size(), {});
    const Rect area = body(input);
    if (area.height < 1 || area.width < 1) return;
    const auto wish = [&](std::size_t index, const Rect& box) {
        wished[index].width = static_cast<int>(std::ceil(box.width * input.unit));
        wished[index].height = static_cast<int>(std::ceil(box.height * input.unit));
    };
    if (screen == Screen::wall) {
        const bool same = valid && wall.layout.tiles.size() == views.size() && width == input.width &&
                          height == input.height && scale == input.scale;
        if (!same) wall.layout = lay_out_wall(theme, area, input.scale, views.size());
        for (std::size_t i = 0; i < views.size(); ++i) {
            wish(i, tile_picture(wall.layout.tiles[i], input.scale));
            wished[i].attention = wished[i].width > 0 && views[i].view.needs_hands;
        }
    } else if (screen == Screen::printer && !views.empty()) {
        const std::size_t index = selected_index();
        wish(index, page_picture(theme, area, input.scale));
        wished[index].focused = true;
        wished[index].attention = views[index].view.needs_hands;
    } else if (screen == Screen::jobs && jobs.view == JobsView::plates && !jobs.add.panel &&
               !jobs.add.browsing) {
        const Vec2 size = plate_picture_size(input.scale);
        for (const std::size_t index : plates_to_clear(*input.fleet))
            wish(index, {0, 0, size.x, size.y});
    }
}

// One a camera of the board; none at all where no picture is to be seen.
std::vector<camera::PictureWish> Shell::State::wishes_for_board() const {
    const bool any = std::any_of(wished.begin(), wished.end(),
                                 [](const camera::PictureWish& wish) { return wish.width > 0; });
    if (!any) return {};
    auto list = wished;
    list.resize(board.size());
    return list;
}

// Takes the newest picture of a camera that is to be seen, if it is of this printer.
void Shell::State::refresh_picture(const FrameInput& input, std::size_t index) {
    CachedPicture& cached = pictures[index];
    if (wished[index].width == 0) {
        cached = {};
        return;
    }
    static const auto none = std::make_shared<const CameraState>(camera_of({}, 0));
    const auto& cameras = input.fleet->cameras;
    const auto& state = index < cameras.size() ? cameras[index] : none;
    const Serial& serial = views[index].state->serial;
    const bool known = index < board.size() && board.serial(index) == serial;
    const std::uint64_t before = std::exchange(cached.sequence, known ? cached.sequence : 0);
    camera::SharedFrame newer = known ? board.slot(index).newer_than(cached.sequence) : nullptr;
    if (cached.sequence != before) {
        cached.frame = newer && newer->serial == serial ? std::move(newer) : nullptr;
    } else if (cached.state == state && input.now < cached.valid_until) {
        return;
    }
    cached.state = state;
    const auto arrived = cached.frame ? std::optional{cached.frame->arrived} : std::nullopt;
    cached.view = picture_view(*state, arrived, input.now);
    cached.valid_until = ui::next_change(*state, arrived, input.now).value_or(TimePoint::max());
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
    if (input.fleet->alarms) {
        for (const Alarm& alarm : *input.fleet->alarms)
            view.ringing += is_ringing(alarm, input.now) ? 1 : 0;
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
    leave();
    screen = to;
}

// What a hand began on the screen is over, and did nothing.
void Shell::State::leave() {
    gestures.drop();
    page.steps.reset();
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
    if (compat::pressed(Key::f5)) go(Screen::alarms);
    if (compat::pressed(Key::f6)) go(Screen::jobs);
    // In a line that is typed it takes back what was typed.
    if (compat::pressed(Key::escape) && !ImGui::GetIO().WantTextInput) go(Screen::wall);
}

bool Shell::State::body_wants_frame(const FrameInput& input) const {
    const bool new_state = input.fleet->revision != drawn_revision;
    const Duration since = input.now - drawn_at;
    if (gestures.active()) return true;
    switch (screen) {
        case Screen::wall:
            if (wall.drawn.size() != views.size()) return true;
            for (std::size_t i = 0; i < views.size(); ++i) {
                if (tile_changed(wall.drawn[i], views[i], pictures[i])) return true;
            }
            return false;
        case Screen::jobs:
            if (jobs_move(jobs)) return true;
            if (picture_count() != drawn_pictures && since >= table_interval) return true;
            return (new_state && since >= table_interval) || since >= slow_refresh;
        case Screen::overview:
        case Screen::alarms:
            return (new_state && since >= table_interval) || since >= slow_refresh;
        case Screen::printer:
            return page_picture_changed() || page_changed(input);
        case Screen::diagnostics:
            return since >= diagnostics_refresh;
    }
    return true;
}

// Changes with every picture that is to be seen.
std::uint64_t Shell::State::picture_count() const {
    std::uint64_t all = 0;
    for (const CachedPicture& cached : pictures)
        all += cached.sequence;
    return all;
}

// Anything but the picture.
bool Shell::State::page_changed(const FrameInput& input) const {
    if (page_whole || input.now - page_drawn_at >= slow_refresh || gestures.active()) return true;
    if (page.steps && input.now >= page.steps->due) return true;
    if (views.empty()) return false;
    const std::size_t index = selected_index();
    const auto desk = desk_at(*input.fleet, index);
    return views[index].state != drawn_printer || control_at(*input.fleet, index) != drawn_control ||
           desk != drawn_desk || job_at(*input.fleet, desk.get()) != drawn_job;
}

bool Shell::State::page_picture_changed() const {
    if (views.empty()) return false;
    const CachedPicture& picture = pictures[selected_index()];
    return picture.sequence != drawn_sequence || picture.view != drawn_picture;
}

// The page of the chosen printer; its camera's card alone where nothing else changed.
void Shell::State::draw_page(const FrameInput& input, const Frame& frame, FrameResult& result) {
    const std::size_t index = selected_index();
    const bool alone = page_picture_changed() && !input.touched && !page_changed(input);
    const PageCamera shown{pictures[index],
                           index < board.size() ? board.stats(index) : camera::CameraStats{}};
    const Rect camera_card = draw_printer_page(frame, *views[index].state, index, shown, page);
    if (!alone) page_drawn_at = input.now;
    page_whole = false;
    const Rect part = alone ? common_part(camera_card, frame.area) : frame.area;
    result.drew = true;
    result.dirty.push_back(part);
    if (alone && result.dirty.size() == 1) result.clip = part;
    drawn_printer = views[index].state;
    drawn_control = control_at(*input.fleet, index);
    drawn_desk = desk_at(*input.fleet, index);
    drawn_job = job_at(*input.fleet, drawn_desk.get());
    drawn_sequence = pictures[index].sequence;
    drawn_picture = pictures[index].view;
}

void Shell::State::draw_body(const FrameInput& input, const Widgets& widgets, const Rect& area,
                             FrameResult& result) {
    const Frame frame{input, widgets, telemetry, board, emit, gestures, area};
    std::optional<std::size_t> chosen;
    const auto drew_all = [&] {
        result.drew = true;
        result.dirty.push_back(area);
    };
    switch (screen) {
        case Screen::wall:
            chosen = draw_wall(frame, views, pictures, wall, result);
            break;
        case Screen::overview:
            chosen = draw_overview(frame, views, overview);
            drew_all();
            break;
        case Screen::printer:
            if (!views.empty()) {
                draw_page(input, frame, result);
            } else {
                draw_wall(frame, views, pictures, wall, result);
                drew_all();
            }
            break;
        case Screen::jobs:
            draw_jobs(frame, pictures, jobs);
            drawn_pictures = picture_count();
            drew_all();
            break;
        case Screen::alarms:
            draw_alarms(frame, alarms);
            drew_all();
            break;
        case Screen::diagnostics:
            draw_diagnostics(frame, diagnostics);
            drew_all();
            break;
    }
    if (chosen) select(*chosen);
}

Shell::Shell(const Theme& theme, const Fonts& fonts, const TelemetryStore& telemetry,
             camera::PictureBoard& board, IntentSink emit)
    : state_{new State{theme, fonts, telemetry, board, std::move(emit)}} {
    ImGuiIO& io = ImGui::GetIO();
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    io.IniFilename = nullptr;                             // nothing of the window is remembered on disk
    ImGui::GetStyle().CircleTessellationMaxError = 0.4F;  // pixels
    ImGui::GetStyle().ScrollbarSize = 10;
    ImGui::GetStyle().ScrollbarRounding = 5;
}
Shell::~Shell() { hide(); }

void Shell::show(Screen screen) { state_->go(screen); }

void Shell::show_printer(const PrinterId& printer) {
    state_->leave();
    state_->selected = printer;
    state_->screen = Screen::printer;
}

void Shell::show_cameras() {
    state_->leave();
    state_->diagnostics.cameras = true;
    state_->screen = Screen::diagnostics;
}

void Shell::show_plates() {
    state_->leave();
    state_->jobs.view = JobsView::plates;
    state_->screen = Screen::jobs;
}

void Shell::show_timeline() {
    state_->leave();
    state_->jobs.view = JobsView::timeline;
    state_->screen = Screen::jobs;
}

void Shell::add_files(const std::vector<std::filesystem::path>& files) {
    if (files.empty()) return;
    AddState& add = state_->jobs.add;
    std::size_t left_out = 0;
    for (const auto& file : files) {
        if (add.waiting.size() < AddState::most_waiting) {
            add.waiting.push_back(file);
        } else {
            ++left_out;
        }
    }
    if (left_out > 0)
        state_->jobs.note = "At most " + std::to_string(AddState::most_waiting) + " files wait at once; " +
                            std::to_string(left_out) + " were left out: drop them again later.";
    state_->leave();
    state_->screen = Screen::jobs;
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
        case Screen::jobs:
        case Screen::alarms:
            next = std::min(next, s.drawn_at + (input.fleet->revision != s.drawn_revision ? table_interval
                                                                                          : slow_refresh));
            break;
        case Screen::printer:
            next = std::min(next, s.page_drawn_at + slow_refresh);
            if (s.page.steps) next = std::min(next, s.page.steps->due);
            break;
        case Screen::diagnostics:
            next = std::min(next, s.drawn_at + diagnostics_refresh);
            break;
    }
    for (const CachedView& cached : s.views)
        next = std::min(next, cached.valid_until);
    for (const CachedPicture& cached : s.pictures) {
        if (cached.state) next = std::min(next, cached.valid_until);
    }
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
        s.page_whole = true;
        s.width = input.width;
        s.height = input.height;
        s.scale = input.scale;
        s.valid = true;
    }
    s.targets.clear();
    const Widgets widgets{s.theme, s.fonts, input.scale, s.targets, result.quads};
    const Rect body = s.body(input);
    const Rect header{0, 0, input.width, body.y};
    result.clip = {0, 0, input.width, input.height};
    s.board.wish(viewer, s.wishes_for_board());
    if (body.height < 1 || body.width < 1) return result;

    s.gestures.begin_frame();
    begin_window("header", header, false);
    const auto tab = draw_header(widgets, header, s.header_view(input), s.header, result.drew);
    if (result.drew) result.dirty.push_back(header);
    ImGui::End();
    begin_window("body", body, s.screen != Screen::wall);
    s.draw_body(input, widgets, body, result);
    ImGui::End();
    s.gestures.end_frame();
    if (tab == Screen::printer && s.selected.empty()) s.select(s.wall.focus);
    if (tab) s.go(*tab);
    s.drawn_revision = input.fleet->revision;
    s.drawn_at = input.now;
    return result;
}

void Shell::invalidate() { state_->valid = false; }

void Shell::hide() {
    state_->board.wish(viewer, {});
    state_->leave();
}

std::vector<camera::PictureWish> Shell::wishes(const FrameInput& input) {
    state_->refresh(input);
    return state_->wishes_for_board();
}

const std::vector<camera::PictureWish>& Shell::wished() const { return state_->wished; }

const std::vector<Target>& Shell::targets() const { return state_->targets; }

}  // namespace farmwall::ui
