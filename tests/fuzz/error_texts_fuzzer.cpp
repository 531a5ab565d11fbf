#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "wire/error_texts_file.hpp"

// Any bytes as a table of error texts and as the answer of the query service. Keys and texts that are
// accepted are fit for the screen, and what is written of them is read back as the same.

namespace {

using namespace farmwall;

void require(bool holds) {
    if (!holds) std::abort();
}

bool good_text(std::string_view text) {
    return !text.empty() && printable(text) == text && trim(text) == text;
}

bool good_key(std::string_view key) {
    return (key.size() == 8 || key.size() == 16) && key.find_first_not_of("0123456789ABCDEF") == key.npos;
}

ErrorTexts reread(const ErrorTexts& texts) {
    wire::ErrorTextsReader reader;
    require(reader.add(wire::error_texts_json(texts)).ok());
    wire::ErrorTextsRead read = std::move(reader).take();
    require(read.skipped == 0);
    return std::move(read.texts);
}

void check(const ErrorTexts& texts) {
    for (const auto& [key, text] : texts.codes)
        require(good_key(key) && good_text(text));
    for (const auto& [key, models] : texts.by_model) {
        require(good_key(key) && !models.empty());
        for (const auto& [model, text] : models)
            require(good_text(model) && text_table_name(model) == model && good_text(text));
    }
    require(printable(texts.language) == texts.language);
    require(reread(texts) == texts);
}

void read_as_file(std::string_view text) {
    wire::ErrorTextsReader reader;
    const bool good = reader.add(text).ok();
    // A wrong document changes nothing; the same one again changes no text.
    wire::ErrorTextsReader twice;
    require(twice.add(text).ok() == good && twice.add(text).ok() == good);
    const wire::ErrorTextsRead read = std::move(reader).take();
    const wire::ErrorTextsRead again = std::move(twice).take();
    if (!good) require(read.skipped == 0 && read.texts == ErrorTexts{});
    require(again.texts == read.texts && again.skipped == 2 * read.skipped);
    check(read.texts);
}

void read_as_answer(std::string_view text) {
    const auto read = wire::read_error_texts_answer(text, "en");
    if (!read) {
        require(good_text(read.error().what));
        return;
    }
    require(!read.value().texts.codes.empty() && read.value().texts.language == "en");
    check(read.value().texts);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    read_as_file(text);
    read_as_answer(text);
    return 0;
}
