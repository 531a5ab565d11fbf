#include "link/http_request.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>
#include <mutex>
#include <optional>

#include "base/freer.hpp"
#include "base/text.hpp"
#include "link/curl_library.hpp"

namespace farmwall::link {
namespace {

using Easy = std::unique_ptr<CURL, Freer<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Freer<curl_multi_cleanup>>;
using HeaderList = std::unique_ptr<curl_slist, Freer<curl_slist_free_all>>;

constexpr long most_redirects = 5;
constexpr int longest_wait_ms = 200;

// What the library writes into while it works.
struct Received {
    std::string body;
    std::size_t most_bytes = 0;
    bool too_long = false;
};

std::size_t receive(char* data, std::size_t size, std::size_t count, void* into) {
    auto& received = *static_cast<Received*>(into);
    const std::size_t bytes = size * count;
    if (received.body.size() + bytes > received.most_bytes) {
        received.too_long = true;
        return 0;  // the library gives up
    }
    received.body.append(data, bytes);
    return bytes;
}

// The scheme of the address when it is one of the two; else null.
const char* scheme_of(const std::string& url) {
    const std::string start = to_lower(std::string_view{url}.substr(0, 8));
    if (start.starts_with("https://")) return "https";
    if (start.starts_with("http://")) return "http";
    return nullptr;
}

HeaderList headers_of(const HttpRequest& request) {
    HeaderList list;
    const auto add = [&](const std::string& line) {
        curl_slist* const longer = curl_slist_append(list.get(), printable(line).c_str());
        if (longer == nullptr) return;
        static_cast<void>(list.release());
        list.reset(longer);
    };
    for (const auto& [name, value] : request.headers)
        add(name + ": " + value.reveal());
    if (request.method == HttpRequest::Method::post) {
        add("Content-Type: " + request.content_type);
        add("Expect:");  // or the library waits a second for a word of the server
    }
    return list;
}

void set_options(CURL* easy, const HttpRequest& request, const char* scheme, curl_slist* headers,
                 Received& received) {
    curl_easy_setopt(easy, CURLOPT_URL, request.url.reveal().c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, scheme);
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, scheme);
    const bool post = request.method == HttpRequest::Method::post;
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, post ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, most_redirects);
    if (post) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "farmwall");
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");  // whatever the library can unpack
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a name that is still looked up holds nobody up
#endif
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    if (request.silence.count() > 0) {
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(request.silence.count()));
    }
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.most_bytes));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &receive);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &received);
}

// The library's verdict; nothing when it was stopped before.
std::optional<CURLcode> perform(CURLM* multi, const std::stop_token& stop) {
    const std::stop_callback wake{stop, [multi] { curl_multi_wakeup(multi); }};
    int running = 1;
    while (running > 0) {
        if (stop.stop_requested()) return std::nullopt;
        if (curl_multi_perform(multi, &running) != CURLM_OK) return CURLE_FAILED_INIT;
        if (running > 0) curl_multi_poll(multi, nullptr, 0, longest_wait_ms, nullptr);
    }
    int left = 0;
    const CURLMsg* const message = curl_multi_info_read(multi, &left);
    return message == nullptr ? CURLE_FAILED_INIT : message->data.result;
}

// `status`: of the last answer; 0: there was none.
Error explain(CURLcode code, const Received& received, long status) {
    const auto unavailable = [](std::string what) { return Error{ErrorKind::unavailable, std::move(what)}; };
    if (received.too_long || code == CURLE_FILESIZE_EXCEEDED) {
        return {ErrorKind::bad_input, fmt::format("the answer is longer than {} bytes", received.most_bytes)};
    }
    switch (code) {
        case CURLE_UNSUPPORTED_PROTOCOL:
            if (status == 0) return unavailable("the server answers, but does not speak HTTP");
            [[fallthrough]];
        case CURLE_URL_MALFORMAT:
            return {ErrorKind::bad_input,
                    "the address is none of a web server, or leads to another kind of server"};
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
            return unavailable("the name of the server is not known, or there is no network");
        case CURLE_COULDNT_CONNECT:
            return unavailable("the server does not accept the connection");
        case CURLE_OPERATION_TIMEDOUT:
            return unavailable("the server did not answer in time");
        case CURLE_TOO_MANY_REDIRECTS:
            return unavailable("the server only sends to other addresses");
        case CURLE_SSL_CACERT_BADFILE:
            return {ErrorKind::refused,
                    "this machine has no list of authorities to check certificates with; install "
                    "ca-certificates"};
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_ISSUER_ERROR:
            return {ErrorKind::refused, "the certificate of the server is not trusted"};
        case CURLE_SSL_CONNECT_ERROR:
            return unavailable("the server does not speak TLS 1.2 or later here");
        case CURLE_GOT_NOTHING:
        case CURLE_PARTIAL_FILE:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
            return unavailable("the connection broke before the answer was complete");
        default:
            // The library's fixed words for the code; never the text of this request.
            return unavailable(fmt::format("the request failed ({})", curl_easy_strerror(code)));
    }
}

}  // namespace

Result<HttpAnswer> http_request(const HttpRequest& request, const std::stop_token& stop) {
    const char* const scheme = scheme_of(request.url.reveal());
    if (scheme == nullptr) return explain(CURLE_URL_MALFORMAT, {}, 0);
    if (!start_curl()) return Error{ErrorKind::unsupported, "the network library does not start"};
    Received received;
    received.most_bytes = request.most_bytes;
    // In this order: the list and what is received outlive the transfer.
    const HeaderList headers = headers_of(request);
    const Multi multi{curl_multi_init()};
    const Easy easy{curl_easy_init()};
    if (!easy || !multi) return Error{ErrorKind::io, "there is no memory for the request"};
    set_options(easy.get(), request, scheme, headers.get(), received);
    curl_multi_add_handle(multi.get(), easy.get());
    const auto code = perform(multi.get(), stop);
    long status = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    curl_multi_remove_handle(multi.get(), easy.get());
    if (!code) return Error{ErrorKind::unavailable, "the request was stopped"};
    if (*code != CURLE_OK) return explain(*code, received, status);
    return HttpAnswer{static_cast<int>(status), std::move(received.body)};
}

std::string status_words(int status) {
    std::string_view meaning;
    if (status == 400) meaning = " (it does not understand the message)";
    if (status == 401 || status == 403) meaning = " (it wants another login)";
    if (status == 404) meaning = " (there is nothing at this address)";
    if (status == 413) meaning = " (the message is too long)";
    if (status == 429) meaning = " (too many messages)";
    if (status >= 300 && status < 400) meaning = " (it sends to another address)";
    if (status >= 500) meaning = " (it has trouble itself)";
    return fmt::format("the server answered {}{}", status, meaning);
}

}  // namespace farmwall::link
