#include "fleet/intent_queue.hpp"

namespace farmwall {

std::string_view name(JobOrder order) {
    switch (order) {
        case JobOrder::cancel:
            return "cancel";
        case JobOrder::complete:
            return "complete";
        case JobOrder::remove:
            return "remove";
        case JobOrder::retry:
            return "retry";
        case JobOrder::hold:
            return "hold";
        case JobOrder::release:
            return "release";
        case JobOrder::again:
            return "again";
    }
    return "";
}

}  // namespace farmwall
