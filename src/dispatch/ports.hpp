#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "fleet/intent_queue.hpp"
#include "model/action.hpp"
#include "model/command.hpp"
#include "model/gate.hpp"

// What the dispatcher asks of the links, and what they tell it. Declared here, implemented by link.
namespace farmwall::dispatch {

// What comes back of a command that was handed to a session. A command may be several messages: `messages`
// says how many, and each is answered for itself.
struct LinkEvent {
    enum class Kind {
        sent,      // all messages of the command went out
        not_sent,  // none did: `refusal` by the gate, or the session is not up, see `text`
        answered,  // one message came back
        foreign,   // another client's command was answered; `command` is 0, `text` its name on the wire
    };
    Kind kind = Kind::sent;
    std::size_t printer = 0;  // place in config order
    CommandId command = 0;
    int messages = 1;               // of `sent`
    bool failed = false;            // of `answered`
    bool unsigned_refused = false;  // of `answered`: the firmware wants signed commands (protocol 8.3)
    std::optional<Refusal> refusal;
    std::string text;  // for people: the printer's reason, or why it could not be sent
};

class PrinterLinks {
public:
    virtual ~PrinterLinks() = default;
    // Asks the gate with the session's own newest state, then sends. Never waits; what becomes of it comes
    // back as LinkEvents. `seen_job`: refused when the printer works on another job by then.
    virtual void send(std::size_t printer, CommandId command, const Action& action,
                      const std::optional<Position>& position,
                      const std::optional<JobIdentity>& seen_job) = 0;
    // A wish that is the session's own business: AskFullReport, ConnectNow, TrustCertificate.
    virtual void wish(std::size_t printer, const Wish& wish) = 0;
};

}  // namespace farmwall::dispatch
