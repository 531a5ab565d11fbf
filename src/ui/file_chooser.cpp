#include "ui/file_chooser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/icons.hpp"
#include "ui/jobs_setup.hpp"
#include "ui/pen.hpp"
#include "ui/text_format.hpp"

namespace farmwall::ui {
namespace {

constexpr float row_height = 50;  // pixels at 96 dpi

std::filesystem::path home_of(const Frame& frame) {
    const JobsSetup* const setup = frame.input.jobs;
    return setup == nullptr || setup->home.empty() ? std::filesystem::path{"/"} : setup->home;
}

std::filesystem::path start_of(const Frame& frame) {
    const JobsSetup* const setup = frame.input.jobs;
    return setup == nullptr || setup->start_folder.empty() ? home_of(frame) : setup->start_folder;
}

void go(AddState& state, const std::filesystem::path& folder) {
    if (!state.files) state.files = std::make_unique<FileList>();
    state.wanted_folder = utf8_of(folder);
    state.files->open(folder);
}

void draw_entry(const Frame& frame, const Rect& row, const FileEntry& entry, const Hit& hit) {
    const Canvas canvas = frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    if (hit.hovered) canvas.fill(row, with_alpha(theme.text_color, 0.05F), canvas.px(8));
    if (hit.focused) canvas.outline(row, theme.focus, canvas.px(8), canvas.px(1.5F));
    canvas.text_in({row.x + canvas.px(8), row.y, canvas.px(34), row.height},
                   {Weight::icon, canvas.px(24), entry.folder ? theme.accent : theme.text_muted},
                   entry.folder ? icon::folder : icon::file, Align::left);
    const float size = canvas.px(110);
    canvas.text_in({row.x + canvas.px(48), row.y, row.width - canvas.px(56) - size, row.height},
                   {Weight::medium, canvas.px(theme.text), theme.text_color}, entry.name, Align::left);
    if (!entry.folder)
        canvas.text_in({row.right() - size - canvas.px(8), row.y, size, row.height},
                       {Weight::regular, canvas.px(theme.text_small), theme.text_muted},
                       bytes_text(entry.bytes), Align::right);
    canvas.line({row.x, row.bottom() - 0.5F}, {row.right(), row.bottom() - 0.5F},
                with_alpha(theme.line, 0.6F), 1);
}

void draw_entries(const Frame& frame, const Rect& box, AddState& state) {
    const float row = frame.widgets.px(row_height);
    const auto& entries = state.listing.entries;
    std::optional<std::size_t> pressed;
    scrolled(frame, "files/list", box, [&](Vec2 top) {
        const auto count = static_cast<float>(entries.size());
        const float first = std::floor((box.y - top.y) / row) - 1;
        const float last = std::ceil((box.bottom() - top.y) / row) + 1;
        const auto begin = static_cast<std::size_t>(std::clamp(first, 0.0F, count));
        const auto end = static_cast<std::size_t>(std::clamp(last, 0.0F, count));
        for (std::size_t i = begin; i < end; ++i) {
            const Rect line{box.x, top.y + static_cast<float>(i) * row, box.width, row};
            const Hit hit = frame.widgets.hit("files/entry/" + entries[i].name, line);
            draw_entry(frame, line, entries[i], hit);
            if (hit.pressed) pressed = i;
        }
        return top.y + row * count;
    });
    if (!pressed) return;
    const FileEntry entry = entries[*pressed];
    const auto path = state.listing.folder / path_of(entry.name);
    if (entry.folder) {
        go(state, path);
    } else {
        state.browsing = false;
        state.waiting.push_front(path);
    }
}

void draw_bar(const Frame& frame, const Rect& row, AddState& state) {
    const Widgets& widgets = frame.widgets;
    const float gap = widgets.px(8);
    const float width = widgets.px(116);
    float x = row.x;
    const auto key = [&](const char* id, std::string_view label, std::string_view sign, bool enabled) {
        Widgets::ButtonLook look{label, sign, enabled};
        const bool pressed = widgets.button(id, {x, row.y, width, row.height}, look);
        x += width + gap;
        return pressed;
    };
    const auto& folder = state.listing.folder;
    const bool has_parent = folder.has_parent_path() && folder.parent_path() != folder;
    if (key("files/up", "Up", icon::arrow_up, has_parent)) go(state, folder.parent_path());
    if (key("files/home", "Home", icon::home, true)) go(state, home_of(frame));
    const Rect words{x + gap, row.y, row.right() - width - 2 * gap - x, row.height};
    const Theme& theme = widgets.theme();
    widgets.canvas().text_in(words, {Weight::regular, widgets.px(theme.text), theme.text_muted},
                             state.wanted_folder.empty() ? utf8_of(folder) : "Reading " + state.wanted_folder,
                             Align::left);
    if (widgets.button("files/close", {row.right() - width, row.y, width, row.height},
                       {"Close", icon::close}))
        state.browsing = false;
}

}  // namespace

void open_file_list(const Frame& frame, AddState& state) {
    state.browsing = true;
    const bool known = state.files != nullptr && !state.listing.folder.empty();
    go(state, known ? state.listing.folder : start_of(frame));
}

void draw_file_chooser(const Frame& frame, const Rect& box, AddState& state) {
    if (state.files) {
        if (auto read = state.files->take()) {
            state.listing = std::move(*read);
            state.wanted_folder.clear();
        }
    }
    const Widgets& widgets = frame.widgets;
    const Theme& theme = widgets.theme();
    const Rect inner = ground_card(frame, box, "CHOOSE A FILE TO PRINT");
    const float bar = widgets.px(theme.button_height);
    draw_bar(frame, {inner.x, inner.y, inner.width, bar}, state);
    Pen pen{frame, {inner.x, inner.y + bar + widgets.px(14), inner.width, 0}, true};
    pen.say(state.listing.error, theme.failed);
    const bool empty = state.listing.entries.empty() && state.listing.error.empty();
    if (empty && state.wanted_folder.empty())
        pen.say("Nothing here that can be printed: accepted are .gcode.3mf, .gcode, .3mf, .stl and .obj.",
                theme.text_muted);
    if (state.listing.cut)
        pen.say(fmt::format("Only the first {} are shown.", FileListing::most_entries), theme.paused);
    draw_entries(frame, {inner.x, pen.y(), inner.width, inner.bottom() - pen.y()}, state);
}

}  // namespace farmwall::ui
