#include "link/http_request.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "../net/tls_server.hpp"
#include "http_server.hpp"

using namespace farmwall;
using namespace farmwall::link;
using namespace std::chrono_literals;

namespace {

using Request = HttpServer::Request;

HttpRequest get(const std::string& url) {
    HttpRequest request;
    request.url = Secret{url};
    return request;
}

// The error; it names neither the address nor a password in it.
Error failed(const HttpRequest& request, std::stop_token stop = {}) {
    const auto answer = http_request(request, std::move(stop));
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.error().text().find("127.0.0.1") == std::string::npos);
    CHECK(answer.error().text().find("hiddenword") == std::string::npos);
    return answer.error();
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("http request: a get brings status and body, whatever the status") {
    HttpServer server{
        [](const Request&, int number) { return HttpServer::reply(number == 1 ? 200 : 404, "hello"); }};
    const auto first = http_request(get(server.url("/a?b=c")));
    REQUIRE(first.ok());
    CHECK(first.value().good());
    CHECK(first.value().body == "hello");
    const auto second = http_request(get(server.url("/a")));
    REQUIRE(second.ok());
    CHECK(second.value().status == 404);
    CHECK_FALSE(second.value().good());
    REQUIRE(server.requests.wait_for(2));
    CHECK(server.requests.values()[0].head.starts_with("GET /a?b=c HTTP/1.1\r\n"));
}

TEST_CASE("http request: a post brings its body, type and headers") {
    HttpServer server{[](const Request&, int) { return HttpServer::reply(204, ""); }};
    HttpRequest request = get(server.url("/hook"));
    request.method = HttpRequest::Method::post;
    request.content_type = "application/json";
    request.body = std::string{"{\"a\":\"\0b\"}", 10};
    request.headers = {{"X-Key", Secret{"k\r\nX-Evil: 1"}}};
    const auto answer = http_request(request);
    REQUIRE(answer.ok());
    CHECK(answer.value().good());
    REQUIRE(server.requests.wait_for(1));
    const Request asked = server.requests.values()[0];
    CHECK(asked.head.starts_with("POST /hook HTTP/1.1\r\n"));
    CHECK(asked.has("Content-Type: application/json"));
    CHECK(asked.has("X-Key: k??X-Evil: 1"));
    CHECK(asked.body == request.body);
}

TEST_CASE("http request: a get follows redirects within its scheme, never to a file or another scheme") {
    std::string to = "/end";
    HttpServer server{[&](const Request& request, int) {
        if (request.head.starts_with("GET /end")) return HttpServer::reply(200, "end");
        return HttpServer::reply(302, "", "Location: " + to + "\r\n");
    }};
    CHECK(http_request(get(server.url("/begin"))).value().body == "end");
    for (const char* const other : {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x"}) {
        to = other;
        CAPTURE(other);
        CHECK(failed(get(server.url("/begin"))).kind == ErrorKind::bad_input);
    }
    to = "/begin";
    CHECK(contains(failed(get(server.url("/begin"))).what, "only sends to other addresses"));
}

TEST_CASE("http request: a post is not sent to another address than it was meant for") {
    HttpServer server{[&](const Request&, int) { return HttpServer::reply(307, "", "Location: /end\r\n"); }};
    HttpRequest request = get(server.url("/begin"));
    request.method = HttpRequest::Method::post;
    const auto answer = http_request(request);
    REQUIRE(answer.ok());
    CHECK(answer.value().status == 307);
    CHECK(contains(status_words(307), "another address"));
}

TEST_CASE("http request: an answer over the limit is refused, declared or not") {
    HttpServer server{[](const Request&, int number) {
        if (number == 1) return HttpServer::reply(200, std::string(2000, 'x'));
        return "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(200'000, 'x');
    }};
    HttpRequest request = get(server.url("/"));
    request.most_bytes = 1000;
    for (int i = 0; i < 2; ++i) {
        const Error error = failed(request);
        CHECK(error.kind == ErrorKind::bad_input);
        CHECK(error.what == "the answer is longer than 1000 bytes");
    }
}

TEST_CASE("http request: an answer that breaks off is none") {
    HttpServer server{[](const Request&, int number) {
        if (number == 1) return std::string{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"};
        return std::string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n"};
    }};
    for (int i = 0; i < 2; ++i)
        CHECK(contains(failed(get(server.url("/"))).what, "broke"));
}

TEST_CASE("http request: garbage instead of HTTP, and nothing at all, are errors") {
    HttpServer server{[](const Request&, int) { return std::string{"\x16\x03\x01garbage"}; }};
    CHECK(failed(get(server.url("/"))).kind == ErrorKind::unavailable);
}

TEST_CASE("http request: silence ends at the time limit") {
    HttpServer server{[](const Request&, int) { return std::string{}; }};
    HttpRequest request = get(server.url("/"));
    request.timeout = 200ms;
    CHECK(contains(failed(request).what, "did not answer in time"));
}

TEST_CASE("http request: a stop ends the wait for a silent server at once") {
    HttpServer server{[](const Request&, int) { return std::string{}; }};
    std::stop_source source;
    const std::jthread stopper{[&] {
        server.requests.wait_for(1);
        source.request_stop();
    }};
    const auto begun = std::chrono::steady_clock::now();
    CHECK(contains(failed(get(server.url("/")), source.get_token()).what, "stopped"));
    CHECK(std::chrono::steady_clock::now() - begun < 5s);
}

TEST_CASE("http request: nobody there, a name that is none and an address that is none are told apart") {
    CHECK(contains(failed(get("http://127.0.0.1:" + std::to_string(closed_port()) + "/hiddenword")).what,
                   "does not accept the connection"));
    CHECK(contains(failed(get("http://hiddenword.invalid/")).what, "not known"));
    for (const char* const none : {"", "hiddenword", "file:///etc/passwd", "ftp://hiddenword/", "http://"}) {
        CAPTURE(none);
        CHECK(failed(get(none)).kind == ErrorKind::bad_input);
    }
}

TEST_CASE("http request: a certificate that nobody vouches for is refused") {
    TlsServer server{make_certificate("127.0.0.1"), [](TlsPeer& peer) { CHECK_FALSE(peer.shake_hands()); }};
    const Error error = failed(get("https://127.0.0.1:" + std::to_string(server.port()) + "/"));
    CHECK(error.kind == ErrorKind::refused);
    CHECK(contains(error.what, "certificate"));
    server.join();
}

TEST_CASE("http request: a server that speaks no TLS is not talked to in the clear") {
    HttpServer server{[](const Request&, int) { return HttpServer::reply(200); }};
    HttpRequest request = get("https://127.0.0.1:" + std::to_string(server.port()) + "/");
    request.timeout = 500ms;  // the server waits for a line that never comes
    CHECK_FALSE(http_request(request).ok());
    CHECK(server.requests.values().empty());
}
