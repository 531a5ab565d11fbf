#include "wire/json_reader.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/text.hpp"
#include "wire/message.hpp"

namespace farmwall::wire {
namespace {

namespace ondemand = simdjson::ondemand;

// Values are pointed to, not copied: copies of these small structures cost more than parsing.
struct Node {
    ondemand::value* value;
    bool consumed = false;
};

Node& node_of(const JsonValue& value) { return *static_cast<Node*>(value.node); }

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?
bool is_number(std::string_view token) {
    const char* at = token.data();
    const char* const end = at + token.size();
    const auto digits = [&] {
        const char* const first = at;
        while (at != end && is_digit(*at))
            ++at;
        return at - first;
    };
    if (at != end && *at == '-') ++at;
    const bool leading_zero = at != end && *at == '0';
    const auto whole = digits();
    if (whole == 0 || (leading_zero && whole > 1)) return false;
    if (at != end && *at == '.') {
        ++at;
        if (digits() == 0) return false;
    }
    if (at != end && (*at == 'e' || *at == 'E')) {
        ++at;
        if (at != end && (*at == '+' || *at == '-')) ++at;
        if (digits() == 0) return false;
    }
    return at == end;
}

// On demand parsing checks a scalar only when it is read: here every one is, once.
bool is_scalar(std::string_view token) {
    switch (token.front()) {
        case '"':
            return token.size() >= 2 && token.back() == '"';
        case 't':
            return token == "true";
        case 'f':
            return token == "false";
        case 'n':
            return token == "null";
        default:
            return is_number(token);
    }
}

// The letters of a scalar that needs no unescaping.
std::string_view bare(std::string_view token) {
    return token.front() == '"' ? token.substr(1, token.size() - 2) : token;
}

bool has_escape(std::string_view token) {
    return token.front() == '"' && std::memchr(token.data(), '\\', token.size()) != nullptr;
}

}  // namespace

struct JsonReader::Engine {
    ondemand::parser parser;
    std::string padded;
    simdjson::error_code broken = simdjson::SUCCESS;
    bool too_deep = false;
    [[nodiscard]] bool failed() const { return too_deep || broken != simdjson::SUCCESS; }

