#pragma once

#include <string>
#include <utility>

namespace farmwall {

// An access code or password. It has no operator<<, no formatter and no JSON form, so that it
// cannot slip into a log, an answer or a file name; whoever needs the text says `reveal()`.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : text_{std::move(text)} {}

    [[nodiscard]] const std::string& reveal() const noexcept { return text_; }
    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
    friend bool operator==(const Secret&, const Secret&) = default;

private:
    std::string text_;
};

}  // namespace farmwall
