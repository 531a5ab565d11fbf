#include "camera/rtsp_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace farmwall::camera {

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds usual_timeout{60};  // RFC 2326, 12.37
constexpr std::string_view over_this_connection = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n";

bool is_absolute(std::string_view url) {
    const std::string lower = to_lower(url.substr(0, 8));
    return lower.starts_with("rtsp://") || lower.starts_with("rtsps://");
}

// The value of `name=` in a list separated by semicolons.
std::string_view list_value(std::string_view list, std::string_view name) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(';'), list.size());
        const std::string_view item = trim(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
        const std::size_t equals = item.find('=');
        if (equals != std::string_view::npos && iequals(trim(item.substr(0, equals)), name)) {
            return trim(item.substr(equals + 1));
        }
    }
    return {};
}

// "2-3" or "2"; nothing: not two channels.
std::optional<RtspSession::Channels> parse_channels(std::string_view text) {
    const std::size_t dash = text.find('-');
    const auto first = parse_int(text.substr(0, dash));
    if (!first || *first < 0 || *first > 254) return std::nullopt;
    const auto second = dash == std::string_view::npos ? *first + 1 : parse_int(text.substr(dash + 1));
    if (!second || *second < 0 || *second > 255) return std::nullopt;
    return RtspSession::Channels{static_cast<std::uint8_t>(*first), static_cast<std::uint8_t>(*second)};
}

// Nothing that could end our own header line.
std::string one_line(std::string_view text) {
    std::string made{text};
    std::erase_if(made, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    return made;
}

}  // namespace

RtspSession::RtspSession(std::string url, RtspLogin login, std::string cnonce)
    : url_{std::move(url)}, login_{std::move(login)}, cnonce_{std::move(cnonce)}, base_{url_} {}

RtspSession::Steps RtspSession::start(TimePoint now) { return request("OPTIONS", url_, {}, now); }

RtspSession::Steps RtspSession::request(std::string method, std::string uri, std::string extra,
                                        TimePoint now) {
    pending_ = Pending{std::move(method), std::move(uri), std::move(extra), 0, now, false, false};
    return {text_of(*pending_), CameraProblem::none, {}};
}

std::string RtspSession::text_of(Pending& pending) {
    pending.number = ++requests_;
    std::string text = fmt::format("{} {} RTSP/1.0\r\nCSeq: {}\r\nUser-Agent: Farmwall\r\n", pending.method,
                                   pending.uri, pending.number);
    if (challenge_) {
        pending.logged_in = true;
        const Secret value =
            authorization(*challenge_, login_, pending.method, pending.uri, ++nonce_uses_, cnonce_);
        text += "Authorization: " + value.reveal() + "\r\n";
    }
    if (!session_.empty()) text += "Session: " + session_ + "\r\n";
    return text + pending.extra + "\r\n";
}

RtspSession::Steps RtspSession::message(const RtspMessage& message, TimePoint now) {
    if (stage_ == Stage::over) return {};
    if (message.status == 0) return serve(message);
    if (!pending_ || message.status < 200) return {};
    const auto number = parse_int(message.header("CSeq"));
    if (number && *number != pending_->number) return {};  // of a request that was given up
    return answer(message, now);
}

RtspSession::Steps RtspSession::answer(const RtspMessage& message, TimePoint now) {
    if (message.status == 401) return log_in(message, now);
    if (pending_->logged_in && message.status < 300) login_proved_ = true;
    pending_.reset();
    if (message.status < 300) return accepted(message, now);
    switch (stage_) {
        case Stage::options:  // not everybody knows it
            return accepted(message, now);
        case Stage::describe:
        case Stage::setup:
        case Stage::play:
            return refused(message.status);
        case Stage::playing:
            if (message.status == 454) {
                return give_up(CameraProblem::closed_by_printer, "the camera forgot the session");
            }
            knows_get_parameter_ = false;
            return {};
        case Stage::over:
            return {};
    }
    return {};
}

RtspSession::Steps RtspSession::log_in(const RtspMessage& message, TimePoint now) {
    std::vector<RtspChallenge> challenges;
    for (const auto& [name, value] : message.headers) {
        if (!iequals(name, "WWW-Authenticate")) continue;
        for (RtspChallenge& challenge : parse_challenges(value))
            challenges.push_back(std::move(challenge));
    }
    if (challenges.empty()) {
        return give_up(CameraProblem::unsupported, "the camera wants a login of a kind that is not known");
    }
    const auto digest = std::find_if(
        challenges.begin(), challenges.end(),
        [](const RtspChallenge& challenge) { return challenge.kind == RtspChallenge::Kind::digest; });
    const RtspChallenge& best = digest != challenges.end() ? *digest : challenges.front();
    // A login that was right before, or only came too late, is tried once more with the newer nonce.
    const bool again = (best.stale || login_proved_) && !pending_->renewed;
    if (pending_->logged_in && !again) {
        if (stage_ == Stage::playing) {  // a keep-alive; pictures come all the same
            pending_.reset();
            return {};
        }
        return give_up(CameraProblem::bad_access_code, pending_->method + " was answered with 401");
    }
    pending_->renewed = pending_->logged_in;
    pending_->sent = now;
    challenge_ = best;
    nonce_uses_ = 0;
    return {text_of(*pending_), CameraProblem::none, {}};
}

