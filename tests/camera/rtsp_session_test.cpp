#include "camera/rtsp_session.hpp"

#include <doctest/doctest.h>

using namespace farmwall;
using namespace farmwall::camera;
using namespace std::chrono_literals;

namespace {

const std::string url = "rtsps://192.0.2.7:322/streaming/live/1";
const std::string sdp =
    "v=0\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n";
const std::string digest = "Digest realm=\"LIVE555 Streaming Media\", nonce=\"0123456789abcdef\"";

// A session, the clock moved by hand, and what its newest step was.
struct Talk {
    RtspSession session{url, {"bblp", Secret{"12345678"}}, "c0ffee"};
    TimePoint now{1h};
    RtspSession::Steps steps = session.start(now);
    unsigned number = 1;

    using Headers = std::vector<std::pair<std::string, std::string>>;

    // The answer to the newest request.
    Talk& answer(int status, Headers headers = {}, std::string body = {}) {
        headers.emplace_back("CSeq", std::to_string(number));
        return hear({status, {}, std::move(headers), std::move(body)});
    }
    Talk& hear(const RtspMessage& message) {
        steps = session.message(message, now);
        if (!steps.send.empty() && message.status != 0) ++number;
        return *this;
    }
    Talk& after(Duration time) {
        now += time;
        steps = session.tick(now);
        if (!steps.send.empty()) ++number;
        return *this;
    }
    [[nodiscard]] std::string first_line() const { return steps.send.substr(0, steps.send.find("\r\n")); }
    [[nodiscard]] std::string header(const std::string& name) const {
        const std::size_t at = steps.send.find("\r\n" + name + ": ");
        if (at == std::string::npos) return {};
        const std::size_t begin = at + name.size() + 4;
        return steps.send.substr(begin, steps.send.find("\r\n", begin) - begin);
    }

    Talk& to_describe(
        const std::string& methods = "OPTIONS, DESCRIBE, SETUP, TEARDOWN, PLAY, GET_PARAMETER") {
        return answer(200, {{"Public", methods}});
    }
    Talk& to_setup(Headers headers = {{"Content-Base", url + "/"}}) {
        return to_describe().answer(200, std::move(headers), sdp);
    }
    Talk& to_play(const std::string& session_header = "ABC;timeout=60",
                  const std::string& transport = "RTP/AVP/TCP;unicast;interleaved=0-1") {
        return to_setup().answer(200, {{"Session", session_header}, {"Transport", transport}});
    }
    Talk& to_playing() { return to_play().answer(200); }
};

}  // namespace

TEST_CASE("rtsp session: OPTIONS, DESCRIBE, SETUP over the same connection, PLAY") {
    Talk talk;
    CHECK(talk.first_line() == "OPTIONS " + url + " RTSP/1.0");
    CHECK(talk.header("CSeq") == "1");
    CHECK(talk.header("Authorization").empty());
    CHECK(talk.steps.send.ends_with("\r\n\r\n"));
    talk.to_describe();
    CHECK(talk.first_line() == "DESCRIBE " + url + " RTSP/1.0");
    CHECK(talk.header("Accept") == "application/sdp");
    talk.answer(200, {{"Content-Base", url + "/"}}, sdp);
    CHECK(talk.first_line() == "SETUP " + url + "/track1 RTSP/1.0");
    CHECK(talk.header("Transport") == "RTP/AVP/TCP;unicast;interleaved=0-1");
    CHECK_FALSE(talk.session.channels());
    talk.answer(200, {{"Session", "ABC;timeout=60"}, {"Transport", "RTP/AVP/TCP;unicast;interleaved=0-1"}});
    CHECK(talk.first_line() == "PLAY " + url + "/ RTSP/1.0");
    CHECK(talk.header("Session") == "ABC");
    CHECK(talk.header("Range") == "npt=0.000-");
    CHECK(talk.header("CSeq") == "4");
    CHECK_FALSE(talk.session.playing());
    talk.answer(200, {{"Session", "ABC"}});
    CHECK(talk.session.playing());
    CHECK(talk.steps.send.empty());
    CHECK(talk.session.track()->payload_type == 96);
}

