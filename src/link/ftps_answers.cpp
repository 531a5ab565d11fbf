#include "link/ftps_answers.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace farmwall::link {
namespace {

using dispatch::UploadProblem;

constexpr std::size_t longest_remote_name = 80;
// More than this is not swallowed by buffers on the way: the printer took some of it.
constexpr std::uint64_t lost_in_buffers = 256UL * 1024;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string megabytes(std::uint64_t bytes) {
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1'000'000);
}

// The data connection could not be protected, or not as the printer wants it.
bool says_unprotected(int reply) { return (reply >= 520 && reply < 530) || (reply >= 533 && reply <= 536); }

// Busy with another connection; nothing of ours was taken.
bool says_busy(int reply) { return reply == 421 || reply == 425 || reply == 431 || reply == 450; }

UploadVerdict busy() {
    UploadVerdict verdict =
        problem_of(UploadProblem::connection_lost, "The printer's storage is busy with another connection.");
    verdict.busy = true;
    return verdict;
}

UploadVerdict full(const TransferEnd& end) {
    const auto& known = end.free_after ? end.free_after : end.free_before;
    if (!known) return problem_of(UploadProblem::storage_full, "The printer's storage is full.");
    return problem_of(UploadProblem::storage_full,
                      fmt::format("The printer's storage is full: the file needs {}, and {} are free.",
                                  megabytes(end.total_bytes), megabytes(*known)));
}

// What lies there and what is free together are less than the file.
bool turned_out_full(const TransferEnd& end) {
    if (!end.storing || !end.free_after) return false;
    const std::uint64_t missing = end.total_bytes - std::min(end.remote_size.value_or(0), end.total_bytes);
    return missing > 0 && *end.free_after < missing;
}

UploadVerdict by_size(const TransferEnd& end) {
    if (!end.remote_size || *end.remote_size == end.total_bytes) return {};
    if (turned_out_full(end)) return full(end);
    return problem_of(UploadProblem::wrong_size,
                      fmt::format("The printer says it has the file, but {} bytes of {} lie there.",
                                  *end.remote_size, end.total_bytes));
}

UploadVerdict unprotected() {
    return problem_of(UploadProblem::connection_lost, "The connection for the file could not be protected.");
}

UploadVerdict by_overrun(const TransferEnd& end) {
    switch (end.overrun) {
        case Overrun::stalled:
            return problem_of(UploadProblem::connection_lost, "The printer stopped taking the file.");
        case Overrun::too_slow:
            return problem_of(UploadProblem::too_slow,
                              "The printer took the file too slowly; check its network.");
        case Overrun::unconfirmed:
            return problem_of(UploadProblem::connection_lost,
                              "The printer did not confirm that the file lies on its storage.");
        case Overrun::silent:
        case Overrun::none:
            break;
    }
    return end.logged_in
               ? problem_of(UploadProblem::connection_lost, "The printer's storage did not answer any more.")
               : problem_of(UploadProblem::unreachable, "The printer's storage does not answer.");
}

// The printer said no to the file, before or after its data.
UploadVerdict by_reply(const TransferEnd& end) {
    const int reply = end.reply;
    if (!end.storing && says_busy(reply)) return busy();
    if (reply == 452 || reply == 552) return full(end);
    if (reply == 530) {
        return problem_of(UploadProblem::bad_access_code, "The printer refuses the access code.");
    }
    if (says_unprotected(reply)) return unprotected();
    if (reply == 550 || reply == 553) {
        if (end.free_before && *end.free_before >= end.total_bytes) {
            return problem_of(
                UploadProblem::storage_error,
                "The printer's storage takes no file: it is read-only or has the wrong format.");
        }
        return problem_of(
            UploadProblem::no_storage,
            "The printer takes no file: there is no card or stick in it, or it is read-only, full "
            "or has the wrong format.");
    }
    if (reply == 451 || reply >= 500) {
        return problem_of(UploadProblem::storage_error,
                          fmt::format("The printer's storage reports an error ({}).", reply));
    }
    return problem_of(UploadProblem::connection_lost,
                      fmt::format("The printer ended the transfer ({}).", reply));
}

UploadVerdict before_login(const TransferEnd& end) {
    if (says_busy(end.reply)) return busy();
    switch (end.curl_code) {
        case CURLE_COULDNT_CONNECT:
            return problem_of(UploadProblem::unreachable, "The printer's storage accepts no connection.");
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        case CURLE_PEER_FAILED_VERIFICATION:
            return problem_of(UploadProblem::certificate,
                              "The printer's storage shows another certificate than the one that is stored; "
                              "nothing was sent.");
        case CURLE_LOGIN_DENIED:
            return problem_of(UploadProblem::bad_access_code, "The printer refuses the access code.");
        case CURLE_SSL_CONNECT_ERROR:
            return problem_of(UploadProblem::unreachable, "The printer's storage does not speak TLS 1.2.");
        case CURLE_OPERATION_TIMEDOUT:
            return problem_of(UploadProblem::unreachable, "The printer's storage does not answer.");
        default:
            return problem_of(UploadProblem::unreachable,
                              "The printer's storage ended the connection before the login.");
    }
}

