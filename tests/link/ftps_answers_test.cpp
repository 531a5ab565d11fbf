#include "link/ftps_answers.hpp"

#include <curl/curl.h>
#include <doctest/doctest.h>

#include <array>

using namespace farmwall;
using namespace farmwall::link;
using namespace std::chrono_literals;
using dispatch::UploadProblem;

namespace {

constexpr std::uint64_t size = 10'000'000;

// A try that got as far as the data.
TransferEnd broken(int curl_code, int reply = 150) {
    TransferEnd end;
    end.curl_code = curl_code;
    end.reply = reply;
    end.greeted = true;
    end.logged_in = true;
    end.storing = true;
    end.sent_bytes = 4'000'000;
    end.total_bytes = size;
    return end;
}

// One that the printer refused before the data.
TransferEnd refused(int reply, std::optional<std::uint64_t> free = std::nullopt) {
    TransferEnd end = broken(CURLE_UPLOAD_FAILED, reply);
    end.storing = false;
    end.sent_bytes = 0;
    end.free_before = free;
    return end;
}

TransferEnd without_login(int curl_code, int reply = 0) {
    TransferEnd end;
    end.curl_code = curl_code;
    end.reply = reply;
    end.greeted = reply != 0;
    end.total_bytes = size;
    return end;
}

// All of it went out.
TransferEnd complete(int curl_code, int reply) {
    TransferEnd end = broken(curl_code, reply);
    end.sent_bytes = size;
    return end;
}

TimePoint at(UploadTimes::Ms time) { return TimePoint{1h} + time; }

}  // namespace

TEST_CASE("ftps answers: a reply ends with the line that has a blank after its number") {
    CHECK(parse_ftp_reply("226 Transfer complete.\r\n") == FtpReply{226, "Transfer complete."});
    CHECK(parse_ftp_reply("226\r\n") == FtpReply{226, ""});
    CHECK_FALSE(parse_ftp_reply("226-More follows\r\n"));
    CHECK_FALSE(parse_ftp_reply(" 226 indented\r\n"));
    CHECK_FALSE(parse_ftp_reply("Content-Length: 12\r\n"));
    CHECK_FALSE(parse_ftp_reply("626 no such class"));
    CHECK_FALSE(parse_ftp_reply("2264 Bytes"));
}

TEST_CASE("ftps answers: a reply that is cut anywhere is read as what is left of it, or not at all") {
    const std::string line = "213 31914983424\r\n";
    for (std::size_t length = 0; length <= line.size(); ++length) {
        const auto reply = parse_ftp_reply(std::string_view{line}.substr(0, length));
        CAPTURE(length);
        CHECK(reply.has_value() == (length >= 3));
        if (reply) CHECK(reply->code == 213);
    }
}

