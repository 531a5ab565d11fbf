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

bool names_printer(const Wish& wish) {
    return !std::holds_alternative<TestAlarmOutputs>(wish) && !std::holds_alternative<AddJob>(wish) &&
           !std::holds_alternative<OrderJob>(wish) && !std::holds_alternative<MoveJob>(wish) &&
           !std::holds_alternative<EditJob>(wish) && !std::holds_alternative<DispatchNow>(wish);
}

}  // namespace farmwall
