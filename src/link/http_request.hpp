#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace farmwall::link {

// One question to a web server that is not a printer. The address may hold a password or a token.
struct HttpRequest {
    enum class Method { get, post };
    Method method = Method::get;
    Secret url;  // http or https
    std::vector<std::pair<std::string, Secret>> headers;
    std::string content_type;  // of a post
    std::string body;          // of a post
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds timeout{20'000};  // of all of it
    std::chrono::seconds silence{};             // the longest within an answer; 0: only `timeout` counts
    std::size_t most_bytes = std::size_t{64} * 1024;  // of the answer
};

struct HttpAnswer {
    int status = 0;
    std::string body;
    [[nodiscard]] bool good() const { return status >= 200 && status < 300; }
};

// Blocks until the answer is there, `timeout` passed or `stop` is requested (then within 0.2 s): worker
// threads only. Certificates are verified. A get follows at most 5 redirects and never to another scheme, a
// post none. Any status is an answer. Errors, none of which names the address: bad_input (no such address;
// the answer is too long), unavailable (no connection, no answer in time, stopped), refused (the certificate
// is not trusted).
[[nodiscard]] Result<HttpAnswer> http_request(const HttpRequest& request, const std::stop_token& stop = {});

// One sentence part for people: "the server answered 404 (not found)".
[[nodiscard]] std::string status_words(int status);

}  // namespace farmwall::link
