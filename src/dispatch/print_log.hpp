#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "model/gate.hpp"
#include "model/printer_state.hpp"
#include "queue/history.hpp"

namespace farmwall::dispatch {

// Follows what each printer prints, whoever started it, for the history. Pure; one thread.
class PrintLog {
public:
    explicit PrintLog(std::size_t printers) : open_(printers) {}

    // A print that had not ended when the program was last stopped: it is gone on with when the printer
    // still works on it, else ended without an outcome.
    void resume(std::size_t printer, const queue::PrintRecord& unfinished);

    // The printer's state now; returns the records that are new or ended, in order. `own_stop`: we asked it
    // to stop in the last 30 s.
    [[nodiscard]] std::vector<queue::PrintRecord> look(std::size_t printer, const PrinterState& state,
                                                       bool own_stop, WallTime now);

private:
    std::vector<std::optional<queue::PrintRecord>> open_;
};

}  // namespace farmwall::dispatch
