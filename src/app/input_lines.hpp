#pragma once

#include <optional>
#include <stop_token>
#include <string>

namespace farmwall::app {

// Lines of standard input, read without getting stuck in it.
class InputLines {
public:
    // Waits for the next line, without its end. Nothing: the input ended, or a stop was asked for, which is
    // noticed within a quarter of a second. A line beyond 64 KiB is cut off.
    [[nodiscard]] std::optional<std::string> next(const std::stop_token& stop);

private:
    [[nodiscard]] std::optional<std::string> take_line();
    // Appends what can be read now, after at most `limit_ms`. False: the input ended.
    bool read_some(int limit_ms);

    std::string waiting_;
    bool ended_ = false;
};

}  // namespace farmwall::app
