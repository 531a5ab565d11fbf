#include <algorithm>
#include <boost/json/value.hpp>
#include <cmath>
#include <numeric>

#include "base/text.hpp"
#include "sim/machine/commands.hpp"
#include "sim/machine/print_file.hpp"

namespace farmwall::sim {

namespace json = boost::json;

namespace {

constexpr std::uint32_t path_not_usable = 0x05004002;
constexpr std::uint32_t printer_busy = 0x05004004;
constexpr std::uint32_t no_storage = 0x0500400C;
constexpr std::uint32_t not_parsed = 0x05004003;
constexpr std::uint32_t storage_full = 0x05004006;
constexpr std::uint32_t other_nozzle = 0x05004047;
constexpr std::uint32_t no_ams_mapping = 0x07008012;
constexpr std::uint32_t no_external_mapping = 0x07FF8012;
constexpr std::int64_t largest_id = 2147483647;

Answer refused(std::uint32_t code) {
    return Answer{.echo = true, .result = "fail", .reason = "", .err_code = code};
}

// The name on the storage, or nothing for a url no printer understands (protocol 7.3).
std::optional<std::string> file_of(const json::object& body) {
    const std::string url = field::text(body, "url");
    for (const std::string_view scheme : {"ftp:///", "ftp://", "file:///sdcard/", "file:///mnt/sdcard/",
                                          "file:///media/usb0/", "brtc://emmc/"})
        if (url.starts_with(scheme)) return url.substr(scheme.size());
    return std::nullopt;
}

// "Metadata/plate_N.gcode" → N.
std::optional<int> plate_of(const json::object& body) {
    constexpr std::string_view head = "Metadata/plate_";
    constexpr std::string_view tail = ".gcode";
    const std::string param = field::text(body, "param");
    if (!param.starts_with(head) || !param.ends_with(tail) || param.size() <= head.size() + tail.size())
        return std::nullopt;
    const auto number =
        parse_int(std::string_view{param}.substr(head.size(), param.size() - head.size() - tail.size()));
    if (!number || *number < 1 || *number > 999) return std::nullopt;
    return static_cast<int>(*number);
}

bool plain_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return letter || c == '.' || c == '_' || c == '-' || c == '/';
    });
}

Source flat_source(std::int64_t value) {
    if (value >= 128) return Source{static_cast<int>(value), 0};
    return Source{static_cast<int>(value / 4), static_cast<int>(value % 4)};
}

struct Mapping {
    std::vector<Source> sources;
    std::uint32_t error = 0;
};

// ams_mapping2 decides where it is given; the flat array must agree in length and hold no 254 or 255
// (protocol 7.2).
Mapping read_mapping(const Machine& machine, const json::object& body) {
    Mapping mapping;
    const auto* use = body.if_contains("use_ams");
    if (use != nullptr && !use->is_bool()) return Mapping{.sources = {}, .error = no_ams_mapping};
    if (!field::flag(body, "use_ams", false)) {
        mapping.sources = {Source{255, 0}};
        return mapping;
    }
    if (machine.state().ams.empty() && machine.spec().extruders == 1)
        return Mapping{.sources = {}, .error = no_external_mapping};
    const auto* flat = body.if_contains("ams_mapping");
    if (flat == nullptr || !flat->is_array() || flat->get_array().empty())
        return Mapping{.sources = {}, .error = no_ams_mapping};
    for (const auto& value : flat->get_array()) {
        const auto number = value.is_int64() ? value.get_int64() : -2;
        if (number < -1 || number == 254 || number == 255)
            return Mapping{.sources = {}, .error = no_external_mapping};
        if (number >= 0) mapping.sources.push_back(flat_source(number));
    }
    if (const auto* pairs = body.if_contains("ams_mapping2"); pairs != nullptr && pairs->is_array()) {
        if (pairs->get_array().size() != flat->get_array().size()) mapping.error = no_ams_mapping;
        mapping.sources.clear();
        for (const auto& pair : pairs->get_array()) {
            if (!pair.is_object()) continue;
            const Source source{static_cast<int>(field::number(pair.get_object(), "ams_id", 255)),
                                static_cast<int>(field::number(pair.get_object(), "slot_id", 255))};
            if (!source.none()) mapping.sources.push_back(source);
        }
    }
    const bool all_there = !mapping.sources.empty() &&
                           std::all_of(mapping.sources.begin(), mapping.sources.end(),
                                       [&](const Source& s) { return machine.spool_at(s) != nullptr; });
    if (!all_there) mapping.error = no_ams_mapping;
    return mapping;
}

