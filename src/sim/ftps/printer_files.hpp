#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "sim/ftps/ftps_server.hpp"
#include "sim/machine/faults.hpp"

namespace farmwall::sim {

// The storage of one printer, its file server and what can go wrong with it. Thread of the io_context.
class PrinterFiles {
public:
    struct Setup {
        std::filesystem::path folder;
        int port = 0;  // of the printer's address
        FtpsServer::Setup server;
    };

    PrinterFiles(boost::asio::io_context& io, Setup setup);

    // Makes the folder. Errors: io.
    [[nodiscard]] Status open_store() { return store_.open(folder_); }
    // Serves at this address from now on, no longer elsewhere. Errors: unavailable.
    [[nodiscard]] Status open(const std::string& address);
    [[nodiscard]] const Storage& storage() const { return store_; }

    // Ends faults whose time is over.
    void tick(TimePoint now);
    // Errors: bad_input for a value that does not fit.
    [[nodiscard]] Status apply(const Fault& fault, TimePoint now);
    void clear();
    // Members of a JSON object, without its braces.
    [[nodiscard]] std::string truth() const;

private:
    [[nodiscard]] Status begin(const Fault& fault);
    void end(FaultKind kind);

    std::filesystem::path folder_;
    int port_;
    std::string address_;
    DiskStore store_;
    FtpsServer server_;
    std::map<FaultKind, std::optional<TimePoint>> faults_;
};

}  // namespace farmwall::sim
