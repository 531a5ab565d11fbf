#include "wire/sliced_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "wire/pretty_json.hpp"
#include "wire/sliced_text.hpp"

namespace farmwall::wire {
namespace {

namespace json = boost::json;

constexpr std::string_view kind_name(SlicedFile::Kind kind) {
    return kind == SlicedFile::Kind::gcode ? "gcode" : "gcode.3mf";
}

template <class T>
json::value or_null(const std::optional<T>& value) {
    return value ? json::value(*value) : json::value(nullptr);
}

json::object to_json(const SlicedFilament& filament) {
    return {{"id", filament.id},
            {"preset_id", filament.preset_id},
            {"material", filament.material},
            {"color", filament.color},
            {"grams", filament.grams},
            {"metres", filament.metres},
            {"extruder", or_null(filament.extruder)}};
}

json::object to_json(const SlicedObject& object) { return {{"id", object.id}, {"name", object.name}}; }

json::object to_json(const SliceWarning& warning) {
    return {{"message", warning.message}, {"level", warning.level}};
}

template <class T>
json::array list(const std::vector<T>& values) {
    json::array out;
    for (const T& value : values) {
        if constexpr (std::is_same_v<T, double>) {
            out.emplace_back(value);
        } else {
            out.push_back(to_json(value));
        }
    }
    return out;
}

json::object to_json(const SlicedPlate& plate) {
    std::optional<std::int64_t> prediction;
    if (plate.prediction) prediction = plate.prediction->count();
    json::object out{{"index", plate.index},
                     {"model", model_info(plate.model).key},
                     {"model_code", plate.model_code},
                     {"nozzle_diameters_mm", list(plate.nozzle_diameters_mm)},
                     {"nozzle_type", plate.nozzle_type},
                     {"plate_type", name(plate.plate_type)},
                     {"prediction_seconds", or_null(prediction)},
                     {"grams", or_null(plate.grams)},
                     {"layers", or_null(plate.layers)},
                     {"outside", plate.outside},
                     {"filaments", list(plate.filaments)},
                     {"labelled_objects", plate.labelled_objects},
                     {"objects", list(plate.objects)},
                     {"warnings", list(plate.warnings)},
                     {"gcode_bytes", plate.gcode_bytes},
                     {"thumbnail_bytes", plate.thumbnail_png ? plate.thumbnail_png->size() : 0}};
    return out;
}

// Takes members out of one object and remembers the first that is wrong.
class Taker {
public:
    explicit Taker(const json::value& from) : object_{from.if_object()} {
        if (object_ == nullptr) wrong_ = "an entry that is no object";
    }

    void take(const char* key, std::string& to) {
        if (const auto* text = member(key, [](const json::value& v) { return v.is_string(); })) {
            to.assign(text->get_string().data(), text->get_string().size());
            if (!is_valid_utf8(to)) wrong_ = key;
        }
    }
    void take(const char* key, bool& to) {
        if (const auto* flag = member(key, [](const json::value& v) { return v.is_bool(); }))
            to = flag->get_bool();
    }
    void take(const char* key, double& to) {
        if (const auto* number = member(key, [](const json::value& v) { return v.is_number(); })) {
            const auto value = number->to_number<double>();
            constexpr double largest = 1e10;
            if (!(value >= 0 && value <= largest)) wrong_ = key;
            to = four_decimals(value);
        }
    }
    void take(const char* key, std::uint64_t& to) {
        const auto whole = [](const json::value& v) {
            return v.is_uint64() || (v.is_int64() && v.get_int64() >= 0);
        };
        if (const auto* number = member(key, whole)) to = number->to_number<std::uint64_t>();
    }
    void take(const char* key, int& to, int lowest, int highest) {
        const auto fits = [&](const json::value& v) {
            return v.is_int64() && v.get_int64() >= lowest && v.get_int64() <= highest;
        };
        if (const auto* number = member(key, fits)) to = static_cast<int>(number->get_int64());
    }
    void take(const char* key, std::optional<int>& to, int lowest, int highest) {
        if (is_null(key)) return;
        int value = 0;
        take(key, value, lowest, highest);
        to = value;
    }
    template <class Each>
    void each(const char* key, Each&& take_one) {
        const auto* found = member(key, [](const json::value& v) { return v.is_array(); });
        if (found == nullptr) return;
        for (const json::value& one : found->get_array()) {
            const std::string trouble = take_one(one);
            if (!trouble.empty() && wrong_.empty()) wrong_ = fmt::format("{}, {}", key, trouble);
        }
    }
    [[nodiscard]] bool is_null(const char* key) const {
        const json::value* found = object_ == nullptr ? nullptr : object_->if_contains(key);
        return found != nullptr && found->is_null();
    }
    [[nodiscard]] bool has(const char* key) const { return object_ != nullptr && object_->contains(key); }
    void fail(const char* key) {
        if (wrong_.empty()) wrong_ = key;
    }
    // Empty: all were right.
    [[nodiscard]] const std::string& wrong() const { return wrong_; }

private:
    template <class Fits>
    const json::value* member(const char* key, Fits&& fits) {
        const json::value* found = object_ == nullptr ? nullptr : object_->if_contains(key);
        if (found != nullptr && fits(*found)) return found;
        fail(key);
        return nullptr;
    }

