#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dispatch/ports.hpp"
#include "link/upload_watch.hpp"
#include "model/printer_model.hpp"

// What the answers of a printer's storage mean (protocol 9). Pure.
namespace farmwall::link {

// The last line of a reply: three digits and a blank, or three digits alone. Nothing for every other line.
struct FtpReply {
    int code = 0;
    std::string text;
    friend bool operator==(const FtpReply&, const FtpReply&) = default;
};
[[nodiscard]] std::optional<FtpReply> parse_ftp_reply(std::string_view line);
// The number of a 213 reply, as AVBL and SIZE are answered.
[[nodiscard]] std::optional<std::uint64_t> number_in(const FtpReply& reply);

// 1 to 80 of A-Z a-z 0-9 . _ -, the first no dot and no dash (protocol 9.5).
[[nodiscard]] bool usable_remote_name(std::string_view name);

// What is known after one try to store a file.
struct TransferEnd {
    int curl_code = 0;     // of the storing itself
    int reply = 0;         // the last one that came; 0: none
    bool greeted = false;  // the connection stood and the certificate was the right one
    bool logged_in = false;
    bool storing = false;  // the printer was ready for the data
    Overrun overrun = Overrun::none;
    bool canceled = false;
    bool local_file_failed = false;
    bool too_full = false;  // known before a byte was sent
    std::uint64_t sent_bytes = 0;
    std::uint64_t total_bytes = 0;
    std::optional<std::uint64_t> free_before;
    std::optional<std::uint64_t> free_after;
    std::optional<std::uint64_t> remote_size;  // what lies there afterwards; 0: nothing
};

struct UploadVerdict {
    dispatch::UploadProblem problem = dispatch::UploadProblem::none;
    std::string text;        // one sentence for people; empty: no problem
    bool retryable = false;  // another try later may succeed without anybody's hand
    bool busy = false;       // the printer is busy with another connection: soon
    [[nodiscard]] bool good() const { return problem == dispatch::UploadProblem::none; }
};
[[nodiscard]] UploadVerdict judge(const TransferEnd& end);

// The same words for what goes wrong before a connection is tried, or without a file to send.
[[nodiscard]] UploadVerdict problem_of(dispatch::UploadProblem problem, std::string text);

// True: on this model another try with the data in clear is worth it (protocol 9.1).
[[nodiscard]] bool worth_clear_data(PrinterModel model, const TransferEnd& end);

}  // namespace farmwall::link
