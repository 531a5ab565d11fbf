#include "broker.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdio>
#include <fstream>
#include <thread>

extern char** environ;

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

std::string find_program(const std::string& name) {
    const char* const given = std::getenv("PATH");
    std::string path = given != nullptr ? given : "";
    path += ":/usr/sbin:/usr/bin";
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find(':', begin), path.size());
        std::string candidate = path.substr(begin, end - begin) + "/" + name;
        if (access(candidate.c_str(), X_OK) == 0) return candidate;
        begin = end + 1;
    }
    return {};
}

std::uint16_t free_port() {
    asio::io_context io;
    tcp::acceptor acceptor{io, tcp::endpoint{asio::ip::make_address("127.0.0.1"), 0}};
    return acceptor.local_endpoint().port();
}

pid_t spawn(const std::string& program, const std::string& option, const std::string& file) {
    std::string name = program;
    std::string first = option;
    std::string second = file;
    const std::array<char*, 4> arguments{name.data(), first.data(), second.data(), nullptr};
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t process = -1;
    const int failed = posix_spawn(&process, program.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    REQUIRE(failed == 0);
    return process;
}

bool answers(std::uint16_t port) {
    asio::io_context io;
    tcp::socket socket{io};
    boost::system::error_code error;
    socket.connect({asio::ip::make_address("127.0.0.1"), port}, error);
    return !error;
}

}  // namespace

Broker::Broker(std::string program, const std::string& access_code)
    : program_{std::move(program)}, port_{free_port()}, plain_port_{free_port()} {
    const std::string folder = folder_.path().string();
    write("broker.pw", "bblp:" + access_code + "\n");
    const pid_t hashing = spawn(find_program("mosquitto_passwd"), "-U", folder + "/broker.pw");
    REQUIRE(waitpid(hashing, nullptr, 0) == hashing);
    std::string text = "per_listener_settings true\npersistence false\nlog_dest none\n";
    if (geteuid() == 0) text += "user root\n";
    text += "listener " + std::to_string(port_) + " 127.0.0.1\n";
    text += "certfile " + folder + "/broker.crt\nkeyfile " + folder + "/broker.key\n";
    const std::string accounts = "allow_anonymous false\npassword_file " + folder + "/broker.pw\n";
    text += "tls_version tlsv1.2\n" + accounts;
    text += "listener " + std::to_string(plain_port_) + " 127.0.0.1\n" + accounts;
    write("broker.conf", text);
}

std::unique_ptr<Broker> Broker::start(const KeyAndCertificate& identity, const std::string& access_code) {
    const std::string program = find_program("mosquitto");
    if (program.empty() || find_program("mosquitto_passwd").empty()) {
        std::fputs("SKIPPED: mosquitto is not installed (apt-get install mosquitto)\n", stderr);
        return nullptr;
    }
    std::unique_ptr<Broker> broker{new Broker{program, access_code}};
    broker->start_again(identity);
    return broker;
}

Broker::~Broker() { kill(); }

void Broker::write(const std::string& name, const std::string& text) const {
    const auto file = folder_.path() / name;
    std::ofstream{file} << text;
    std::filesystem::permissions(file,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

void Broker::kill() {
    if (process_ < 0) return;
    ::kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = -1;
}

void Broker::start_again(const KeyAndCertificate& identity) {
    kill();
    write("broker.crt", identity.certificate_pem);
    write("broker.key", identity.key_pem);
    process_ = spawn(program_, "-c", (folder_.path() / "broker.conf").string());
    // Another process: there is nothing to wait on but its port.
    for (int i = 0; i < 500 && !answers(port_); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    REQUIRE(answers(port_));
}
