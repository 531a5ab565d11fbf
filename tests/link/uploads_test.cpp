#include "link/uploads.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fstream>
#include <functional>
#include <random>
#include <thread>

#include "../net/waiting.hpp"
#include "ftps_server.hpp"

using namespace farmwall;
using namespace farmwall::link;
using namespace std::chrono_literals;
using dispatch::UploadEvent;
using dispatch::UploadId;
using dispatch::UploadProblem;
using Kind = UploadEvent::Kind;

namespace {

const std::string access_code = "87654321";
constexpr std::size_t file_bytes = 3'000'000;

const KeyAndCertificate& printer_identity() {
    static const KeyAndCertificate identity = make_certificate("01P00A123456789");
    return identity;
}

net::Certificate certificate_of(const KeyAndCertificate& identity) {
    return net::parse_certificate(identity.certificate_pem).value();
}

const std::string& random_bytes() {
    static const std::string bytes = [] {
        std::mt19937_64 random{7};
        std::string made(file_bytes, ' ');
        std::ranges::generate(made, [&] { return static_cast<char>(random()); });
        return made;
    }();
    return bytes;
}

UploadTimes short_times() {
    UploadTimes times;
    times.connect = 5s;
    times.reply = 5s;
    times.stall = 5s;
    times.final_base = 5s;
    times.flush_bytes_per_second = 1'000'000'000;
    times.progress = 20ms;
    times.retry = 50ms;
    times.tidy = 5s;
    return times;
}

// Waits for what another process does.
bool wait_until(const std::function<bool()>& condition) {
    for (int i = 0; i < 1000; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(10ms);
    }
    return condition();
}

// Uploads to one or two virtual printers and what came back of them. Each case begins with empty cards.
struct Bench {
    static FtpsServer* server(std::size_t which) {
        static const std::array<std::unique_ptr<FtpsServer>, 2> servers{
            FtpsServer::start(printer_identity(), access_code),
            FtpsServer::start(printer_identity(), access_code)};
        return servers[which].get();
    }

    Bench() {
        for (std::size_t i = 0; i < 2; ++i) {
            if (server(i) == nullptr) return;
            server(i)->clear();
            settings.printers.push_back({PrinterId{"printer-" + std::to_string(i)}, PrinterModel::x1c,
                                         server(i)->port(), Secret{access_code}});
        }
        settings.address = [this](std::size_t) {
            ++asked_addresses;
            return std::string{"127.0.0.1"};
        };
        settings.pin = [](std::size_t) { return std::optional{certificate_of(printer_identity())}; };
        settings.on_event = [this](const UploadEvent& event) { arrived(event); };
        settings.times = short_times();
        std::ofstream{file, std::ios::binary} << content;
        ready = true;
    }

    FtpsUploads& uploads() {
        if (!made) made = std::make_unique<FtpsUploads>(settings);
        return *made;
    }
    FtpsServer& printer(std::size_t which = 0) { return *server(which); }

    void arrived(const UploadEvent& event) {
        CHECK(event.text.find(access_code) == std::string::npos);
        if (event.kind == Kind::progress) {
            progress.put(event);
        } else {
            ends.put(event);
        }
    }

    UploadEvent end_of_one(const std::string& name = "part.gcode.3mf") {
        uploads().upload(1, 0, file, name);
        return end(1);
    }
    UploadEvent end(std::size_t number) {
        REQUIRE(ends.wait_for(number));
        return ends.values()[number - 1];
    }

