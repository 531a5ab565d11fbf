#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "wire/field_handlers.hpp"
#include "wire/key_table.hpp"
#include "wire/report_reader.hpp"

// AMS units, their trays, and the external spools (protocol 4.12, 4.13).

namespace farmwall::wire {
namespace {

// Ids beyond these are no printer's; the bound also keeps a merged state small.
constexpr int highest_unit_id = 255;
constexpr int highest_slot_id = 15;
constexpr int highest_tray_source = 255;

// A tray while it is read, and how many of its members name no filament.
struct TrayDraft {
    Tray tray;
    bool has_id = false;
    int bare_members = 0;
};
Tray& record(TrayDraft& draft) { return draft.tray; }

struct UnitDraft {
    AmsUnit unit;
    bool has_id = false;
};
AmsUnit& record(UnitDraft& draft) { return draft.unit; }

// RRGGBBAA in upper case, or empty for none. Six digits get the alpha of an opaque colour.
std::optional<std::string> color(JsonReader& json, const JsonValue& value) {
    const auto said = json.text(value);
    if (!said) return std::nullopt;
    if (said->empty()) return std::string{};
    if ((said->size() != 8 && said->size() != 6) || !parse_hex(*said)) {
        json.lose();
        return std::nullopt;
    }
    std::string text = to_upper(*said);
    if (text.size() == 6) text += "FF";
    return text;
}

void tray_id(JsonReader& json, TrayDraft& draft, const JsonValue& value) {
    ++draft.bare_members;
    if (const auto id = json.integer(value, 0, highest_unit_id)) {
        draft.tray.id = static_cast<int>(*id);
        draft.has_id = true;
    }
}

void tray_state(JsonReader& json, TrayDraft& draft, const JsonValue& value) {
    ++draft.bare_members;
    put(draft.tray.state, json.integer(value, 0, no_limit));
}

void tray_color(JsonReader& json, TrayDraft& draft, const JsonValue& value) {
    put(draft.tray.color, color(json, value));
}

void tray_colors(JsonReader& json, TrayDraft& draft, const JsonValue& value) {
    std::vector<std::string> colors;
    bool whole = value.is_array();
    json.elements(value, [&](const JsonValue& element) {
        if (auto one = color(json, element)) {
            colors.push_back(std::move(*one));
        } else {
            whole = false;
        }
    });
    if (whole) draft.tray.colors = std::move(colors);
}

constexpr int celsius_limit = 1000;

constexpr auto tray_keys = key_table<TrayDraft>({
    {"id", tray_id},
    {"state", tray_state},
    {"tray_type", text_field<&Tray::material>},
    {"tray_info_idx", text_field<&Tray::preset_id>},
    {"tray_sub_brands", text_field<&Tray::brand>},
    {"tray_id_name", text_field<&Tray::name_id>},
    {"tray_color", tray_color},
    {"cols", tray_colors},
    {"ctype", integer_field<&Tray::color_type, 0, no_limit>},
    {"remain", integer_field<&Tray::remain_percent, -1, 100>},
    {"tray_weight", integer_field<&Tray::weight_grams, 0, no_limit>},
    {"tray_diameter", number_field<&Tray::diameter_mm, 0, 10>},
    {"nozzle_temp_min", integer_field<&Tray::nozzle_min_celsius, -celsius_limit, celsius_limit>},
    {"nozzle_temp_max", integer_field<&Tray::nozzle_max_celsius, -celsius_limit, celsius_limit>},
    {"bed_temp", integer_field<&Tray::bed_celsius, -celsius_limit, celsius_limit>},
    {"drying_temp", integer_field<&Tray::drying_celsius, -celsius_limit, celsius_limit>},
    {"drying_time", integer_field<&Tray::drying_hours, 0, no_limit>},
    {"tray_temp", second_integer_field<&Tray::drying_celsius, -celsius_limit, celsius_limit>},
    {"tray_time", second_integer_field<&Tray::drying_hours, 0, no_limit>},
    {"tag_uid", text_field<&Tray::tag_uid>},
    {"tray_uuid", text_field<&Tray::spool_uuid>},
});

// A member that is null still names a filament field: it does not make the slot an empty one.
TrayDraft read_tray(JsonReader& json, const JsonValue& value) {
    TrayDraft draft;
    const int members = json.fields(value, [&](std::string_view key, const JsonValue& member) {
        tray_keys.dispatch(json, draft, key, member);
    });
    draft.tray.emptied = members == draft.bare_members;
    return draft;
}

// By ascending id; of two with one id the later one stays.
template <class Things>
void order_by_id(Things& things) {
    const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
    if (!std::is_sorted(things.begin(), things.end(), by_id)) {
        std::stable_sort(things.begin(), things.end(), by_id);
    }
    const auto first_kept = std::unique(things.rbegin(), things.rend(),
                                        [](const auto& a, const auto& b) { return a.id == b.id; });
    things.erase(things.begin(), first_kept.base());
}

void unit_id(JsonReader& json, UnitDraft& draft, const JsonValue& value) {
    if (const auto id = json.integer(value, 0, highest_unit_id)) {
        draft.unit.id = static_cast<int>(*id);
        draft.has_id = true;
    }
}

void unit_trays(JsonReader& json, UnitDraft& draft, const JsonValue& value) {
    std::vector<Tray>& trays = draft.unit.trays;
    trays.clear();
    trays.reserve(4);
    json.elements(value, [&](const JsonValue& element) {
        TrayDraft read = read_tray(json, element);
        if (read.has_id && read.tray.id <= highest_slot_id) {
            trays.push_back(std::move(read.tray));
        } else if (element.is_object()) {
            json.lose();
        }
    });
    order_by_id(trays);
}

constexpr auto unit_keys = key_table<UnitDraft>({
    {"id", unit_id},
    {"info", hex_field<&AmsUnit::info>},
    {"humidity", integer_field<&AmsUnit::humidity_index, 0, 5>},
    {"humidity_raw", integer_field<&AmsUnit::humidity_percent, 0, 100>},
    {"temp", number_field<&AmsUnit::celsius, -celsius_limit, celsius_limit>},
    {"dry_time", integer_field<&AmsUnit::drying_minutes_left, 0, no_limit>},
    {"tray", unit_trays},
});

void units(JsonReader& json, Draft& draft, const JsonValue& value) {
    if (!value.is_array()) return json.lose();
    std::vector<AmsUnit>& list = draft.said.ams.emplace();
    list.reserve(4);
    json.elements(value, [&](const JsonValue& element) {
        UnitDraft read;
        unit_keys.read(json, read, element);
        if (read.has_id) {
            list.push_back(std::move(read.unit));
        } else if (element.is_object()) {
            json.lose();
        }
    });
    order_by_id(list);
}

constexpr auto ams_keys = key_table<Draft>({
    {"ams", units},
    {"ams_exist_bits", hex_field<&Report::ams_exist_bits>},
    {"tray_exist_bits", hex_field<&Report::tray_exist_bits>},
    {"tray_now", integer_field<&Report::tray_now, 0, highest_tray_source>},
    {"tray_tar", integer_field<&Report::tray_target, 0, highest_tray_source>},
    {"tray_pre", integer_field<&Report::tray_previous, 0, highest_tray_source>},
    {"power_on_flag", boolean_field<&Report::ams_powered>},
});

}  // namespace

void read_ams(JsonReader& json, Draft& draft, const JsonValue& value) { ams_keys.read(json, draft, value); }

// An external spool is never `emptied`: a `vt_tray` merges like any object.
void read_vt_tray(JsonReader& json, Draft& draft, const JsonValue& value) {
    if (!value.is_object()) return json.lose();
    TrayDraft read = read_tray(json, value);
    read.tray.emptied = false;
    draft.said.external = std::move(read.tray);
}

void read_vir_slot(JsonReader& json, Draft& draft, const JsonValue& value) {
    if (!value.is_array()) return json.lose();
    std::vector<Tray>& slots = draft.said.external_slots.emplace();
    json.elements(value, [&](const JsonValue& element) {
        TrayDraft read = read_tray(json, element);
        read.tray.emptied = false;
        if (read.has_id) {
            slots.push_back(std::move(read.tray));
        } else if (element.is_object()) {
            json.lose();
        }
    });
}

}  // namespace farmwall::wire