TEST_CASE("rtsp session: a 401 is answered once, by Digest where it is offered") {
    Talk talk;
    talk.to_describe().answer(401, {{"WWW-Authenticate", "Basic realm=\"x\""}, {"WWW-Authenticate", digest}});
    CHECK(talk.first_line() == "DESCRIBE " + url + " RTSP/1.0");
    CHECK(talk.header("CSeq") == "3");
    CHECK(talk.header("Authorization") ==
          "Digest username=\"bblp\", realm=\"LIVE555 Streaming Media\", nonce=\"0123456789abcdef\", uri=\"" +
              url + "\", response=\"821480734fb53c2594521ec4a9f40598\"");
    SUBCASE("accepted: every further request carries a login for its own address") {
        talk.answer(200, {}, sdp);
        CHECK(talk.first_line() == "SETUP " + url + "/track1 RTSP/1.0");
        CHECK(talk.header("Authorization").find("uri=\"" + url + "/track1\"") != std::string::npos);
    }
    SUBCASE("refused: the code is wrong") {
        talk.answer(401, {{"WWW-Authenticate", digest}});
        CHECK(talk.steps.send.empty());
        CHECK(talk.steps.problem == CameraProblem::bad_access_code);
        CHECK(talk.steps.detail.find("12345678") == std::string::npos);
    }
    SUBCASE("only too late: once more with the newer nonce") {
        talk.answer(401, {{"WWW-Authenticate", "Digest realm=\"r\", nonce=\"newer\", stale=true"}});
        CHECK(talk.header("Authorization").find("nonce=\"newer\"") != std::string::npos);
        talk.answer(401, {{"WWW-Authenticate", "Digest realm=\"r\", nonce=\"newest\", stale=true"}});
        CHECK(talk.steps.problem == CameraProblem::bad_access_code);
    }
}

TEST_CASE("rtsp session: a login that was right is made again when a later request wants a newer one") {
    Talk talk;
    talk.answer(401, {{"WWW-Authenticate", digest}}).answer(200).answer(200, {}, sdp);
    CHECK(talk.first_line().starts_with("SETUP"));
    talk.answer(401, {{"WWW-Authenticate", "Digest realm=\"r\", nonce=\"newer\", qop=\"auth\""}});
    CHECK(talk.first_line().starts_with("SETUP"));
    CHECK(talk.header("Authorization").find("nc=00000001") != std::string::npos);
    CHECK(talk.header("Authorization").find("cnonce=\"c0ffee\"") != std::string::npos);
    talk.answer(200, {{"Session", "A"}});
    CHECK(talk.header("Authorization").find("nc=00000002") != std::string::npos);
    talk.answer(401, {{"WWW-Authenticate", digest}}).answer(401, {{"WWW-Authenticate", digest}});
    CHECK(talk.steps.problem == CameraProblem::bad_access_code);
}

TEST_CASE("rtsp session: Basic where nothing better is offered, and nothing for a kind that is not known") {
    Talk talk;
    talk.answer(401, {{"WWW-Authenticate", "Basic realm=\"x\""}});
    CHECK(talk.header("Authorization") == "Basic YmJscDoxMjM0NTY3OA==");
    Talk other;
    other.answer(401, {{"WWW-Authenticate", "Bearer realm=\"x\""}});
    CHECK(other.steps.problem == CameraProblem::unsupported);
    CHECK(other.steps.send.empty());
}

TEST_CASE("rtsp session: a refusal ends the attempt with its reason and without the server's words") {
    const std::pair<int, CameraProblem> refusals[] = {
        {403, CameraProblem::bad_access_code}, {404, CameraProblem::unsupported},
        {400, CameraProblem::unsupported},     {302, CameraProblem::unsupported},
        {453, CameraProblem::no_picture},      {503, CameraProblem::no_picture}};
    for (const auto& [status, problem] : refusals) {
        Talk talk;
        talk.to_describe().answer(status);
        CHECK(talk.steps.problem == problem);
        CHECK(talk.steps.detail == "DESCRIBE was answered with " + std::to_string(status));
        CHECK_FALSE(talk.session.due());
        CHECK(talk.answer(200, {}, sdp).steps.send.empty());
    }
    CHECK(Talk{}.to_setup().answer(461).steps.detail == "SETUP was answered with 461");
    CHECK(Talk{}.to_play().answer(454).steps.detail == "PLAY was answered with 454");
}

