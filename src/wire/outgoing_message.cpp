#include "wire/outgoing_message.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace farmwall::wire {

OutgoingMessage make_message(std::string_view family, std::string_view command,
                             const boost::json::object& fields, int quality_of_service,
                             const NextSequenceId& next_sequence_id) {
    OutgoingMessage message;
    message.sequence_id = next_sequence_id();
    message.family = family;
    message.command = command;
    message.quality_of_service = quality_of_service;
    boost::json::object body;
    body["sequence_id"] = std::to_string(message.sequence_id);
    body["command"] = command;
    for (const auto& field : fields)
        body[field.key()] = field.value();
    boost::json::object whole;
    whole[family] = std::move(body);
    message.payload = boost::json::serialize(whole);
    return message;
}

}  // namespace farmwall::wire
