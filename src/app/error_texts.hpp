#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "config/config.hpp"
#include "model/error_texts.hpp"

namespace farmwall::app {

// Where --fetch-hms keeps a language: <root>/texts/errors-en.json.
[[nodiscard]] std::filesystem::path fetched_error_texts(const std::filesystem::path& root,
                                                        const std::string& language);

struct LoadedErrorTexts {
    std::shared_ptr<const ErrorTexts> texts;  // never null
    std::string warning;                      // a sentence for people; empty: nothing is wrong
};
// What the config names, else what was fetched in its language; nothing at all is fine where nothing was ever
// fetched or named. Blocks on the disk.
[[nodiscard]] LoadedErrorTexts load_error_texts(const config::ErrorTextFiles& settings,
                                                const std::filesystem::path& root);

// Fetches the vendor's tables in this language and keeps them under the root, in place of older ones. The
// value is a sentence about what was done; on an error everything is as it was. Blocks on the network and the
// disk.
[[nodiscard]] Result<std::string> fetch_error_texts(const config::ErrorTextFiles& settings,
                                                    const std::filesystem::path& root,
                                                    const std::string& language);

}  // namespace farmwall::app
