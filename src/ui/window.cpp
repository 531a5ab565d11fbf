#include "ui/window.hpp"

#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <glad/gl.h>
// glad first: GLFW must not bring GL declarations of its own.
#include <GLFW/glfw3.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <vector>

#include "base/platform.hpp"
#include "base/synchronized.hpp"
#include "ui/compat.hpp"
#include "ui/file_list.hpp"
#include "ui/frame_render.hpp"
#include "ui/gl_quads.hpp"
#include "ui/gl_target.hpp"
#include "ui/pacer.hpp"

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

// How long the loop sleeps at most before it asks whether to stop.
constexpr Duration longest_sleep = 1s;
constexpr Duration usage_interval = 1s;
constexpr std::size_t most_buffers = 3;

static_assert(static_cast<int>(compat::Key::f1) == GLFW_KEY_F1 &&
              static_cast<int>(compat::Key::up) == GLFW_KEY_UP &&
              static_cast<int>(compat::Key::keypad_enter) == GLFW_KEY_KP_ENTER);

// The newest complaint of GLFW; it calls back on the main thread inside our calls.
std::string& glfw_complaint() {
    static std::string text;
    return text;
}
void on_glfw_error(int /*code*/, const char* description) {
    glfw_complaint() = description != nullptr ? description : "";
}

Error no_display() {
    return {
        ErrorKind::unsupported,
        "No display was found; start the program inside a desktop session, use --headless for the server, or "
        "--screenshot F.png for a picture",
        glfw_complaint()};
}

Error no_opengl() {
    return {ErrorKind::unsupported,
            "The display offers no OpenGL 3.3; install a driver (libgl1-mesa-dri has one that works "
            "everywhere), or "
            "use --headless for the server",
            glfw_complaint()};
}

// GLFW between its init and its end.
struct GlfwSession {
    ~GlfwSession() {
        if (ready) glfwTerminate();
    }
    bool ready = false;
};

struct ImGuiSession {
    ImGuiSession() { ImGui::CreateContext(); }
    ~ImGuiSession() {
        if (gl_ready) ImGui_ImplOpenGL3_Shutdown();
        if (glfw_ready) ImGui_ImplGlfw_Shutdown();
        ImGui::DestroyContext();
    }
    ImGuiSession(const ImGuiSession&) = delete;
    ImGuiSession& operator=(const ImGuiSession&) = delete;
    bool glfw_ready = false;
    bool gl_ready = false;
};

struct WindowFree {
    void operator()(GLFWwindow* window) const noexcept { glfwDestroyWindow(window); }
};

double seconds(Duration span) { return std::chrono::duration<double>(span).count(); }

}  // namespace

// Members are destroyed from the last to the first: GL objects before the context they live in.
struct Window::Impl {
    Sources sources;
    Theme theme;
    JobsSetup jobs = {};

    GlfwSession glfw = {};
    std::unique_ptr<GLFWwindow, WindowFree> window = {};
    std::unique_ptr<ImGuiSession> imgui = {};
    Fonts fonts = {};
    GlTarget target = {};
    std::unique_ptr<GlQuads> quads = {};
    std::unique_ptr<Shell> shell = {};
    Pacer pacer{false};

    bool glyphs_uploaded = false;
    bool software_gl = false;
    bool pixels_are_units = true;                     // a pixel of the target is one of the window's units
    bool hidden = false;                              // nobody can see it, and the board knows
    bool whole_next = true;                           // the window holds nothing that may be kept
    std::deque<std::vector<Rect>> shown_before = {};  // newest first
    std::vector<int> tapped = {};                     // keys pressed since the last frame
    std::vector<std::atomic<bool>> visible;           // by camera
    std::atomic<bool> awake = false;
    Synchronized<DrawStats> stats = {};
    OwnUsage usage = {};
    double usage_cpu_seconds = 0;
    TimePoint usage_at{};
    Duration redraw_every{};  // 0: only what changes
    TimePoint redraw_at{};

    Impl(const Sources& from, Theme look)
        : sources{from}, theme{std::move(look)}, visible(from.board.size()) {}

