#include "wire/error_texts_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "base/file.hpp"
#include "base/text.hpp"

namespace farmwall::wire {
namespace {

namespace json = boost::json;
using Table = std::map<std::string, std::string, std::less<>>;

constexpr std::size_t longest_text_bytes = 2000;

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }
std::string_view view(json::string_view text) { return {text.data(), text.size()}; }

std::optional<json::value> parsed(std::string_view text) {
    boost::system::error_code wrong;
    json::parse_options options;
    options.max_depth = 16;
    json::value value = json::parse(json::string_view{text.data(), text.size()}, wrong, {}, options);
    if (wrong) return std::nullopt;
    return value;
}

// 8 or 16 hex digits in upper case; '_' and '-' between them are left out. Empty: no key.
std::string key_from(std::string_view text) {
    if (text.size() > 32) return {};
    std::string key = to_upper(text);
    std::erase_if(key, [](char c) { return c == '_' || c == '-'; });
    const bool good = (key.size() == 8 || key.size() == 16) && parse_hex(key).has_value();
    return good ? key : std::string{};
}

// On one line, with single blanks. Empty: no usable text.
std::string text_from(const json::value& value) {
    const json::string* const text = value.if_string();
    if (text == nullptr || text->size() > longest_text_bytes) return {};
    std::string out;
    for (const char c : view(*text)) {
        const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
        if (blank && (out.empty() || out.back() == ' ')) continue;
        out += blank ? ' ' : c;
    }
    return printable(trim(out));
}

// Entries are put into `table`; the result is the number of those that are wrong.
std::size_t read_table(const json::object& from, Table& table) {
    std::size_t skipped = 0;
    for (const auto& entry : from) {
        const std::string key = key_from(view(entry.key()));
        std::string text = text_from(entry.value());
        if (key.empty() || text.empty()) {
            ++skipped;
        } else {
            table[key] = std::move(text);
        }
    }
    return skipped;
}

std::size_t read_by_model(const json::object& from, ErrorTexts& texts) {
    std::size_t skipped = 0;
    for (const auto& entry : from) {
        const std::string key = key_from(view(entry.key()));
        const json::object* const models = entry.value().if_object();
        if (key.empty() || models == nullptr) {
            ++skipped;
            continue;
        }
        for (const auto& model : *models) {
            const std::string name = text_table_name(printable(view(model.key())));
            std::string text = text_from(model.value());
            if (name.empty() || text.empty()) {
                ++skipped;
            } else {
                texts.by_model[key][name] = std::move(text);
            }
        }
    }
    return skipped;
}

std::string language_of(const json::object& root) {
    const json::value* const meta = root.if_contains("meta");
    const json::object* const object = meta == nullptr ? nullptr : meta->if_object();
    const json::value* const language = object == nullptr ? nullptr : object->if_contains("language");
    const json::string* const text = language == nullptr ? nullptr : language->if_string();
    return text == nullptr ? std::string{} : printable(view(*text).substr(0, 16));
}

Error bad(std::string what) { return Error{ErrorKind::bad_input, std::move(what)}; }

// The entries of one table of the answer in one language, or null; other languages are noted.
const json::array* entries_of(const json::object& data, std::string_view table, std::string_view language,
                              std::vector<std::string>& others) {
    const json::value* const found = data.if_contains(json::string_view{table.data(), table.size()});
    const json::object* const languages = found == nullptr ? nullptr : found->if_object();
    if (languages == nullptr) return nullptr;
    const json::array* entries = nullptr;
    for (const auto& one : *languages) {
        const json::array* const list = one.value().if_array();
        if (list == nullptr) continue;
        if (iequals(view(one.key()), language)) {
            entries = list;
        } else if (others.size() < 40 && one.key().size() <= 16) {
            others.push_back(printable(view(one.key())));
        }
    }
    return entries;
}

std::size_t read_entries(const json::array& from, Table& table) {
    std::size_t skipped = 0;
    for (const json::value& one : from) {
        const json::object* const entry = one.if_object();
        const json::value* const code = entry == nullptr ? nullptr : entry->if_contains("ecode");
        const json::value* const intro = entry == nullptr ? nullptr : entry->if_contains("intro");
        const json::string* const code_text = code == nullptr ? nullptr : code->if_string();
        const std::string key = code_text == nullptr ? std::string{} : key_from(view(*code_text));
        std::string text = intro == nullptr ? std::string{} : text_from(*intro);
        if (key.empty() || text.empty()) {
            ++skipped;
        } else {
            table.try_emplace(key, std::move(text));
        }
    }
    return skipped;
}

Error no_such_language(std::string_view language, std::vector<std::string> others) {
    std::sort(others.begin(), others.end());
    others.erase(std::unique(others.begin(), others.end()), others.end());
    return Error{ErrorKind::not_found,
                 others.empty()
                     ? fmt::format("The answer has no texts in the language '{}'", printable(language))
                     : fmt::format("The answer has no texts in the language '{}'; it has {}",
                                   printable(language), fmt::join(others, ", "))};
}

}  // namespace

