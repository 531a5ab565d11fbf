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

    // Each is true when the printer carried it out; end() says why not.
    // Whether the storage tells its free bytes or not: that is in end().free_before. False as well when they
    // are fewer than the file has.
    bool ask_free();
    bool store(const std::string& remote_name, std::istream& file,
               const std::function<void(const UploadProgress&)>& on_progress);
    // The size of what lies there, 0 when nothing does; nothing when the printer does not say. The last step.
    std::optional<std::uint64_t> ask_size(const std::string& remote_name, bool last);
    // True as well when there is no such file. The last step.
    bool remove(const std::string& remote_name);

    [[nodiscard]] const TransferEnd& end() const;
    [[nodiscard]] std::uint64_t bytes_per_second() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::link