TEST_CASE("rtsp session: a server that does not know OPTIONS is asked on") {
    CHECK(Talk{}.answer(501).first_line().starts_with("DESCRIBE"));
}

TEST_CASE("rtsp session: a description without H.264 is unsupported, none at all wrong data") {
    CHECK(Talk{}.to_describe().answer(200, {}, "v=0\r\nm=audio 0 RTP/AVP 0\r\n").steps.problem ==
          CameraProblem::unsupported);
    CHECK(Talk{}.to_describe().answer(200, {}, "").steps.problem == CameraProblem::wrong_data);
}

TEST_CASE("rtsp session: addresses are absolute, or stand behind base, location or request") {
    const auto set_up_line = [](Talk::Headers headers, const std::string& control) {
        Talk talk;
        talk.to_describe().answer(200, std::move(headers),
                                  "v=0\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n" + control);
        return talk.first_line();
    };
    CHECK(set_up_line({}, "a=control:t1\n") == "SETUP " + url + "/t1 RTSP/1.0");
    CHECK(set_up_line({}, "a=control:/t1\n") == "SETUP " + url + "/t1 RTSP/1.0");
    CHECK(set_up_line({}, "") == "SETUP " + url + " RTSP/1.0");
    CHECK(set_up_line({}, "a=control:*\n") == "SETUP " + url + " RTSP/1.0");
    CHECK(set_up_line({}, "a=control:rtsp://h/x/t1\n") == "SETUP rtsp://h/x/t1 RTSP/1.0");
    CHECK(set_up_line({{"Content-Base", "rtsp://b/c/"}}, "a=control:t1\n") == "SETUP rtsp://b/c/t1 RTSP/1.0");
    CHECK(set_up_line({{"Content-Base", "rtsp://b/c/"}}, "a=control:/t1\n") ==
          "SETUP rtsp://b/c/t1 RTSP/1.0");
    CHECK(set_up_line({{"Content-Location", "rtsp://l/"}}, "a=control:t1\n") == "SETUP rtsp://l/t1 RTSP/1.0");
    CHECK(set_up_line({{"Content-Base", "relative"}}, "a=control:t1\n") == "SETUP " + url + "/t1 RTSP/1.0");
}

TEST_CASE("rtsp session: the channels are the ones that the server names") {
    const auto channels = [](const std::string& transport) {
        Talk talk;
        talk.to_play("A", transport);
        const auto got = talk.session.channels();
        return got ? std::pair{int{got->rtp}, int{got->rtcp}} : std::pair{-1, -1};
    };
    CHECK(channels("RTP/AVP/TCP;unicast;interleaved=2-3;ssrc=1") == std::pair{2, 3});
    CHECK(channels("RTP/AVP/TCP; Interleaved = 4") == std::pair{4, 5});
    CHECK(channels("RTP/AVP/TCP;unicast") == std::pair{0, 1});
    CHECK(channels("") == std::pair{0, 1});
    CHECK(channels("RTP/AVP/TCP;interleaved=x-y") == std::pair{-1, -1});
    CHECK(channels("RTP/AVP/TCP;interleaved=300-301") == std::pair{-1, -1});
    CHECK(channels("RTP/AVP;unicast;client_port=1-2") == std::pair{-1, -1});
}

TEST_CASE("rtsp session: keep-alives go out at half of the time that the server names") {
    Talk talk;
    talk.to_play("ABC;timeout=20").answer(200);
    CHECK(talk.session.due() == talk.now + 10s);
    CHECK(talk.after(9s).steps.send.empty());
    talk.after(1s);
    CHECK(talk.first_line() == "GET_PARAMETER " + url + "/ RTSP/1.0");
    CHECK(talk.header("Session") == "ABC");
    CHECK(talk.answer(200).session.due() == talk.now + 10s);
    CHECK(talk.steps.problem == CameraProblem::none);
    CHECK(Talk{}.to_play("ABC").answer(200).session.due() == TimePoint{1h} + 30s);
    CHECK(Talk{}.to_play("ABC;timeout=0").answer(200).session.due() == TimePoint{1h} + 2s);
}

