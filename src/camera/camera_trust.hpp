#pragma once

#include <optional>
#include <string>

#include "base/ids.hpp"
#include "model/camera_state.hpp"
#include "net/certificate.hpp"

namespace farmwall::camera {

// Which certificate one camera may show (protocol 3.2): the name has to be the serial; the first one is
// remembered, another one later needs a person. Pure; one thread.
class CameraTrust {
public:
    // `pin`: what was remembered so far; a certificate without a hash, for a pin that cannot be read,
    // equals none.
    CameraTrust(Serial serial, std::optional<net::Certificate> pin)
        : serial_{std::move(serial)}, pin_{std::move(pin)} {}

    // What is wrong with a shown certificate; none: it may be used. `first_use` tells that it was just
    // taken as the pin and has to be stored.
    [[nodiscard]] CameraProblem judge(const net::Certificate& shown, bool& first_use);
    // A person trusts the one that was refused last, if it has this hash; it has to be stored then.
    [[nodiscard]] const net::Certificate* trust(const std::string& sha256);
    // SHA-256 of the one that was refused last; empty: none.
    [[nodiscard]] std::string refused_sha256() const { return refused_ ? refused_->sha256 : ""; }
    void forget_refused() { refused_.reset(); }

private:
    Serial serial_;
    std::optional<net::Certificate> pin_;
    std::optional<net::Certificate> refused_;
};

}  // namespace farmwall::camera
