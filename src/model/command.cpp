#include "model/command.hpp"

namespace farmwall {

std::string_view name(Phase phase) {
    switch (phase) {
        case Phase::queued:
            return "queued";
        case Phase::refused:
            return "refused";
        case Phase::sent:
            return "sent";
        case Phase::accepted:
            return "accepted";
        case Phase::confirmed:
            return "confirmed";
        case Phase::failed:
            return "failed";
        case Phase::unknown:
            return "unknown";
    }
    return "unknown";
}

bool is_over(Phase phase) {
    switch (phase) {
        case Phase::queued:
        case Phase::sent:
        case Phase::accepted:
            return false;
        case Phase::refused:
        case Phase::confirmed:
        case Phase::failed:
        case Phase::unknown:
            return true;
    }
    return true;
}

std::string_view name(Origin origin) {
    switch (origin) {
        case Origin::screen:
            return "screen";
        case Origin::api:
            return "api";
        case Origin::script:
            return "script";
        case Origin::dispatcher:
            return "dispatcher";
    }
    return "screen";
}

const CommandStatus* command_beside(const PrinterControl& control, const Action& like, TimePoint now,
                                    Duration shown) {
    for (auto at = control.commands.rbegin(); at != control.commands.rend(); ++at) {
        const CommandStatus& status = **at;
        if (!same_subject(status.action, like)) continue;
        const bool ended =
            is_over(status.phase) || (status.phase == Phase::accepted && !status.can_be_confirmed);
        return !ended || now - status.phase_since < shown ? &status : nullptr;
    }
    return nullptr;
}

}  // namespace farmwall
