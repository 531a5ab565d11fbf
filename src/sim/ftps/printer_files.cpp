#include "sim/ftps/printer_files.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "base/text.hpp"

namespace farmwall::sim {

namespace {

using WrongSize = FtpsFaults::WrongSize;

Result<double> number_in(const Fault& fault, double fallback, double least) {
    const auto number = fault.value.empty() ? std::optional{fallback} : parse_double(fault.value);
    if (number && *number >= least && *number <= 1e12) return *number;
    return Error{ErrorKind::bad_input, fmt::format("The value of {} is a number of bytes of {} or more",
                                                   name_of(fault.kind), least)};
}

}  // namespace

PrinterFiles::PrinterFiles(boost::asio::io_context& io, Setup setup)
    : folder_{std::move(setup.folder)}, port_{setup.port}, server_{io, store_, std::move(setup.server)} {}

Status PrinterFiles::open(const std::string& address) {
    server_.drop_sessions();
    address_ = address;
    if (faults_.contains(FaultKind::ftps_refuse)) return Done{};
    return server_.listen(address, port_);
}

void PrinterFiles::tick(TimePoint now) {
    for (auto it = faults_.begin(); it != faults_.end();) {
        const bool over = it->second && *it->second <= now;
        const FaultKind kind = it->first;
        it = over ? faults_.erase(it) : std::next(it);
        if (over) end(kind);
    }
}

Status PrinterFiles::apply(const Fault& fault, TimePoint now) {
    if (auto begun = begin(fault); !begun) return begun;
    std::optional<TimePoint> until;
    if (fault.for_s)
        until = now + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(*fault.for_s));
    faults_[fault.kind] = until;
    return Done{};
}

Status PrinterFiles::begin(const Fault& fault) {
    auto& faults = server_.faults();
    if (fault.kind == FaultKind::ftps_refuse) {
        server_.stop_listening();
        server_.drop_sessions();
    } else if (fault.kind == FaultKind::ftps_refuse_login) {
        faults.refuse_login = true;
    } else if (fault.kind == FaultKind::ftps_stall) {
        faults.stall = true;
    } else if (fault.kind == FaultKind::ftps_slow) {
        const auto rate = number_in(fault, 20'000, 1);
        if (!rate) return rate.error();
        faults.bytes_per_second = rate.value();
    } else if (fault.kind == FaultKind::ftps_full) {
        const auto bytes = number_in(fault, 0, 0);
        if (!bytes) return bytes.error();
        store_.limit_free(static_cast<std::uint64_t>(bytes.value()));
    } else if (fault.kind == FaultKind::ftps_cut) {
        const auto bytes = number_in(fault, 1000, 1);
        if (!bytes) return bytes.error();
        faults.cut_after_bytes = static_cast<std::uint64_t>(bytes.value());
    } else if (fault.kind == FaultKind::ftps_wrong_size) {
        const bool of_file = fault.value == "\"file\"";
        if (!of_file && !fault.value.empty() && fault.value != "\"answer\"")
            return Error{ErrorKind::bad_input, "The value of ftps_wrong_size is \"answer\" or \"file\""};
        faults.wrong_size = of_file ? WrongSize::file : WrongSize::answer;
    }
    return Done{};
}

void PrinterFiles::end(FaultKind kind) {
    auto& faults = server_.faults();
    if (kind == FaultKind::ftps_refuse) {
        // The port was ours before; if somebody took it meanwhile the files stay unreachable.
        if (const auto opened = server_.listen(address_, port_); !opened)
            fmt::print(stderr, "farmwall-sim: {}\n", opened.error().text());
    } else if (kind == FaultKind::ftps_refuse_login) {
        faults.refuse_login = false;
    } else if (kind == FaultKind::ftps_stall) {
        faults.stall = false;
    } else if (kind == FaultKind::ftps_slow) {
        faults.bytes_per_second.reset();
    } else if (kind == FaultKind::ftps_full) {
        store_.unlimit();
    } else if (kind == FaultKind::ftps_cut) {
        faults.cut_after_bytes.reset();
    } else if (kind == FaultKind::ftps_wrong_size) {
        faults.wrong_size = WrongSize::none;
    }
}

void PrinterFiles::clear() {
    const auto active = std::exchange(faults_, {});
    for (const auto& [kind, until] : active)
        end(kind);
}

std::string PrinterFiles::truth() const {
    const auto counts = server_.counts();
    return fmt::format(R"("uploads":{},"ftps_connections":{{"now":{},"ever":{},"max":{}}},"free_bytes":{})",
                       counts.uploads, counts.now, counts.ever, counts.max, store_.free_bytes());
}

}  // namespace farmwall::sim
