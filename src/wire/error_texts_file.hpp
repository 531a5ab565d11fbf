#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/error_texts.hpp"

namespace farmwall::wire {

// Tables of error texts as JSON: {"meta":{"language":"en"},"codes":{KEY:TEXT},"by_model":{KEY:{MODEL:TEXT}},
// "supplement":{KEY:TEXT}}, every part of which may be absent. Texts of `supplement` count only where no
// file has one in `codes`.

inline constexpr std::size_t most_error_text_bytes = std::size_t{16} << 20U;  // of one file or answer

struct ErrorTextsRead {
    ErrorTexts texts;
    std::size_t skipped = 0;  // entries with a wrong key or text
};

// Collects the tables of several files; a later file's text for a code replaces an earlier one's.
class ErrorTextsReader {
public:
    // A document that is wrong as a whole changes nothing. Error (bad_input): what is wrong, one sentence.
    [[nodiscard]] Status add(std::string_view json);
    [[nodiscard]] ErrorTextsRead take() &&;

private:
    ErrorTextsRead read_;
    std::map<std::string, std::string, std::less<>> supplement_;
};

// Reads all the files. Errors: those of read_file and of add, and that there is no text at all, with the file
// as subject. Blocks on the disk.
[[nodiscard]] Result<ErrorTextsRead> load_error_texts(const std::vector<std::filesystem::path>& files);

// The same shape, compact.
[[nodiscard]] std::string error_texts_json(const ErrorTexts& texts);

// The answer of the vendor's query service:
// {"result":0,"data":{"device_hms":{"en":[{"ecode":KEY,"intro":TEXT}]},"device_error":{"en":[...]}}}
// Of several entries for one code the first counts. Errors: bad_input (no such answer), refused (it says no),
// not_found (nothing in this language; says which there are).
[[nodiscard]] Result<ErrorTextsRead> read_error_texts_answer(std::string_view json,
                                                             std::string_view language);

}  // namespace farmwall::wire
