#include "sim/camera/camera.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>

#include "base/text.hpp"

namespace farmwall::sim {

namespace asio = boost::asio;

namespace {

constexpr double usual_loss = 0.05;

Error bad(std::string what) { return Error{ErrorKind::bad_input, std::move(what)}; }

void complain(const Status& status) {
    if (!status) fmt::print(stderr, "farmwall-sim: {}\n", status.error().text());
}

Result<SecondClient> second_client_in(const std::string& value) {
    if (value.empty() || value == "\"steal\"") return SecondClient::steals;
    if (value == "\"starve\"") return SecondClient::starves;
    if (value == "\"serve\"") return SecondClient::served;
    return bad(R"(The value of camera_second_client is "steal", "starve" or "serve")");
}

Result<double> share_in(const std::string& value) {
    if (value.empty()) return usual_loss;
    const auto share = parse_double(value);
    if (!share || *share <= 0 || *share > 1)
        return bad("The value of camera_loss is a share above 0 and up to 1");
    return *share;
}

bool is_for_rtsps_only(FaultKind kind) {
    return kind == FaultKind::camera_timestamps || kind == FaultKind::camera_loss ||
           kind == FaultKind::liveview_off;
}

}  // namespace

PrinterCamera::PrinterCamera(asio::io_context& io, CameraHouse house, Setup setup)
    : io_{io}, house_{house}, setup_{std::move(setup)}, proxy_{io, [] {}} {
    proxy_.set_second_client(SecondClient::steals);
}

PrinterCamera::~PrinterCamera() {
    // Nothing may come from the studio's or the library's threads any more.
    if (feed_) house_.studio->release(feed_);
    rtsp_.reset();
}

Status PrinterCamera::open(const std::string& address) {
    if (!feed_)
        if (auto started = start_server(); !started) return started;
    address_ = address;
    proxy_.drop_sessions();
    if (has(FaultKind::camera_refuse)) return Done{};
    return proxy_.listen(address_, setup_.port);
}

Status PrinterCamera::start_server() {
    if (setup_.kind == CameraKind::jpeg) {
        jpeg_ = std::make_shared<JpegServer>(
            io_, JpegServer::Setup{setup_.identity, setup_.access_code,
                                   [this](bool watched) { feed_->watch(watched); }});
        // Pictures come from the studio's thread.
        feed_ = house_.studio->open(setup_.kind, [&io = io_, to = std::weak_ptr{jpeg_}](const Shot& picture) {
            asio::post(io, [to, picture] {
                if (const auto server = to.lock()) server->offer(picture);
            });
        });
    } else {
        feed_ = house_.studio->open(setup_.kind, [this](const Shot& picture) { rtsp_->push(picture); });
        auto server = RtspServer::open(
            *house_.rtsp,
            {setup_.identity, setup_.access_code, [feed = feed_](bool watched) { feed->watch(watched); }});
        if (!server) return server.error();
        rtsp_ = std::move(server).value();
    }
    route();
    return Done{};
}

void PrinterCamera::route() {
    const bool closed = has(FaultKind::liveview_off);
    if (closed || has(FaultKind::camera_plain)) {
        door_ = std::make_unique<Door>(io_, closed ? "" : "HTTP/1.0 400 Bad Request\r\n\r\n");
        proxy_.route_to(door_->port());
        return;
    }
    door_.reset();
    proxy_.route_to(jpeg_ ? jpeg_->port() : rtsp_->port());
}

void PrinterCamera::tick(Scene scene, TimePoint now) {
    for (auto it = faults_.begin(); it != faults_.end();) {
        const bool over = it->second && *it->second <= now;
        const FaultKind kind = it->first;
        it = over ? faults_.erase(it) : std::next(it);
        if (over) end(kind);
    }
    light_ = scene.light;
    feed_->show(std::move(scene));
}

Status PrinterCamera::apply(const Fault& fault, TimePoint now) {
    if (setup_.kind == CameraKind::jpeg && is_for_rtsps_only(fault.kind))
        return bad(fmt::format("{} is for printers with an RTSPS camera", name_of(fault.kind)));
    std::optional<TimePoint> until;
    if (fault.for_s)
        until = now + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(*fault.for_s));
    if (fault.kind == FaultKind::camera_cut) {
        proxy_.drop_sessions();
        return Done{};
    }
    const bool before = has(fault.kind);
    faults_[fault.kind] = until;
    auto begun = begin(fault);
    if (!begun && !before) faults_.erase(fault.kind);
    return begun;
}

