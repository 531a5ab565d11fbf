#include "sim/node.hpp"

#include <fmt/format.h>

#include <chrono>

namespace farmwall::sim {

namespace {

bool needs_own_broker(FaultKind kind) {
    return kind == FaultKind::refuse_login || kind == FaultKind::wrong_certificate ||
           kind == FaultKind::wrong_serial_certificate;
}

// A serial of the same model that belongs to nobody here.
std::string other_serial(const std::string& serial) { return serial.substr(0, 6) + "999999999"; }

}  // namespace

Node::Node(boost::asio::io_context& io, PlannedPrinter plan, int index, VirtualPrinter printer, Wiring wiring)
    : io_{io},
      plan_{std::move(plan)},
      index_{index},
      printer_{std::move(printer)},
      wiring_{std::move(wiring)},
      proxy_{io, [this] { printer_.connection_opened(); }} {
    proxy_.route_to(wiring_.inner_port);
}

Status Node::open() { return proxy_.listen(printer_.state().address, wiring_.port); }

Status Node::open_camera(int port) {
    camera_ =
        std::make_unique<PrinterCamera>(io_, wiring_.cameras,
                                        PrinterCamera::Setup{spec_of(plan_.model).camera, port, plan_.serial,
                                                             wiring_.identity, plan_.access_code});
    return camera_->open(printer_.state().address);
}

Status Node::open_files(int port, const std::filesystem::path& folder) {
    FtpsServer::Setup server{wiring_.identity, plan_.access_code, !is_small_controller(plan_.model),
                             [this] { return printer_.state().storage; }};
    files_ = std::make_unique<PrinterFiles>(io_, PrinterFiles::Setup{folder, port, std::move(server)});
    if (auto opened = files_->open_store(); !opened) return opened;
    printer_.machine().attach(&files_->storage());
    return files_->open(printer_.state().address);
}

void Node::report_camera() {
    if (camera_) printer_.machine().edit().liveview = camera_->liveview();
}

void Node::tick(TimePoint now) {
    if (camera_) camera_->tick(scene_of(printer_.machine(), plan_.name, index_), now);
    report_camera();
    if (files_) files_->tick(now);
    for (auto it = faults_.begin(); it != faults_.end();) {
        const bool over = it->second && *it->second <= now;
        const FaultKind kind = it->first;
        it = over ? faults_.erase(it) : std::next(it);
        if (over) end(kind);
    }
}

Status Node::apply(const Fault& fault, TimePoint now) {
    if (is_camera_fault(fault.kind)) {
        if (!camera_)
            return Error{ErrorKind::bad_input, "The virtual printers have no cameras (--no-cameras)"};
        auto applied = camera_->apply(fault, now);
        report_camera();
        return applied;
    }
    if (is_storage_fault(fault.kind)) {
        if (!files_) return Error{ErrorKind::bad_input, "The virtual printers offer no files (--ftps)"};
        return files_->apply(fault, now);
    }
    if (!is_network_fault(fault.kind)) return printer_.apply(fault, now);
    if (auto begun = begin(fault.kind); !begun) return begun;
    if (fault.kind == FaultKind::drop_session) return Done{};
    std::optional<TimePoint> until;
    if (fault.for_s)
        until = now + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(*fault.for_s));
    faults_[fault.kind] = until;
    return Done{};
}

Status Node::begin(FaultKind kind) {
    if (needs_own_broker(kind)) return divert(kind);
    if (kind == FaultKind::refuse_connection) {
        proxy_.stop_listening();
        proxy_.drop_sessions();
    } else if (kind == FaultKind::silent) {
        proxy_.set_silent(true);
    } else if (kind == FaultKind::drop_session) {
        proxy_.drop_sessions();
    } else if (kind == FaultKind::changed_address) {
        return move_to(generation_ + 1);
    }
    return Done{};
}

void Node::end(FaultKind kind) {
    if (needs_own_broker(kind)) {
        proxy_.route_to(wiring_.inner_port);
        own_broker_.reset();
    } else if (kind == FaultKind::refuse_connection) {
        // The port was ours before; if somebody took it meanwhile the printer stays unreachable.
        if (const auto opened = open(); !opened)
            fmt::print(stderr, "farmwall-sim: {}\n", opened.error().text());
    } else if (kind == FaultKind::silent) {
        proxy_.set_silent(false);
    } else if (kind == FaultKind::changed_address) {
        if (const auto moved = move_to(0); !moved)
            fmt::print(stderr, "farmwall-sim: {}\n", moved.error().text());
    }
}

Status Node::divert(FaultKind kind) {
    PrinterListener listener{free_ports(1).front(), plan_.serial, wiring_.identity, plan_.access_code};
    if (kind == FaultKind::refuse_login) {
        listener.access_code = random_password();
    } else {
        listener.identity = wiring_.authority->issue(
            kind == FaultKind::wrong_certificate ? plan_.serial : other_serial(plan_.serial));
    }
    const int port = listener.port;
    auto broker =
        Broker::start(BrokerPlan{wiring_.folder, {std::move(listener)}, wiring_.bus, true, wiring_.broker});
    if (!broker) return broker.error();
    proxy_.route_to(port);
    own_broker_ = std::move(broker).value();
    std::erase_if(faults_, [](const auto& entry) { return needs_own_broker(entry.first); });
    return Done{};
}

Status Node::move_to(int generation) {
    const std::string address = address_of(index_, generation);
    if (!faults_.contains(FaultKind::refuse_connection))
        if (auto moved = proxy_.listen(address, wiring_.port); !moved) return moved;
    proxy_.drop_sessions();
    generation_ = generation;
    printer_.machine().edit().address = address;
    wiring_.announce(*this);
    if (camera_)
        if (auto opened = camera_->open(address); !opened) return opened;
    return files_ ? files_->open(address) : Status{Done{}};
}

void Node::clear() {
    const auto active = std::exchange(faults_, {});
    for (const auto& [kind, until] : active)
        end(kind);
    if (camera_) camera_->clear();
    if (files_) files_->clear();
    report_camera();
    printer_.clear_faults();
}

std::string Node::truth() const {
    const auto connections = proxy_.connections();
    std::string faults;
    for (const auto& [kind, until] : faults_)
        faults += fmt::format("{}\"{}\"", faults.empty() ? "" : ",", name_of(kind));
    std::string text = printer_.truth();
    text.pop_back();
    return fmt::format(
        R"({},"id":"{}","serial":"{}","connections":{{"now":{},"ever":{},"max":{}}},"network_faults":[{}],"camera":{}{}}})",
        text, plan_.id, plan_.serial, connections.now, connections.ever, connections.max, faults,
        camera_ ? camera_->truth() : "null", files_ ? "," + files_->truth() : "");
}

}  // namespace farmwall::sim
