#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "link/ftps_upload.hpp"

namespace farmwall::link {

// One connection to a printer's storage, which its steps share; it is made by the first. One thread.
class FtpsSession {
public:
    struct Limits {
        std::uint64_t total_bytes = 0;           // of the file that will be stored
        std::optional<UploadTimes::Ms> at_most;  // for everything together
        std::stop_token cancel;
        std::stop_token leave;  // cancels as well, unless there is a limit; that shrinks to `tidy_in_haste`
    };
    FtpsSession(const FtpsPlace& place, const UploadTimes& times, Limits limits);
    ~FtpsSession();
    FtpsSession(const FtpsSession&) = delete;
    FtpsSession& operator=(const FtpsSession&) = delete;

    // True: the storage answered, and has room for the file where it tells that; then end().free_before does.
    bool ask_free();
    // True: the printer says that the file lies there. `on_progress` may be empty.
    bool store(const std::string& remote_name, std::istream& file,
               const std::function<void(const UploadProgress&)>& on_progress);
    // The size of what lies there, 0 when nothing does; nothing when the printer does not say. `last`: the
    // session says goodbye and waits for the answer, else it just ends some time.
    std::optional<std::uint64_t> ask_size(const std::string& remote_name, bool last);
    // True as well when there is no such file. Says goodbye.
    bool remove(const std::string& remote_name);

    // How the last of these ended, and what they brought; ask_size() leaves it as it is.
    [[nodiscard]] const TransferEnd& end() const;
    [[nodiscard]] std::uint64_t bytes_per_second() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::link
