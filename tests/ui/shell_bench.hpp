#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fake_pictures.hpp"
#include "ui/compat.hpp"
#include "ui/shell.hpp"

namespace farmwall::test {

// The screens without window or GL: an ImGui context that is only fed and never shown.
struct Bench {
    Bench(FleetSnapshot fleet, float width = 1280, float height = 800) : board{serials_of(*fleet)} {
        ImGui::CreateContext();
        auto loaded = ui::Fonts::load();
        REQUIRE(loaded.ok());
        fonts = loaded.value();
        ui::compat::fill_key_map();
        theme = theme_from_assets().theme;
        fill_telemetry(telemetry, static_cast<unsigned>(std::min<std::size_t>(fleet->printers.size(), 4)));
        shell = std::make_unique<ui::Shell>(theme, fonts, telemetry, board, [this](Intent intent) {
            intents.push_back(std::move(intent));
            return takes_intents;
        });
        input.fleet = std::move(fleet);
        input.now = farm_now;
        input.wall_now = WallTime{std::chrono::hours{480'000}};
        input.width = width;
        input.height = height;
        ImGui::GetIO().DisplaySize = {width, height};
        ui::compat::feed_mouse(-100, -100);
    }
    ~Bench() {
        shell.reset();
        ImGui::DestroyContext();
    }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    ui::FrameResult frame() {
        ImGui::GetIO().DeltaTime = 1.0F / 60;
        ImGui::NewFrame();
        ui::FrameResult result = shell->frame(input);
        ImGui::Render();
        vertices = ImGui::GetDrawData()->TotalVtxCount;
        return result;
    }
    void settle() {
        for (int i = 0; i < 3; ++i)
            frame();
    }
    std::optional<ui::Target> target(const std::string& id) const {
        const auto& all = shell->targets();
        const auto found =
            std::find_if(all.begin(), all.end(), [&](const ui::Target& t) { return t.id == id; });
        return found == all.end() ? std::nullopt : std::optional{*found};
    }
    // Scrolls until the middle of the target is on the screen, and puts the mouse there or, where `share` is
    // given, so far from its left edge.
    ui::Target reveal(const std::string& id, float share = 0.5F) {
        frame();
        for (int i = 0; i < 120; ++i) {
            const auto at = target(id);
            REQUIRE_MESSAGE(at.has_value(), id);
            const float y = at->box.center().y;
            const float low = theme.header_height + 30;
            const float high = input.height - 60;
            const float x = at->box.x + at->box.width * share;
            if ((y >= low && y <= high) || id.starts_with("tab/")) {
                ui::compat::feed_mouse(x, y);
                frame();
                frame();
                return *target(id);
            }
            ui::compat::feed_mouse(x, input.height / 2);
            frame();
            ui::compat::feed_wheel(y > high ? -0.5F : 0.5F);
            frame();
            if (const auto after = target(id); after && after->box == at->box && i > 5) {
                ui::compat::feed_mouse(x, y);
                frame();
                frame();
                return *after;  // nothing scrolls
            }
        }
        return *target(id);
    }
    void press_button(bool down) {
        ui::compat::feed_button(down);
        frame();
    }
    // Frames of 50 ms each.
    void wait(Duration how_long) {
        const TimePoint end = input.now + how_long;
        while (input.now < end) {
            input.now += std::chrono::milliseconds{50};
            frame();
        }
    }
    // A press that lasts.
    void hold(const std::string& id, Duration how_long) {
        reveal(id);
        press_button(true);
        wait(how_long);
        press_button(false);
        frame();
    }
    void click(const std::string& id) {
        reveal(id);
        ui::compat::feed_button(true);
        frame();
        ui::compat::feed_button(false);
        frame();
        frame();
    }
    void press(ui::compat::Key key) {
        ui::compat::feed_key(key, true);
        frame();
        ui::compat::feed_key(key, false);
        frame();
        frame();
    }
    // The snapshot with the control of printer `index` changed by `edit`.
    template <class Edit>
    void change_control(std::size_t index, Edit edit) {
        auto next = std::make_shared<FleetState>(*input.fleet);
        while (next->controls.size() < next->printers.size())
            next->controls.push_back(std::make_shared<const PrinterControl>());
        PrinterControl control = *next->controls[index];
        edit(control);
        next->controls[index] = std::make_shared<const PrinterControl>(std::move(control));
        ++next->revision;
        input.fleet = std::move(next);
    }
    // The last intent as a command; fails where it is none.
    Command last_command() const {
        REQUIRE_FALSE(intents.empty());
        const auto* command = std::get_if<Command>(&intents.back().wish);
        REQUIRE(command != nullptr);
        return *command;
    }
    // The snapshot with printer `index` changed by `edit`.
    template <class Edit>
    void change(std::size_t index, Edit edit) {
        auto next = std::make_shared<FleetState>(*input.fleet);
        PrinterState printer = *next->printers[index];
        edit(printer);
        next->printers[index] = std::make_shared<const PrinterState>(std::move(printer));
        ++next->revision;
        input.fleet = std::move(next);
    }

    ui::Theme theme;
    ui::Fonts fonts;
    TelemetryStore telemetry;
    camera::PictureBoard board;
    std::vector<Intent> intents;
    bool takes_intents = true;
    std::unique_ptr<ui::Shell> shell;
    ui::FrameInput input;
    int vertices = 0;
};

}  // namespace farmwall::test
