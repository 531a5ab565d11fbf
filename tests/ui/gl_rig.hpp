#pragma once

#include <backends/imgui_impl_opengl3.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fake_pictures.hpp"
#include "ui/compat.hpp"
#include "ui/egl_context.hpp"
#include "ui/frame_render.hpp"

namespace farmwall::test {

// The screens drawn into a picture, frame by frame, without window or display.
class GlRig {
public:
    // Null where this machine cannot draw any; `why` says it.
    static std::unique_ptr<GlRig> create(FleetSnapshot fleet, int width, int height, std::string& why) {
        auto context = ui::EglContext::create();
        if (!context) {
            why = context.error().text();
            return nullptr;
        }
        std::unique_ptr<GlRig> rig{new GlRig{std::move(context).value(), std::move(fleet), width, height}};
        if (!rig->ready_) {
            why = "no OpenGL 3.3";
            return nullptr;
        }
        return rig;
    }
    ~GlRig() {
        shell.reset();
        quads.reset();
        target = {};
        if (ready_) ImGui_ImplOpenGL3_Shutdown();
        ImGui::DestroyContext();
    }
    GlRig(const GlRig&) = delete;
    GlRig& operator=(const GlRig&) = delete;

    ui::FrameResult frame() {
        ui::FrameResult result = build();
        ui::render_frame(result, *quads, target, input.unit, input.now);
        return result;
    }
    // Without drawing it.
    ui::FrameResult build() {
        ImGui_ImplOpenGL3_NewFrame();
        if (!std::exchange(began_, true)) ui::use_nearest_glyphs();
        ImGui::NewFrame();
        ui::FrameResult result = shell->frame(input);
        ImGui::Render();
        return result;
    }
    void settle() {
        for (int i = 0; i < 3; ++i)
            frame();
        input.touched = false;
    }
    void read() { pixels_ = target.read(); }
    // Of what was read last; origin top left.
    [[nodiscard]] ui::Color at(float x, float y) const {
        const auto column = static_cast<std::size_t>(x);
        const auto row = static_cast<std::size_t>(target.height()) - 1 - static_cast<std::size_t>(y);
        const std::size_t i = (row * static_cast<std::size_t>(target.width()) + column) * 4;
        return {pixels_[i], pixels_[i + 1], pixels_[i + 2], pixels_[i + 3]};
    }

private:
    std::unique_ptr<ui::EglContext> context_;
    bool ready_ = false;
    bool began_ = false;
    std::vector<std::uint8_t> pixels_;

    GlRig(std::unique_ptr<ui::EglContext> context, FleetSnapshot fleet, int width, int height)
        : context_{std::move(context)}, board{serials_of(*fleet)} {
        ImGui::CreateContext();
        auto loaded = ui::Fonts::load();
        auto made = ui::GlQuads::create(shaders_from_assets());
        auto surface = ui::GlTarget::create(width, height);
        if (!loaded || !made || !surface) return;
        ready_ = ImGui_ImplOpenGL3_Init("#version 330 core");
        fonts = std::move(loaded).value();
        quads = std::move(made).value();
        target = std::move(surface).value();
        target.clear(0, 0, 0);
        ui::compat::fill_key_map();
        theme = theme_from_assets().theme;
        fill_telemetry(telemetry, 4);
        shell =
            std::make_unique<ui::Shell>(theme, fonts, telemetry, board, [](const Intent&) { return false; });
        input.fleet = std::move(fleet);
        input.now = farm_now;
        input.wall_now = WallTime{std::chrono::hours{480'000}};
        input.width = static_cast<float>(width);
        input.height = static_cast<float>(height);
        ImGui::GetIO().DisplaySize = {input.width, input.height};
        ImGui::GetIO().DeltaTime = 1.0F / 60;
        ui::compat::feed_mouse(-100, -100);
    }

public:
    ui::Theme theme;
    ui::Fonts fonts;
    TelemetryStore telemetry;
    camera::PictureBoard board;
    std::unique_ptr<ui::GlQuads> quads;
    ui::GlTarget target;
    std::unique_ptr<ui::Shell> shell;
    ui::FrameInput input;
};

}  // namespace farmwall::test
