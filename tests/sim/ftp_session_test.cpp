#include "sim/ftps/ftp_session.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "sim/ftps/disk_store.hpp"
#include "temporary_folder.hpp"

using namespace farmwall;
using namespace farmwall::sim;
using Action = FtpStep::Action;

namespace {

// What the answer begins with; empty where the file server makes it.
std::string code(FtpSession& session, std::string_view line) { return session.take(line).reply.substr(0, 3); }

FtpSession logged_in(bool renames = false) {
    FtpSession session{Secret{"12345678"}, renames};
    REQUIRE(code(session, "USER bblp") == "331");
    REQUIRE(code(session, "PASS 12345678") == "230");
    return session;
}

}  // namespace

TEST_CASE("ftp session: only bblp with the access code gets in") {
    for (const char* user : {"USER bblp", "USER root", "USER"})
        for (const char* password :
             {"PASS 12345678", "PASS 1234567", "PASS 123456789", "PASS", "pass 12345678"}) {
            CAPTURE(user);
            CAPTURE(password);
            FtpSession session{Secret{"12345678"}, false};
            CHECK(code(session, password) == "530");
            CHECK(code(session, user) == "331");
            const bool right =
                std::string_view{user} == "USER bblp" && std::string_view{password}.size() == 13;
            CHECK(code(session, password) == (right ? "230" : "530"));
            CHECK(session.logged_in() == right);
        }
}

TEST_CASE("ftp session: before the login no file can be touched") {
    FtpSession session{Secret{"12345678"}, true};
    for (const char* line : {"STOR a", "APPE a", "RETR a", "LIST", "SIZE a", "DELE a", "CWD a", "PASV",
                             "EPSV", "PWD", "TYPE I", "RNFR a", "AVBL", "REST 1", "NONSENSE", ""})
        CHECK(code(session, line) == "530");
    CHECK(code(session, "NOOP") == "200");
    CHECK(code(session, "PBSZ 0") == "200");
    CHECK(session.take("QUIT").action == Action::close);
}

TEST_CASE("ftp session: data is in clear until PROT P, which needs PBSZ") {
    auto session = logged_in();
    CHECK(code(session, "PROT P") == "503");
    CHECK_FALSE(session.protects_data());
    CHECK(code(session, "PBSZ 0") == "200");
    CHECK(code(session, "PROT P") == "200");
    CHECK(session.protects_data());
    CHECK(code(session, "PROT E") == "536");
    CHECK(session.protects_data());
    CHECK(code(session, "PROT C") == "200");
    CHECK_FALSE(session.protects_data());
}

TEST_CASE("ftp session: names are seen from the current folder") {
    auto session = logged_in();
    CHECK(session.take("STOR part.gcode.3mf").path == "/part.gcode.3mf");
    auto step = session.take("CWD cache");
    CHECK(step.action == Action::enter);
    session.entered(step.path);
    CHECK(session.take("PWD").reply == "257 \"/cache\" is the current directory");
    step = session.take("stor a b.3mf");
    CHECK(step.action == Action::store);
    CHECK(step.path == "/cache/a b.3mf");
    CHECK(session.take("DELE /a").path == "/a");
    CHECK(session.take("CDUP").path == "/");
    CHECK(session.take("LIST").path == "/cache");
    CHECK(session.take("LIST -la /timelapse").path == "/timelapse");
    CHECK(session.take("NLST").names_only);
}

TEST_CASE("ftp session: REST counts for the next command only") {
    auto session = logged_in();
    CHECK(code(session, "REST 500") == "350");
    CHECK(session.take("RETR a").from == 500);
    CHECK(session.take("RETR a").from == 0);
    CHECK(code(session, "REST -1") == "501");
    CHECK(code(session, "REST x") == "501");
}

TEST_CASE("ftp session: renaming takes two commands, and small printers refuse it") {
    auto small = logged_in(false);
    CHECK(code(small, "RNFR a") == "502");
    CHECK(code(small, "RNTO b") == "502");
    auto session = logged_in(true);
    CHECK(code(session, "RNTO b") == "503");
    CHECK(session.take("RNFR a").action == Action::rename_from);
    session.renaming("/a");
    const auto step = session.take("RNTO b");
    CHECK(step.action == Action::rename);
    CHECK(step.path == "/a");
    CHECK(step.target == "/b");
    CHECK(code(session, "RNTO c") == "503");
}

