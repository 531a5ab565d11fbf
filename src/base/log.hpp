#pragma once

#include <string_view>

namespace farmwall::log {

enum class Level { debug, info, warning, error };

// Lines go to standard error as "time level component: message"; bytes that are not printable
// text are replaced, so a printer cannot forge a line. Any thread. Callers never pass a secret.
void write(Level level, std::string_view component, std::string_view message);

inline void debug(std::string_view component, std::string_view message) {
    write(Level::debug, component, message);
}
inline void info(std::string_view component, std::string_view message) {
    write(Level::info, component, message);
}
inline void warning(std::string_view component, std::string_view message) {
    write(Level::warning, component, message);
}
inline void error(std::string_view component, std::string_view message) {
    write(Level::error, component, message);
}

// The least level that is written; info until set.
void set_level(Level level);

}  // namespace farmwall::log
