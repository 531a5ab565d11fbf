#pragma once

#include <initializer_list>
#include <string>

#include "model/printer_state.hpp"

namespace farmwall::testing {

// A printer whose link is up and whose first full report has come.
inline PrinterState online(PrinterModel model, JobState state) {
    PrinterState printer;
    printer.id = PrinterId{"p1"};
    printer.name = "P1";
    printer.serial = Serial{"00M00A000000001"};
    printer.model = {model, ModelSource::product_name};
    printer.link.link = Link::online;
    printer.full_report_seen = true;
    printer.report.state = state;
    return printer;
}

inline Tray tray(int id, std::string material, std::string color) {
    Tray made;
    made.id = id;
    made.material = std::move(material);
    made.color = std::move(color);
    return made;
}

inline AmsUnit unit(int id, std::initializer_list<Tray> trays) {
    AmsUnit made;
    made.id = id;
    made.trays = trays;
    return made;
}

inline ReportDelta partial(Report said) { return {ReportDelta::Kind::partial, std::move(said), 0}; }
inline ReportDelta full(Report said) { return {ReportDelta::Kind::full, std::move(said), 0}; }

}  // namespace farmwall::testing
