#include <boost/json.hpp>

#include "base/text.hpp"
#include "wire/sliced_text.hpp"
#include "wire/slicer_settings.hpp"

namespace farmwall::wire {
namespace {

namespace json = boost::json;

std::optional<json::object> object_from(std::string_view text) {
    boost::system::error_code wrong;
    json::parse_options options;
    options.max_depth = 32;
    json::value value = json::parse(valid_utf8(without_bom(text)), wrong, {}, options);
    if (wrong || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

std::string text_of(const json::value& value) {
    if (const json::string* text = value.if_string()) return {text->data(), text->size()};
    if (value.is_number()) return json::serialize(value);
    return {};
}

}  // namespace

std::optional<SlicerSettings> read_project_settings(std::string_view text) {
    const auto object = object_from(text);
    if (!object) return std::nullopt;
    SlicerSettings settings;
    for (const auto& member : *object) {
        const std::string_view key{member.key().data(), member.key().size()};
        if (const json::array* list = member.value().if_array()) {
            std::vector<std::string> held;
            for (const json::value& value : *list) {
                held.push_back(text_of(value));
                if (held.size() > static_cast<std::size_t>(most_project_filaments)) break;
            }
            take_setting(settings, key, {held.begin(), held.end()});
        } else {
            const std::string value = text_of(member.value());
            take_setting(settings, key,
                         is_list_setting(key) ? split(value, ",;") : std::vector<std::string_view>{value});
        }
    }
    return settings;
}

PlateType read_plate_json(std::string_view text) {
    const auto object = object_from(text);
    const json::value* const type = object ? object->if_contains("bed_type") : nullptr;
    return type == nullptr ? PlateType::unknown : plate_type_from(short_text(text_of(*type)));
}

}  // namespace farmwall::wire