// Ids above the largest are clamped, and then the job never starts (protocol 7.1).
std::string id_of(const json::object& body, std::string_view key, bool& too_large) {
    const auto number = field::number(body, key, 0);
    if (number <= largest_id) return std::to_string(number);
    too_large = true;
    return std::to_string(largest_id);
}

struct Order {
    Job job;
    std::uint32_t error = 0;
};

// What the command itself says.
Order read_order(Machine& machine, const json::object& body) {
    const auto file = file_of(body);
    const auto plate = plate_of(body);
    const bool wrong_ending = machine.spec().bed_slinger && file && !file->ends_with(".gcode.3mf");
    if (!file || !plate || wrong_ending) return Order{{}, path_not_usable};
    if (!machine.state().storage) return Order{{}, no_storage};
    bool too_large = false;
    Job job = machine.made_up_job();
    job.name = field::text(body, "subtask_name");
    job.file = *file;
    job.plate = *plate;
    job.project_id = id_of(body, "project_id", too_large);
    job.profile_id = id_of(body, "profile_id", too_large);
    job.task_id = id_of(body, "task_id", too_large);
    job.subtask_id = id_of(body, "subtask_id", too_large);
    // A name the firmware cannot find is accepted and then nothing happens (protocol 6, 7.4).
    job.wedged = too_large || machine.state().files_missing || !plain_name(*file);
    if (!field::flag(body, "bed_leveling", true)) std::erase(job.stages, 1);
    if (field::flag(body, "flow_cali", false)) job.stages.push_back(8);
    if (!field::flag(body, "vibration_cali", true)) std::erase(job.stages, 3);
    Mapping mapping = read_mapping(machine, body);
    job.mapping_error = mapping.error;
    job.sources = std::move(mapping.sources);
    return Order{std::move(job), 0};
}

bool nozzles_fit(const Machine& machine, const PrintPlate& plate) {
    const auto mine = parse_double(machine.state().nozzle_diameter);
    return std::all_of(plate.nozzles.begin(), plate.nozzles.end(), [&](const std::string& text) {
        const auto diameter = parse_double(text);
        return diameter && mine && std::abs(*diameter - *mine) < 0.001;
    });
}

// Where filament `id` comes from: mapping2 where it is given, else the flat array.
Source source_of(const json::object& body, int id) {
    const auto index = static_cast<std::size_t>(id - 1);
    if (const auto* pairs = body.if_contains("ams_mapping2"); pairs != nullptr && pairs->is_array()) {
        const auto& list = pairs->get_array();
        if (index >= list.size() || !list[index].is_object()) return Source{};
        return Source{static_cast<int>(field::number(list[index].get_object(), "ams_id", 255)),
                      static_cast<int>(field::number(list[index].get_object(), "slot_id", 255))};
    }
    const auto& flat = body.at("ams_mapping").get_array();
    const bool given = index < flat.size() && flat[index].is_int64() && flat[index].get_int64() >= 0;
    return given ? flat_source(flat[index].get_int64()) : Source{};
}

// May this filament of the plate come from there (protocol 7.2)?
bool feeds(const Machine& machine, Source source, const PrintPlate::Filament& filament) {
    const auto* spool = machine.spool_at(source);
    if (spool == nullptr) return false;
    const bool unknown = source.external() && spool->type.empty();
    if (!unknown && !iequals(spool->type, filament.type)) return false;
    if (machine.spec().extruders < 2 || !filament.nozzle) return true;
    const auto* unit = machine.unit(source.ams);
    const int nozzle = source.external() ? (source.ams == 254 ? 1 : 0) : unit->extruder;
    return nozzle == *filament.nozzle;
}

