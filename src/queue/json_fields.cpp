#include "queue/json_fields.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>

namespace farmwall::queue {
namespace {

namespace json = boost::json;

std::optional<std::int64_t> whole(const json::value& value) {
    if (const auto* number = value.if_int64()) return *number;
    // Scripts write 1.0 as well.
    const auto* number = value.if_double();
    constexpr double exact = 9e15;
    if (number == nullptr || !(std::abs(*number) < exact) || std::floor(*number) != *number)
        return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

// Unix seconds that the clock can say, to the millisecond.
std::optional<WallTime> time_of(const json::value& value) {
    double seconds = 0;
    if (const auto* real = value.if_double()) {
        seconds = *real;
    } else if (const auto* number = value.if_int64()) {
        seconds = static_cast<double>(*number);
    } else {
        return std::nullopt;
    }
    constexpr double furthest = 9e9;
    if (!(std::abs(seconds) < furthest)) return std::nullopt;
    const std::chrono::milliseconds ms{std::llround(seconds * 1000)};
    return WallTime{std::chrono::duration_cast<WallTime::duration>(ms)};
}

constexpr std::string_view a_time = "a time in Unix seconds";
constexpr std::string_view a_flag = "true or false";

}  // namespace

const json::value* JsonFields::find(std::string_view key) const {
    const json::value* value = from_.if_contains(key);
    return value == nullptr || value->is_null() ? nullptr : value;
}

bool JsonFields::take(std::string_view key, std::string& into) {
    const json::value* value = find(key);
    if (value == nullptr) return false;
    const json::string* text = value->if_string();
    if (text == nullptr) {
        complain(key, "text");
        return false;
    }
    into.assign(text->data(), text->size());
    return true;
}

void JsonFields::take(std::string_view key, bool& into) {
    std::optional<bool> found;
    take(key, found);
    into = found.value_or(into);
}

void JsonFields::take(std::string_view key, std::optional<bool>& into) {
    const json::value* value = find(key);
    if (value == nullptr) return;
    if (const bool* flag = value->if_bool()) {
        into = *flag;
    } else {
        complain(key, a_flag);
    }
}

void JsonFields::take(std::string_view key, int& into, int least, int most) {
    const json::value* value = find(key);
    if (value == nullptr) return;
    const auto number = whole(*value);
    if (number && *number >= least && *number <= most) {
        into = static_cast<int>(*number);
    } else {
        complain(key, fmt::format("a whole number from {} to {}", least, most));
    }
}

void JsonFields::take(std::string_view key, std::optional<std::uint64_t>& into) {
    const json::value* value = find(key);
    if (value == nullptr) return;
    const auto* large = value->if_uint64();
    const auto number = whole(*value);
    if (large != nullptr) {
        into = *large;
    } else if (number && *number >= 0) {
        into = static_cast<std::uint64_t>(*number);
    } else {
        complain(key, "a number of bytes");
    }
}

void JsonFields::take(std::string_view key, WallTime& into) {
    std::optional<WallTime> found;
    take(key, found);
    into = found.value_or(into);
}

void JsonFields::take(std::string_view key, std::optional<WallTime>& into) {
    const json::value* value = find(key);
    if (value == nullptr) return;
    if (const auto time = time_of(*value)) {
        into = time;
    } else {
        complain(key, a_time);
    }
}

const json::object* JsonFields::take_object(std::string_view key) {
    const json::value* value = find(key);
    if (value == nullptr) return nullptr;
    if (!value->is_object()) complain(key, "an object");
    return value->if_object();
}

void JsonFields::complain(std::string_view key, std::string_view expected) {
    wrong_.push_back(fmt::format("'{}' is not {}", key, expected));
}

void JsonFields::complain(const JsonFields& inner) {
    wrong_.insert(wrong_.end(), inner.wrong_.begin(), inner.wrong_.end());
}

}  // namespace farmwall::queue
