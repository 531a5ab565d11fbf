#include "link/session_machine.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace farmwall::link {
namespace {

using namespace std::chrono_literals;

// Limits that no printer needs changed. A step that does not end by itself is ended by these.
constexpr auto connect_limit = 40s;
constexpr auto fetch_limit = 30s;
constexpr auto save_limit = 10s;
constexpr auto subscribe_limit = 10s;
constexpr auto doubt_address_for = 60s;
constexpr auto move_interval = 5s;  // however often addresses are announced

net::BackoffTimes backoff_times(const Times& times) {
    net::BackoffTimes out;
    out.first = times.retry_first;
    out.longest = times.retry_longest;
    out.refused = times.retry_refused;
    return out;
}

}  // namespace

SessionMachine::SessionMachine(Identity identity, const Times& times, std::optional<net::Certificate> pin,
                               std::function<double()> random)
    : identity_{std::move(identity)},
      times_{times},
      pin_{std::move(pin)},
      random_{std::move(random)},
      backoff_{backoff_times(times), random_},
      // At most 23 letters and digits is what every broker takes. Chance, not the process number:
      // two containers often have the same one.
      client_prefix_{fmt::format("fw{:08x}", static_cast<std::uint32_t>(random_() * 4294967295.0))},
      address_{identity_.address},
      home_{identity_.address} {
    status_.address = address_;
    status_.port = identity_.port;
}

Effects SessionMachine::take() { return std::exchange(effects_, {}); }

Effects SessionMachine::start(TimePoint now) {
    set_link(Link::connecting, LinkProblem::none, {}, now);
    begin_attempt(now);
    return take();
}

Effects SessionMachine::stop(TimePoint now) {
    close_client();
    phase_ = Phase::stopped;
    status_.next_attempt.reset();
    set_link(Link::offline, LinkProblem::none, {}, now);
    return take();
}

void SessionMachine::set_link(Link link, LinkProblem problem, const std::string& detail, TimePoint now) {
    if (status_.link != link || status_.since == TimePoint{}) status_.since = now;
    status_.link = link;
    status_.problem = problem;
    status_.detail = detail;
    status_.address = address_;
    if (problem != LinkProblem::certificate_changed) status_.new_certificate.clear();
}

void SessionMachine::close_client() {
    ++attempt_;
    if (std::exchange(client_open_, false)) effects_.emplace_back(CloseClient{});
}

void SessionMachine::begin_attempt(TimePoint now) {
    status_.next_attempt.reset();
    status_.address = address_;
    diagnosing_ = false;
    const bool doubtful =
        status_.problem == LinkProblem::certificate_changed || status_.problem == LinkProblem::wrong_serial;
    if (!pin_ || doubtful) {
        begin_fetch(now);
    } else {
        begin_connect(now);
    }
}

void SessionMachine::begin_fetch(TimePoint now) {
    close_client();  // one connection at a time, also while only looking
    phase_ = Phase::fetching;
    deadline_ = now + fetch_limit;
    effects_.emplace_back(FetchCertificate{attempt_, address_, identity_.port});
}

void SessionMachine::begin_saving(net::Certificate certificate, TimePoint now) {
    close_client();
    phase_ = Phase::saving_pin;
    deadline_ = now + save_limit;
    status_.next_attempt.reset();
    offered_ = std::move(certificate);
    effects_.emplace_back(SavePin{attempt_, *offered_});
}

void SessionMachine::begin_connect(TimePoint now) {
    close_client();
    phase_ = Phase::connecting;
    deadline_ = now + connect_limit;
    client_open_ = true;
    effects_.emplace_back(
        OpenClient{attempt_, fmt::format("{}n{}", client_prefix_, attempt_), address_, identity_.port});
}

void SessionMachine::wait(Duration how_long, TimePoint now) {
    close_client();
    phase_ = Phase::waiting;
    deadline_ = now + how_long;
    status_.next_attempt = deadline_;
}

void SessionMachine::leave_unproven_address(TimePoint now) {
    if (address_ == home_) return;
    doubted_address_ = address_;
    doubted_until_ = now + doubt_address_for;
    address_ = home_;
}

void SessionMachine::fail(Link link, LinkProblem problem, const std::string& detail, TimePoint now) {
    set_link(link, problem, detail, now);
    leave_unproven_address(now);
    backoff_.note_time(now);
    backoff_.lost();
    wait(backoff_.next(), now);
}

void SessionMachine::refuse(LinkProblem problem, const std::string& detail, TimePoint now) {
    set_link(Link::refused, problem, detail, now);
    backoff_.lost();
    wait(backoff_.next_refused(), now);
}

Effects SessionMachine::certificate_fetched(const net::FetchOutcome& outcome, TimePoint now) {
    if (phase_ != Phase::fetching) return take();
    if (const auto* error = std::get_if<net::FetchError>(&outcome)) {
        const bool answered_otherwise = error->failure == net::FetchFailure::no_tls;
        fail(Link::offline, answered_otherwise ? LinkProblem::no_tls : LinkProblem::unreachable,
             error->detail, now);
    } else {
        certificate_seen(*std::get_if<net::Certificate>(&outcome), now);
    }
    return take();
}

