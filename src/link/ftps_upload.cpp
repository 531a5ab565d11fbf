#include "link/ftps_upload.hpp"

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <utility>

#include "link/ftps_session.hpp"

namespace farmwall::link {
namespace {

using dispatch::UploadProblem;

// False when it was woken by `leave`.
bool pause(std::chrono::milliseconds time, const std::stop_token& leave) {
    std::mutex mutex;
    std::condition_variable_any nobody;
    std::unique_lock lock{mutex};
    nobody.wait_for(lock, leave, time, [] { return false; });
    return !leave.stop_requested();
}

// What one try brought, before anything is tidied up.
struct Try {
    TransferEnd end;
    bool stored_something = false;  // perhaps; there may be a piece of the file
    std::uint64_t bytes_per_second = 0;
};

Try send(const FtpsPlace& place, const std::filesystem::path& path, std::uint64_t total_bytes,
         const std::string& remote_name, const UploadTimes& times, const UploadStops& stops,
         const std::function<void(const UploadProgress&)>& on_progress) {
    FtpsSession session{place, times, {total_bytes, std::nullopt, stops.cancel, stops.leave}};
    Try result;
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        result.end.curl_code = -1;
        result.end.local_file_failed = true;
        return result;
    }
    if (session.ask_free()) {
        const bool stored = session.store(remote_name, file, on_progress);
        result.end = session.end();
        result.stored_something = stored || result.end.storing || result.end.reply < 400;
        result.bytes_per_second = session.bytes_per_second();
        if (stored) result.end.remote_size = session.ask_size(remote_name, true);
    } else {
        result.end = session.end();
    }
    return result;
}

// After a failed try: learns why from what lies there, and removes it unless it is the whole file.
void tidy(const FtpsPlace& place, const std::string& remote_name, const UploadTimes& times,
          const std::stop_token& leave, Try& failed, UploadVerdict& verdict) {
    bool removed = false;
    for (int i = 0; i < times.tries && !removed; ++i) {
        if (i > 0 && !pause(times.retry, leave)) break;
        FtpsSession session{place, times, {0, times.tidy, {}, leave}};
        const bool reached = session.ask_free();
        if (reached && !failed.end.canceled && !failed.end.local_file_failed) {
            if (session.end().free_before) failed.end.free_after = session.end().free_before;
            if (const auto size = session.ask_size(remote_name, false)) failed.end.remote_size = size;
            verdict = judge(failed.end);
            if (verdict.good()) return;
        }
        removed = reached && session.remove(remote_name);
        if (!removed && !session.end().greeted) break;  // nobody there
    }
    if (!removed) verdict.text += " What was sent of it may still lie on its storage.";
}

}  // namespace

UploadOutcome upload_file(const FtpsPlace& place, const std::filesystem::path& file,
                          const std::string& remote_name, const UploadTimes& times, const UploadStops& stops,
                          const std::function<void(const UploadProgress&)>& on_progress) {
    UploadOutcome outcome;
    std::error_code problem;
    const std::uint64_t total = std::filesystem::file_size(file, problem);
    if (problem || total == 0) {
        outcome.verdict =
            problem_of(UploadProblem::local_file,
                       problem ? "The file on this machine cannot be read." : "The file is empty.");
        return outcome;
    }
    outcome.total_bytes = total;
    outcome.clear_data = place.clear_data;
    FtpsPlace now = place;
    for (int i = 1;; ++i) {
        Try last = send(now, file, total, remote_name, times, stops, on_progress);
        outcome.verdict = judge(last.end);
        if (!outcome.verdict.good() && last.stored_something)
            tidy(now, remote_name, times, stops.leave, last, outcome.verdict);
        outcome.sent_bytes = last.end.sent_bytes;
        outcome.bytes_per_second = last.bytes_per_second;
        outcome.free_bytes = last.end.free_after ? last.end.free_after : last.end.free_before;
        outcome.clear_data = now.clear_data;
        if (outcome.verdict.good()) return outcome;
        if (!now.clear_data && worth_clear_data(place.model, last.end)) {
            now.clear_data = true;
            continue;
        }
        if (!outcome.verdict.busy || i >= times.tries) return outcome;
        if (!pause(times.retry, stops.leave) || stops.cancel.stop_requested()) {
            outcome.verdict = problem_of(UploadProblem::canceled, "The upload was canceled.");
            return outcome;
        }
    }
}

UploadVerdict remove_file(const FtpsPlace& place, const std::string& remote_name, const UploadTimes& times,
                          const std::stop_token& leave) {
    FtpsSession session{place, times, {0, times.tidy, {}, leave}};
    if (session.remove(remote_name)) return {};
    return judge(session.end());
}

}  // namespace farmwall::link
