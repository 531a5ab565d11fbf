#pragma once

#include <limits>
#include <optional>
#include <string>

#include "model/report.hpp"
#include "wire/json_reader.hpp"

namespace farmwall::wire {

// Handlers for KeyTable that put one value into one member of what `record(context)` gives. A later
// value of the same key wins.

template <class Thing>
Thing& record(Thing& thing) {
    return thing;
}

template <class Target, class Value>
void put(std::optional<Target>& target, const std::optional<Value>& value) {
    if (value) target = static_cast<Target>(*value);
}

template <auto Field, class Context>
void text_field(JsonReader& json, Context& context, const JsonValue& value) {
    put(record(context).*Field, json.text(value));
}

inline constexpr int no_limit = std::numeric_limits<int>::max();

template <auto Field, int Low, int High, class Context>
void integer_field(JsonReader& json, Context& context, const JsonValue& value) {
    put(record(context).*Field, json.integer(value, Low, High));
}

// The same, unless another key has said it already.
template <auto Field, int Low, int High, class Context>
void second_integer_field(JsonReader& json, Context& context, const JsonValue& value) {
    const auto read = json.integer(value, Low, High);
    if (!(record(context).*Field)) put(record(context).*Field, read);
}

template <auto Field, class Context>
void boolean_field(JsonReader& json, Context& context, const JsonValue& value) {
    put(record(context).*Field, json.boolean(value));
}

template <auto Field, class Context>
void hex_field(JsonReader& json, Context& context, const JsonValue& value) {
    put(record(context).*Field, json.hex_bits(value));
}

template <auto Field, class Context>
void bits32_field(JsonReader& json, Context& context, const JsonValue& value) {
    put(record(context).*Field, json.bits32(value));
}

template <auto Field, int Low, int High, class Context>
void number_field(JsonReader& json, Context& context, const JsonValue& value) {
    put(record(context).*Field, json.number(value, Low, High));
}

// "current | target << 16", protocol 4.5; each within ±1000 °C, or the field is lost.
[[nodiscard]] std::optional<PackedTemperature> packed_temperature(JsonReader& json, const JsonValue& value);

template <auto Field, class Context>
void packed_field(JsonReader& json, Context& context, const JsonValue& value) {
    put(record(context).*Field, packed_temperature(json, value));
}

// The members of an object, by a table.
template <const auto& Table, class Context>
void object_field(JsonReader& json, Context& context, const JsonValue& value) {
    Table.read(json, context, value);
}

}  // namespace farmwall::wire
