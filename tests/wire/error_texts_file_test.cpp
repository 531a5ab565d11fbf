#include "wire/error_texts_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "recordings.hpp"
#include "temporary_folder.hpp"

using namespace farmwall;
using namespace farmwall::wire;

namespace {

const std::string small_file = R"({"meta":{"language":"en","codes":3},
 "codes":{"0300010000010007":"The bed is cold.","0500400c":"No card.","0300-4006":"Clogged."},
 "by_model":{"0300010000010007":{"H2D":"The right bed is cold.","A1 mini":"The small bed is cold."}},
 "supplement":{"0500400C":"never used","05024007":"Not signed."},
 "known_without_text":["0300180000000000"]})";

const std::string answer = R"({"result":0,"t":1760000000,"ver":202603041659,"data":{
 "device_hms":{"ver":202603041659,"en":[{"ecode":"0300010000010007","intro":"The bed\n is  cold."}],
               "de":[{"ecode":"0300010000010007","intro":"Das Bett ist kalt."}]},
 "device_error":{"ver":202603041659,"en":[{"ecode":"0500400C","intro":"No card."},{"ecode":"05004003","intro":""}]}}})";

ErrorTextsRead read_one(const std::string& text) {
    ErrorTextsReader reader;
    const Status added = reader.add(text);
    INFO((added.ok() ? std::string{} : added.error().text()));
    REQUIRE(added.ok());
    return std::move(reader).take();
}

std::string refused(const std::string& text) {
    ErrorTextsReader reader;
    const Status added = reader.add(text);
    REQUIRE_FALSE(added.ok());
    CHECK(added.error().kind == ErrorKind::bad_input);
    CHECK(std::move(reader).take().texts == ErrorTexts{});
    return added.error().what;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::filesystem::path write(const TemporaryFolder& folder, const std::string& name, const std::string& text) {
    auto file = folder.path() / name;
    std::ofstream{file, std::ios::binary} << text;
    return file;
}

}  // namespace

TEST_CASE("error texts file: codes, texts of models and the language are read; keys lose dashes and case") {
    const ErrorTextsRead read = read_one(small_file);
    CHECK(read.skipped == 0);
    CHECK(read.texts.language == "en");
    CHECK(read.texts.find("0300010000010007", PrinterModel::p1s) == "The bed is cold.");
    CHECK(read.texts.find("0300010000010007", PrinterModel::h2d) == "The right bed is cold.");
    CHECK(read.texts.find("0300010000010007", PrinterModel::a1_mini) == "The small bed is cold.");
    CHECK(read.texts.find("03004006", PrinterModel::p1s) == "Clogged.");
}

TEST_CASE("error texts file: a supplement counts only where there is no other text") {
    const ErrorTextsRead read = read_one(small_file);
    CHECK(read.texts.find("0500400C", PrinterModel::p1s) == "No card.");
    CHECK(read.texts.find("05024007", PrinterModel::p1s) == "Not signed.");
}

TEST_CASE("error texts file: a supplement of one file does not hide a text of another, whatever the order") {
    const std::string supplement = R"({"supplement":{"05004003":"ours"}})";
    const std::string codes = R"({"codes":{"05004003":"the vendor's"}})";
    for (const bool first : {true, false}) {
        ErrorTextsReader reader;
        REQUIRE(reader.add(first ? supplement : codes).ok());
        REQUIRE(reader.add(first ? codes : supplement).ok());
        CHECK(std::move(reader).take().texts.codes.at("05004003") == "the vendor's");
    }
}

TEST_CASE("error texts file: of two files the later text counts, and the first language") {
    ErrorTextsReader reader;
    REQUIRE(reader.add(R"({"meta":{"language":"de"},"codes":{"05004003":"a","05004004":"b"}})").ok());
    REQUIRE(reader.add(R"({"meta":{"language":"en"},"codes":{"05004003":"c"}})").ok());
    const ErrorTexts texts = std::move(reader).take().texts;
    CHECK(texts.codes.at("05004003") == "c");
    CHECK(texts.codes.at("05004004") == "b");
    CHECK(texts.language == "de");
}

TEST_CASE("error texts file: wrong entries are passed over and counted, the rest is read") {
    const ErrorTextsRead read = read_one(
        R"({"codes":{"05004003":"good","xyz":"a","0500400":"b","05004004":7,"05004005":"","05004006":"  ",
            "05004007":null,")" +
        std::string(5000, '0') + R"(":"c","05004008":")" + std::string(3000, 'x') +
        R"("},"by_model":{"05004003":"H2D","0500400C":{"H2D":1,"":"x","P1S":"good"}}})");
    CHECK(read.texts.codes.size() == 1);
    CHECK(read.texts.codes.at("05004003") == "good");
    CHECK(read.texts.find("0500400C", PrinterModel::p1s) == "good");
    CHECK(read.texts.find("0500400C", PrinterModel::h2d).empty());
    CHECK(read.skipped == 11);
}

TEST_CASE("error texts file: a text is one line without control characters") {
    const ErrorTextsRead read = read_one(R"({"codes":{"05004003":" a\n b\t\tc\u0007 "}})");
    CHECK(read.texts.codes.at("05004003") == "a b c?");
}

