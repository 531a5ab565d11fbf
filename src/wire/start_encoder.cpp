#include "wire/start_encoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "base/text.hpp"
#include "model/facts.hpp"
#include "model/printer_model.hpp"

namespace farmwall::wire {
namespace {

namespace json = boost::json;

constexpr int external_id = 255;
constexpr int left_external_id = 254;
constexpr int nothing_id = 255;
constexpr int not_from_ams = -1;
constexpr int first_ht_unit = 128;
constexpr int lite_unit = 16;  // of an A2L: counts its slots from 0

bool is_ams(const TraySource& source) { return source.kind == TraySource::Kind::ams; }

int flat_number(const std::optional<TraySource>& source) {
    if (!source || !is_ams(*source)) return not_from_ams;
    if (source->unit >= first_ht_unit) return source->unit;
    if (source->unit == lite_unit) return source->slot;
    return 4 * source->unit + source->slot;
}

json::object pair_of(const std::optional<TraySource>& source) {
    if (!source) return {{"ams_id", nothing_id}, {"slot_id", nothing_id}};
    switch (source->kind) {
        case TraySource::Kind::ams:
            return {{"ams_id", source->unit}, {"slot_id", source->slot}};
        case TraySource::Kind::external:
            return {{"ams_id", external_id}, {"slot_id", 0}};
        case TraySource::Kind::external_left:
            break;
    }
    return {{"ams_id", left_external_id}, {"slot_id", 0}};
}

// One nozzle that is fed from its spool must be told so; with two the pairs decide.
bool uses_ams(const FilamentPlan& plan, const PrinterState& printer) {
    const bool two_nozzles = extruder_count(printer) == 2;
    return std::ranges::any_of(
        plan, [&](const auto& source) { return source && (two_nozzles || is_ams(*source)); });
}

std::string url_of(const StartPrint& start) {
    switch (start.url) {
        case StartPrint::Url::ftp:
            return "ftp:///" + start.remote_name;
        case StartPrint::Url::sdcard:
            break;
    }
    return "file:///sdcard/" + start.remote_name;
}

void add_job(const StartPrint& start, json::object& to) {
    const std::string id = std::to_string(start.task_id);
    to["param"] = fmt::format("Metadata/plate_{}.gcode", start.plate);
    to["url"] = url_of(start);
    to["file"] = start.remote_name;
    to["md5"] = "";  // sources disagree on what it covers; empty is not checked
    to["subtask_name"] = valid_utf8(start.subtask_name);
    to["project_id"] = id;
    to["profile_id"] = "0";
    to["task_id"] = id;
    to["subtask_id"] = id;
    to["bed_type"] = start.plate_type == PlateType::unknown ? "auto" : name(start.plate_type);
}

// Booleans on every model: integers made one skip its calibration.
void add_options(const StartOptions& options, PrinterModel model, json::object& to) {
    to["timelapse"] = options.timelapse;
    to["bed_leveling"] = options.bed_leveling;
    to["flow_cali"] = options.flow_calibration;
    to["vibration_cali"] = options.vibration_calibration && model != PrinterModel::p2s;
    to["layer_inspect"] = options.first_layer_inspection;
}

void add_filaments(const FilamentPlan& plan, const PrinterState& printer, json::object& to) {
    json::array flat;
    json::array pairs;
    for (const auto& source : plan) {
        flat.emplace_back(flat_number(source));
        pairs.emplace_back(pair_of(source));
    }
    to["use_ams"] = uses_ams(plan, printer);
    to["ams_mapping"] = std::move(flat);
    to["ams_mapping2"] = std::move(pairs);
}

void add_newer_options(const StartOptions& options, PrinterModel model, json::object& to) {
    to["auto_bed_leveling"] = options.bed_leveling ? 1 : 0;
    to["extrude_cali_flag"] = options.flow_calibration ? 1 : 0;
    to["extrude_cali_manual_mode"] = 0;
    to["nozzle_offset_cali"] = 0;
    // Pictures of a timelapse go to the memory that is built in.
    to["cfg"] = options.timelapse && model_info(model).usb_storage ? "4" : "0";
}

}  // namespace

OutgoingMessage encode_start(const StartPrint& start, const PrinterState& printer,
                             const NextSequenceId& next_sequence_id) {
    const PrinterModel model = printer.model.model;
    json::object fields;
    add_job(start, fields);
    add_options(start.options, model, fields);
    add_filaments(start.filaments, printer, fields);
    add_newer_options(start.options, model, fields);
    if (!start.skip_objects.empty())
        fields["skip_objects"] = json::array(start.skip_objects.begin(), start.skip_objects.end());
    OutgoingMessage message = make_message("print", "project_file", fields, 1, next_sequence_id);
    message.surely_answered = false;
    return message;
}

}  // namespace farmwall::wire
