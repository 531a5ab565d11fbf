#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

// A server on loopback that answers each connection by a function of the test, on a thread a connection.
class WebServer {
public:
    class Visitor {
    public:
        explicit Visitor(boost::asio::ip::tcp::socket socket) : socket_{std::move(socket)} {}
        // False once the visitor is gone.
        bool send(const std::string& text) {
            boost::system::error_code error;
            boost::asio::write(socket_, boost::asio::buffer(text), error);
            return !error;
        }
        std::string request() {
            boost::asio::streambuf buffer;
            boost::system::error_code error;
            boost::asio::read_until(socket_, buffer, "\r\n\r\n", error);
            return {std::istreambuf_iterator<char>{&buffer}, {}};
        }
        // Until the visitor closes.
        void wait() {
            boost::system::error_code error;
            char byte = 0;
            while (!error)
                socket_.read_some(boost::asio::buffer(&byte, 1), error);
        }

    private:
        boost::asio::ip::tcp::socket socket_;
    };

    explicit WebServer(std::function<void(Visitor&, const std::string& request)> answer)
        : answer_{std::move(answer)}, thread_{[this] { run(); }} {}
    ~WebServer() {
        stop_ = true;
        boost::asio::ip::tcp::socket knock{context_};
        boost::system::error_code error;
        knock.connect(acceptor_.local_endpoint(), error);
        thread_.join();
    }
    WebServer(const WebServer&) = delete;
    WebServer& operator=(const WebServer&) = delete;

    [[nodiscard]] std::string url(const std::string& path, const std::string& login = {}) const {
        return "http://" + login + "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + path;
    }
    [[nodiscard]] int visits() const { return visits_; }

private:
    void run() {
        std::vector<std::jthread> visitors;
        while (!stop_) {
            boost::asio::ip::tcp::socket socket{context_};
            boost::system::error_code error;
            acceptor_.accept(socket, error);
            if (error || stop_) continue;
            ++visits_;
            visitors.emplace_back([this, visitor = std::make_shared<Visitor>(std::move(socket))] {
                answer_(*visitor, visitor->request());
            });
        }
    }

    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_{
        context_, boost::asio::ip::tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}};
    std::function<void(Visitor&, const std::string&)> answer_;
    std::atomic<bool> stop_ = false;
    std::atomic<int> visits_ = 0;
    std::thread thread_;
};
