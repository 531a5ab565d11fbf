#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"
#include "queue/sqlite.hpp"

namespace farmwall::queue {

// Nobody else works on this file while this lives; ends with the process, however it ends.
class ProgramLock {
public:
    // Makes the file's folder and "<name>-lock" beside the file. `what` is what people call it: "history".
    // Errors: unavailable (another program holds it), io.
    [[nodiscard]] Status take(const std::filesystem::path& file, std::string_view what);

private:
    sqlite::Database held_;  // an empty database beside the file, with a transaction that never ends
};

}  // namespace farmwall::queue
