#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace boost::json {
class object;
class value;
}  // namespace boost::json

namespace farmwall::queue {

// Takes members of an object that may hold anything; for the .cpp that reads queue.json. A member that is
// absent or null leaves its target as it is, one of another type does so and is remembered.
class JsonFields {
public:
    explicit JsonFields(const boost::json::object& from) : from_{from} {}

    // Null: absent, or null.
    [[nodiscard]] const boost::json::value* find(std::string_view key) const;
    bool take(std::string_view key, std::string& into);
    void take(std::string_view key, bool& into);
    void take(std::string_view key, std::optional<bool>& into);
    void take(std::string_view key, int& into, int least, int most);
    void take(std::string_view key, std::optional<std::uint64_t>& into);
    void take(std::string_view key, WallTime& into);
    void take(std::string_view key, std::optional<WallTime>& into);
    // An empty id is none.
    template <class Tag>
    void take(std::string_view key, std::optional<StrongId<Tag>>& into) {
        std::string text;
        if (take(key, text) && !text.empty()) into = StrongId<Tag>{std::move(text)};
    }
    // Null: absent, null, or of another type.
    const boost::json::object* take_object(std::string_view key);

    void complain(std::string_view key, std::string_view expected);
    void complain(const JsonFields& inner);
    // "'plate' is not a whole number from 1 to 9999", in the order of reading.
    [[nodiscard]] const std::vector<std::string>& wrong() const { return wrong_; }

private:
    const boost::json::object& from_;
    std::vector<std::string> wrong_;
};

}  // namespace farmwall::queue
