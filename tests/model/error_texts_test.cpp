#include "model/error_texts.hpp"

#include <doctest/doctest.h>

using namespace farmwall;

namespace {

ErrorTexts some_texts() {
    ErrorTexts texts;
    texts.codes["0300010000010007"] = "for every model";
    texts.codes["05008053"] = "of a print error";
    texts.by_model["0300010000010007"] = {{"H2D", "for the H2D"}, {"A1MINI", "for the A1 mini"}};
    texts.by_model["0300020000010001"] = {{"H2DPRO", "for the H2D Pro alone"}};
    return texts;
}

}  // namespace

TEST_CASE("error texts: a model's own sentence comes before the one for all") {
    const ErrorTexts texts = some_texts();
    CHECK(texts.find("0300010000010007", PrinterModel::h2d) == "for the H2D");
    CHECK(texts.find("0300010000010007", PrinterModel::a1_mini) == "for the A1 mini");
    CHECK(texts.find("0300010000010007", PrinterModel::p1s) == "for every model");
    CHECK(texts.find("0300010000010007", PrinterModel::unknown) == "for every model");
}

TEST_CASE("error texts: a sentence for one model is not shown for another") {
    const ErrorTexts texts = some_texts();
    CHECK(texts.find("0300020000010001", PrinterModel::h2d_pro) == "for the H2D Pro alone");
    CHECK(texts.find("0300020000010001", PrinterModel::h2d).empty());
    CHECK(texts.find("0300020000010001", PrinterModel::unknown).empty());
}

TEST_CASE(
    "error texts: every known model has a table name of letters and digits, different from the others") {
    ErrorTexts texts;
    for (const ModelInfo& info : all_models())
        texts.by_model["05008053"][text_table_name(info.key)] = std::string{info.name};
    CHECK(texts.by_model["05008053"].size() == all_models().size());
    for (const ModelInfo& info : all_models())
        CHECK(texts.find("05008053", info.model) == info.name);
    CHECK(text_table_name("A1 mini") == "A1MINI");
    CHECK(text_table_name("h2d-pro") == "H2DPRO");
}

TEST_CASE("error texts: a code without a sentence, and an empty table, give nothing") {
    CHECK(some_texts().find("0300010000010008", PrinterModel::h2d).empty());
    CHECK(some_texts().find("", PrinterModel::h2d).empty());
    CHECK(ErrorTexts{}.find("0300010000010007", PrinterModel::x1c).empty());
}

TEST_CASE("error texts: both kinds of key are found in any case") {
    CHECK(some_texts().find("05008053", PrinterModel::p1s) == "of a print error");
    ErrorTexts texts;
    texts.codes["0300400C"] = "x";
    CHECK(texts.find("0300400c", PrinterModel::p1s) == "x");
}

TEST_CASE("error texts: keys of explained codes fit the tables") {
    CHECK(some_texts().find(explain(HmsEntry{50331904, 65543}).key, PrinterModel::x1c) == "for every model");
    CHECK(some_texts().find(explain(HmsEntry{0x05000000, 0x8053}).key, PrinterModel::p2s) ==
          "of a print error");
}

TEST_CASE("error page: it is the vendor's query for a code of 8 or 16 digits, else the page to enter one") {
    CHECK(error_page("0300010000010007") == "https://e.bambulab.com/?e=0300010000010007");
    CHECK(error_page("0500400c") == "https://e.bambulab.com/?e=0500400C");
    for (const char* const wrong : {"", "0500-400C", "050040", "0500400G", "-500400C", "0500400C&x=1"}) {
        CAPTURE(wrong);
        CHECK(error_page(wrong) == "https://e.bambulab.com/");
    }
}
