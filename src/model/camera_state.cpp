#include "model/camera_state.hpp"

#include "model/facts.hpp"

namespace farmwall {

std::string_view sentence(CameraProblem problem) {
    switch (problem) {
        case CameraProblem::none:
            return "";
        case CameraProblem::switched_off:
            return "The camera is switched off in the configuration";
        case CameraProblem::no_camera:
            return "The printer has no camera";
        case CameraProblem::liveview_off:
            return "LAN liveview is off: switch it on at the printer";
        case CameraProblem::address_unknown:
            return "The printer's model is not known yet";
        case CameraProblem::unreachable:
            return "Nothing answers at the camera's address";
        case CameraProblem::refused_connection:
            return "The printer does not open its camera's port";
        case CameraProblem::refused_often:
            return "The camera refuses again and again: switch LAN liveview off and on at the printer, or "
                   "restart it";
        case CameraProblem::no_tls:
            return "What answers on the camera's port is not a printer's camera";
        case CameraProblem::bad_access_code:
            return "The camera refuses the access code; read it from the printer's screen";
        case CameraProblem::certificate_changed:
            return "The camera shows another certificate than before";
        case CameraProblem::wrong_serial:
            return "The camera's certificate names another printer";
        case CameraProblem::no_picture:
            return "Connected, but no picture comes: is the camera in use elsewhere?";
        case CameraProblem::wrong_data:
            return "The camera sent something that is no picture";
        case CameraProblem::closed_by_printer:
            return "The printer ended the camera's connection";
        case CameraProblem::stalled:
            return "The camera stopped sending";
        case CameraProblem::foreign_address_failed:
            return "The address in camera_url gives no picture";
        case CameraProblem::unsupported:
            return "The camera's stream is of a kind that cannot be shown";
    }
    return "";
}

std::string_view word(CameraTruth truth) {
    switch (truth) {
        case CameraTruth::off:
            return "OFF";
        case CameraTruth::connecting:
            return "CONNECTING";
        case CameraTruth::live:
            return "LIVE";
        case CameraTruth::slow:
            return "SLOW";
        case CameraTruth::stale:
            return "STALE";
        case CameraTruth::frozen:
            return "FROZEN";
        case CameraTruth::dark:
            return "DARK";
        case CameraTruth::no_signal:
            return "NO SIGNAL";
    }
    return "";
}

bool shows_now(CameraTruth truth) { return truth == CameraTruth::live || truth == CameraTruth::slow; }

CameraFacts camera_facts(const PrinterState& printer) {
    CameraFacts facts;
    facts.kind = camera_kind(printer);
    facts.address = printer.link.address;
    const Report& report = printer.report;
    // On a printer that nobody hears any more, nothing is known to advance.
    const auto stage = shown_stage(report);
    const bool working = report.state == JobState::running && (!stage || *stage <= 0);
    facts.link_up = printer.link.link == Link::online || printer.link.link == Link::quiet;
    facts.printing = printer.link.link == Link::online && working;
    if (!printer.camera_enabled) {
        facts.obstacle = CameraProblem::switched_off;
    } else if (report.camera_present == false) {
        facts.obstacle = CameraProblem::no_camera;
    } else if (report.liveview == false) {
        facts.obstacle = CameraProblem::liveview_off;
    } else if (facts.kind == CameraKind::unknown) {
        facts.obstacle = CameraProblem::address_unknown;
    }
    return facts;
}

}  // namespace farmwall