// The trays of the filaments in use, in their order. Only after read_mapping found no fault.
void map_filaments(const Machine& machine, const json::object& body, const PrintPlate& plate, Job& job) {
    if (!field::flag(body, "use_ams", false) || job.mapping_error != 0) return;
    std::vector<Source> sources;
    for (const auto& filament : plate.filaments) {
        const Source source = source_of(body, filament.id);
        if (!feeds(machine, source, filament)) {
            job.mapping_error = no_ams_mapping;
            return;
        }
        sources.push_back(source);
    }
    if (sources.empty()) return;
    const bool only_external =
        machine.spec().extruders == 1 &&
        std::all_of(sources.begin(), sources.end(), [](const Source& source) { return source.external(); });
    if (only_external) job.mapping_error = no_external_mapping;
    job.sources = std::move(sources);
}

// What the file on the storage says: whether it can be printed here, and how long that takes.
void check_file(const Machine& machine, const json::object& body, Order& order) {
    Job& job = order.job;
    if (machine.storage() == nullptr || job.wedged) return;
    const auto path = machine.storage()->find(job.file);
    if (!path) {
        job.wedged = true;
        return;
    }
    const PrintFile file = read_print_file(*path, job.plate);
    const PrintPlate& plate = file.plate;
    const bool right_model = plate.model_code.empty() || may_print(machine.spec().code, plate.model_code);
    if (file.error != 0) {
        order.error = file.error;
    } else if (!right_model || !nozzles_fit(machine, plate)) {
        order.error = other_nozzle;
    } else if (machine.storage()->free_bytes() < plate.gcode_bytes) {
        order.error = storage_full;
    }
    if (order.error != 0) return;
    if (!plate.checksum_right) job.unpacking_error = not_parsed;  // seen only while it is unpacked
    if (job.name.empty()) job.name = job.file.substr(0, job.file.rfind(".gcode.3mf"));
    if (plate.layers) job.layers = *plate.layers;
    if (plate.duration_s) job.duration_s = *plate.duration_s;
    map_filaments(machine, body, plate, job);
    const auto* spool = job.sources.empty() ? nullptr : machine.spool_at(job.sources.front());
    if (spool != nullptr && spool->nozzle_max > 0)
        job.nozzle_celsius = std::midpoint(spool->nozzle_min, spool->nozzle_max);
}

// Starts as the machine would, or as a fault has it, and remembers that.
void begin(Machine& machine, Job job) {
    constexpr std::size_t starts_kept = 200;
    auto& s = machine.edit();
    const bool ignored = s.start_fault == StartFault::ignored;
    s.starts.push_back({job.subtask_id, job.file, job.plate, job.name, s.age_s,
                        !ignored && !job.wedged && s.start_fault != StartFault::wedged});
    if (s.starts.size() > starts_kept) s.starts.pop_front();
    if (ignored) return;
    if (s.start_fault == StartFault::late && !job.wedged) {
        s.late_start = LateStart{std::move(job), s.start_delay_s};
        return;
    }
    machine.start(std::move(job));
    if (s.start_fault == StartFault::wedged) machine.stop(true);
}

}  // namespace

Answer start_project_file(Machine& machine, const json::object& body) {
    const bool mini = machine.spec().model == Model::a1_mini;
    const bool busy = is_active(machine.state().state) || machine.state().late_start;
    if (busy) {
        ++machine.edit().starts_while_active;
        if (mini) machine.stop(false);  // the attempt costs an A1 mini its running job (protocol 5.4)
        machine.edit().print_error = printer_busy;
        return refused(printer_busy);
    }
    if (machine.state().dirty_plate) ++machine.edit().starts_on_dirty_plate;
    Order order = read_order(machine, body);
    if (order.error == 0) check_file(machine, body, order);
    if (order.error != 0) {
        machine.fail(order.error);
        return refused(order.error);
    }
    machine.edit().timelapse = field::flag(body, "timelapse", false);
    if (const auto* list = body.if_contains("skip_objects"); list != nullptr && list->is_array())
        for (const auto& id : list->get_array())
            if (id.is_int64()) order.job.skipped.push_back(static_cast<int>(id.get_int64()));
    begin(machine, std::move(order.job));
    return Answer{.echo = !mini, .changes_state = true};
}

}  // namespace farmwall::sim
