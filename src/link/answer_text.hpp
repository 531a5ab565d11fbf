#pragma once

#include <string>

#include "wire/message.hpp"

namespace farmwall::link {

// Why the printer refused a command of ours, one sentence for people; empty when it did not.
[[nodiscard]] std::string answer_text(const wire::Echo& echo);

// Whether another client's command does something to the printer; questions do not (protocol 3.6).
[[nodiscard]] bool acts(const wire::Echo& echo);

}  // namespace farmwall::link