RtspSession::Steps RtspSession::refused(int status) {
    static constexpr const char* methods[] = {"OPTIONS", "DESCRIBE", "SETUP", "PLAY"};
    std::string detail = fmt::format("{} was answered with {}", methods[static_cast<int>(stage_)], status);
    if (status == 403) return give_up(CameraProblem::bad_access_code, std::move(detail));
    // No bandwidth left, or trouble of the server's own: it may be busy with somebody else.
    if (status == 453 || status >= 500) return give_up(CameraProblem::no_picture, std::move(detail));
    return give_up(CameraProblem::unsupported, std::move(detail));
}

RtspSession::Steps RtspSession::accepted(const RtspMessage& message, TimePoint now) {
    switch (stage_) {
        case Stage::options:
            knows_get_parameter_ =
                to_upper(message.header("Public")).find("GET_PARAMETER") != std::string::npos;
            stage_ = Stage::describe;
            return request("DESCRIBE", url_, "Accept: application/sdp\r\n", now);
        case Stage::describe:
            return described(message, now);
        case Stage::setup:
            return set_up(message, now);
        case Stage::play:
            stage_ = Stage::playing;
            next_keep_alive_ = now + keep_alive_interval_;
            return {};
        case Stage::playing:
        case Stage::over:
            return {};
    }
    return {};
}

RtspSession::Steps RtspSession::described(const RtspMessage& message, TimePoint now) {
    for (const std::string_view name : {"Content-Base", "Content-Location"}) {
        const std::string base = one_line(message.header(name));
        if (!is_absolute(base)) continue;
        base_ = base;
        break;
    }
    Result<SdpTrack> found = find_h264(message.body);
    if (!found.ok()) {
        const bool readable = found.error().kind == ErrorKind::unsupported;
        return give_up(readable ? CameraProblem::unsupported : CameraProblem::wrong_data, found.error().what);
    }
    track_ = std::move(found).value();
    stage_ = Stage::setup;
    return request("SETUP", resolve(track_->control), std::string{over_this_connection}, now);
}

RtspSession::Steps RtspSession::set_up(const RtspMessage& message, TimePoint now) {
    const std::string_view transport = message.header("Transport");
    const std::string_view numbers = list_value(transport, "interleaved");
    if (numbers.empty() && !transport.empty() && to_upper(transport).find("TCP") == std::string::npos) {
        return give_up(CameraProblem::unsupported, "the camera does not send over this connection");
    }
    channels_ = numbers.empty() ? Channels{} : parse_channels(numbers);
    if (!channels_) return give_up(CameraProblem::wrong_data, "the answer to SETUP names no channels");
    const std::string_view session = message.header("Session");
    session_ = one_line(trim(session.substr(0, session.find(';'))));
    const auto timeout = parse_int(list_value(session, "timeout"));
    const std::chrono::seconds lasts{
        std::clamp<std::int64_t>(timeout.value_or(usual_timeout.count()), 4, 600)};
    keep_alive_interval_ = Duration{lasts} / 2;
    stage_ = Stage::play;
    return request("PLAY", resolve(track_->session_control), "Range: npt=0.000-\r\n", now);
}

RtspSession::Steps RtspSession::tick(TimePoint now) {
    const auto when = due();
    if (!when || now < *when) return {};
    if (!pending_) return keep_alive(now);
    // Pictures are worth more than an answer.
    if (stage_ == Stage::playing && heard_ && now - *heard_ < answer_limit) {
        pending_.reset();
        next_keep_alive_ = std::max(next_keep_alive_, now);
        return {};
    }
    return give_up(CameraProblem::stalled, pending_->method + " was not answered");
}

RtspSession::Steps RtspSession::keep_alive(TimePoint now) {
    next_keep_alive_ = now + keep_alive_interval_;
    return request(knows_get_parameter_ ? "GET_PARAMETER" : "OPTIONS", resolve(track_->session_control), {},
                   now);
}

std::optional<TimePoint> RtspSession::due() const {
    if (stage_ == Stage::over) return std::nullopt;
    if (pending_) return pending_->sent + answer_limit;
    if (stage_ == Stage::playing) return next_keep_alive_;
    return std::nullopt;
}

std::string RtspSession::teardown() {
    const bool standing = channels_.has_value() && stage_ != Stage::over;
    stage_ = Stage::over;
    if (!standing) return {};
    Pending last{"TEARDOWN", resolve(track_->session_control), {}, 0, {}, false, false};
    return text_of(last);
}

// A request of the server: what keeps it content.
RtspSession::Steps RtspSession::serve(const RtspMessage& message) {
    const std::string_view method = message.method;
    if (method == "TEARDOWN" || method == "REDIRECT") {
        return give_up(CameraProblem::closed_by_printer, "the camera ended the session");
    }
    const bool harmless =
        method == "OPTIONS" || method == "GET_PARAMETER" || method == "SET_PARAMETER" || method == "ANNOUNCE";
    return {fmt::format("RTSP/1.0 {}\r\nCSeq: {}\r\n\r\n", harmless ? "200 OK" : "501 Not Implemented",
                        one_line(message.header("CSeq"))),
            CameraProblem::none,
            {}};
}

RtspSession::Steps RtspSession::give_up(CameraProblem problem, std::string detail) {
    stage_ = Stage::over;
    pending_.reset();
    return {{}, problem, std::move(detail)};
}

std::string RtspSession::resolve(std::string_view control) const {
    if (control.empty() || control == "*") return base_;
    if (is_absolute(control)) return one_line(control);
    const bool joined = base_.ends_with('/');
    if (joined && control.starts_with('/')) control.remove_prefix(1);
    return base_ + (joined || control.starts_with('/') ? "" : "/") + one_line(control);
}

}  // namespace farmwall::camera