    const json::object* object_;
    std::string wrong_;
};

constexpr int highest = 2'147'483'647;

std::string take_filament(const json::value& from, SlicedPlate& plate) {
    Taker taker{from};
    SlicedFilament filament;
    taker.take("id", filament.id, 1, most_project_filaments);
    taker.take("preset_id", filament.preset_id);
    taker.take("material", filament.material);
    taker.take("color", filament.color);
    taker.take("grams", filament.grams);
    taker.take("metres", filament.metres);
    taker.take("extruder", filament.extruder, 0, 255);
    plate.filaments.push_back(std::move(filament));
    return taker.wrong();
}

std::string take_object(const json::value& from, SlicedPlate& plate) {
    Taker taker{from};
    SlicedObject object;
    taker.take("id", object.id, 0, highest);
    taker.take("name", object.name);
    plate.objects.push_back(std::move(object));
    return taker.wrong();
}

std::string take_warning(const json::value& from, SlicedPlate& plate) {
    Taker taker{from};
    SliceWarning warning;
    taker.take("message", warning.message);
    taker.take("level", warning.level, 0, highest);
    plate.warnings.push_back(std::move(warning));
    return taker.wrong();
}

std::string take_diameter(const json::value& from, SlicedPlate& plate) {
    if (!from.is_number()) return "not a number";
    const double value = four_decimals(from.to_number<double>());
    if (!(value > 0 && value < 100)) return "not a diameter";
    plate.nozzle_diameters_mm.push_back(value);
    return {};
}

void take_names(Taker& taker, SlicedPlate& plate) {
    std::string model;
    std::string type;
    taker.take("model", model);
    taker.take("plate_type", type);
    plate.model = model_from_text(model).value_or(PrinterModel::unknown);
    if (model != model_info(plate.model).key) taker.fail("model");
    plate.plate_type = plate_type_from(type);
    if (type != name(plate.plate_type)) taker.fail("plate_type");
}

std::string take_plate(const json::value& from, SlicedFile& file) {
    Taker taker{from};
    SlicedPlate plate;
    taker.take("index", plate.index, 1, highest);
    taker.take("model_code", plate.model_code);
    take_names(taker, plate);
    taker.take("nozzle_type", plate.nozzle_type);
    taker.each("nozzle_diameters_mm", [&](const json::value& one) { return take_diameter(one, plate); });
    std::optional<int> prediction;
    taker.take("prediction_seconds", prediction, 0, highest);
    if (prediction) plate.prediction = std::chrono::seconds{*prediction};
    if (!taker.is_null("grams")) taker.take("grams", plate.grams.emplace());
    taker.take("layers", plate.layers, 0, highest);
    taker.take("outside", plate.outside);
    taker.take("labelled_objects", plate.labelled_objects);
    taker.each("filaments", [&](const json::value& one) { return take_filament(one, plate); });
    taker.each("objects", [&](const json::value& one) { return take_object(one, plate); });
    taker.each("warnings", [&](const json::value& one) { return take_warning(one, plate); });
    taker.take("gcode_bytes", plate.gcode_bytes);
    const bool ascending = file.plates.empty() || file.plates.back().index < plate.index;
    if (!ascending) taker.fail("index");
    file.plates.push_back(std::move(plate));
    return taker.wrong();
}

}  // namespace

std::string sliced_to_json(const SlicedFile& file) {
    json::array plates;
    for (const SlicedPlate& plate : file.plates)
        plates.push_back(to_json(plate));
    const json::object out{{"kind", kind_name(file.kind)},
                           {"bytes", file.bytes},
                           {"sha256", file.sha256},
                           {"slicer", file.slicer},
                           {"project_filaments", file.project_filaments},
                           {"plates", std::move(plates)}};
    return pretty(json::serialize(out));
}

Result<SlicedFile> sliced_from_json(std::string_view text) {
    boost::system::error_code problem;
    json::parse_options options;
    options.max_depth = 8;
    const json::value whole = json::parse(text, problem, {}, options);
    if (problem || !whole.is_object()) {
        return Error{ErrorKind::bad_input, "This is not the JSON of an inspected file, or it is cut off"};
    }
    Taker taker{whole};
    SlicedFile file;
    std::string kind;
    taker.take("kind", kind);
    file.kind =
        kind == kind_name(SlicedFile::Kind::gcode) ? SlicedFile::Kind::gcode : SlicedFile::Kind::gcode_3mf;
    if (kind != kind_name(file.kind)) taker.fail("kind");
    taker.take("bytes", file.bytes);
    taker.take("sha256", file.sha256);
    taker.take("slicer", file.slicer);
    taker.take("project_filaments", file.project_filaments, 1, most_project_filaments);
    taker.each("plates", [&](const json::value& one) { return take_plate(one, file); });
    if (file.plates.empty()) taker.fail("plates");
    if (!taker.wrong().empty()) {
        return Error{ErrorKind::bad_input,
                     fmt::format("The JSON of an inspected file is wrong at {}", taker.wrong())};
    }
    return file;
}

}  // namespace farmwall::wire
