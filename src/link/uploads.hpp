#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/secret.hpp"
#include "dispatch/ports.hpp"
#include "link/upload_times.hpp"
#include "model/printer_model.hpp"
#include "net/certificate.hpp"

namespace farmwall::link {

struct UploadPrinter {
    PrinterId id;  // for the log
    PrinterModel model = PrinterModel::unknown;
    std::uint16_t port = 990;
    Secret access_code;
};

struct UploadsSettings {
    std::vector<UploadPrinter> printers;  // config order
    // The address in use now, dotted IPv4; empty: not known. Any thread.
    std::function<std::string(std::size_t printer)> address;
    // The certificate that the printer has to show; nothing: none is stored yet. Any thread, may read the
    // disk.
    std::function<std::optional<net::Certificate>(std::size_t printer)> pin;
    // One event after the other, on a thread of this class. It may call upload(), cancel() and remove().
    std::function<void(const dispatch::UploadEvent&)> on_event;
    int parallel = 4;  // printers served at a time, at least 1
    UploadTimes times;
};

// Sends files to the printers' storage: one printer does one thing at a time in the order it was asked for,
// `parallel` printers side by side. Whatever the functions of the settings use lives until stop().
class FtpsUploads final : public dispatch::Uploads {
public:
    // Uploads and removals that wait for one printer at most; one more fails, or is dropped, with a word.
    static constexpr std::size_t most_waiting = 64;

    explicit FtpsUploads(UploadsSettings settings);
    // stop(), if that was not called.
    ~FtpsUploads() override;
    FtpsUploads(const FtpsUploads&) = delete;
    FtpsUploads& operator=(const FtpsUploads&) = delete;

    // Any thread. After stop() they do nothing.
    void upload(dispatch::UploadId upload, std::size_t printer, const std::filesystem::path& file,
                const std::string& remote_name) override;
    void cancel(dispatch::UploadId upload) override;
    void remove(std::size_t printer, const std::string& remote_name) override;

    // Cancels everything, waits for the threads and delivers the last events; within 2 s. Not from on_event.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::link
