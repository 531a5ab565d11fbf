#pragma once

#include <map>
#include <string>
#include <string_view>

#include "model/errors.hpp"
#include "model/printer_model.hpp"

namespace farmwall {

// The vendor's sentences for HMS and print error codes (protocol 5.3), as the user fetched them; empty
// without a file. Keys are 16 upper-case hex digits (HMS) or 8 (print_error).
struct ErrorTexts {
    std::map<std::string, std::string, std::less<>> codes;
    // Model-specific ones come first: key, then the model as text_table_name() has it ("H2D", "A1MINI").
    std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> by_model;
    std::string language;  // "en"

    // Empty: no text is known. The key in any case.
    [[nodiscard]] std::string_view find(std::string_view key, PrinterModel model) const;
    friend bool operator==(const ErrorTexts&, const ErrorTexts&) = default;
};

// How the tables call a model: its name in upper case, without blanks and dashes.
[[nodiscard]] std::string text_table_name(std::string_view model);

// The vendor's page for a code, 8 or 16 hex digits: it knows every code (protocol 5.3). For anything else the
// page where a person can enter one.
[[nodiscard]] std::string error_page(std::string_view key);

}  // namespace farmwall
