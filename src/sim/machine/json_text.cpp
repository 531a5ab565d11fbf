#include "sim/machine/json_text.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cmath>

namespace farmwall::sim {

namespace json = boost::json;

namespace {

class Writer {
public:
    explicit Writer(bool indented) : indented_{indented} {}

    void write(const json::value& value) {
        switch (value.kind()) {
            case json::kind::null:
                text_ += "null";
                return;
            case json::kind::bool_:
                text_ += value.get_bool() ? "true" : "false";
                return;
            case json::kind::int64:
                fmt::format_to(std::back_inserter(text_), "{}", value.get_int64());
                return;
            case json::kind::uint64:
                fmt::format_to(std::back_inserter(text_), "{}", value.get_uint64());
                return;
            case json::kind::double_:
                write_number(value.get_double());
                return;
            case json::kind::string:
                text_ += json::serialize(value.get_string());
                return;
            case json::kind::array:
                write_array(value.get_array());
                return;
            case json::kind::object:
                write_object(value.get_object());
                return;
        }
    }

    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    void write_number(double number) {
        const bool whole = number == std::floor(number) && std::abs(number) < 1e15;
        text_ += whole ? fmt::format("{:.1f}", number) : fmt::format("{}", number);
    }

    void write_array(const json::array& array) {
        text_ += '[';
        ++depth_;
        bool first = true;
        for (const auto& item : array) {
            if (!first) text_ += ',';
            first = false;
            new_line();
            write(item);
        }
        --depth_;
        if (!array.empty()) new_line();
        text_ += ']';
    }

    void write_object(const json::object& object) {
        text_ += '{';
        ++depth_;
        bool first = true;
        for (const auto& [key, item] : object) {
            if (!first) text_ += ',';
            first = false;
            new_line();
            text_ += json::serialize(json::string_view{key});
            text_ += indented_ ? ": " : ":";
            write(item);
        }
        --depth_;
        if (!object.empty()) new_line();
        text_ += '}';
    }

    void new_line() {
        if (!indented_) return;
        text_ += '\n';
        text_.append(depth_ * 4, ' ');
    }

    bool indented_;
    std::size_t depth_ = 0;
    std::string text_;
};

}  // namespace

std::string to_text(const json::value& value, bool indented) {
    Writer writer{indented};
    writer.write(value);
    return writer.take();
}

}  // namespace farmwall::sim
