#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "model/firmware.hpp"
#include "model/report.hpp"

namespace farmwall::wire {

// The longest message and the deepest nesting that are read at all (protocol 3.4).
inline constexpr std::size_t max_message_bytes = std::size_t{256} * 1024;
inline constexpr int max_message_depth = 32;

// The answer to a get_version (protocol 4.11).
struct VersionAnswer {
    std::string sequence_id;
    std::vector<FirmwareModule> modules;
};

// A command that came back, ours or another client's (protocol 3.6). Never merged into the state.
struct Echo {
    std::string family;  // "print", "system", "info", "camera", "xcam", "upgrade", "pushing"
    std::string command;
    std::string sequence_id;
    std::string result;  // lower case; empty: not sent
    std::string reason;
    std::optional<std::uint32_t> err_code;
    std::optional<int> error_number;  // errno
    // `result` begins with "fail", or err_code is not 0, or errno is negative.
    [[nodiscard]] bool failed() const;
    // The firmware wants signed commands: Developer Mode is off (protocol 8.3).
    [[nodiscard]] bool wants_signature() const;
};

// JSON that is none of our business, such as mc_print's log lines.
struct Ignored {};

using Message = std::variant<Ignored, ReportDelta, VersionAnswer, Echo>;

// Turns payloads of device/SERIAL/report into messages. Keeps its buffers: one object a thread.
class MessageParser {
public:
    MessageParser();
    ~MessageParser();
    MessageParser(MessageParser&&) noexcept;
    MessageParser& operator=(MessageParser&&) noexcept;

    // Errors (bad_input): not JSON, not an object, too long, too deep. A wrong field loses that
    // field only, and is counted in the delta. Invalid UTF-8 inside texts is replaced.
    [[nodiscard]] Result<Message> parse(std::string_view payload);

private:
    struct Buffers;
    std::unique_ptr<Buffers> buffers_;
};

}  // namespace farmwall::wire
