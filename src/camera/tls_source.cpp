#include "camera/tls_source.hpp"

#include <utility>

namespace farmwall::camera {

using namespace std::chrono_literals;

namespace {

constexpr auto alive_interval = 250ms;
constexpr auto goodbye_limit = 300ms;

}  // namespace

TlsSource::TlsSource(net::IoThread& io, const Clock& clock, const PrinterCamera& camera,
                     SourceListener& listener)
    : clock_{clock}, camera_{camera}, listener_{listener} {
    net::TlsRequest request;
    request.address = camera_.address;
    request.port = camera_.port;
    request.server_name = camera_.serial;
    request.accept = [this](const net::Certificate& certificate) {
        if (camera_.judge) judged_ = camera_.judge(certificate);
        return judged_ == CameraProblem::none;
    };
    client_.emplace(io, std::move(request), static_cast<net::TlsClient::Listener&>(*this));
}

void TlsSource::stop() {
    if (stopping_ || !client_) return;
    stopping_ = true;
    if (std::string last = farewell(); !last.empty()) client_->send(last);
    client_->close(goodbye_limit);
}

void TlsSource::send(const std::string& bytes) {
    if (client_ && !stopping_) client_->send(bytes);
}

void TlsSource::gather(std::chrono::milliseconds wait) {
    if (client_) client_->gather(wait);
}

void TlsSource::fail(CameraProblem problem, const std::string& detail) {
    if (!client_) return;
    client_.reset();
    listener_.source_ended(stopping_ ? CameraProblem::none : problem, stopping_ ? std::string{} : detail);
}

template <class Call>
bool TlsSource::tell(Call call) {
    const std::weak_ptr<bool> here = here_;
    call();
    return !here.expired() && client_ && !stopping_;
}

bool TlsSource::tell_opened() {
    return tell([this] { listener_.source_opened(); });
}

bool TlsSource::tell_packet(Packet packet) {
    return tell([&] { listener_.source_packet(std::move(packet)); });
}

bool TlsSource::tell_lost(std::uint64_t count) {
    return tell([&] { listener_.source_lost_packets(count); });
}

void TlsSource::tls_received(std::string_view bytes) {
    const TimePoint moment = now();
    if (!told_alive_ || moment - *told_alive_ >= alive_interval) {
        told_alive_ = moment;
        if (!tell([this] { listener_.source_alive(); })) return;
    }
    received(bytes);
}

void TlsSource::tls_closed(net::TlsEnd why, const std::string& detail) { fail(problem_of(why), detail); }

CameraProblem TlsSource::problem_of(net::TlsEnd why) const {
    switch (why) {
        case net::TlsEnd::asked:
            return CameraProblem::none;
        case net::TlsEnd::unreachable:
        case net::TlsEnd::timeout:
            return CameraProblem::unreachable;
        case net::TlsEnd::refused:
            return CameraProblem::refused_connection;
        case net::TlsEnd::no_tls:
            return CameraProblem::no_tls;
        case net::TlsEnd::certificate:
            return judged_;
        case net::TlsEnd::by_peer:
            return problem_of_closing();
        case net::TlsEnd::broken:
            return CameraProblem::stalled;
    }
    return CameraProblem::stalled;
}

}  // namespace farmwall::camera
