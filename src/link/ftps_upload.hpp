#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "base/secret.hpp"
#include "link/ftps_answers.hpp"
#include "link/upload_times.hpp"
#include "model/printer_model.hpp"

// One file to or from a printer's storage by FTPS (protocol 9). Everything here blocks: worker threads only.
namespace farmwall::link {

struct FtpsPlace {
    std::string address;  // dotted IPv4
    std::uint16_t port = 990;
    Secret access_code;
    std::string
        public_key_pin;  // of net::public_key_pin; nothing secret is sent to a server with another key
    PrinterModel model = PrinterModel::unknown;
    bool clear_data = false;  // data unprotected at once, since that is all this printer can (A1 series)
};

struct UploadProgress {
    std::uint64_t sent_bytes = 0;
    std::uint64_t total_bytes = 0;
    std::uint64_t bytes_per_second = 0;
    std::optional<std::uint64_t> free_bytes;
};

struct UploadOutcome {
    UploadVerdict verdict;
    std::uint64_t sent_bytes = 0;
    std::uint64_t total_bytes = 0;
    std::uint64_t bytes_per_second = 0;
    std::optional<std::uint64_t> free_bytes;
    bool clear_data = false;  // how the data went
};

// `cancel` ends the upload, and so does `leave`, after which nothing takes long any more.
struct UploadStops {
    std::stop_token cancel;
    std::stop_token leave;
};

// Sends the file, waits until the printer says that it lies there, and compares the size. What a failed or
// canceled upload leaves is removed by a connection of its own, if the printer lets that happen.
// `on_progress` is called on this thread.
[[nodiscard]] UploadOutcome upload_file(const FtpsPlace& place, const std::filesystem::path& file,
                                        const std::string& remote_name, const UploadTimes& times,
                                        const UploadStops& stops,
                                        const std::function<void(const UploadProgress&)>& on_progress = {});

// One try to remove a file; one that is not there counts as removed.
[[nodiscard]] UploadVerdict remove_file(const FtpsPlace& place, const std::string& remote_name,
                                        const UploadTimes& times, const std::stop_token& leave);

}  // namespace farmwall::link