    [[nodiscard]] Status open(const WindowOptions& options, const QuadShaders& shaders);
    void listen();
    [[nodiscard]] FrameInput make_input();
    void refresh_usage(TimePoint now);
    [[nodiscard]] TimePoint next_look(const FrameInput& input) const;
    bool fit_target(int width, int height);
    void draw(FrameInput input);
    void note_visible();
    void hide();
    void show(const std::vector<Rect>& dirty);
    void step();
};

Status Window::Impl::open(const WindowOptions& options, const QuadShaders& shaders) {
    glfwSetErrorCallback(on_glfw_error);
    if (glfwInit() == GLFW_FALSE) return no_display();
    glfw.ready = true;
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    glfwWindowHint(GLFW_DEPTH_BITS, 0);
    glfwWindowHint(GLFW_STENCIL_BITS, 0);
    glfwWindowHint(GLFW_AUTO_ICONIFY, GLFW_FALSE);  // a wall stays when another screen gets the focus
    int width = options.width;
    int height = options.height;
    GLFWmonitor* monitor = options.fullscreen ? glfwGetPrimaryMonitor() : nullptr;
    if (const GLFWvidmode* mode = monitor != nullptr ? glfwGetVideoMode(monitor) : nullptr; mode != nullptr) {
        width = mode->width;
        height = mode->height;
        glfwWindowHint(GLFW_REFRESH_RATE, mode->refreshRate);
    }
    window.reset(glfwCreateWindow(width, height, options.title.c_str(), monitor, nullptr));
    if (!window) return no_opengl();
    glfwMakeContextCurrent(window.get());
    if (gladLoadGL(glfwGetProcAddress) == 0) return no_opengl();
    glfwSwapInterval(0);  // the loop keeps its own pace and must not wait for a hidden window

    const auto* renderer =
        reinterpret_cast<const char*>(glGetString(GL_RENDERER));  // NOLINT: GL returns bytes
    const bool software = is_software_renderer(renderer);
    stats.with([&](DrawStats& now) {
        now.renderer = renderer != nullptr ? renderer : "";
        now.software_gl = software;
    });
    software_gl = software;
    pacer = Pacer{software};
    listen();
    imgui = std::make_unique<ImGuiSession>();
    imgui->glfw_ready = ImGui_ImplGlfw_InitForOpenGL(window.get(), true);
    auto loaded = Fonts::load();
    if (!loaded) return loaded.error();
    fonts = std::move(loaded).value();
    imgui->gl_ready = ImGui_ImplOpenGL3_Init("#version 330 core");
    if (!imgui->glfw_ready || !imgui->gl_ready) return no_opengl();
    auto made = GlQuads::create(shaders);
    if (!made) return made.error();
    quads = std::move(made).value();
    // Without a GPU the conversion is cheaper where the picture was decoded.
    sources.board.set_layout(software ? camera::PixelLayout::rgba : camera::PixelLayout::i420);
    return Done{};
}

// Set before ImGui sets its own callbacks, which call these in turn.
void Window::Impl::listen() {
    static const auto seen = [](GLFWwindow* from) {
        auto* self = static_cast<Impl*>(glfwGetWindowUserPointer(from));
        self->pacer.input(self->sources.clock.now());
    };
    GLFWwindow* at = window.get();
    glfwSetWindowUserPointer(at, this);
    glfwSetKeyCallback(at, [](GLFWwindow* from, int key, int, int action, int) {
        seen(from);
        auto& taps = static_cast<Impl*>(glfwGetWindowUserPointer(from))->tapped;
        constexpr std::size_t most = 16;
        if (action == GLFW_PRESS && key >= 0 && key <= GLFW_KEY_LAST && taps.size() < most)
            taps.push_back(key);
    });
    glfwSetMouseButtonCallback(at, [](GLFWwindow* from, int, int, int) { seen(from); });
    glfwSetCursorPosCallback(at, [](GLFWwindow* from, double, double) { seen(from); });
    glfwSetCursorEnterCallback(at, [](GLFWwindow* from, int) { seen(from); });
    glfwSetScrollCallback(at, [](GLFWwindow* from, double, double) { seen(from); });
    glfwSetWindowFocusCallback(at, [](GLFWwindow* from, int) { seen(from); });
    glfwSetDropCallback(at, [](GLFWwindow* from, int count, const char** paths) {
        seen(from);
        auto* self = static_cast<Impl*>(glfwGetWindowUserPointer(from));
        std::vector<std::filesystem::path> files;
        for (int i = 0; i < count; ++i)
            files.push_back(path_of(paths[i]));
        if (self->shell) self->shell->add_files(files);
    });
    glfwSetWindowRefreshCallback(
        at, [](GLFWwindow* from) { static_cast<Impl*>(glfwGetWindowUserPointer(from))->whole_next = true; });
}