TEST_CASE("ftp session: names that a card does not take are refused") {
    auto session = logged_in();
    for (const char* name :
         {"..", "../a", "/../a", "cache/../../a", "a?b", "a:b", "a\\b", "tail.", "tail ", "a\tb", "/"}) {
        CAPTURE(name);
        CHECK(code(session, std::string{"STOR "} + name) == "553");
    }
    CHECK(code(session, "RETR ../a") == "550");
    CHECK(code(session, "STOR") == "501");
    CHECK(code(session, "STOR " + std::string(256, 'x')) == "553");
}

TEST_CASE("ftp session: what printers lack is refused, active data above all") {
    auto session = logged_in(true);
    for (const char* line : {"PORT 127,0,0,1,4,1", "EPRT |1|127.0.0.1|1025|", "MKD a", "RMD a", "MLSD"})
        CHECK(code(session, line) == "502");
    CHECK(code(session, "NONSENSE") == "500");
    CHECK(code(session, "EPSV 2") == "522");
}

TEST_CASE("ftp session: any bytes are answered") {
    auto session = logged_in();
    std::string line;
    for (int i = 0; i < 512; ++i) {
        line += static_cast<char>(i * 37);
        const auto step = session.take(line);
        CHECK((!step.reply.empty() || step.action != Action::reply));
    }
}

TEST_CASE("ftp session: the passive answer names no address") {
    CHECK(passive_reply(false, 40'001) == "227 Entering Passive Mode (0,0,0,0,156,65).");
    CHECK(passive_reply(true, 40'001) == "229 Entering Extended Passive Mode (|||40001|)");
}

TEST_CASE("disk store: files are found below its folder and nowhere else") {
    TemporaryFolder folder;
    std::ofstream{folder.path() / "beside"} << "x";
    DiskStore store;
    REQUIRE(store.open(folder.path() / "card"));
    std::ofstream{store.place_of("/cache/a.3mf")} << "12345";
    CHECK(store.find("cache/a.3mf"));
    CHECK(store.find("/cache/../cache/a.3mf"));
    for (const char* name : {"", "/", "cache", "../beside", "/../beside", "cache/../../beside", "none"})
        CHECK_FALSE(store.find(name));
    CHECK(store.is_folder("/cache"));
    CHECK_FALSE(store.is_folder("/.."));
    CHECK_FALSE(store.is_folder("/cache/a.3mf"));
    std::error_code failed;
    std::filesystem::create_symlink(folder.path() / "beside", store.place_of("/link"), failed);
    CHECK_FALSE(store.find("link"));
}

TEST_CASE("disk store: it lists, measures, renames and removes its files") {
    TemporaryFolder folder;
    DiskStore store;
    REQUIRE(store.open(folder.path()));
    std::ofstream{store.place_of("/b c.3mf")} << "12345";
    std::ofstream{store.place_of("/cache/a.3mf")} << "1";
    REQUIRE(store.files().size() == 2);
    CHECK(store.files()[0].name == "b c.3mf");
    CHECK(store.files()[0].bytes == 5);
    CHECK(store.files()[1].name == "cache/a.3mf");
    const std::string listing = store.listing("/", false);
    CHECK(listing.starts_with("-rwxr-xr-x 1 0        0               5 "));
    CHECK(listing.find(" b c.3mf\r\n") != std::string::npos);
    CHECK(store.listing("/cache", true) == "a.3mf\r\n");
    store.limit_free(10);
    CHECK(store.free_bytes() == 10);
    CHECK(store.rename("/b c.3mf", "/d.3mf"));
    CHECK(store.remove("/d.3mf"));
    CHECK_FALSE(store.remove("/d.3mf"));
    CHECK_FALSE(store.remove("/cache"));
    CHECK_FALSE(store.rename("/none", "/d.3mf"));
    CHECK(store.free_bytes() == 15);
    CHECK(store.listing("/none", false).empty());
}