    [[nodiscard]] std::string stored(const std::string& name, std::size_t which = 0) {
        std::ifstream in{printer(which).card() / name, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }

    bool ready = false;  // else the case is skipped
    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "part.gcode.3mf";
    const std::string& content = random_bytes();
    std::atomic<int> asked_addresses = 0;
    UploadsSettings settings;
    Arrivals<UploadEvent> progress;
    Arrivals<UploadEvent> ends;
    std::unique_ptr<FtpsUploads> made;  // ends before what its events are put into
};

void check_failed(const UploadEvent& event, UploadProblem problem) {
    CAPTURE(event.text);
    CHECK(event.kind == Kind::failed);
    CHECK(event.problem == problem);
    CHECK_FALSE(event.text.empty());
}

void check_done(const UploadEvent& event) {
    CAPTURE(event.text);
    CHECK(event.kind == Kind::done);
    CHECK(event.problem == UploadProblem::none);
    CHECK(event.sent_bytes == file_bytes);
}

bool names(const UploadEvent& event, std::string_view part) {
    return event.text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("uploads: a file lies there byte for byte, with progress on the way and the free bytes told") {
    Bench bench;
    if (!bench.ready) return;
    bench.printer().set_faults(R"({"rate": 12000000, "free": 50000000})");
    const UploadEvent end = bench.end_of_one();
    check_done(end);
    CHECK(end.total_bytes == file_bytes);
    CHECK(end.free_bytes == 50'000'000);
    CHECK(end.bytes_per_second > 0);
    CHECK(bench.stored("part.gcode.3mf") == bench.content);
    const auto progress = bench.progress.values();
    REQUIRE(progress.size() >= 2);
    CHECK(std::ranges::is_sorted(progress, {}, &UploadEvent::sent_bytes));
    CHECK(progress.back().total_bytes == file_bytes);
    CHECK(progress.back().free_bytes == 50'000'000);
    CHECK(bench.printer().count("connected TLSv1.2") == 1);
    CHECK(bench.printer().count("PROT P") == 1);
    CHECK(bench.printer().count("SIZE /part.gcode.3mf") == 1);
    CHECK(bench.printer().count("QUIT") == 1);
}

TEST_CASE("uploads: a printer that does not tell its free bytes is no worse") {
    Bench bench;
    if (!bench.ready) return;
    const UploadEvent end = bench.end_of_one();
    check_done(end);
    CHECK_FALSE(end.free_bytes.has_value());
}

TEST_CASE("uploads: a wrong access code is called that") {
    Bench bench;
    if (!bench.ready) return;
    bench.settings.printers[0].access_code = Secret{"11111111"};
    const UploadEvent end = bench.end_of_one();
    check_failed(end, UploadProblem::bad_access_code);
    CHECK_FALSE(names(end, "11111111"));
    CHECK(bench.printer().card_is_empty());
}

TEST_CASE("uploads: where nobody listens the printer is unreachable") {
    Bench bench;
    if (!bench.ready) return;
    {
        boost::asio::io_context io;
        const boost::asio::ip::tcp::acceptor probe{io, {boost::asio::ip::make_address("127.0.0.1"), 0}};
        bench.settings.printers[0].port = probe.local_endpoint().port();
    }
    check_failed(bench.end_of_one(), UploadProblem::unreachable);
}

TEST_CASE("uploads: an address that is not known, or none, is unreachable without a try") {
    Bench bench;
    if (!bench.ready) return;
    std::string address;
    bench.settings.address = [&](std::size_t) { return address; };
    check_failed(bench.end_of_one(), UploadProblem::unreachable);
    address = "127.0.0.1:1/x";
    bench.uploads().upload(2, 0, bench.file, "b.gcode.3mf");
    check_failed(bench.end(2), UploadProblem::unreachable);
    CHECK(bench.printer().log().empty());
}

TEST_CASE("uploads: a server with another certificate never sees the access code") {
    Bench bench;
    if (!bench.ready) return;
    const net::Certificate other = certificate_of(make_certificate("01P00A123456789"));
    bench.settings.pin = [&](std::size_t) { return std::optional{other}; };
    check_failed(bench.end_of_one(), UploadProblem::certificate);
    for (const std::string& line : bench.printer().log()) {
        CAPTURE(line);
        CHECK_FALSE(line.starts_with("USER"));
        CHECK_FALSE(line.starts_with("PASS"));
    }
}

TEST_CASE("uploads: without a stored certificate, or with one that is none, nobody is connected to") {
    Bench bench;
    if (!bench.ready) return;
    std::optional<net::Certificate> pin;
    bench.settings.pin = [&](std::size_t) { return pin; };
    check_failed(bench.end_of_one(), UploadProblem::certificate);
    pin = net::Certificate{"nonsense", "", ""};
    bench.uploads().upload(2, 0, bench.file, "b.gcode.3mf");
    check_failed(bench.end(2), UploadProblem::certificate);
    CHECK(bench.printer().log().empty());
}

TEST_CASE("uploads: canceled in the middle, the piece that lies there is removed") {
    Bench bench;
    if (!bench.ready) return;
    bench.printer().set_faults(R"({"stall_after": 1000000})");
    bench.uploads().upload(1, 0, bench.file, "part.gcode.3mf");
    REQUIRE(bench.progress.wait_for(1));
    bench.uploads().cancel(1);
    check_failed(bench.end(1), UploadProblem::canceled);
    CHECK(bench.printer().count("begin part.gcode.3mf") == 1);
    CHECK(bench.printer().count("DELE /part.gcode.3mf") == 1);
    CHECK(bench.printer().card_is_empty());
}

TEST_CASE("uploads: one that waits is canceled without being sent") {
    Bench bench;
    if (!bench.ready) return;
    bench.printer().set_faults(R"({"stall_after": 1000000})");
    bench.uploads().upload(1, 0, bench.file, "a.gcode.3mf");
    bench.uploads().upload(2, 0, bench.file, "b.gcode.3mf");
    REQUIRE(bench.progress.wait_for(1));
    bench.uploads().cancel(2);
    const UploadEvent first_end = bench.end(1);
    CHECK(first_end.upload == 2);
    check_failed(first_end, UploadProblem::canceled);
    bench.printer().set_faults({});
    check_done(bench.end(2));
    CHECK(bench.printer().count("begin b.gcode.3mf") == 0);
    bench.uploads().cancel(1);  // over already
    bench.uploads().cancel(77);
}

TEST_CASE("uploads: a printer that stops taking the file is given up, and the piece removed") {
    Bench bench;
    if (!bench.ready) return;
    bench.settings.times.stall = 300ms;
    bench.printer().set_faults(R"({"stall_after": 1000000})");
    const UploadEvent end = bench.end_of_one();
    check_failed(end, UploadProblem::connection_lost);
    CHECK(names(end, "stopped taking"));
    CHECK(end.sent_bytes > 0);
    CHECK(bench.printer().card_is_empty());
}

TEST_CASE("uploads: a cut connection is called that, and the piece removed") {
    Bench bench;
    if (!bench.ready) return;
    bench.printer().set_faults(R"({"drop_after": 1000000})");
    const UploadEvent end = bench.end_of_one();
    check_failed(end, UploadProblem::connection_lost);
    CHECK(names(end, "broke"));
    CHECK(bench.printer().card_is_empty());
}

TEST_CASE("uploads: a card that gets full in the middle is called full, and the piece removed") {
    Bench bench;
    if (!bench.ready) return;
    bench.printer().set_faults(R"({"full_after": 1000000, "free": 9000000})");
    const UploadEvent end = bench.end_of_one();
    check_failed(end, UploadProblem::storage_full);
    CHECK(end.free_bytes == 0);
    CHECK(bench.printer().card_is_empty());
}

TEST_CASE("uploads: a file that does not fit is not begun") {
    Bench bench;
    if (!bench.ready) return;
    bench.printer().set_faults(R"({"free": 2999999})");
    const UploadEvent end = bench.end_of_one();
    check_failed(end, UploadProblem::storage_full);
    CHECK(end.free_bytes == 2'999'999);
    CHECK(bench.printer().count("STOR /part.gcode.3mf") == 0);
}

TEST_CASE("uploads: a file that lies there shorter than it is counts as failed, and is removed") {
    Bench bench;
    if (!bench.ready) return;
    bench.printer().set_faults(R"({"short_by": 1})");
    const UploadEvent end = bench.end_of_one();
    check_failed(end, UploadProblem::wrong_size);
    CHECK(names(end, "2999999"));
    CHECK(bench.printer().card_is_empty());
}

TEST_CASE("uploads: no storage, and a storage that takes nothing, are told apart where that is known") {
    Bench bench;
    if (!bench.ready) return;
    bench.printer().set_faults(R"({"store_reply": "553 Could not create file."})");
    check_failed(bench.end_of_one(), UploadProblem::no_storage);
    bench.printer().set_faults(R"({"store_reply": "553 Could not create file.", "free": 90000000})");
    bench.uploads().upload(2, 0, bench.file, "part.gcode.3mf");
    check_failed(bench.end(2), UploadProblem::storage_error);
    CHECK(bench.printer().count("DELE /part.gcode.3mf") == 0);
}

TEST_CASE("uploads: a bad last word counts for nothing when the whole file lies there") {
    Bench bench;
    if (!bench.ready) return;
    SUBCASE("an error is said") {
        bench.printer().set_faults(
            R"({"final_reply": "426 Failure reading network stream.", "mute": ["QUIT"]})");
    }
    SUBCASE("nothing is said") {
        bench.settings.times.final_base = 200ms;
        bench.printer().set_faults(R"({"final_delay": 20})");
    }
    check_done(bench.end_of_one());
    CHECK(bench.stored("part.gcode.3mf") == bench.content);
}

TEST_CASE("uploads: a printer that is slower than the limit allows is too slow") {
    Bench bench;
    if (!bench.ready) return;
    bench.settings.times.deadline_base = 300ms;
    bench.settings.times.slowest_bytes_per_second = 1'000'000'000;
    bench.printer().set_faults(R"({"rate": 1000000})");
    check_failed(bench.end_of_one(), UploadProblem::too_slow);
    CHECK(bench.printer().card_is_empty());
}

TEST_CASE("uploads: a printer that does not answer a command is given up") {
    Bench bench;
    if (!bench.ready) return;
    bench.settings.times.reply = 200ms;
    bench.printer().set_faults(R"({"mute": ["PASV"]})");
    check_failed(bench.end_of_one(), UploadProblem::connection_lost);
}

TEST_CASE("uploads: a printer that does not say goodbye has the file all the same") {
    Bench bench;
    if (!bench.ready) return;
    bench.settings.times.reply = 200ms;
    bench.printer().set_faults(R"({"mute": ["QUIT"]})");
    check_done(bench.end_of_one());
}

TEST_CASE("uploads: an A1 that cannot protect the data gets it in clear, and at once the next time") {
    Bench bench;
    if (!bench.ready) return;
    bench.settings.printers[0].model = PrinterModel::a1_mini;
    bench.printer().set_faults(R"({"protected_data_fails": true})");
    check_done(bench.end_of_one("a.gcode.3mf"));
    CHECK(bench.printer().count("PROT P") == 1);
    CHECK(bench.printer().count("PROT C") == 1);
    bench.uploads().upload(2, 0, bench.file, "b.gcode.3mf");
    check_done(bench.end(2));
    CHECK(bench.printer().count("PROT P") == 1);
    CHECK(bench.printer().count("PROT C") == 2);
    CHECK(bench.stored("b.gcode.3mf") == bench.content);
}

TEST_CASE("uploads: other models never get a file in clear") {
    Bench bench;
    if (!bench.ready) return;
    bench.printer().set_faults(R"({"protected_data_fails": true})");
    check_failed(bench.end_of_one(), UploadProblem::connection_lost);
    CHECK(bench.printer().count("PROT C") == 0);
    CHECK(bench.printer().card_is_empty());
}

TEST_CASE("uploads: a printer that is busy with another connection is asked again") {
    Bench bench;
    if (!bench.ready) return;
    SUBCASE("and takes the file then") {
        bench.printer().set_faults(R"({"busy": 2})");
        check_done(bench.end_of_one());
    }
    SUBCASE("but not for ever") {
        bench.printer().set_faults(R"({"busy": 99})");
        check_failed(bench.end_of_one(), UploadProblem::connection_lost);
    }
    CHECK(bench.printer().count("STOR /part.gcode.3mf") == 3);
}

TEST_CASE(
    "uploads: a file of ours that cannot be read, is empty, or gets shorter meanwhile, is our trouble") {
    Bench bench;
    if (!bench.ready) return;
    bench.uploads().upload(1, 0, bench.folder.path() / "none", "a.gcode.3mf");
    check_failed(bench.end(1), UploadProblem::local_file);
    std::ofstream{bench.folder.path() / "empty"}.flush();
    bench.uploads().upload(2, 0, bench.folder.path() / "empty", "a.gcode.3mf");
    check_failed(bench.end(2), UploadProblem::local_file);
    CHECK(bench.printer().log().empty());
    bench.printer().set_faults(R"({"stall_after": 500000})");
    bench.uploads().upload(3, 0, bench.file, "a.gcode.3mf");
    REQUIRE(bench.progress.wait_for(1));
    std::filesystem::resize_file(bench.file, 100);
    bench.printer().set_faults({});
    check_failed(bench.end(3), UploadProblem::local_file);
    CHECK(bench.printer().card_is_empty());
}

TEST_CASE("uploads: two printers are served side by side, one printer one file after the other") {
    Bench bench;
    if (!bench.ready) return;
    for (std::size_t i = 0; i < 2; ++i)
        bench.printer(i).set_faults(R"({"stall_after": 500000})");
    bench.uploads().upload(1, 0, bench.file, "a.gcode.3mf");
    bench.uploads().upload(2, 0, bench.file, "b.gcode.3mf");
    bench.uploads().upload(3, 1, bench.file, "c.gcode.3mf");
    CHECK(wait_until([&] {
        return bench.printer(0).count("begin a.gcode.3mf") == 1 &&
               bench.printer(1).count("begin c.gcode.3mf") == 1;
    }));
    CHECK(bench.printer(0).count("begin b.gcode.3mf") == 0);
    for (std::size_t i = 0; i < 2; ++i)
        bench.printer(i).set_faults({});
    for (std::size_t i = 1; i <= 3; ++i)
        check_done(bench.end(i));
    const auto log = bench.printer(0).log();
    CHECK(std::ranges::find(log, "end a.gcode.3mf") < std::ranges::find(log, "begin b.gcode.3mf"));
    CHECK(bench.stored("b.gcode.3mf") == bench.content);
    CHECK(bench.stored("c.gcode.3mf", 1) == bench.content);
}

TEST_CASE("uploads: no more printers are served side by side than was asked for") {
    Bench bench;
    if (!bench.ready) return;
    bench.settings.parallel = 1;
    bench.printer(0).set_faults(R"({"stall_after": 500000})");
    bench.uploads().upload(1, 0, bench.file, "a.gcode.3mf");
    bench.uploads().upload(2, 1, bench.file, "b.gcode.3mf");
    REQUIRE(bench.progress.wait_for(1));
    CHECK(bench.printer(1).log().empty());
    bench.printer(0).set_faults({});
    check_done(bench.end(1));
    check_done(bench.end(2));
}

TEST_CASE(
    "uploads: a file is removed after what was asked for before it, and one that is not there is fine") {
    Bench bench;
    if (!bench.ready) return;
    bench.uploads().upload(1, 0, bench.file, "a.gcode.3mf");
    bench.uploads().remove(0, "a.gcode.3mf");
    bench.uploads().remove(0, "none.gcode.3mf");
    CHECK(wait_until([&] { return bench.printer().count("DELE /none.gcode.3mf") == 1; }));
    check_done(bench.end(1));
    CHECK(bench.printer().count("DELE /a.gcode.3mf") == 1);
    CHECK(bench.printer().card_is_empty());
}

TEST_CASE("uploads: a removal is tried three times and does not hold up an upload of the same name") {
    Bench bench;
    if (!bench.ready) return;
    bench.settings.times.reply = 1500ms;
    bench.printer().set_faults(R"({"mute": ["DELE"]})");
    SUBCASE("three tries") {
        bench.uploads().remove(0, "a.gcode.3mf");
        CHECK(wait_until([&] { return bench.printer().count("DELE /a.gcode.3mf") == 3; }));
        bench.printer().set_faults({});
        bench.uploads().upload(1, 0, bench.file, "b.gcode.3mf");  // behind any further try
        check_done(bench.end(1));
        CHECK(bench.printer().count("DELE /a.gcode.3mf") == 3);
    }
    SUBCASE("the name is in use again") {
        bench.settings.times.retry = 60s;
        bench.uploads().remove(0, "a.gcode.3mf");
        CHECK(wait_until([&] { return bench.printer().count("DELE /a.gcode.3mf") == 1; }));
        bench.printer().set_faults({});
        bench.uploads().upload(1, 0, bench.file, "a.gcode.3mf");
        check_done(bench.end(1));
        CHECK(bench.stored("a.gcode.3mf") == bench.content);
    }
}

TEST_CASE("uploads: names that a printer would not find, and printers that do not exist, are refused") {
    Bench bench;
    if (!bench.ready) return;
    std::size_t number = 0;
    for (const char* const name : {"", "a b", "../a", "a/b", ".hidden", "a\r\nDELE b", "-x"}) {
        bench.uploads().upload(1, 0, bench.file, name);
        check_failed(bench.end(++number), UploadProblem::storage_error);
        bench.uploads().remove(0, name);
    }
    bench.uploads().upload(1, 2, bench.file, "a.gcode.3mf");
    check_failed(bench.end(++number), UploadProblem::storage_error);
    bench.uploads().remove(2, "a.gcode.3mf");
    CHECK(bench.printer().log().empty());
}

TEST_CASE("uploads: more than can wait for a printer fails with a word") {
    Bench bench;
    if (!bench.ready) return;
    bench.printer().set_faults(R"({"stall_after": 500000})");
    bench.uploads().upload(1, 0, bench.file, "a.gcode.3mf");
    REQUIRE(bench.progress.wait_for(1));
    for (std::size_t i = 0; i <= FtpsUploads::most_waiting; ++i)
        bench.uploads().upload(2 + i, 0, bench.file, "b.gcode.3mf");
    const UploadEvent refused = bench.end(1);
    CHECK(refused.upload == 2 + FtpsUploads::most_waiting);
    check_failed(refused, UploadProblem::unreachable);
    bench.uploads().stop();
    CHECK(bench.ends.values().size() == FtpsUploads::most_waiting + 2);
}

TEST_CASE("uploads: the end of the program cancels what is under way and what waits, and says so") {
    Bench bench;
    if (!bench.ready) return;
    SUBCASE("in the middle of a file") {
        bench.printer().set_faults(R"({"stall_after": 1000000})");
        bench.uploads().upload(1, 0, bench.file, "a.gcode.3mf");
        bench.uploads().upload(2, 0, bench.file, "b.gcode.3mf");
        REQUIRE(bench.progress.wait_for(1));
    }
    SUBCASE("while the last word is waited for") {
        bench.printer().set_faults(R"({"final_delay": 60})");
        bench.uploads().upload(1, 0, bench.file, "a.gcode.3mf");
        bench.uploads().upload(2, 0, bench.file, "b.gcode.3mf");
        CHECK(wait_until([&] { return bench.printer().count("end a.gcode.3mf") == 1; }));
    }
    bench.uploads().stop();
    REQUIRE(bench.ends.values().size() == 2);
    for (const UploadEvent& event : bench.ends.values())
        check_failed(event, UploadProblem::canceled);
    CHECK(bench.printer().card_is_empty());
    bench.uploads().upload(3, 0, bench.file, "c.gcode.3mf");
    bench.uploads().remove(0, "c.gcode.3mf");
    bench.uploads().stop();
    CHECK(bench.ends.values().size() == 2);
}
