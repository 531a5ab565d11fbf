#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "../net/waiting.hpp"

// A web server on loopback: keeps what it was asked and answers by a function of the test, each connection on
// a thread of its own.
class HttpServer {
public:
    struct Request {
        std::string head;  // first line and headers
        std::string body;
        [[nodiscard]] bool has(const std::string& line) const {
            return head.find("\r\n" + line + "\r\n") != std::string::npos;
        }
    };
    using Socket = boost::asio::ip::tcp::socket;
    // Bytes that are sent as they are, after which the connection ends. Empty: it is held open in silence
    // until the visitor goes.
    using Answer = std::function<std::string(const Request&, int number)>;  // number: from 1

    explicit HttpServer(Answer answer) : answer_{std::move(answer)}, thread_{[this] { run(); }} {}
    ~HttpServer() {
        stop_ = true;
        Socket knock{context_};
        boost::system::error_code ignored;
        knock.connect(acceptor_.local_endpoint(), ignored);
        thread_.join();
    }
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    [[nodiscard]] std::string url(const std::string& path, const std::string& login = {}) const {
        return "http://" + login + "127.0.0.1:" + std::to_string(port()) + path;
    }
    Arrivals<Request> requests;
    Arrivals<int> visits;  // connections

    static std::string reply(int status, const std::string& body = "ok",
                             const std::string& more_headers = {}) {
        return "HTTP/1.1 " + std::to_string(status) + " x\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n" + more_headers + "Connection: close\r\n\r\n" + body;
    }

private:
    void run() {
        std::vector<std::jthread> visitors;
        while (!stop_) {
            auto socket = std::make_shared<Socket>(context_);
            boost::system::error_code error;
            acceptor_.accept(*socket, error);
            if (error || stop_) continue;
            visits.put(1);
            visitors.emplace_back([this, socket] { serve(*socket); });
        }
    }

    void serve(Socket& socket) {
        std::string text;
        boost::system::error_code error;
        const std::size_t head =
            boost::asio::read_until(socket, boost::asio::dynamic_buffer(text), "\r\n\r\n", error);
        if (error) return;
        Request request{text.substr(0, head), text.substr(head)};
        const auto at = request.head.find("Content-Length: ");
        const std::size_t size = at == std::string::npos ? 0 : std::stoul(request.head.substr(at + 16));
        if (request.body.size() < size) {
            std::string rest(size - request.body.size(), '\0');
            boost::asio::read(socket, boost::asio::buffer(rest), error);
            request.body += rest;
        }
        const std::string answer = answer_(request, ++count_);
        requests.put(std::move(request));
        if (!answer.empty()) {
            boost::asio::write(socket, boost::asio::buffer(answer), error);
            socket.shutdown(Socket::shutdown_send, error);
        }
        char byte = 0;
        while (!error)
            socket.read_some(boost::asio::buffer(&byte, 1), error);
    }

    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_{
        context_, boost::asio::ip::tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}};
    Answer answer_;
    std::atomic<bool> stop_ = false;
    std::atomic<int> count_ = 0;
    std::thread thread_;
};

// A port of this machine on which nobody listens.
inline std::uint16_t closed_port() {
    boost::asio::io_context io;
    const boost::asio::ip::tcp::acceptor acceptor{
        io, boost::asio::ip::tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}};
    return acceptor.local_endpoint().port();
}
