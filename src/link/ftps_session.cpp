#include "link/ftps_session.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/freer.hpp"
#include "link/curl_library.hpp"
#include "link/upload_sockets.hpp"

namespace farmwall::link {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

using Easy = std::unique_ptr<CURL, Freer<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Freer<curl_multi_cleanup>>;
using Commands = std::unique_ptr<curl_slist, Freer<curl_slist_free_all>>;

constexpr int longest_wait_ms = 100;
// The upper half is the highest version; the library's own constant for it does not fit its type.
constexpr long tls_1_2_alone = long{CURL_SSLVERSION_TLSv1_2} << 16 | long{CURL_SSLVERSION_TLSv1_2};
constexpr long piece_bytes = 64L * 1024;
constexpr int send_buffer_bytes = 512 * 1024;  // twenty seconds of the slowest printer

std::size_t discard(char* /*data*/, std::size_t size, std::size_t count, void* /*into*/) {
    return size * count;
}

int prepare_socket(void* /*self*/, curl_socket_t socket, curlsocktype /*purpose*/) {
    limit_send_buffer(static_cast<std::uintptr_t>(socket), send_buffer_bytes);
    return CURL_SOCKOPT_OK;
}

}  // namespace

struct FtpsSession::Impl {
    enum class Step { ask_free, store, ask_size, remove };

    Impl(const FtpsPlace& where, const UploadTimes& all_times, Limits all_limits)
        : place{where},
          times{all_times},
          limits{std::move(all_limits)},
          watch{times, limits.total_bytes, steady_clock::now()} {
        end.total_bytes = limits.total_bytes;
        if (limits.at_most) give_up_at = steady_clock::now() + *limits.at_most;
        if (start_curl()) {
            multi.reset(curl_multi_init());
            easy.reset(curl_easy_init());
        }
        if (multi && easy) set_options();
    }

