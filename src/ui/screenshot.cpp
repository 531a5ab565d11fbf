#include "ui/screenshot.hpp"

#include <backends/imgui_impl_opengl3.h>
#include <fmt/format.h>
#include <glad/gl.h>
#include <png.h>

#include "ui/compat.hpp"
#include "ui/egl_context.hpp"
#include "ui/frame_render.hpp"
#include "ui/gl_target.hpp"

namespace farmwall::ui {
namespace {

constexpr int least_pixels = 64;
constexpr int most_pixels = 8192;
// ImGui needs a second frame to know what it laid out in the first.
constexpr int frames = 3;
constexpr int most_frames = 60;

struct ImGuiSession {
    ImGuiSession() { ImGui::CreateContext(); }
    ~ImGuiSession() {
        if (gl_ready) ImGui_ImplOpenGL3_Shutdown();
        ImGui::DestroyContext();
    }
    ImGuiSession(const ImGuiSession&) = delete;
    ImGuiSession& operator=(const ImGuiSession&) = delete;
    bool gl_ready = false;
};

Status write_png(const std::filesystem::path& path, const GlTarget& target) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(target.width());
    image.height = static_cast<png_uint_32>(target.height());
    image.format = PNG_FORMAT_RGBA;
    const auto pixels = target.read();
    const int stride = -4 * target.width();  // the last row comes first
    if (png_image_write_to_file(&image, path.c_str(), 0, pixels.data(), stride, nullptr) == 0) {
        return Error{ErrorKind::io, fmt::format("The picture could not be written ({})", image.message),
                     path.string()};
    }
    return Done{};
}

void draw_frames(const FrameInput& input, Shell& shell, GlQuads& quads, const GlTarget& target) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {input.width, input.height};
    io.DeltaTime = 1.0F / 60;
    // Thumbnails come one a frame.
    const auto more = [&](int drawn) {
        return drawn < frames ||
               (drawn < most_frames && shell.screen() == Screen::jobs && shell.wants_frame(input));
    };
    for (int i = 0; more(i); ++i) {
        ImGui_ImplOpenGL3_NewFrame();
        if (i == 0) use_nearest_glyphs();
        ImGui::NewFrame();
        const FrameResult result = shell.frame(input);
        ImGui::Render();
        render_frame(result, quads, target, input.unit, input.now);
    }
}

FrameInput make_input(const ScreenshotSources& sources, const ScreenshotOptions& options) {
    FrameInput input;
    input.fleet = sources.fleet;
    input.now = options.now;
    input.wall_now = options.wall_now;
    input.usage = options.usage;
    input.jobs = &options.jobs;
    input.error_texts = input.fleet->error_texts.get();
    input.width = static_cast<float>(options.width);
    input.height = static_cast<float>(options.height);
    input.scale = options.scale;
    return input;
}

void show(Shell& shell, const ScreenshotOptions& options) {
    shell.show(options.screen);
    if (options.screen == Screen::diagnostics && options.cameras) shell.show_cameras();
    if (options.screen == Screen::jobs && options.part == ScreenshotOptions::Jobs::plates)
        shell.show_plates();
    if (options.screen == Screen::jobs && options.part == ScreenshotOptions::Jobs::timeline)
        shell.show_timeline();
    if (options.screen == Screen::printer && !options.printer.empty()) shell.show_printer(options.printer);
}

Status check_sizes(const ScreenshotOptions& options) {
    for (const int pixels : {options.width, options.height}) {
        if (pixels < least_pixels || pixels > most_pixels) {
            return Error{ErrorKind::bad_input,
                         fmt::format("A picture is {} to {} pixels wide and high, not {}.", least_pixels,
                                     most_pixels, pixels)};
        }
    }
    return Done{};
}

bool emit_nothing(const Intent& /*intent*/) { return false; }

}  // namespace

std::vector<camera::PictureWish> wished_pictures(const ScreenshotSources& sources,
                                                 const ScreenshotOptions& options) {
    const ImGuiSession session;
    const Fonts fonts;  // nothing is drawn
    Shell shell{sources.theme, fonts, sources.telemetry, sources.board, emit_nothing};
    show(shell, options);
    return shell.wishes(make_input(sources, options));
}

Status render_png(const ScreenshotSources& sources, const ScreenshotOptions& options,
                  const std::filesystem::path& path) {
    if (Status sizes = check_sizes(options); !sizes.ok()) return sizes;
    auto context = EglContext::create();
    if (!context) return context.error();
    ImGuiSession session;
    const auto fonts = Fonts::load();
    if (!fonts) return fonts.error();
    session.gl_ready = ImGui_ImplOpenGL3_Init("#version 330 core");
    if (!session.gl_ready)
        return Error{ErrorKind::unsupported, "The OpenGL driver has no shaders of version 3.30."};
    compat::fill_key_map();
    const auto quads = GlQuads::create(sources.shaders);
    if (!quads) return quads.error();
    auto target = GlTarget::create(options.width, options.height);
    if (!target) return target.error();
    target.value().clear(0, 0, 0);

    FrameInput input = make_input(sources, options);
    const auto* renderer =
        reinterpret_cast<const char*>(glGetString(GL_RENDERER));  // NOLINT: GL returns bytes
    input.stats.renderer = renderer != nullptr ? renderer : "";
    input.stats.software_gl = is_software_renderer(renderer);
    Shell shell{sources.theme, fonts.value(), sources.telemetry, sources.board, emit_nothing};
    show(shell, options);
    draw_frames(input, shell, *quads.value(), target.value());
    return write_png(path, target.value());
}

}  // namespace farmwall::ui