void Window::Impl::refresh_usage(TimePoint now) {
    if (now - usage_at < usage_interval) return;
    const platform::ProcessUsage used = platform::process_usage();
    if (usage_at != TimePoint{}) {
        usage.cpu_percent = (used.cpu_seconds - usage_cpu_seconds) / seconds(now - usage_at) * 100;
    }
    usage.resident_bytes = used.resident_bytes;
    usage.threads = used.threads;
    usage_cpu_seconds = used.cpu_seconds;
    usage_at = now;
}

FrameInput Window::Impl::make_input() {
    FrameInput input;
    input.fleet = sources.store.read();
    input.now = sources.clock.now();
    input.wall_now = sources.clock.wall_now();
    input.error_texts = input.fleet->error_texts.get();
    input.jobs = &jobs;
    int width = 0;
    int height = 0;
    glfwGetWindowSize(window.get(), &width, &height);
    int pixels = 0;
    int pixel_rows = 0;
    glfwGetFramebufferSize(window.get(), &pixels, &pixel_rows);
    float scale = 1;
    glfwGetWindowContentScale(window.get(), &scale, nullptr);
    input.width = static_cast<float>(width);
    input.height = static_cast<float>(height);
    // Where window units are not pixels (Wayland), the system scales already.
    const float unit = width > 0 ? static_cast<float>(pixels) / static_cast<float>(width) : 1;
    pixels_are_units = unit == 1.0F;
    input.unit = unit > 0 ? unit : 1.0F;
    input.touched = pacer.owes_frames();
    input.scale = std::clamp(unit > 0 ? scale / unit : 1.0F, 0.5F, 4.0F);
    if (shell->screen() == Screen::diagnostics) {
        refresh_usage(input.now);
        input.usage = usage;
        input.stats = stats.with([](const DrawStats& now) { return now; });
    }
    return input;
}

TimePoint Window::Impl::next_look(const FrameInput& input) const {
    const TimePoint change = shell->next_change(input);
    return redraw_every > Duration{0} ? std::min(change, redraw_at) : change;
}

// False when there is nothing to draw on.
bool Window::Impl::fit_target(int width, int height) {
    if (width < 1 || height < 1) return false;
    if (target.width() == width && target.height() == height) return true;
    auto made = GlTarget::create(width, height);
    if (!made) return false;
    target = std::move(made).value();
    target.clear(0, 0, 0);
    whole_next = true;
    shell->invalidate();
    return true;
}

// Which cameras may wake the loop.
void Window::Impl::note_visible() {
    const auto& wishes = shell->wished();
    for (std::size_t i = 0; i < visible.size(); ++i)
        visible[i] = i < wishes.size() && wishes[i].width > 0;
}

void Window::Impl::hide() {
    if (hidden) return;
    hidden = true;
    shell->hide();
    for (auto& camera : visible)
        camera = false;
}

void Window::Impl::draw(FrameInput input) {
    const TimePoint began = sources.clock.now();
    ImGui_ImplOpenGL3_NewFrame();
    if (!glyphs_uploaded && software_gl && pixels_are_units) use_nearest_glyphs();
    ImGui_ImplGlfw_NewFrame();
    std::erase_if(tapped, [&](int key) { return glfwGetKey(window.get(), key) == GLFW_PRESS; });
    for (const int key : tapped)
        compat::hold_tap(key, true);
    ImGui::NewFrame();
    input.touched = input.touched || ImGui::GetIO().MouseWheel != 0;
    const FrameResult result = shell->frame(input);
    ImGui::Render();
    note_visible();
    for (const int key : tapped)
        compat::hold_tap(key, false);
    tapped.clear();
    pacer.ran(began);
    if (!glyphs_uploaded) compat::drop_font_pixels(*ImGui::GetIO().Fonts);
    glyphs_uploaded = true;
    if (!result.drew) return;
    render_frame(result, *quads, target, input.unit, input.now);
    show(result.dirty);
    stats.with([&](DrawStats& now) {
        ++now.frames_drawn;
        now.tiles_drawn += result.tiles;
        now.pictures_uploaded = quads->textures().uploads();
        now.last_frame_ms = seconds(sources.clock.now() - began) * 1000;
    });
}