UploadVerdict by_code(const TransferEnd& end) {
    if (!end.logged_in) return before_login(end);
    switch (end.curl_code) {
        case CURLE_REMOTE_DISK_FULL:
            return full(end);
        case CURLE_UPLOAD_FAILED:
        case CURLE_PARTIAL_FILE:
        case CURLE_QUOTE_ERROR:
            if (end.reply >= 400) return by_reply(end);
            break;
        case CURLE_USE_SSL_FAILED:
        case CURLE_SSL_CONNECT_ERROR:
            return unprotected();
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            return problem_of(
                UploadProblem::certificate,
                "The connection for the file shows another certificate than the one that is stored.");
        case CURLE_FTP_WEIRD_PASV_REPLY:
        case CURLE_FTP_WEIRD_227_FORMAT:
        case CURLE_FTP_CANT_GET_HOST:
        case CURLE_COULDNT_CONNECT:
            if (says_busy(end.reply)) return busy();
            return problem_of(UploadProblem::connection_lost,
                              "The printer opened no connection for the file.");
        default:
            if (!end.storing && says_busy(end.reply)) return busy();
            break;
    }
    return problem_of(UploadProblem::connection_lost, end.storing
                                                          ? "The connection broke while the file was sent."
                                                          : "The connection broke before the file was sent.");
}

}  // namespace

std::optional<FtpReply> parse_ftp_reply(std::string_view line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
        line.remove_suffix(1);
    if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, is_digit)) return std::nullopt;
    if (line[0] < '1' || line[0] > '5') return std::nullopt;
    if (line.size() > 3 && line[3] != ' ') return std::nullopt;
    const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    return FtpReply{code, std::string{trim(line.substr(3))}};
}

std::optional<std::uint64_t> number_in(const FtpReply& reply) {
    if (reply.code != 213) return std::nullopt;
    const std::string_view text = reply.text;
    const auto number = parse_int(text.substr(0, text.find(' ')));
    if (!number || *number < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
}

bool usable_remote_name(std::string_view name) {
    if (name.empty() || name.size() > longest_remote_name) return false;
    if (name.front() == '.' || name.front() == '-') return false;
    return std::ranges::all_of(name, [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
               c == '-';
    });
}

UploadVerdict problem_of(UploadProblem problem, std::string text) {
    UploadVerdict verdict{problem, std::move(text)};
    verdict.retryable = problem == UploadProblem::unreachable || problem == UploadProblem::connection_lost ||
                        problem == UploadProblem::too_slow || problem == UploadProblem::wrong_size;
    return verdict;
}

UploadVerdict judge(const TransferEnd& end) {
    if (end.curl_code == CURLE_OK && !end.too_full) return by_size(end);
    if (end.canceled) return problem_of(UploadProblem::canceled, "The upload was canceled.");
    if (end.local_file_failed) {
        return problem_of(UploadProblem::local_file,
                          "The file on this machine cannot be read to its end; it may have been changed.");
    }
    if (end.too_full) return full(end);
    // A missing or bad last word: what lies there decides (protocol 9.2).
    if (end.sent_bytes == end.total_bytes && end.remote_size == end.total_bytes) return {};
    if (turned_out_full(end)) return full(end);
    if (end.overrun != Overrun::none) return by_overrun(end);
    return by_code(end);
}

bool worth_clear_data(PrinterModel model, const TransferEnd& end) {
    if (model != PrinterModel::a1 && model != PrinterModel::a1_mini) return false;
    if (!end.logged_in || end.canceled || end.local_file_failed || end.too_full) return false;
    const bool refused = end.curl_code == CURLE_UPLOAD_FAILED || end.curl_code == CURLE_PARTIAL_FILE;
    if (refused && end.reply >= 400 && end.reply < 600) {
        return end.reply == 425 || end.reply == 426 || says_unprotected(end.reply);
    }
    switch (end.curl_code) {
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_USE_SSL_FAILED:
            return true;
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
        case CURLE_PARTIAL_FILE:
        case CURLE_ABORTED_BY_CALLBACK:
        case CURLE_OPERATION_TIMEDOUT:
            return end.storing && end.sent_bytes <= lost_in_buffers && end.sent_bytes < end.total_bytes;
        default:
            return false;
    }
}

}  // namespace farmwall::link
