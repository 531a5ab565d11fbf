#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace boost::json {
class object;
}  // namespace boost::json

namespace farmwall::wire {

// One message to device/SERIAL/request.
struct OutgoingMessage {
    std::uint32_t sequence_id = 0;
    std::string family;   // "print", "system", "camera": the name of the payload's one member
    std::string command;  // "gcode_line"; family, command and id come back in the printer's echo
    std::string payload;
    int quality_of_service = 0;
    bool surely_answered = true;  // some firmware does not echo it, without any harm (protocol 6.7)
};

// Gives a number that no earlier message had.
using NextSequenceId = std::function<std::uint32_t()>;

// The message with `fields` after its id and its command. Takes one number.
[[nodiscard]] OutgoingMessage make_message(std::string_view family, std::string_view command,
                                           const boost::json::object& fields, int quality_of_service,
                                           const NextSequenceId& next_sequence_id);

}  // namespace farmwall::wire