TEST_CASE("ftps answers: free bytes are the number of a 213 reply and of no other") {
    CHECK(number_in({213, "31914983424"}) == 31'914'983'424U);
    CHECK(number_in({213, "0"}) == 0U);
    CHECK(number_in({213, "512 bytes available"}) == 512U);
    CHECK_FALSE(number_in({213, ""}));
    CHECK_FALSE(number_in({213, "-5"}));
    CHECK_FALSE(number_in({213, "99999999999999999999999"}));
    CHECK_FALSE(number_in({213, "status follows"}));
    CHECK_FALSE(number_in({500, "31914983424"}));
}

TEST_CASE("ftps answers: a remote name is short and of letters, digits, dot, line and dash") {
    CHECK(usable_remote_name("a7f3__bracket-2.gcode.3mf"));
    CHECK(usable_remote_name(std::string(80, 'x')));
    for (const std::string& name :
         {std::string{}, std::string(81, 'x'), std::string{".x"}, std::string{"-x"}, std::string{"a b"},
          std::string{"a/b"}, std::string{"a\r\nDELE b"}, std::string{"\xC3\xA9"}, std::string{"a\0b", 3}}) {
        CAPTURE(name);
        CHECK_FALSE(usable_remote_name(name));
    }
}

TEST_CASE("ftps answers: each way an upload ends has its problem, and a sentence where it failed") {
    struct Row {
        const char* name;
        TransferEnd end;
        UploadProblem problem;
        bool retryable;
        bool busy = false;
    };
    const std::array rows{
        Row{"nobody listens", without_login(CURLE_COULDNT_CONNECT), UploadProblem::unreachable, true},
        Row{"no answer", without_login(CURLE_OPERATION_TIMEDOUT), UploadProblem::unreachable, true},
        Row{"no TLS 1.2", without_login(CURLE_SSL_CONNECT_ERROR), UploadProblem::unreachable, true},
        Row{"cut at once", without_login(CURLE_RECV_ERROR), UploadProblem::unreachable, true},
        Row{"another key", without_login(CURLE_SSL_PINNEDPUBKEYNOTMATCH), UploadProblem::certificate, false},
        Row{"wrong code", without_login(CURLE_LOGIN_DENIED, 530), UploadProblem::bad_access_code, false},
        Row{"too many connections", without_login(CURLE_WEIRD_SERVER_REPLY, 421),
            UploadProblem::connection_lost, true, true},
        Row{"login while busy", without_login(CURLE_LOGIN_DENIED, 421), UploadProblem::connection_lost, true,
            true},
        Row{"contention", refused(425), UploadProblem::connection_lost, true, true},
        Row{"contention by another number", refused(431), UploadProblem::connection_lost, true, true},
        Row{"no session reuse", refused(522), UploadProblem::connection_lost, true},
        Row{"full by number", refused(552), UploadProblem::storage_full, false},
        Row{"full by the other number", refused(452), UploadProblem::storage_full, false},
        Row{"storage error", refused(451), UploadProblem::storage_error, false},
        Row{"no card", refused(550), UploadProblem::no_storage, false},
        Row{"no card, or not writable", refused(553), UploadProblem::no_storage, false},
        Row{"no room told", refused(553, 0), UploadProblem::no_storage, false},
        Row{"not writable", refused(553, size), UploadProblem::storage_error, false},
        Row{"unknown command", refused(502), UploadProblem::storage_error, false},
        Row{"cut", broken(CURLE_SEND_ERROR), UploadProblem::connection_lost, true},
        Row{"cut while the answer is read", broken(CURLE_RECV_ERROR), UploadProblem::connection_lost, true},
        Row{"data ended by the printer", broken(CURLE_PARTIAL_FILE, 426), UploadProblem::connection_lost,
            true},
        Row{"full at the end", broken(CURLE_PARTIAL_FILE, 452), UploadProblem::storage_full, false},
        Row{"full as the library says it", broken(CURLE_REMOTE_DISK_FULL, 552), UploadProblem::storage_full,
            false},
        Row{"unprotected data", broken(CURLE_SSL_CONNECT_ERROR), UploadProblem::connection_lost, true},
        Row{"another key for the data", broken(CURLE_SSL_PINNEDPUBKEYNOTMATCH), UploadProblem::certificate,
            false},
        Row{"something else", broken(CURLE_OUT_OF_MEMORY), UploadProblem::connection_lost, true},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const UploadVerdict verdict = judge(row.end);
        CHECK(verdict.problem == row.problem);
        CHECK(verdict.retryable == row.retryable);
        CHECK(verdict.busy == row.busy);
        CHECK_FALSE(verdict.good());
        CHECK(verdict.text.ends_with("."));
    }
}

TEST_CASE("ftps answers: a confirmed file is done when its size is right or not told") {
    TransferEnd end = complete(CURLE_OK, 226);
    CHECK(judge(end).good());
    end.remote_size = size;
    CHECK(judge(end).good());
    CHECK(judge(end).text.empty());
    for (const std::uint64_t other : {std::uint64_t{0}, size - 1, size + 1}) {
        end.remote_size = other;
        CHECK(judge(end).problem == UploadProblem::wrong_size);
        CHECK(judge(end).retryable);
    }
}

TEST_CASE("ftps answers: a cancel that comes after the confirmation is too late") {
    TransferEnd end = complete(CURLE_OK, 226);
    end.canceled = true;
    CHECK(judge(end).good());
    end.curl_code = CURLE_ABORTED_BY_CALLBACK;
    end.remote_size = size;
    CHECK(judge(end).problem == UploadProblem::canceled);
}

TEST_CASE("ftps answers: without a good last word the size decides, but only when everything went out") {
    for (const TransferEnd& ended : {complete(CURLE_PARTIAL_FILE, 426), complete(CURLE_RECV_ERROR, 150),
                                     complete(CURLE_ABORTED_BY_CALLBACK, 150)}) {
        TransferEnd end = ended;
        if (end.curl_code == CURLE_ABORTED_BY_CALLBACK) end.overrun = Overrun::unconfirmed;
        CHECK(judge(end).problem == UploadProblem::connection_lost);
        end.remote_size = size;
        CHECK(judge(end).good());
        end.remote_size = size - 1;
        CHECK(judge(end).problem == UploadProblem::connection_lost);
        end.remote_size = size;  // an older file of the same size
        end.sent_bytes = size - 1;
        CHECK_FALSE(judge(end).good());
    }
}

TEST_CASE("ftps answers: a break with too few free bytes for the rest is a full card") {
    TransferEnd end = broken(CURLE_SEND_ERROR);
    end.remote_size = 4'000'000;
    end.free_after = 5'999'999;
    CHECK(judge(end).problem == UploadProblem::storage_full);
    CHECK(judge(end).text.find("6.0 MB") != std::string::npos);
    end.free_after = 6'000'000;
    CHECK(judge(end).problem == UploadProblem::connection_lost);
    end.free_after = 0;
    end.overrun = Overrun::stalled;
    CHECK(judge(end).problem == UploadProblem::storage_full);
    end = complete(CURLE_OK, 226);
    end.remote_size = 4'000'000;
    end.free_after = 0;
    CHECK(judge(end).problem == UploadProblem::storage_full);
}

TEST_CASE("ftps answers: a passed limit says which one it was") {
    const auto passed = [](Overrun overrun, bool logged_in) {
        TransferEnd end = broken(CURLE_ABORTED_BY_CALLBACK);
        end.overrun = overrun;
        end.logged_in = logged_in;
        return judge(end).problem;
    };
    CHECK(passed(Overrun::silent, false) == UploadProblem::unreachable);
    CHECK(passed(Overrun::silent, true) == UploadProblem::connection_lost);
    CHECK(passed(Overrun::stalled, true) == UploadProblem::connection_lost);
    CHECK(passed(Overrun::unconfirmed, true) == UploadProblem::connection_lost);
    CHECK(passed(Overrun::too_slow, true) == UploadProblem::too_slow);
}

TEST_CASE("ftps answers: what ended the upload on our side comes before what the library says") {
    TransferEnd end = broken(CURLE_ABORTED_BY_CALLBACK);
    end.local_file_failed = true;
    CHECK(judge(end).problem == UploadProblem::local_file);
    end.canceled = true;
    CHECK(judge(end).problem == UploadProblem::canceled);
    end = refused(227, 1000);
    end.curl_code = CURLE_OK;  // the question was answered; the answer was bad
    end.too_full = true;
    CHECK(judge(end).problem == UploadProblem::storage_full);
    CHECK_FALSE(judge(end).retryable);
}

TEST_CASE("ftps answers: only the A1 series gets the data in clear, and only when protecting it failed") {
    TransferEnd end = broken(CURLE_SEND_ERROR);
    end.sent_bytes = 64'000;
    for (const ModelInfo& info : all_models()) {
        CAPTURE(info.name);
        CHECK(worth_clear_data(info.model, end) ==
              (info.model == PrinterModel::a1 || info.model == PrinterModel::a1_mini));
    }
    CHECK_FALSE(worth_clear_data(PrinterModel::unknown, end));
    const auto worth = [](const TransferEnd& e) { return worth_clear_data(PrinterModel::a1, e); };
    CHECK(worth(refused(522)));
    CHECK(worth(refused(425)));
    CHECK(worth(broken(CURLE_SSL_CONNECT_ERROR)));
    CHECK(worth(complete(CURLE_PARTIAL_FILE, 522)));
    CHECK_FALSE(worth(refused(553)));
    CHECK_FALSE(worth(refused(552)));
    CHECK_FALSE(worth(broken(CURLE_SEND_ERROR)));  // megabytes had gone through
    CHECK_FALSE(worth(without_login(CURLE_SSL_CONNECT_ERROR)));
    end.canceled = true;
    CHECK_FALSE(worth(end));
}

TEST_CASE("upload watch: the time allowed grows with the size, the last word's up to five minutes") {
    const UploadTimes times;
    CHECK(deadline_of(0, times) == 60s);
    CHECK(deadline_of(25'000'000, times) == 1060s);
    CHECK(deadline_of(~std::uint64_t{0}, times) > 24h);
    CHECK(final_wait_of(0, times) == 60s);
    CHECK(final_wait_of(50'000'000, times) == 160s);
    CHECK(final_wait_of(~std::uint64_t{0}, times) == 300s);
}

TEST_CASE("upload watch: a command that is not answered in time is silence") {
    UploadWatch watch{UploadTimes{}, size, at(0s)};
    CHECK(watch.overrun(at(30s)) == Overrun::none);
    CHECK(watch.overrun(at(31s)) == Overrun::silent);
    watch.heard(at(29s));
    CHECK(watch.overrun(at(59s)) == Overrun::none);
    watch.talk(at(100s));
    CHECK(watch.overrun(at(130s)) == Overrun::none);
}

TEST_CASE("upload watch: data that does not move is a stall, data that crawls is too slow") {
    UploadWatch watch{UploadTimes{}, size, at(0s)};
    watch.begin_data(at(10s));
    CHECK(watch.overrun(at(40s)) == Overrun::none);
    CHECK(watch.overrun(at(41s)) == Overrun::stalled);
    watch.sent(1000, at(40s));
    watch.sent(1000, at(60s));  // nothing new
    CHECK(watch.overrun(at(70s)) == Overrun::none);
    CHECK(watch.overrun(at(71s)) == Overrun::stalled);
    watch.heard(at(70s));  // words are no data
    CHECK(watch.overrun(at(71s)) == Overrun::stalled);
    for (int second = 70; second <= 600; second += 10)
        watch.sent(static_cast<std::uint64_t>(second) * 100, at(std::chrono::seconds{second}));
    CHECK(watch.overrun(at(470s)) == Overrun::none);  // 10 s + 60 s + 10 MB at 25 KB/s
    CHECK(watch.overrun(at(471s)) == Overrun::too_slow);
}

TEST_CASE("upload watch: once all is out only the last word is waited for") {
    UploadWatch watch{UploadTimes{}, size, at(0s)};
    watch.begin_data(at(0s));
    watch.sent(size, at(450s));
    CHECK(watch.overrun(at(530s)) == Overrun::none);
    CHECK(watch.overrun(at(531s)) == Overrun::unconfirmed);  // 60 s + 10 MB at 500 KB/s
    watch.talk(at(500s));
    CHECK(watch.overrun(at(531s)) == Overrun::silent);
}

TEST_CASE("upload watch: the rate is that of the last five seconds") {
    UploadWatch watch{UploadTimes{}, size, at(0s)};
    CHECK(watch.bytes_per_second() == 0);
    watch.begin_data(at(0s));
    CHECK(watch.bytes_per_second() == 0);
    for (int i = 1; i <= 20; ++i)
        watch.sent(static_cast<std::uint64_t>(i) * 100'000, at(i * 500ms));
    CHECK(watch.bytes_per_second() == 200'000);
    for (int i = 1; i <= 10; ++i)
        watch.sent(2'000'000, at(10s + i * 500ms));
    CHECK(watch.bytes_per_second() == 0);
    CHECK(watch.sent_bytes() == 2'000'000);
}
