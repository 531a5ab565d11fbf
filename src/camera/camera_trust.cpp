#include "camera/camera_trust.hpp"

#include <utility>

namespace farmwall::camera {

CameraProblem CameraTrust::judge(const net::Certificate& shown, bool& first_use) {
    first_use = false;
    if (shown.common_name != serial_.value) return CameraProblem::wrong_serial;
    if (pin_ && pin_->sha256 != shown.sha256) {
        refused_ = shown;
        return CameraProblem::certificate_changed;
    }
    refused_.reset();
    if (!pin_) {
        pin_ = shown;
        first_use = true;
    }
    return CameraProblem::none;
}

const net::Certificate* CameraTrust::trust(const std::string& sha256) {
    if (!refused_ || refused_->sha256 != sha256) return nullptr;
    pin_ = std::exchange(refused_, std::nullopt);
    return &*pin_;
}

}  // namespace farmwall::camera