    // The library would say goodbye on what is still open, and wait up to two minutes for the answer.
    ~Impl() {
        if (open_socket != CURL_SOCKET_BAD) end_conversation(static_cast<std::uintptr_t>(open_socket));
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    // Not within one step, since these stay for the next.
    void set_options() const {
        CURL* const handle = easy.get();
        curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "ftps");
        curl_easy_setopt(handle, CURLOPT_PROXY, "");  // whatever the environment says
        curl_easy_setopt(handle, CURLOPT_USERNAME, "bblp");
        curl_easy_setopt(handle, CURLOPT_PASSWORD, place.access_code.reveal().c_str());
        // The printers' certificates name no host; their key is what counts.
        curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
        curl_easy_setopt(handle, CURLOPT_PINNEDPUBLICKEY, place.public_key_pin.c_str());
        curl_easy_setopt(handle, CURLOPT_SSLVERSION, tls_1_2_alone);
        curl_easy_setopt(handle, CURLOPT_SSL_CIPHER_LIST, "DEFAULT@SECLEVEL=1");  // old keys
        curl_easy_setopt(handle, CURLOPT_USE_SSL,
                         static_cast<long>(place.clear_data ? CURLUSESSL_CONTROL : CURLUSESSL_ALL));
        curl_easy_setopt(handle, CURLOPT_FTP_USE_EPSV, 0L);
        curl_easy_setopt(handle, CURLOPT_FTP_SKIP_PASV_IP, 1L);
        curl_easy_setopt(handle, CURLOPT_FTP_FILEMETHOD, static_cast<long>(CURLFTPMETHOD_NOCWD));
        curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(handle, CURLOPT_UPLOAD_BUFFERSIZE, piece_bytes);
        curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(times.connect.count()));
        // The watch says when it is enough; the library's own limit must not come before.
        const auto far = times.final_most + times.final_base + times.reply + 60s;
        curl_easy_setopt(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                         static_cast<long>(std::chrono::ceil<std::chrono::seconds>(far).count()));
        curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, &prepare_socket);
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &discard);
        curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &Impl::on_reply);
        curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
        curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &Impl::on_progress);
        curl_easy_setopt(handle, CURLOPT_XFERINFODATA, this);
        curl_easy_setopt(handle, CURLOPT_READFUNCTION, &Impl::on_read);
        curl_easy_setopt(handle, CURLOPT_READDATA, this);
    }

    // Exactly one of a file to store, a name to look at or a command is what the step is about.
    CURLcode run(Step which, const std::string& name, const std::string& command, bool last) {
        if (!easy || !multi) return CURLE_FAILED_INIT;
        step = which;
        watch.talk(steady_clock::now());
        const std::string url = fmt::format("ftps://{}:{}/{}", place.address, place.port, name);
        const Commands commands{command.empty() ? nullptr : curl_slist_append(nullptr, command.c_str())};
        CURL* const handle = easy.get();
        curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
        curl_easy_setopt(handle, CURLOPT_UPLOAD, which == Step::store ? 1L : 0L);
        curl_easy_setopt(handle, CURLOPT_NOBODY, which == Step::store ? 0L : 1L);
        curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE,
                         which == Step::store ? static_cast<curl_off_t>(limits.total_bytes) : curl_off_t{-1});
        curl_easy_setopt(handle, CURLOPT_QUOTE, commands.get());
        curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, last ? 1L : 0L);
        if (curl_multi_add_handle(multi.get(), handle) != CURLM_OK) return CURLE_FAILED_INIT;
        const CURLcode code = perform();
        open_socket = CURL_SOCKET_BAD;  // and stays so when the connection is closed
        curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &open_socket);
        curl_multi_remove_handle(multi.get(), handle);
        curl_easy_setopt(handle, CURLOPT_QUOTE, nullptr);
        return code;
    }

    CURLcode perform() {
        const auto wake = [this] { curl_multi_wakeup(multi.get()); };
        const std::stop_callback wake_on_cancel{limits.cancel, wake};
        const std::stop_callback wake_on_leave{limits.leave, wake};
        int running = 1;
        while (running > 0) {
            if (curl_multi_perform(multi.get(), &running) != CURLM_OK) return CURLE_FAILED_INIT;
            if (running == 0) break;
            // The library asks the watch as well, but not in each of its states.
            if (enough()) return CURLE_ABORTED_BY_CALLBACK;
            curl_multi_poll(multi.get(), nullptr, 0, longest_wait_ms, nullptr);
        }
        int left = 0;
        const CURLMsg* const message = curl_multi_info_read(multi.get(), &left);
        return message == nullptr ? CURLE_FAILED_INIT : message->data.result;
    }

    // True: the step ends now, and `end` says why.
    bool enough() {
        const TimePoint now = steady_clock::now();
        const bool leaving = limits.leave.stop_requested();
        if (limits.cancel.stop_requested() || (leaving && !give_up_at)) end.canceled = true;
        if (leaving && give_up_at) give_up_at = std::min(*give_up_at, left_at(now) + times.tidy_in_haste);
        if (end.overrun == Overrun::none) end.overrun = watch.overrun(now);
        if (end.overrun == Overrun::none && give_up_at && now > *give_up_at) end.overrun = Overrun::silent;
        return end.canceled || end.overrun != Overrun::none || end.too_full || end.local_file_failed;
    }

    TimePoint left_at(TimePoint now) {
        if (!leave_seen) leave_seen = now;
        return *leave_seen;
    }

    void heard(const FtpReply& reply) {
        const TimePoint now = steady_clock::now();
        watch.heard(now);
        end.greeted = true;
        end.reply = reply.code;
        if (reply.code == 230) end.logged_in = true;
        if (step == Step::ask_free) {
            if (const auto free = number_in(reply)) {
                end.free_before = free;
                end.too_full = *free < limits.total_bytes;
            }
        }
        if (step == Step::store && (reply.code == 150 || reply.code == 125)) {
            end.storing = true;
            watch.begin_data(now);
        }
    }

    static std::size_t on_reply(char* data, std::size_t size, std::size_t count, void* self) {
        if (const auto reply = parse_ftp_reply({data, size * count})) static_cast<Impl*>(self)->heard(*reply);
        return size * count;
    }

    static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t sent) {
        return static_cast<Impl*>(self)->progress(static_cast<std::uint64_t>(std::max<curl_off_t>(sent, 0)));
    }

    int progress(std::uint64_t sent) {
        const TimePoint now = steady_clock::now();
        if (step == Step::store && end.storing) {
            watch.sent(std::min(sent, limits.total_bytes), now);
            end.sent_bytes = watch.sent_bytes();
            if (report && now - reported_at >= times.progress) {
                reported_at = now;
                report({end.sent_bytes, end.total_bytes, watch.bytes_per_second(), end.free_before});
            }
        }
        return enough() ? 1 : 0;
    }

    static std::size_t on_read(char* into, std::size_t size, std::size_t count, void* self) {
        return static_cast<Impl*>(self)->read(into, size * count);
    }

    // Never more than the size that was announced, should the file have grown.
    std::size_t read(char* into, std::size_t room) {
        const std::uint64_t left = limits.total_bytes - read_bytes;
        const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(room, left));
        if (wanted == 0) return 0;
        file->read(into, static_cast<std::streamsize>(wanted));
        const auto got = static_cast<std::size_t>(file->gcount());
        if (got < wanted) {  // shorter than it was, or not readable any more
            end.local_file_failed = true;
            return CURL_READFUNC_ABORT;
        }
        read_bytes += got;
        return got;
    }

    const FtpsPlace place;
    const UploadTimes times;
    const Limits limits;
    UploadWatch watch;
    TransferEnd end;
    Step step = Step::ask_free;
    std::optional<TimePoint> give_up_at;
    std::optional<TimePoint> leave_seen;
    std::istream* file = nullptr;
    std::uint64_t read_bytes = 0;
    std::function<void(const UploadProgress&)> report;
    TimePoint reported_at{};
    curl_socket_t open_socket = CURL_SOCKET_BAD;
    Multi multi;  // keeps the connection; goes after the handle that uses it
    Easy easy;
};