    simdjson::error_code open(std::string_view text, ondemand::document& document) {
        padded.assign(text);
        padded.append(simdjson::SIMDJSON_PADDING, ' ');
        const simdjson::padded_string_view view(padded.data(), text.size(), padded.size());
        return parser.iterate(view).get(document);
    }
};

JsonReader::JsonReader() : engine_{std::make_unique<Engine>()} {}
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;
JsonReader& JsonReader::operator=(JsonReader&&) noexcept = default;

Status JsonReader::walk(std::string_view text, FieldVisitor visit) {
    engine_->broken = simdjson::SUCCESS;
    engine_->too_deep = false;
    depth_ = 0;
    lost_ = 0;
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    const auto* const first = std::find_if_not(text.data(), text.data() + text.size(), is_space);
    if (first == text.data() + text.size() || *first != '{') {
        return Error{ErrorKind::bad_input, "the message is not a JSON object"};
    }
    ondemand::document document;
    simdjson::error_code error = engine_->open(text, document);
    if (error == simdjson::UTF8_ERROR) error = engine_->open(valid_utf8(text), document);
    ondemand::object root;
    if (error == simdjson::SUCCESS) error = document.get_object().get(root);
    if (error == simdjson::SUCCESS) {
        walk_fields(&root, visit);
        // Past the last bracket there is no location left, unless more text follows.
        if (!engine_->failed() && document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
            error = simdjson::TAPE_ERROR;
        }
    }
    if (error != simdjson::SUCCESS) fail(error);
    if (engine_->too_deep) {
        return Error{ErrorKind::bad_input,
                     fmt::format("the message is nested deeper than {} levels", max_message_depth)};
    }
    if (engine_->failed()) return Error{ErrorKind::bad_input, "the message is not complete, valid JSON"};
    return Done{};
}

void JsonReader::fail(int code) {
    if (!engine_->failed()) engine_->broken = static_cast<simdjson::error_code>(code);
}

bool JsonReader::descend() {
    if (depth_ >= max_message_depth) {
        engine_->too_deep = true;
        return false;
    }
    ++depth_;
    return true;
}

int JsonReader::walk_fields(void* object, FieldVisitor visit) {
    if (!descend()) return 0;
    int members = 0;
    for (auto item : *static_cast<ondemand::object*>(object)) {
        if (item.error() != simdjson::SUCCESS) {
            fail(item.error());
            return members;
        }
        ondemand::field& field = item.value_unsafe();
        // Keys are compared as they stand: none that means anything has an escape.
        const char* const key = field.key().raw();
        const char* const end = engine_->padded.data() + engine_->padded.size();
        const auto* const quote =
            static_cast<const char*>(std::memchr(key, '"', static_cast<std::size_t>(end - key)));
        if (quote == nullptr) {
            fail(simdjson::TAPE_ERROR);
            return members;
        }
        Node node{&field.value()};
        visit_node(&node, {key, static_cast<std::size_t>(quote - key)}, &visit, nullptr);
        if (engine_->failed()) return members;
        ++members;
    }
    --depth_;
    return members;
}

void JsonReader::walk_elements(void* array, ElementVisitor visit) {
    if (!descend()) return;
    for (auto item : *static_cast<ondemand::array*>(array)) {
        if (item.error() != simdjson::SUCCESS) return fail(item.error());
        Node node{&item.value_unsafe()};
        visit_node(&node, {}, nullptr, &visit);
        if (engine_->failed()) return;
    }
    --depth_;
}

void JsonReader::visit_node(void* node, std::string_view key, const FieldVisitor* field,
                            const ElementVisitor* element) {
    Node& here = *static_cast<Node*>(node);
    std::string_view token = here.value->raw_json_token();
    while (!token.empty() && is_space(token.back()))
        token.remove_suffix(1);
    if (token.empty()) return fail(simdjson::TAPE_ERROR);
    const bool container = token.front() == '{' || token.front() == '[';
    if (!container) {
        if (!is_scalar(token)) return fail(simdjson::TAPE_ERROR);
        if (token.front() == 'n') return;
    }
    const JsonValue value{token, node};
    if (field != nullptr) (*field)(key, value);
    if (element != nullptr) (*element)(value);
    if (container && !here.consumed && !engine_->failed()) skip(value);
}

void JsonReader::skip(const JsonValue& value) {
    if (value.is_object()) {
        fields(value, [](std::string_view, const JsonValue&) {});
    } else {
        elements(value, [](const JsonValue&) {});
    }
}

int JsonReader::fields(const JsonValue& value, FieldVisitor visit) {
    if (!value.is_object()) {
        lose();
        return 0;
    }
    Node& node = node_of(value);
    assert(!node.consumed);
    node.consumed = true;
    ondemand::object object;
    if (const auto error = node.value->get_object().get(object)) {
        fail(error);
        return 0;
    }
    return walk_fields(&object, visit);
}

void JsonReader::elements(const JsonValue& value, ElementVisitor visit) {
    if (!value.is_array()) return lose();
    Node& node = node_of(value);
    assert(!node.consumed);
    node.consumed = true;
    ondemand::array array;
    if (const auto error = node.value->get_array().get(array)) return fail(error);
    walk_elements(&array, visit);
}

std::optional<std::string_view> JsonReader::text(const JsonValue& value) {
    if (value.is_object() || value.is_array()) {
        lose();
        return std::nullopt;
    }
    if (!has_escape(value.token)) return bare(value.token);
    Node& node = node_of(value);
    assert(!node.consumed);
    node.consumed = true;
    std::string_view unescaped;
    if (node.value->get_string().get(unescaped) != simdjson::SUCCESS) {
        lose();
        return std::nullopt;
    }
    return unescaped;
}

std::optional<std::int64_t> JsonReader::integer(const JsonValue& value, std::int64_t low, std::int64_t high) {
    const auto said = text(value);
    if (!said) return std::nullopt;
    const std::string_view digits = value.is_string() ? trim(*said) : *said;
    if (digits.empty()) return std::nullopt;
    if (const auto whole = parse_int(digits)) {
        if (*whole >= low && *whole <= high) return whole;
    } else if (const auto real = parse_double(digits)) {
        // A float where an integer belongs is rounded.
        constexpr double exact = 9.0e15;
        if (std::fabs(*real) < exact) {
            const std::int64_t rounded = std::llround(*real);
            if (rounded >= low && rounded <= high) return rounded;
        }
    } else if (digits == "true" || digits == "false") {
        const std::int64_t bit = digits == "true" ? 1 : 0;
        if (bit >= low && bit <= high) return bit;
    }
    lose();
    return std::nullopt;
}

std::optional<double> JsonReader::number(const JsonValue& value, double low, double high) {
    const auto said = text(value);
    if (!said) return std::nullopt;
    const std::string_view digits = value.is_string() ? trim(*said) : *said;
    if (digits.empty()) return std::nullopt;
    const auto real = parse_double(digits);
    if (real && *real >= low && *real <= high) return real;
    lose();
    return std::nullopt;
}

std::optional<bool> JsonReader::boolean(const JsonValue& value) {
    if (value.token == "true") return true;
    if (value.token == "false") return false;
    const auto said = text(value);
    if (!said) return std::nullopt;
    const std::string_view word = trim(*said);
    if (word.empty()) return std::nullopt;
    constexpr std::array<std::string_view, 3> yes{"true", "enable", "on"};
    constexpr std::array<std::string_view, 3> no{"false", "disable", "off"};
    const auto same = [&](std::string_view other) { return iequals(other, word); };
    if (std::any_of(yes.begin(), yes.end(), same)) return true;
    if (std::any_of(no.begin(), no.end(), same)) return false;
    if (const auto real = parse_double(word)) return *real != 0;
    lose();
    return std::nullopt;
}

namespace {

constexpr std::int64_t lowest32 = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t highest32 = std::numeric_limits<std::uint32_t>::max();

}  // namespace

std::optional<std::uint64_t> JsonReader::hex_bits(const JsonValue& value) {
    if (!value.is_string()) {
        const auto whole = integer(value, lowest32, std::numeric_limits<std::int64_t>::max());
        if (!whole) return std::nullopt;
        return *whole < 0 ? static_cast<std::uint32_t>(*whole) : static_cast<std::uint64_t>(*whole);
    }
    const auto said = text(value);
    if (!said) return std::nullopt;
    const std::string_view digits = trim(*said);
    if (digits.empty()) return std::nullopt;
    const auto bits = parse_hex(digits);
    if (!bits) lose();
    return bits;
}

std::optional<std::uint32_t> JsonReader::bits32(const JsonValue& value) {
    const auto said = text(value);
    if (!said) return std::nullopt;
    const std::string_view digits = value.is_string() ? trim(*said) : *said;
    if (digits.empty()) return std::nullopt;
    std::optional<std::int64_t> whole = parse_int(digits);
    if (!whole && value.is_string()) {
        if (const auto bits = parse_hex(digits); bits && *bits <= static_cast<std::uint64_t>(highest32)) {
            whole = static_cast<std::int64_t>(*bits);
        }
    }
    if (!whole) {
        if (const auto real = parse_double(digits); real && std::trunc(*real) == *real) {
            if (std::fabs(*real) <= static_cast<double>(highest32)) whole = static_cast<std::int64_t>(*real);
        }
    }
    if (whole && *whole >= lowest32 && *whole <= highest32) return static_cast<std::uint32_t>(*whole);
    lose();
    return std::nullopt;
}

}  // namespace farmwall::wire
