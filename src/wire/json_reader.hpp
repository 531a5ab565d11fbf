#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/result.hpp"

namespace farmwall::wire {

// A lambda passed down for the length of one call; owns nothing.
template <class Signature>
class FunctionRef;
template <class... Arguments>
class FunctionRef<void(Arguments...)> {
public:
    template <class Callable>
    requires(!std::is_same_v<std::remove_cvref_t<Callable>, FunctionRef>)
        FunctionRef(Callable&& callable)  // NOLINT: implicit by intent
        : callable_{const_cast<void*>(static_cast<const void*>(std::addressof(callable)))},
          call_{[](void* target, Arguments... arguments) {
              (*static_cast<std::remove_reference_t<Callable>*>(target))(arguments...);
          }} {}
    void operator()(Arguments... arguments) const { call_(callable_, arguments...); }

private:
    void* callable_;
    void (*call_)(void*, Arguments...);
};

// One value during a walk; valid only inside the visitor it was given to.
struct JsonValue {
    // A scalar as it stands in the text, strings with their quotes; "{" or "[" otherwise.
    std::string_view token;
    void* node = nullptr;
    [[nodiscard]] bool is_object() const { return token.front() == '{'; }
    [[nodiscard]] bool is_array() const { return token.front() == '['; }
    [[nodiscard]] bool is_string() const { return token.front() == '"'; }
};

// One pass over one JSON text. Two kinds of trouble are kept apart: a broken text fails the whole
// walk, a value of the wrong kind or range only loses its field, which is counted. What no visitor
// descends into is still walked to its end, so that a text which is broken anywhere fails.
class JsonReader {
public:
    JsonReader();
    ~JsonReader();
    JsonReader(JsonReader&&) noexcept;
    JsonReader& operator=(JsonReader&&) noexcept;

    using FieldVisitor = FunctionRef<void(std::string_view, const JsonValue&)>;
    using ElementVisitor = FunctionRef<void(const JsonValue&)>;

    // Walks the object that is the whole text. Errors (bad_input) in the words of protocol 3.4. The
    // text is copied first; invalid UTF-8 is replaced.
    [[nodiscard]] Status walk(std::string_view text, FieldVisitor visit);

    // Inside a visitor, once a value. Members that are null count as not said: they are not
    // visited, but they are in the number of members that `fields` returns.
    int fields(const JsonValue& value, FieldVisitor visit);
    void elements(const JsonValue& value, ElementVisitor visit);

    // Tolerant accessors of protocol 4.1, for numbers, strings and booleans alike. Nothing when the
    // value is not of that kind or out of range, and then the field is lost; an empty string is
    // "not said" for all but `text`, and loses nothing.
    [[nodiscard]] std::optional<std::string_view> text(const JsonValue& value);
    [[nodiscard]] std::optional<std::int64_t> integer(const JsonValue& value, std::int64_t low,
                                                      std::int64_t high);
    [[nodiscard]] std::optional<double> number(const JsonValue& value, double low, double high);
    [[nodiscard]] std::optional<bool> boolean(const JsonValue& value);
    // Strings are hex; a number is taken as it is, as unsigned 32 bits when it is negative.
    [[nodiscard]] std::optional<std::uint64_t> hex_bits(const JsonValue& value);
    // Strings are decimal, or else hex; a negative number is a signed 32-bit one.
    [[nodiscard]] std::optional<std::uint32_t> bits32(const JsonValue& value);

    void lose() { ++lost_; }
    [[nodiscard]] int lost() const { return lost_; }

private:
    struct Engine;

    void visit_node(void* node, std::string_view key, const FieldVisitor* field,
                    const ElementVisitor* element);
    void skip(const JsonValue& value);
    int walk_fields(void* object, FieldVisitor visit);
    void walk_elements(void* array, ElementVisitor visit);
    bool descend();
    void fail(int code);

    std::unique_ptr<Engine> engine_;
    int depth_ = 0;
    int lost_ = 0;
};

}  // namespace farmwall::wire