Status ErrorTextsReader::add(std::string_view text) {
    const auto document = parsed(text);
    if (!document) return bad("This is not JSON text in UTF-8, or it is cut off");
    const json::object* const root = document->if_object();
    if (root == nullptr) return bad("This holds no error texts: a JSON object with `codes` is expected");
    const json::object* parts[3] = {};
    constexpr const char* names[3] = {"codes", "by_model", "supplement"};
    for (int i = 0; i < 3; ++i) {
        const json::value* const part = root->if_contains(names[i]);
        if (part == nullptr) continue;
        parts[i] = part->if_object();
        if (parts[i] == nullptr)
            return bad(fmt::format("`{}` is not an object of codes and their texts", names[i]));
    }
    if (parts[0] == nullptr && parts[1] == nullptr && parts[2] == nullptr) {
        return bad("This holds no error texts: none of `codes`, `by_model` and `supplement` is there");
    }
    if (parts[0] != nullptr) read_.skipped += read_table(*parts[0], read_.texts.codes);
    if (parts[1] != nullptr) read_.skipped += read_by_model(*parts[1], read_.texts);
    if (parts[2] != nullptr) read_.skipped += read_table(*parts[2], supplement_);
    if (read_.texts.language.empty()) read_.texts.language = language_of(*root);
    return Done{};
}

ErrorTextsRead ErrorTextsReader::take() && {
    read_.texts.codes.merge(supplement_);
    return std::move(read_);
}

Result<ErrorTextsRead> load_error_texts(const std::vector<std::filesystem::path>& files) {
    ErrorTextsReader reader;
    for (const auto& file : files) {
        const auto content = read_file(file, most_error_text_bytes);
        if (!content) return content.error();
        const Status added = reader.add(content.value());
        if (!added) return Error{added.error().kind, added.error().what, file.string()};
    }
    ErrorTextsRead read = std::move(reader).take();
    if (read.texts.codes.empty() && read.texts.by_model.empty()) {
        return Error{ErrorKind::bad_input, "There is no usable error text in this file",
                     files.empty() ? std::string{} : files.back().string()};
    }
    return read;
}

std::string error_texts_json(const ErrorTexts& texts) {
    json::object root{{"meta", json::object{{"language", texts.language}}}};
    json::object codes;
    for (const auto& [key, text] : texts.codes)
        codes[key] = text;
    root["codes"] = std::move(codes);
    if (!texts.by_model.empty()) {
        json::object by_model;
        for (const auto& [key, models] : texts.by_model) {
            json::object one;
            for (const auto& [model, text] : models)
                one[model] = text;
            by_model[key] = std::move(one);
        }
        root["by_model"] = std::move(by_model);
    }
    return json::serialize(root) + "\n";
}

Result<ErrorTextsRead> read_error_texts_answer(std::string_view text, std::string_view language) {
    const auto document = parsed(text);
    if (!document) return bad("The answer is not JSON, or it is cut off");
    const json::object* const root = document->if_object();
    const json::value* const result = root == nullptr ? nullptr : root->if_contains("result");
    if (result != nullptr && result->is_int64() && result->get_int64() != 0) {
        return Error{ErrorKind::refused,
                     fmt::format("The service refused with result {}", result->get_int64())};
    }
    const json::value* const data = root == nullptr ? nullptr : root->if_contains("data");
    const json::object* const tables = data == nullptr ? nullptr : data->if_object();
    if (tables == nullptr) return bad("The answer holds no tables of error texts");
    ErrorTextsRead read;
    std::vector<std::string> others;
    bool found = false;
    for (const std::string_view name : {"device_hms", "device_error"}) {
        const json::array* const entries = entries_of(*tables, name, language, others);
        if (entries == nullptr) continue;
        found = true;
        read.skipped += read_entries(*entries, read.texts.codes);
    }
    if (!found) return no_such_language(language, std::move(others));
    if (read.texts.codes.empty()) return bad("The answer holds no usable error text");
    read.texts.language = std::string{language};
    return read;
}

}  // namespace farmwall::wire
