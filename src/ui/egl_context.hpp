#pragma once

#include <memory>

#include "base/result.hpp"

namespace farmwall::ui {

// An OpenGL 3.3 core context without window, screen or display server, current on the thread that
// made it until it is destroyed there.
class EglContext {
public:
    // Error unsupported when this machine has no EGL driver for it.
    [[nodiscard]] static Result<std::unique_ptr<EglContext>> create();
    ~EglContext();
    EglContext(const EglContext&) = delete;
    EglContext& operator=(const EglContext&) = delete;

private:
    EglContext() = default;
    void* display_ = nullptr;
    void* context_ = nullptr;
};

}  // namespace farmwall::ui
