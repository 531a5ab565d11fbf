#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "wire/json_reader.hpp"

namespace farmwall::wire {

// What is done with the value of a key, into a Context.
template <class Context>
struct KeyHandler {
    std::string_view key;
    void (*handle)(JsonReader&, Context&, const JsonValue&) = nullptr;
};

// Finds the handler of a key with one hash of its length and three of its letters and, nearly
// always, one comparison. Built by the compiler.
template <class Context, std::size_t Size>
class KeyTable {
public:
    constexpr explicit KeyTable(const KeyHandler<Context> (&handlers)[Size]) {
        for (std::size_t i = 0; i < Size; ++i) {
            handlers_[i] = handlers[i];
            std::size_t place = place_of(handlers[i].key);
            while (slots_[place] != 0)
                place = (place + 1) % slots;
            slots_[place] = static_cast<std::uint8_t>(i + 1);
        }
    }

    // Whether the key is known.
    bool dispatch(JsonReader& json, Context& context, std::string_view key, const JsonValue& value) const {
        if (key.empty()) return false;
        for (std::size_t place = place_of(key); slots_[place] != 0; place = (place + 1) % slots) {
            const KeyHandler<Context>& found = handlers_[slots_[place] - 1U];
            if (found.key != key) continue;
            found.handle(json, context, value);
            return true;
        }
        return false;
    }

    // All members of an object.
    void read(JsonReader& json, Context& context, const JsonValue& value) const {
        json.fields(value, [&](std::string_view key, const JsonValue& member) {
            dispatch(json, context, key, member);
        });
    }

private:
    static_assert(Size < 255);
    static constexpr std::size_t slots = std::bit_ceil(Size * 4);

    static constexpr std::size_t place_of(std::string_view key) {
        const auto letter = [&](std::size_t at) { return static_cast<unsigned char>(key[at]); };
        const std::size_t hash =
            key.size() * 37U + letter(0) * 5U + letter(key.size() / 2) * 17U + letter(key.size() - 1) * 131U;
        return (hash ^ (hash >> 7U)) % slots;
    }

    std::array<KeyHandler<Context>, Size> handlers_{};
    std::array<std::uint8_t, slots> slots_{};
};

template <class Context, std::size_t Size>
[[nodiscard]] constexpr auto key_table(const KeyHandler<Context> (&handlers)[Size]) {
    return KeyTable<Context, Size>{handlers};
}

}  // namespace farmwall::wire
