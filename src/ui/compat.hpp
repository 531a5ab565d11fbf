#pragma once

#include <imgui.h>
#include <imgui_freetype.h>

#include <string>

// The only place that knows which Dear ImGui this is built with: 1.86 to 1.92. Included by .cpp
// files alone.
namespace farmwall::ui::compat {

// The keys that the screens use; the numbers are GLFW's, which 1.86 uses as its own.
enum class Key {
    escape = 256,
    enter = 257,
    tab = 258,
    right = 262,
    left = 263,
    down = 264,
    up = 265,
    f1 = 290,
    f2 = 291,
    f3 = 292,
    f4 = 293,
    f5 = 294,
    f6 = 295,
    keypad_enter = 335,
    space = 32
};

#if IMGUI_VERSION_NUM >= 18700
inline ImGuiKey imgui_key(Key key) {
    switch (key) {
        case Key::escape:
            return ImGuiKey_Escape;
        case Key::enter:
            return ImGuiKey_Enter;
        case Key::tab:
            return ImGuiKey_Tab;
        case Key::right:
            return ImGuiKey_RightArrow;
        case Key::left:
            return ImGuiKey_LeftArrow;
        case Key::down:
            return ImGuiKey_DownArrow;
        case Key::up:
            return ImGuiKey_UpArrow;
        case Key::f1:
            return ImGuiKey_F1;
        case Key::f2:
            return ImGuiKey_F2;
        case Key::f3:
            return ImGuiKey_F3;
        case Key::f4:
            return ImGuiKey_F4;
        case Key::f5:
            return ImGuiKey_F5;
        case Key::f6:
            return ImGuiKey_F6;
        case Key::keypad_enter:
            return ImGuiKey_KeypadEnter;
        case Key::space:
            return ImGuiKey_Space;
    }
    return ImGuiKey_None;
}
inline bool pressed(Key key) { return ImGui::IsKeyPressed(imgui_key(key)); }
inline void feed_key(Key key, bool down) { ImGui::GetIO().AddKeyEvent(imgui_key(key), down); }
// A tap between two frames: later versions keep it themselves.
inline void hold_tap(int /*glfw_key*/, bool /*down*/) {}
inline void feed_mouse(float x, float y) { ImGui::GetIO().AddMousePosEvent(x, y); }
inline void feed_button(bool down) { ImGui::GetIO().AddMouseButtonEvent(0, down); }
inline void feed_wheel(float by) { ImGui::GetIO().AddMouseWheelEvent(0, by); }
inline void fill_key_map() {}
#else
inline bool pressed(Key key) { return ImGui::IsKeyPressed(static_cast<int>(key)); }
inline void feed_key(Key key, bool down) { ImGui::GetIO().KeysDown[static_cast<int>(key)] = down; }
// A tap between two frames: its press and release would otherwise cancel each other unseen.
inline void hold_tap(int glfw_key, bool down) { ImGui::GetIO().KeysDown[glfw_key] = down; }
inline void feed_mouse(float x, float y) { ImGui::GetIO().MousePos = {x, y}; }
inline void feed_button(bool down) { ImGui::GetIO().MouseDown[0] = down; }
inline void feed_wheel(float by) { ImGui::GetIO().MouseWheel += by; }
// What the GLFW backend does; for contexts that live without it.
inline void fill_key_map() {
    ImGuiIO& io = ImGui::GetIO();
    io.KeyMap[ImGuiKey_Tab] = static_cast<int>(Key::tab);
    io.KeyMap[ImGuiKey_LeftArrow] = static_cast<int>(Key::left);
    io.KeyMap[ImGuiKey_RightArrow] = static_cast<int>(Key::right);
    io.KeyMap[ImGuiKey_UpArrow] = static_cast<int>(Key::up);
    io.KeyMap[ImGuiKey_DownArrow] = static_cast<int>(Key::down);
    io.KeyMap[ImGuiKey_Enter] = static_cast<int>(Key::enter);
    io.KeyMap[ImGuiKey_Escape] = static_cast<int>(Key::escape);
    io.KeyMap[ImGuiKey_Space] = static_cast<int>(Key::space);
}
#endif

// The font at the size it was made for.
inline void push_font(ImFont* font, float px) {
#if IMGUI_VERSION_NUM < 19200
    (void)px;
    ImGui::PushFont(font);
#else
    ImGui::PushFont(font, px);
#endif
}

inline void use_freetype(ImFontAtlas& atlas) {
#if IMGUI_VERSION_NUM < 19200
    atlas.TexDesiredWidth = 2048;
    atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
    atlas.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
#else
    (void)atlas;  // chosen when ImGui was built
#endif
}

// False when the atlas could not be made. From 1.92 on glyphs are made when they are drawn.
inline bool build_fonts(ImFontAtlas& atlas) {
#if IMGUI_VERSION_NUM < 19200
    return atlas.Build();
#else
    (void)atlas;
    return true;
#endif
}

// After the driver has its copy of the glyphs; not between NewFrame and Render.
inline void drop_font_pixels(ImFontAtlas& atlas) {
#if IMGUI_VERSION_NUM < 19200
    atlas.ClearTexData();
#else
    (void)atlas;  // needed for glyphs to come
#endif
}

}  // namespace farmwall::ui::compat
