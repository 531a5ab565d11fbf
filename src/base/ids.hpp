#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace farmwall {

// A name for one kind of thing. Two kinds do not convert into each other, and a bare string
// becomes one only where the code says so.
template <class Tag>
struct StrongId {
    std::string value;

    StrongId() = default;
    explicit StrongId(std::string text) : value{std::move(text)} {}

    [[nodiscard]] bool empty() const noexcept { return value.empty(); }
    friend auto operator<=>(const StrongId&, const StrongId&) = default;
};

// The `id` of a [[printers]] entry: what people, scripts and the HTTP API call a printer.
using PrinterId = StrongId<struct PrinterIdTag>;
// The printer's serial number, 15 characters, case-sensitive (protocol 1.1, 3.1).
using Serial = StrongId<struct SerialTag>;

}  // namespace farmwall

template <class Tag>
struct std::hash<farmwall::StrongId<Tag>> {
    std::size_t operator()(const farmwall::StrongId<Tag>& id) const noexcept {
        return std::hash<std::string>{}(id.value);
    }
};