TEST_CASE("error texts file: a document that is wrong as a whole is one sentence and changes nothing") {
    CHECK(contains(refused(""), "not JSON"));
    CHECK(contains(refused("\xFF\xFE{}"), "not JSON"));
    CHECK(contains(refused("{\"codes\":{\"05004003\":\"\xFF\"}}"), "not JSON"));
    CHECK(contains(refused("[]"), "`codes` is expected"));
    CHECK(contains(refused("{}"), "none of `codes`, `by_model` and `supplement`"));
    CHECK(contains(refused(R"({"codes":[]})"), "`codes` is not an object"));
    CHECK(contains(refused(R"({"codes":{},"by_model":3})"), "`by_model` is not an object"));
    CHECK(contains(refused(std::string(100'000, '[')), "not JSON"));
}

TEST_CASE("error texts file: cut at any length it is refused or read, and never invents a text") {
    const ErrorTexts whole = read_one(small_file).texts;
    for (std::size_t length = 0; length < small_file.size(); ++length) {
        CAPTURE(length);
        refused(small_file.substr(0, length));
    }
    CHECK(whole.codes.size() == 4);
}

TEST_CASE("error texts file: files are loaded together; one that is missing, bad or without texts is named") {
    const TemporaryFolder folder;
    const auto one = write(folder, "one.json", small_file);
    const auto two = write(folder, "two.json", R"({"codes":{"05004004":"Busy."}})");
    const auto loaded = load_error_texts({one, two});
    REQUIRE(loaded.ok());
    CHECK(loaded.value().texts.codes.size() == 5);

    const auto none = load_error_texts({one, folder.path() / "none.json"});
    REQUIRE_FALSE(none.ok());
    CHECK(none.error().kind == ErrorKind::not_found);
    CHECK(contains(none.error().text(), "none.json"));

    const auto bad = load_error_texts({write(folder, "bad.json", "{"), one});
    REQUIRE_FALSE(bad.ok());
    CHECK(contains(bad.error().text(), "bad.json"));

    const auto empty = load_error_texts({write(folder, "empty.json", R"({"codes":{}})")});
    REQUIRE_FALSE(empty.ok());
    CHECK(contains(empty.error().text(), "no usable error text"));
    CHECK(contains(empty.error().text(), "empty.json"));
}

TEST_CASE("error texts file: what is written is read back the same") {
    const ErrorTexts texts = read_one(small_file).texts;
    CHECK(read_one(error_texts_json(texts)).texts == texts);
    CHECK(contains(error_texts_json(texts), "\"language\":\"en\""));
}

TEST_CASE("error texts answer: both tables are read in the language that was asked for, in any case") {
    const auto english = read_error_texts_answer(answer, "EN");
    REQUIRE(english.ok());
    CHECK(english.value().texts.codes.at("0300010000010007") == "The bed is cold.");
    CHECK(english.value().texts.codes.at("0500400C") == "No card.");
    CHECK(english.value().texts.codes.size() == 2);
    CHECK(english.value().skipped == 1);
    CHECK(english.value().texts.language == "EN");
    const auto german = read_error_texts_answer(answer, "de");
    REQUIRE(german.ok());
    CHECK(german.value().texts.codes.size() == 1);
}

TEST_CASE("error texts answer: a language that is not there names those that are") {
    const auto missing = read_error_texts_answer(answer, "xx");
    REQUIRE_FALSE(missing.ok());
    CHECK(missing.error().kind == ErrorKind::not_found);
    CHECK(contains(missing.error().what, "'xx'; it has de, en"));
    const auto none = read_error_texts_answer(R"({"data":{}})", "en");
    REQUIRE_FALSE(none.ok());
    CHECK(contains(none.error().what, "no texts in the language 'en'"));
}

TEST_CASE("error texts answer: a refusal, another shape and an empty table are one sentence each") {
    const auto what = [](const std::string& text) {
        const auto read = read_error_texts_answer(text, "en");
        REQUIRE_FALSE(read.ok());
        return read.error().what;
    };
    CHECK(contains(what(R"({"result":-3,"data":{}})"), "result -3"));
    CHECK(contains(what("<html>"), "not JSON"));
    CHECK(contains(what("[]"), "no tables"));
    CHECK(contains(what(R"({"data":7})"), "no tables"));
    CHECK(contains(what(R"({"data":{"device_hms":{"en":[]}}})"), "no usable error text"));
    CHECK(contains(what(R"({"data":{"device_hms":{"en":[1,{"ecode":5},{"intro":"x"}]}}})"),
                   "no usable error text"));
    CHECK(contains(what(R"({"data":{"device_hms":[],"device_error":{"en":{}}}})"), "no texts"));
}

TEST_CASE("error texts answer: cut at any length it is refused") {
    for (std::size_t length = 0; length < answer.size(); ++length) {
        CAPTURE(length);
        CHECK_FALSE(read_error_texts_answer(answer.substr(0, length), "en").ok());
    }
    CHECK(read_error_texts_answer(answer, "en").ok());
}

TEST_CASE("error texts file: the recorded tables give a text for every code they name") {
    const auto hms = recorded_file("hms-codes-en.json");
    const auto print = recorded_file("print-error-codes-en.json");
    if (!hms || !print) return;
    const auto loaded = load_error_texts({*hms, *print});
    REQUIRE(loaded.ok());
    const ErrorTexts& texts = loaded.value().texts;
    CHECK(texts.language == "en");
    CHECK(loaded.value().skipped == 0);
    CHECK(texts.codes.size() >= 5131 + 1040);
    CHECK_FALSE(texts.find("0300010000010007", PrinterModel::p1s).empty());
    CHECK_FALSE(texts.find("05024007", PrinterModel::p1s).empty());
    CHECK(texts.find("0300020000010001", PrinterModel::h2d) !=
          texts.find("0300020000010001", PrinterModel::p1s));
    // Every model that the tables name is one that is known.
    for (const auto& [key, models] : texts.by_model) {
        for (const auto& entry : models) {
            const bool known =
                std::any_of(all_models().begin(), all_models().end(),
                            [&](const ModelInfo& info) { return text_table_name(info.key) == entry.first; });
            CHECK_MESSAGE(known, entry.first);
        }
    }
    CHECK(read_one(error_texts_json(texts)).texts == texts);
}