void SessionMachine::certificate_seen(const net::Certificate& certificate, TimePoint now) {
    // Anybody may announce an address: what is found there is no verdict on the printer, and no
    // certificate that a person is asked to trust.
    if (address_ != home_ && (!pin_ || pin_->sha256 != certificate.sha256)) {
        return fail(Link::offline, LinkProblem::unreachable, "what was announced is another machine", now);
    }
    if (certificate.common_name != identity_.serial.value) {
        const std::string whose =
            certificate.common_name.empty() ? "no serial" : printable(certificate.common_name);
        return refuse(LinkProblem::wrong_serial, fmt::format("the certificate names {}", whose), now);
    }
    if (!pin_) return begin_saving(certificate, now);
    if (pin_->sha256 != certificate.sha256) {
        const std::string old = pin_->sha256;
        offered_ = certificate;
        refuse(LinkProblem::certificate_changed, fmt::format("trusted so far: {}", old), now);
        status_.new_certificate = certificate.sha256;
        return;
    }
    // The right one, and yet no session: the printer closed it or was too busy.
    if (diagnosing_) return fail(Link::offline, LinkProblem::session_lost, diagnosed_detail_, now);
    begin_connect(now);
}

Effects SessionMachine::pin_saved(const Status& saved, TimePoint now) {
    if (phase_ != Phase::saving_pin) return take();
    if (saved.ok()) {
        pin_ = std::exchange(offered_, {});
        set_link(Link::connecting, LinkProblem::none, {}, now);
        begin_connect(now);
    } else {
        fail(Link::offline, LinkProblem::none,
             fmt::format("the printer's certificate could not be stored: {}", saved.error().what), now);
    }
    return take();
}

Effects SessionMachine::connected(TimePoint now) {
    if (phase_ != Phase::connecting) return take();
    home_ = address_;  // the pinned certificate was there
    phase_ = Phase::subscribing;
    deadline_ = now + subscribe_limit;
    effects_.emplace_back(Subscribe{attempt_});
    return take();
}

Effects SessionMachine::connect_failed(ConnectFailure failure, const std::string& detail, TimePoint now) {
    if (phase_ != Phase::connecting) return take();
    if (failure != ConnectFailure::no_session) home_ = address_;
    switch (failure) {
        case ConnectFailure::bad_access_code:
            forget_developer_mode();  // the code changes when that is switched (protocol 3.1)
            refuse(LinkProblem::bad_access_code, detail, now);
            break;
        case ConnectFailure::not_accepted:
            fail(Link::offline, LinkProblem::session_lost, detail, now);
            break;
        case ConnectFailure::no_session:
            // The library cannot tell a dead address from a changed certificate; a look can.
            begin_fetch(now);
            diagnosing_ = true;
            diagnosed_detail_ = detail;
            break;
    }
    return take();
}

Effects SessionMachine::subscribed(TimePoint now) {
    if (phase_ != Phase::subscribing) return take();
    phase_ = Phase::up;
    ++connects_;
    backoff_.connected(now);
    talk_ = Talk{};
    talk_.since = now;
    signature_alarm_ = false;
    ask_version(now);
    ask_full(now);
    return take();
}

Effects SessionMachine::connection_lost(const std::string& detail, TimePoint now) {
    const bool open = phase_ == Phase::up || phase_ == Phase::subscribing || phase_ == Phase::connecting;
    if (open) fail(Link::offline, LinkProblem::session_lost, detail, now);
    return take();
}

std::uint32_t SessionMachine::next_sequence_id() {
    if (sequence_ >= last_sequence_id) {
        sequence_ = first_sequence_id;
        all_ids_issued_ = true;
    } else {
        ++sequence_;
    }
    return sequence_;
}

bool SessionMachine::issued(std::uint32_t sequence_id) const {
    const bool ours = sequence_id >= first_sequence_id && sequence_id <= last_sequence_id;
    return ours && (all_ids_issued_ || sequence_id <= sequence_);
}

Effects SessionMachine::connect_now(TimePoint now) {
    if (phase_ == Phase::stopped) return take();
    backoff_.reset();
    close_client();
    // A refused certificate stays refused until it is looked at again.
    const bool doubtful =
        status_.problem == LinkProblem::certificate_changed || status_.problem == LinkProblem::wrong_serial;
    if (!doubtful) set_link(Link::connecting, LinkProblem::none, {}, now);
    begin_attempt(now);
    return take();
}

Effects SessionMachine::trust_certificate(const std::string& sha256, TimePoint now) {
    const bool asked = status_.problem == LinkProblem::certificate_changed && offered_ &&
                       phase_ != Phase::stopped && phase_ != Phase::saving_pin;
    if (asked && iequals(trim(sha256), offered_->sha256)) begin_saving(*offered_, now);
    return take();
}

Effects SessionMachine::announced(const std::string& address, bool from_itself, TimePoint now) {
    const bool doubted = address == doubted_address_ && now < doubted_until_;
    if (phase_ == Phase::stopped || address == address_ || !pin_ || doubted) return take();
    if (phase_ == Phase::up) {
        const TimePoint heard = std::max(talk_.since, talk_.last_heard.value_or(talk_.since));
        const bool in_doubt = now - heard >= times_.probe_timeout;
        if (from_itself && in_doubt && !talk_.question) ask_version(now);
        return take();
    }
    const bool trying = phase_ == Phase::fetching || phase_ == Phase::connecting;
    const bool failing = phase_ == Phase::waiting || (trying && status_.link != Link::connecting);
    const bool too_soon = moved_at_ && now - *moved_at_ < move_interval;
    if (failing && !too_soon) {
        moved_at_ = now;
        address_ = address;
        begin_attempt(now);
    }
    return take();
}

Effects SessionMachine::tick(TimePoint now) {
    switch (phase_) {
        case Phase::stopped:
            break;
        case Phase::waiting:
            if (now >= deadline_) begin_attempt(now);
            break;
        case Phase::fetching:
        case Phase::saving_pin:
        case Phase::connecting:
        case Phase::subscribing:
            if (now >= deadline_) {
                fail(Link::offline, LinkProblem::unreachable, "the attempt did not end in time", now);
            }
            break;
        case Phase::up:
            tick_up(now);
            break;
    }
    return take();
}

}  // namespace farmwall::link
