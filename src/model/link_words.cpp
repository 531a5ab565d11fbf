#include "model/printer_state.hpp"

namespace farmwall {

std::string_view sentence(LinkProblem problem) {
    switch (problem) {
        case LinkProblem::none:
            return "";
        case LinkProblem::unreachable:
            return "Nothing answers at the printer's address; check that it is switched on and the address "
                   "is right.";
        case LinkProblem::no_tls:
            return "Something answers at the address, but it does not speak like a printer.";
        case LinkProblem::bad_access_code:
            return "The access code is refused; read it again from the printer's screen, it changes when LAN "
                   "Only or "
                   "Developer Mode is switched.";
        case LinkProblem::certificate_changed:
            return "The printer shows another certificate than at first use; trust it only if the printer "
                   "was "
                   "replaced or reset.";
        case LinkProblem::wrong_serial:
            return "The machine at this address has another serial number; check address and serial.";
        case LinkProblem::silent_serial:
            return "Connected, but no report comes; check the serial number, capitals count.";
        case LinkProblem::session_lost:
            return "The printer closed the connection.";
        case LinkProblem::no_answer:
            return "The printer no longer answers.";
        case LinkProblem::commands_vanish:
            return "Reports come, but commands vanish; a new connection is being made.";
    }
    return "";
}

std::string_view word(Link link) {
    switch (link) {
        case Link::connecting:
            return "connecting";
        case Link::online:
            return "online";
        case Link::quiet:
            return "quiet";
        case Link::half_dead:
            return "half-dead";
        case Link::offline:
            return "offline";
        case Link::refused:
            return "refused";
    }
    return "offline";
}

}  // namespace farmwall
