#include "app/error_texts.hpp"

#include <fmt/format.h>

#include "base/platform.hpp"
#include "base/text.hpp"
#include "link/http_request.hpp"
#include "wire/error_texts_file.hpp"

namespace farmwall::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::string address_for(std::string pattern, const std::string& language) {
    constexpr std::string_view mark = "{lang}";
    for (auto at = pattern.find(mark); at != std::string::npos;
         at = pattern.find(mark, at + language.size())) {
        pattern.replace(at, mark.size(), language);
    }
    return pattern;
}

Result<wire::ErrorTextsRead> ask_service(const config::ErrorTextFiles& settings,
                                         const std::string& language) {
    link::HttpRequest request;
    request.url = Secret{address_for(settings.query_url.reveal(), language)};
    request.connect_timeout = 10s;
    request.silence = 10s;
    request.timeout = 120s;
    request.most_bytes = wire::most_error_text_bytes;
    const auto answer = link::http_request(request);
    const auto failed = [](ErrorKind kind, const std::string& why) {
        return Error{kind, fmt::format("The error texts could not be fetched: {}", why)};
    };
    if (!answer) return failed(answer.error().kind, answer.error().what);
    if (!answer.value().good()) return failed(ErrorKind::refused, link::status_words(answer.value().status));
    auto read = wire::read_error_texts_answer(answer.value().body, language);
    if (!read) return failed(read.error().kind, read.error().what);
    return read;
}

}  // namespace

fs::path fetched_error_texts(const fs::path& root, const std::string& language) {
    return root / "texts" / ("errors-" + to_lower(language) + ".json");
}

LoadedErrorTexts load_error_texts(const config::ErrorTextFiles& settings, const fs::path& root) {
    const bool own = !settings.file.empty();
    const fs::path file = own ? settings.file : fetched_error_texts(root, settings.language);
    auto read = wire::load_error_texts({file});
    if (read) return {std::make_shared<const ErrorTexts>(std::move(read).value().texts), {}};
    LoadedErrorTexts none{std::make_shared<const ErrorTexts>(), {}};
    if (!own && read.error().kind == ErrorKind::not_found) return none;
    none.warning = fmt::format("Error codes are shown without their texts. {}", read.error().text());
    if (!own) none.warning += fmt::format("; fetch them again with --fetch-hms {}", settings.language);
    return none;
}

Result<std::string> fetch_error_texts(const config::ErrorTextFiles& settings, const fs::path& root,
                                      const std::string& language) {
    const auto read = ask_service(settings, language);
    if (!read) return read.error();
    const fs::path file = fetched_error_texts(root, language);
    std::error_code problem;
    fs::create_directories(file.parent_path(), problem);
    if (problem) {
        return Error{ErrorKind::io, "The folder for the error texts cannot be made",
                     file.parent_path().string()};
    }
    const Status kept = platform::replace_file(file, wire::error_texts_json(read.value().texts), false);
    if (!kept) return kept.error();
    std::string done =
        fmt::format("Fetched {} error texts in '{}'", read.value().texts.codes.size(), language);
    if (read.value().skipped > 0)
        done += fmt::format(" ({} entries had no usable text)", read.value().skipped);
    return done + ": " + file.string();
}

}  // namespace farmwall::app