Status PrinterCamera::begin(const Fault& fault) {
    switch (fault.kind) {
        case FaultKind::camera_freeze:
            feed_->freeze(true);
            break;
        case FaultKind::camera_dark:
            feed_->darken(true);
            break;
        case FaultKind::camera_stall:
            feed_->hold(true);
            proxy_.set_silent(true);
            break;
        case FaultKind::camera_refuse:
            proxy_.stop_listening();
            proxy_.drop_sessions();
            break;
        case FaultKind::camera_refuse_login:
            use(random_password());
            break;
        case FaultKind::camera_wrong_certificate:
            return use(house_.authority->issue(setup_.serial));
        case FaultKind::camera_timestamps:
            rtsp_->hold_timestamps(true);
            break;
        case FaultKind::camera_second_client: {
            const auto behaviour = second_client_in(fault.value);
            if (!behaviour) return behaviour.error();
            proxy_.set_second_client(behaviour.value());
            break;
        }
        case FaultKind::camera_loss: {
            const auto share = share_in(fault.value);
            if (!share) return share.error();
            rtsp_->lose(share.value());
            break;
        }
        case FaultKind::camera_plain:
        case FaultKind::liveview_off:
            route();
            break;
        default:
            break;  // camera_cut is over at once
    }
    return Done{};
}

void PrinterCamera::end(FaultKind kind) {
    switch (kind) {
        case FaultKind::camera_freeze:
            feed_->freeze(false);
            break;
        case FaultKind::camera_dark:
            feed_->darken(false);
            break;
        case FaultKind::camera_stall:
            feed_->hold(false);
            proxy_.set_silent(false);
            break;
        case FaultKind::camera_refuse:
            // The port was ours before; if somebody took it meanwhile the camera stays unreachable.
            complain(proxy_.listen(address_, setup_.port));
            break;
        case FaultKind::camera_refuse_login:
            use(setup_.access_code);
            break;
        case FaultKind::camera_wrong_certificate:
            complain(use(setup_.identity));
            break;
        case FaultKind::camera_timestamps:
            rtsp_->hold_timestamps(false);
            break;
        case FaultKind::camera_second_client:
            proxy_.set_second_client(SecondClient::steals);
            break;
        case FaultKind::camera_loss:
            rtsp_->lose(0);
            break;
        case FaultKind::camera_plain:
        case FaultKind::liveview_off:
            route();
            break;
        default:
            break;
    }
}

Status PrinterCamera::use(const TlsIdentity& identity) {
    proxy_.drop_sessions();
    if (rtsp_) return rtsp_->set_identity(identity);
    jpeg_->set_identity(identity);
    return Done{};
}

void PrinterCamera::use(const Secret& code) {
    proxy_.drop_sessions();
    if (rtsp_) return rtsp_->set_access_code(code);
    jpeg_->set_access_code(code);
}

void PrinterCamera::clear() {
    const auto active = std::exchange(faults_, {});
    for (const auto& [kind, until] : active)
        end(kind);
}

std::string PrinterCamera::truth() const {
    const auto connections = proxy_.connections();
    std::string faults;
    for (const auto& [kind, until] : faults_)
        faults += fmt::format("{}\"{}\"", faults.empty() ? "" : ",", name_of(kind));
    return fmt::format(
        R"({{"kind":"{}","frames":{},"connections":{{"now":{},"ever":{},"max":{}}},"port":{},"light":{},"faults":[{}]}})",
        name_of(setup_.kind), feed_->frames(), connections.now, connections.ever, connections.max,
        setup_.port, light_, faults);
}

}  // namespace farmwall::sim
