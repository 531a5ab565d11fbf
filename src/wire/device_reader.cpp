#include <utility>
#include <vector>

#include "wire/field_handlers.hpp"
#include "wire/key_table.hpp"
#include "wire/report_reader.hpp"

// The object `device` of newer firmware: extruders, nozzles, air duct, heaters (protocol 4.5, 4.6,
// 4.14).

namespace farmwall::wire {
namespace {

// An entry of a list while it is read; entries without an id mean nothing.
template <class Entry>
struct EntryDraft {
    Entry entry;
    bool has_id = false;
};
template <class Entry>
Entry& record(EntryDraft<Entry>& draft) {
    return draft.entry;
}

template <class Entry>
void entry_id(JsonReader& json, EntryDraft<Entry>& draft, const JsonValue& value) {
    if (const auto id = json.integer(value, 0, 255)) {
        draft.entry.id = static_cast<int>(*id);
        draft.has_id = true;
    }
}

// Lists under `device` arrive whole; an entry that cannot be read is left out and counted.
template <const auto& Table, auto Field>
void list_field(JsonReader& json, Draft& draft, const JsonValue& value) {
    if (!value.is_array()) return json.lose();
    auto& list = (draft.said.*Field).emplace();
    using Entry = typename std::remove_reference_t<decltype(list)>::value_type;
    json.elements(value, [&](const JsonValue& element) {
        EntryDraft<Entry> read;
        Table.read(json, read, element);
        if (read.has_id) {
            list.push_back(std::move(read.entry));
        } else if (element.is_object()) {
            json.lose();
        }
    });
}

constexpr int highest_source = 0xFFFF;  // ams << 8 | slot

constexpr auto extruder_keys = key_table<EntryDraft<Extruder>>({
    {"id", entry_id<Extruder>},
    {"temp", packed_field<&Extruder::temperature>},
    {"snow", integer_field<&Extruder::tray_now, 0, highest_source>},
    {"spre", integer_field<&Extruder::tray_previous, 0, highest_source>},
    {"star", integer_field<&Extruder::tray_target, 0, highest_source>},
    {"hnow", integer_field<&Extruder::nozzle_id, 0, highest_source>},
    {"info", integer_field<&Extruder::info, 0, no_limit>},
});

constexpr auto extruders_keys = key_table<Draft>({
    {"state", integer_field<&Report::extruder_state, 0, no_limit>},
    {"info", list_field<extruder_keys, &Report::extruders>},
});

constexpr auto nozzle_keys = key_table<EntryDraft<Nozzle>>({
    {"id", entry_id<Nozzle>},
    {"diameter", number_field<&Nozzle::diameter_mm, 0, 10>},
    {"type", text_field<&Nozzle::type>},
    {"wear", integer_field<&Nozzle::wear, 0, no_limit>},
});

// Old firmware of the X1C has {"0":{…},"info":7} here, which says nothing that is used.
void nozzle_list(JsonReader& json, Draft& draft, const JsonValue& value) {
    if (value.is_array()) list_field<nozzle_keys, &Report::nozzles>(json, draft, value);
}

constexpr auto nozzles_keys = key_table<Draft>({
    {"exist", bits32_field<&Report::nozzle_exist_bits>},
    {"info", nozzle_list},
});

void part_state(JsonReader& json, EntryDraft<AirductPart>& draft, const JsonValue& value) {
    if (const auto state = json.bits32(value)) draft.entry.percent = static_cast<int>(*state & 0xFFU);
}

void part_target(JsonReader& json, EntryDraft<AirductPart>& draft, const JsonValue& value) {
    if (const auto state = json.bits32(value)) draft.entry.target_percent = static_cast<int>(*state & 0xFFU);
}

constexpr auto part_keys = key_table<EntryDraft<AirductPart>>({
    {"id", entry_id<AirductPart>},
    {"state", part_state},
    {"tar_state", part_target},
});

void airduct_parts(JsonReader& json, Draft& draft, const JsonValue& value) {
    list_field<part_keys, &Report::airduct_parts>(json, draft, value);
    if (!value.is_array()) return;
    const auto lost = std::erase_if(*draft.said.airduct_parts, [](const AirductPart& part) {
        return part.percent > 100 || part.target_percent > 100;
    });
    for (std::size_t i = 0; i < lost; ++i)
        json.lose();
}

constexpr auto airduct_keys = key_table<Draft>({
    {"modeCur", integer_field<&Report::airduct_mode, -1, 255>},
    {"parts", airduct_parts},
});

constexpr auto chamber_info_keys = key_table<Draft>({{"temp", packed_field<&Report::chamber_packed>}});
constexpr auto chamber_keys = key_table<Draft>({{"info", object_field<chamber_info_keys, Draft>}});
constexpr auto bed_info_keys = key_table<Draft>({{"temp", packed_field<&Report::bed_packed>}});
constexpr auto bed_keys = key_table<Draft>({{"info", object_field<bed_info_keys, Draft>}});

// The same value as bed.info.temp, which wins.
void bed_temp(JsonReader& json, Draft& draft, const JsonValue& value) {
    const auto packed = packed_temperature(json, value);
    if (!draft.said.bed_packed) put(draft.said.bed_packed, packed);
}

constexpr auto tool_keys = key_table<Draft>({
    {"mount", integer_field<&Report::tool_mount, 0, no_limit>},
    {"type", text_field<&Report::tool_type>},
});

constexpr auto device_keys = key_table<Draft>({
    {"type", bits32_field<&Report::device_type>},
    {"extruder", object_field<extruders_keys, Draft>},
    {"nozzle", object_field<nozzles_keys, Draft>},
    {"airduct", object_field<airduct_keys, Draft>},
    {"ctc", object_field<chamber_keys, Draft>},
    {"bed", object_field<bed_keys, Draft>},
    {"bed_temp", bed_temp},
    {"ext_tool", object_field<tool_keys, Draft>},
});

}  // namespace

void read_device(JsonReader& json, Draft& draft, const JsonValue& value) {
    device_keys.read(json, draft, value);
}

}  // namespace farmwall::wire