FtpsSession::FtpsSession(const FtpsPlace& place, const UploadTimes& times, Limits limits)
    : impl_{std::make_unique<Impl>(place, times, std::move(limits))} {}

FtpsSession::~FtpsSession() = default;

bool FtpsSession::ask_free() {
    // The star: a printer that does not know the command is none the worse.
    impl_->end.curl_code = impl_->run(Impl::Step::ask_free, {}, "*AVBL", false);
    return impl_->end.curl_code == CURLE_OK && !impl_->end.too_full;
}

bool FtpsSession::store(const std::string& remote_name, std::istream& file,
                        const std::function<void(const UploadProgress&)>& on_progress) {
    impl_->file = &file;
    impl_->report = on_progress;
    impl_->end.curl_code = impl_->run(Impl::Step::store, remote_name, {}, false);
    impl_->report = nullptr;
    return impl_->end.curl_code == CURLE_OK;
}

std::optional<std::uint64_t> FtpsSession::ask_size(const std::string& remote_name, bool last) {
    const CURLcode code = impl_->run(Impl::Step::ask_size, remote_name, {}, last);
    if (code == CURLE_REMOTE_FILE_NOT_FOUND) return 0;
    curl_off_t size = -1;
    if (code == CURLE_OK) {
        curl_easy_getinfo(impl_->easy.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
    }
    if (size < 0) return std::nullopt;
    return static_cast<std::uint64_t>(size);
}

bool FtpsSession::remove(const std::string& remote_name) {
    const CURLcode code = impl_->run(Impl::Step::remove, {}, "DELE " + remote_name, true);
    impl_->end.curl_code = code;
    return code == CURLE_OK || (code == CURLE_QUOTE_ERROR && impl_->end.reply == 550);
}

const TransferEnd& FtpsSession::end() const { return impl_->end; }

std::uint64_t FtpsSession::bytes_per_second() const { return impl_->watch.bytes_per_second(); }

}  // namespace farmwall::link
