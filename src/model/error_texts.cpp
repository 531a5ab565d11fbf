#include "model/error_texts.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace farmwall {
namespace {

constexpr std::string_view query_page = "https://e.bambulab.com/";

bool is_key(std::string_view text) {
    return (text.size() == 8 || text.size() == 16) && parse_hex(text).has_value();
}

}  // namespace

std::string text_table_name(std::string_view model) {
    std::string out = to_upper(model);
    std::erase_if(out, [](char c) { return c == ' ' || c == '-' || c == '_'; });
    return out;
}

std::string_view ErrorTexts::find(std::string_view key, PrinterModel model) const {
    const std::string upper = to_upper(key);
    if (const auto models = by_model.find(upper);
        models != by_model.end() && model != PrinterModel::unknown) {
        const auto own = models->second.find(text_table_name(model_info(model).key));
        if (own != models->second.end()) return own->second;
    }
    const auto found = codes.find(upper);
    return found == codes.end() ? std::string_view{} : std::string_view{found->second};
}

std::string error_page(std::string_view key) {
    std::string page{query_page};
    if (is_key(key)) page += "?e=" + to_upper(key);
    return page;
}

}  // namespace farmwall
