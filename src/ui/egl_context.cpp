#include "ui/egl_context.hpp"

#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <glad/gl.h>

namespace farmwall::ui {
namespace {

Error no_egl(const char* step) {
    return {ErrorKind::unsupported,
            "No picture can be drawn without a display here; install libegl1 and libgl1-mesa-dri", step};
}

}  // namespace

Result<std::unique_ptr<EglContext>> EglContext::create() {
    const auto get_display =
        reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(  // NOLINT: how EGL hands them out
            eglGetProcAddress("eglGetPlatformDisplayEXT"));
    if (get_display == nullptr) return no_egl("no eglGetPlatformDisplayEXT");
    std::unique_ptr<EglContext> made{new EglContext};
    made->display_ = get_display(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
    if (made->display_ == EGL_NO_DISPLAY || eglInitialize(made->display_, nullptr, nullptr) == EGL_FALSE) {
        made->display_ = nullptr;
        return no_egl("no surfaceless display");
    }
    if (eglBindAPI(EGL_OPENGL_API) == EGL_FALSE) return no_egl("no desktop OpenGL");
    const EGLint attributes[] = {EGL_CONTEXT_MAJOR_VERSION,
                                 3,
                                 EGL_CONTEXT_MINOR_VERSION,
                                 3,
                                 EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                 EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                 EGL_NONE};
    made->context_ = eglCreateContext(made->display_, EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, attributes);
    if (made->context_ == EGL_NO_CONTEXT) return no_egl("no OpenGL 3.3 context");
    if (eglMakeCurrent(made->display_, EGL_NO_SURFACE, EGL_NO_SURFACE, made->context_) == EGL_FALSE) {
        return no_egl("the context cannot be used");
    }
    if (gladLoadGL(reinterpret_cast<GLADloadfunc>(eglGetProcAddress)) == 0)
        return no_egl("OpenGL did not load");
    return made;
}

EglContext::~EglContext() {
    if (display_ == nullptr) return;
    eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    if (context_ != nullptr) eglDestroyContext(display_, context_);
    eglTerminate(display_);
}

}  // namespace farmwall::ui