TEST_CASE("rtsp session: keep-alives are OPTIONS where GET_PARAMETER is not known or was refused") {
    Talk talk;
    talk.to_describe("OPTIONS, PLAY").answer(200, {}, sdp).answer(200).answer(200).after(30s);
    CHECK(talk.first_line().starts_with("OPTIONS"));
    Talk refused;
    refused.to_playing().after(30s).answer(501).after(30s);
    CHECK(refused.first_line().starts_with("OPTIONS"));
    CHECK(refused.steps.problem == CameraProblem::none);
}

TEST_CASE("rtsp session: a keep-alive for a session that is forgotten ends it; a refused login does not") {
    Talk talk;
    talk.to_playing().after(30s).answer(454);
    CHECK(talk.steps.problem == CameraProblem::closed_by_printer);
    Talk login;
    login.to_playing().after(30s).answer(401, {{"WWW-Authenticate", digest}});
    CHECK(login.first_line().starts_with("GET_PARAMETER"));
    login.answer(401, {{"WWW-Authenticate", digest}});
    CHECK(login.steps.problem == CameraProblem::none);
    CHECK(login.session.playing());
}

TEST_CASE("rtsp session: a request that is not answered for ten seconds ends it as stalled") {
    Talk talk;
    talk.to_describe();
    CHECK(talk.session.due() == talk.now + 10s);
    CHECK(talk.after(9s).steps.problem == CameraProblem::none);
    CHECK(talk.after(1s).steps.problem == CameraProblem::stalled);
    CHECK(talk.steps.detail == "DESCRIBE was not answered");
    CHECK_FALSE(talk.session.due());
}

TEST_CASE("rtsp session: a keep-alive without an answer matters only when nothing else comes") {
    Talk silent;
    silent.to_playing().after(30s).after(10s);
    CHECK(silent.steps.problem == CameraProblem::stalled);
    Talk lively;
    lively.to_playing().after(30s);
    lively.session.heard(lively.now + 5s);
    lively.after(10s);
    CHECK(lively.steps.problem == CameraProblem::none);
    CHECK(lively.session.due() == lively.now + 20s);
}

TEST_CASE("rtsp session: answers to nothing, to requests given up and provisional ones are passed over") {
    Talk talk;
    CHECK(talk.hear({200, {}, {{"CSeq", "99"}}, {}}).steps.send.empty());
    CHECK(talk.hear({100, {}, {{"CSeq", "1"}}, {}}).steps.send.empty());
    CHECK(talk.hear({200, {}, {}, {}}).first_line().starts_with("DESCRIBE"));
    Talk playing;
    playing.to_playing();
    CHECK(playing.hear({404, {}, {}, {}}).steps.problem == CameraProblem::none);
}

TEST_CASE("rtsp session: requests of the server are answered; its TEARDOWN ends it") {
    Talk talk;
    talk.to_playing();
    CHECK(talk.hear({0, "OPTIONS", {{"CSeq", "7"}}, {}}).steps.send == "RTSP/1.0 200 OK\r\nCSeq: 7\r\n\r\n");
    CHECK(talk.hear({0, "RECORD", {{"CSeq", "8"}}, {}}).steps.send ==
          "RTSP/1.0 501 Not Implemented\r\nCSeq: 8\r\n\r\n");
    CHECK(talk.hear({0, "TEARDOWN", {{"CSeq", "9"}}, {}}).steps.problem == CameraProblem::closed_by_printer);
}

TEST_CASE("rtsp session: TEARDOWN is said for what was set up, once") {
    CHECK(Talk{}.session.teardown().empty());
    Talk talk;
    talk.to_playing();
    const std::string last = talk.session.teardown();
    CHECK(last.starts_with("TEARDOWN " + url + "/ RTSP/1.0\r\n"));
    CHECK(last.find("Session: ABC\r\n") != std::string::npos);
    CHECK(talk.session.teardown().empty());
    CHECK_FALSE(talk.session.due());
    CHECK(talk.answer(200).steps.send.empty());
}

TEST_CASE("rtsp session: what the server says cannot add lines of ours") {
    Talk talk;
    talk.to_describe().answer(200, {{"Content-Base", "rtsp://b/\nX: y\r\n"}}, sdp);
    CHECK(talk.first_line() == "SETUP rtsp://b/X: y/track1 RTSP/1.0");
}
