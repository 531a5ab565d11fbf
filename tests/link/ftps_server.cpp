#include "ftps_server.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>

extern char** environ;

namespace {

void write(const std::filesystem::path& file, const std::string& text) { std::ofstream{file} << text; }

std::string read_line(int from) {
    std::string line;
    char c = 0;
    while (::read(from, &c, 1) == 1 && c != '\n')
        line += c;
    return line;
}

}  // namespace

std::unique_ptr<FtpsServer> FtpsServer::start(const KeyAndCertificate& identity,
                                              const std::string& access_code) {
    std::unique_ptr<FtpsServer> server{new FtpsServer};
    const auto& folder = server->folder_.path();
    std::filesystem::create_directories(server->card());
    write(folder / "server.pem", identity.key_pem + identity.certificate_pem);
    write(folder / "code.txt", access_code + "\n");
    std::array<int, 2> input{};
    std::array<int, 2> output{};
    REQUIRE(pipe2(input.data(), O_CLOEXEC) == 0);
    REQUIRE(pipe2(output.data(), O_CLOEXEC) == 0);
    std::string program = "/usr/bin/python3";
    std::string quiet = "-B";
    std::string script = FARMWALL_SOURCE_DIR "/tests/link/ftps_server.py";
    std::string place = folder.string();
    const std::array<char*, 5> arguments{program.data(), quiet.data(), script.data(), place.data(), nullptr};
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, (place + "/errors.txt").c_str(),
                                     O_WRONLY | O_CREAT, 0600);
    const int failed =
        posix_spawn(&server->process_, program.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(input[0]);
    close(output[1]);
    server->input_ = input[1];
    const std::string said = failed == 0 ? read_line(output[0]) : "/usr/bin/python3 is not installed";
    close(output[0]);
    if (!said.empty() && std::ranges::all_of(said, [](char c) { return c >= '0' && c <= '9'; })) {
        server->port_ = static_cast<std::uint16_t>(std::stoi(said));
        return server;
    }
    REQUIRE_MESSAGE(said.find("not installed") != std::string::npos, said);
    std::fprintf(stderr, "SKIPPED: %s\n", said.c_str());
    return nullptr;
}

FtpsServer::~FtpsServer() {
    if (input_ >= 0) close(input_);
    if (process_ < 0) return;
    ::kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
}

void FtpsServer::set_faults(const std::string& json) const {
    // Renamed, since the server may read it at this moment.
    const auto& folder = folder_.path();
    write(folder / "faults.new", json.empty() ? "{}" : json);
    std::filesystem::rename(folder / "faults.new", folder / "faults.json");
}

void FtpsServer::clear() const {
    set_faults({});
    for (const auto& entry : std::filesystem::directory_iterator{card()})
        std::filesystem::remove(entry.path());
    std::filesystem::remove(folder_.path() / "log.txt");
}

std::vector<std::string> FtpsServer::log() const {
    std::vector<std::string> lines;
    std::ifstream file{folder_.path() / "log.txt"};
    for (std::string line; std::getline(file, line);)
        lines.push_back(line);
    return lines;
}

int FtpsServer::count(const std::string& line) const {
    const auto lines = log();
    return static_cast<int>(std::ranges::count(lines, line));
}
