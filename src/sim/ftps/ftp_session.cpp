#include "sim/ftps/ftp_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "sim/ftps/disk_store.hpp"

namespace farmwall::sim {

namespace {

using Action = FtpStep::Action;

FtpStep say(std::string reply) { return FtpStep{.reply = std::move(reply)}; }

constexpr std::string_view features =
    "211-Features:\r\n EPSV\r\n PASV\r\n PBSZ\r\n PROT\r\n REST STREAM\r\n SIZE\r\n211 End";

template <std::size_t Count>
bool one_of(std::string_view verb, const std::array<std::string_view, Count>& verbs) {
    return std::find(verbs.begin(), verbs.end(), verb) != verbs.end();
}

}  // namespace

FtpSession::FtpSession(Secret access_code, bool renames)
    : access_code_{std::move(access_code)}, renames_{renames} {}

std::string FtpSession::greeting(bool renames) { return renames ? "220 (vsFTPd 3.0.5)" : "220 ready"; }

FtpStep FtpSession::take(std::string_view line) {
    const auto space = line.find(' ');
    const std::string verb = to_upper(line.substr(0, space));
    const auto argument = space == std::string_view::npos ? std::string_view{} : line.substr(space + 1);
    if (verb == "QUIT") return FtpStep{.action = Action::close, .reply = "221 Goodbye."};
    if (verb == "NOOP") return say("200 NOOP ok.");
    if (verb == "FEAT") return say(std::string{features});
    if (verb == "USER" || verb == "PASS") return take_login(verb, argument);
    if (verb == "PBSZ" || verb == "PROT") return take_setting(verb, argument);
    if (!logged_in_) return say("530 Please login with USER and PASS.");
    if (verb == "TYPE" || verb == "SYST" || verb == "PWD" || verb == "REST" || verb == "MODE" ||
        verb == "STRU")
        return take_setting(verb, argument);
    if (verb == "PASV") return FtpStep{.action = Action::open_data};
    if (verb == "EPSV") {
        if (!argument.empty() && argument != "1") return say("522 Bad network protocol.");
        return FtpStep{.action = Action::open_data, .extended = true};
    }
    return take_file(verb, argument);
}

FtpStep FtpSession::take_login(std::string_view verb, std::string_view argument) {
    if (logged_in_) return say("530 Can't change to another user.");
    if (verb == "USER") {
        user_known_ = argument == "bblp";
        return say("331 Please specify the password.");
    }
    if (!user_known_ || argument != access_code_.reveal()) return say("530 Login incorrect.");
    logged_in_ = true;
    return say("230 Login successful.");
}

FtpStep FtpSession::take_setting(std::string_view verb, std::string_view argument) {
    if (verb == "PBSZ") {
        buffer_size_given_ = true;
        return say("200 PBSZ set to 0.");
    }
    if (verb == "PROT") {
        if (!buffer_size_given_) return say("503 PROT must be preceded by PBSZ.");
        const bool known = iequals(argument, "P") || iequals(argument, "C");
        if (!known) return say("536 PROT not supported.");
        protects_data_ = iequals(argument, "P");
        return say(protects_data_ ? "200 PROT now Private." : "200 PROT now Clear.");
    }
    if (verb == "TYPE") {
        const bool known = iequals(argument, "I") || iequals(argument, "A") || iequals(argument, "L 8");
        return say(known ? "200 Switching mode." : "500 Unrecognised TYPE command.");
    }
    if (verb == "MODE") return say(iequals(argument, "S") ? "200 Mode set to S." : "504 Bad MODE command.");
    if (verb == "STRU")
        return say(iequals(argument, "F") ? "200 Structure set to F." : "504 Bad STRU command.");
    if (verb == "SYST") return say("215 UNIX Type: L8");
    if (verb == "PWD") return say("257 \"" + folder_ + "\" is the current directory");
    const auto position = parse_int(argument);
    if (!position || *position < 0) return say("501 REST needs a number of bytes.");
    restart_ = static_cast<std::uint64_t>(*position);
    return say(fmt::format("350 Restart position accepted ({}).", restart_));
}

FtpStep FtpSession::take_file(std::string_view verb, std::string_view argument) {
    const std::uint64_t from = std::exchange(restart_, 0);
    const std::string from_name = std::exchange(renaming_, {});
    if (verb == "CDUP") return on_path(Action::enter, folder_ == "/" ? "/" : "..");
    if (verb == "LIST" || verb == "NLST") {
        while (argument.starts_with('-')) {  // "-a", as some clients write
            const auto end = std::min(argument.find(' '), argument.size());
            argument = trim(argument.substr(end));
        }
        auto step = on_path(Action::list, argument.empty() ? "." : argument);
        step.names_only = verb == "NLST";
        return step;
    }
    if (verb == "AVBL") return FtpStep{.action = Action::free_space};
    constexpr std::array<std::string_view, 6> with_file = {"STOR", "APPE", "RETR", "SIZE", "DELE", "CWD"};
    if (one_of(verb, with_file)) {
        if (argument.empty()) return say("501 A name is missing.");
        if (verb == "STOR") return on_path(Action::store, argument);
        if (verb == "APPE") return on_path(Action::append, argument);
        if (verb == "SIZE") return on_path(Action::size, argument);
        if (verb == "DELE") return on_path(Action::remove, argument);
        if (verb == "CWD") return on_path(Action::enter, argument);
        auto step = on_path(Action::retrieve, argument);
        step.from = from;
        return step;
    }
    if (renames_ && verb == "RNFR") return on_path(Action::rename_from, argument);
    if (renames_ && verb == "RNTO") {
        if (from_name.empty()) return say("503 RNFR required first.");
        auto step = on_path(Action::rename, argument);
        step.target = std::exchange(step.path, from_name);
        return step;
    }
    constexpr std::array<std::string_view, 8> refused = {"RNFR", "RNTO", "PORT", "EPRT",
                                                         "MKD",  "RMD",  "MLSD", "ABOR"};
    if (one_of(verb, refused)) return say("502 This command is not offered.");
    return say("500 Unknown command.");
}

FtpStep FtpSession::on_path(Action action, std::string_view name) const {
    const auto path = path_from(folder_, name);
    const bool writes = action == Action::store || action == Action::append;
    if (!path || (writes && *path == "/"))
        return say(writes ? "553 Could not create file." : "550 No such file or directory.");
    return FtpStep{.action = action, .path = *path};
}

std::string passive_reply(bool extended, int port) {
    if (extended) return fmt::format("229 Entering Extended Passive Mode (|||{}|)", port);
    return fmt::format("227 Entering Passive Mode (0,0,0,0,{},{}).", port / 256, port % 256);
}

}  // namespace farmwall::sim