// The system may hand out up to three back buffers in turn, each with an older picture: what changed
// in the last frames is copied again. A GPU copies everything faster than it would decide.
void Window::Impl::show(const std::vector<Rect>& dirty) {
    shown_before.push_front(dirty);
    if (shown_before.size() > most_buffers) shown_before.pop_back();
    float area = 0;
    for (const auto& frame : shown_before) {
        for (const Rect& part : frame)
            area += part.width * part.height;
    }
    const bool much = area > target.all().width * target.all().height * 0.7F;
    const bool parts = software_gl && !whole_next && !much && pixels_are_units;
    if (parts) {
        for (const auto& frame : shown_before) {
            for (const Rect& part : frame)
                target.copy_to_window(part);
        }
    } else {
        target.copy_to_window(target.all());
    }
    if (whole_next) shown_before.assign(most_buffers, {target.all()});
    whole_next = false;
    glfwSwapBuffers(window.get());
}

// One round: draw what is due, or sleep until something may be.
void Window::Impl::step() {
    awake = false;  // before reading: what is published from here on wakes again
    int width = 0;
    int height = 0;
    glfwGetFramebufferSize(window.get(), &width, &height);
    quads->textures().free_unused(sources.clock.now());
    const bool unseen = glfwGetWindowAttrib(window.get(), GLFW_ICONIFIED) != 0 ||
                        glfwGetWindowAttrib(window.get(), GLFW_VISIBLE) == 0;
    if (unseen || !fit_target(width, height)) {
        hide();
        awake = true;  // nobody looks: reports need not wake the loop
        glfwWaitEventsTimeout(seconds(longest_sleep));
        return;
    }
    hidden = false;
    const FrameInput input = make_input();
    if (redraw_every > Duration{0} && input.now >= redraw_at) {
        redraw_at = input.now + redraw_every;
        shell->invalidate();
    }
    if (shell->wants_frame(input) || pacer.owes_frames()) {
        const TimePoint due = pacer.earliest(input.now);
        if (input.now >= due) {
            draw(input);
            glfwPollEvents();
        } else {
            awake = true;  // the frame that is due takes what comes until then
            glfwWaitEventsTimeout(seconds(due - input.now));
        }
        return;
    }
    if (whole_next) show({});
    const Duration sleep = std::clamp<Duration>(next_look(input) - input.now, 1ms, longest_sleep);
    glfwWaitEventsTimeout(seconds(sleep));
}

Result<std::unique_ptr<Window>> Window::create(const WindowOptions& options, const Theme& theme,
                                               const QuadShaders& shaders, const Sources& sources,
                                               IntentSink emit) {
    auto impl = std::make_unique<Impl>(sources, theme);
    if (auto opened = impl->open(options, shaders); !opened) return opened.error();
    impl->shell =
        std::make_unique<Shell>(impl->theme, impl->fonts, sources.telemetry, sources.board, std::move(emit));
    impl->shell->show(options.screen);
    impl->jobs = options.jobs;
    if (options.redraw_hz > 0) {
        impl->redraw_every =
            std::chrono::duration_cast<Duration>(std::chrono::duration<double>{1 / options.redraw_hz});
    }
    return std::unique_ptr<Window>{new Window{std::move(impl)}};
}

Window::Window(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Window::~Window() = default;

void Window::run(const std::function<bool()>& stop_requested) {
    while (!stop_requested() && glfwWindowShouldClose(impl_->window.get()) == 0)
        impl_->step();
}

void Window::wake() {
    if (!impl_->awake.exchange(true)) glfwPostEmptyEvent();
}

void Window::wake_for_picture(std::size_t camera) {
    if (camera < impl_->visible.size() && impl_->visible[camera]) wake();
}

DrawStats Window::stats() const {
    return impl_->stats.with([](const DrawStats& now) { return now; });
}

}  // namespace farmwall::ui
