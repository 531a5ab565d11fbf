#include "app/input_lines.hpp"

#include <utility>

namespace farmwall::app {
namespace {

constexpr int look_ms = 250;
constexpr std::size_t longest_line = std::size_t{64} * 1024;

}  // namespace

std::optional<std::string> InputLines::take_line() {
    const auto end = waiting_.find('\n');
    if (end == std::string::npos) {
        const bool all = ended_ || waiting_.size() >= longest_line;
        return all && !waiting_.empty() ? std::optional{std::exchange(waiting_, {})} : std::nullopt;
    }
    std::string line = waiting_.substr(0, end);
    waiting_.erase(0, end + 1);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
}

std::optional<std::string> InputLines::next(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        if (auto line = take_line()) return line;
        if (ended_) return std::nullopt;
        ended_ = !read_some(look_ms);
    }
    return std::nullopt;
}

}  // namespace farmwall::app
