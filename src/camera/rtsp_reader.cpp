#include "camera/rtsp_reader.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace farmwall::camera {

namespace {

constexpr std::size_t frame_header = 4;

bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool is_line_end(char c) { return c == '\r' || c == '\n'; }

// Of a frame with its header; 4 while that is not complete.
std::size_t frame_size(std::string_view bytes) {
    if (bytes.size() < frame_header) return frame_header;
    return frame_header + static_cast<std::uint8_t>(bytes[2]) * 256UL + static_cast<std::uint8_t>(bytes[3]);
}

// Of a message's head with the empty line behind it; nothing: its end has not come.
std::optional<std::size_t> head_size(std::string_view bytes) {
    for (std::size_t at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
        const std::string_view behind = bytes.substr(at + 1);
        if (behind.starts_with('\n')) return at + 2;
        if (behind.starts_with("\r\n")) return at + 3;
    }
    return std::nullopt;
}

bool read_start(std::string_view line, RtspMessage& message) {
    constexpr std::string_view version = "RTSP/1.";
    if (line.starts_with(version)) {
        const std::size_t space = line.find(' ');
        if (space == std::string_view::npos) return false;
        const auto status = parse_int(line.substr(space + 1, 3));
        const std::string_view behind = line.substr(std::min(space + 4, line.size()));
        if (!status || *status < 100 || !(behind.empty() || behind.starts_with(' '))) return false;
        message.status = static_cast<int>(*status);
        return true;
    }
    const std::size_t method_end = line.find(' ');
    const std::size_t version_at = line.rfind(' ');
    if (method_end == std::string_view::npos || method_end == version_at) return false;
    message.method = line.substr(0, method_end);
    return line.substr(version_at + 1).starts_with(version);
}

std::optional<RtspMessage> read_head(std::string_view head) {
    RtspMessage message;
    bool first = true;
    while (!head.empty()) {
        const std::size_t end = std::min(head.find('\n'), head.size() - 1);
        std::string_view line = head.substr(0, end);
        head.remove_prefix(end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (first) {
            first = false;
            if (!read_start(line, message)) return std::nullopt;
        } else if (!line.empty() && (line[0] == ' ' || line[0] == '\t')) {
            // A line that goes on.
            if (!message.headers.empty()) message.headers.back().second.append(" ").append(trim(line));
        } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
            message.headers.emplace_back(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
        }
    }
    return message;
}

// Nothing: not a length that is allowed.
std::optional<std::size_t> body_size(const RtspMessage& message) {
    const std::string_view text = message.header("Content-Length");
    if (text.empty()) return 0;
    const auto length = parse_int(text);
    if (!length || *length < 0 || *length > static_cast<std::int64_t>(RtspReader::most_body_bytes)) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(*length);
}

}  // namespace

std::string_view RtspMessage::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (iequals(key, name)) return value;
    }
    return {};
}

bool RtspReader::read(std::string_view bytes, Sink& sink) {
    while (!wrong_ && !bytes.empty()) {
        if (rest_.empty()) {
            const std::size_t used = read_unit(bytes, sink);
            if (used == 0 && !wrong_) rest_ = bytes;
            if (used == 0) return !wrong_;
            bytes.remove_prefix(used);
        } else {
            const std::size_t size = std::min(wanted(bytes), bytes.size());
            rest_ += bytes.substr(0, size);
            bytes.remove_prefix(size);
            if (read_unit(rest_, sink) != 0) rest_.clear();
        }
    }
    return !wrong_;
}

// Of the bytes behind `rest_`: at most what its unit still lacks, so that none of the next is taken.
std::size_t RtspReader::wanted(std::string_view bytes) const {
    if (rest_[0] == '$') return frame_size(rest_) - rest_.size();
    if (const auto head = head_size(rest_)) {
        const auto message = read_head(std::string_view{rest_}.substr(0, *head));
        const auto body = message ? body_size(*message) : std::nullopt;
        return body ? *head + *body - rest_.size() : 1;
    }
    const std::size_t line = bytes.find('\n');
    return line == std::string_view::npos ? bytes.size() : line + 1;
}

// The bytes used; 0: incomplete, or wrong.
std::size_t RtspReader::read_unit(std::string_view bytes, Sink& sink) {
    if (bytes[0] == '$') {
        const std::size_t size = frame_size(bytes);
        if (bytes.size() < frame_header || bytes.size() < size) return 0;
        sink.rtsp_frame(static_cast<std::uint8_t>(bytes[1]), bytes.substr(frame_header, size - frame_header));
        return size;
    }
    if (is_line_end(bytes[0])) {
        std::size_t size = 1;
        while (size < bytes.size() && is_line_end(bytes[size]))
            ++size;
        return size;
    }
    if (!is_letter(bytes[0])) {
        wrong_ = true;
        return 0;
    }
    return read_message(bytes, sink);
}

std::size_t RtspReader::read_message(std::string_view bytes, Sink& sink) {
    const auto head = head_size(bytes);
    const std::size_t so_far = head.value_or(bytes.size());
    if (so_far > most_header_bytes || bytes.substr(0, so_far).find('\0') != std::string_view::npos)
        wrong_ = true;
    if (!head || wrong_) return 0;
    auto message = read_head(bytes.substr(0, *head));
    const auto body = message ? body_size(*message) : std::nullopt;
    if (!body) {
        wrong_ = true;
        return 0;
    }
    if (bytes.size() < *head + *body) return 0;
    message->body = bytes.substr(*head, *body);
    sink.rtsp_message(*message);
    return *head + *body;
}

}  // namespace farmwall::camera
