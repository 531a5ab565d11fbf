#include "app/error_texts.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "temporary_folder.hpp"

using namespace farmwall;
using namespace farmwall::app;

namespace {

void write(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << text;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

const std::string good_file = R"({"codes":{"0500400C":"No card."}})";

}  // namespace

TEST_CASE("error texts: where nothing was fetched or named there are none, without a word") {
    const TemporaryFolder root;
    const LoadedErrorTexts loaded = load_error_texts({}, root.path());
    REQUIRE(loaded.texts);
    CHECK(loaded.texts->codes.empty());
    CHECK(loaded.warning.empty());
}

TEST_CASE("error texts: those fetched in the language of the config are loaded") {
    const TemporaryFolder root;
    write(fetched_error_texts(root.path(), "de"), good_file);
    config::ErrorTextFiles settings;
    CHECK(load_error_texts(settings, root.path()).texts->codes.empty());
    settings.language = "DE";
    CHECK(load_error_texts(settings, root.path()).texts->codes.size() == 1);
    CHECK(fetched_error_texts("r", "DE") == std::filesystem::path{"r"} / "texts" / "errors-de.json");
}

TEST_CASE("error texts: a file of the user's own comes instead of the fetched one") {
    const TemporaryFolder root;
    write(fetched_error_texts(root.path(), "en"), good_file);
    config::ErrorTextFiles settings;
    settings.file = root.path() / "own.json";
    write(settings.file, R"({"codes":{"05004003":"a","05004004":"b"}})");
    CHECK(load_error_texts(settings, root.path()).texts->codes.size() == 2);
}

TEST_CASE("error texts: broken ones are warned about and none are used") {
    const TemporaryFolder root;
    write(fetched_error_texts(root.path(), "en"), "{");
    const LoadedErrorTexts broken = load_error_texts({}, root.path());
    CHECK(broken.texts->codes.empty());
    CHECK(contains(broken.warning, "errors-en.json"));
    CHECK(contains(broken.warning, "--fetch-hms en"));

    config::ErrorTextFiles settings;
    settings.file = root.path() / "none.json";
    const LoadedErrorTexts missing = load_error_texts(settings, root.path());
    CHECK(missing.texts->codes.empty());
    CHECK(contains(missing.warning, "none.json"));
}
