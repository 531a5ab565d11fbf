#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "net/certificate.hpp"

namespace farmwall::net {

// The certificates trusted so far, one PEM file a printer: <root>/certificates/<serial>.pem, or, for a
// `purpose`, <serial>-<purpose>.pem. A thread of its own does the writing.
class PinStore {
public:
    // The folder need not exist. `purpose`: lower-case letters, or empty for the printer itself.
    explicit PinStore(const std::filesystem::path& root, std::string purpose = {});
    // Waits for what is being written.
    ~PinStore();
    PinStore(const PinStore&) = delete;
    PinStore& operator=(const PinStore&) = delete;

    // 1 to 32 ASCII letters and digits: what may be part of a file name.
    [[nodiscard]] static bool usable(const Serial& serial);
    // Where the pin of a usable serial lies; MQTT takes it as trust store.
    [[nodiscard]] std::filesystem::path file_of(const Serial& serial) const;

    // Nothing when there is none yet. Errors: bad_input (the file holds no certificate, or one that
    // names another serial; a person has to look at it), io. Blocks on the disk; start-up only.
    [[nodiscard]] Result<std::optional<Certificate>> load(const Serial& serial) const;

    // Writes later and calls `done` on the store's thread. Any thread. Errors: bad_input, io, and
    // unavailable when too many wait.
    void save(const Serial& serial, const Certificate& certificate, const std::function<void(Status)>& done);

private:
    struct Impl;
    std::filesystem::path folder_;
    std::string purpose_;
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::net
