// Writes numbered rows of every kind into the history FILE, beginning after FIRST, and prints the number of
// the newest after each flush: what is printed has to be in the file, however the program ends.
//
//     history-writer FILE FIRST

#include <fmt/format.h>

#include <cstdio>

#include "base/text.hpp"
#include "queue/history.hpp"

using namespace farmwall;
using namespace std::chrono_literals;

namespace {

constexpr WallTime start{480'000h};

void add_numbered(queue::History& history, int number) {
    const PrinterId printer{fmt::format("p{}", number % 7)};
    const WallTime at = start + std::chrono::seconds{number};
    const std::string text = fmt::format("number {}", number);
    history.add(Event{at, printer, EventKind::print_started, text});

    CommandStatus command;
    command.id = static_cast<CommandId>(number);
    command.printer = printer;
    command.action = Pause{};
    command.reason = text;
    command.asked = at;
    history.add(command);
    command.phase = Phase::confirmed;
    history.add(command);

    AlarmRecord alarm;
    alarm.key = {printer, AlarmKind::runout};
    alarm.text = text;
    alarm.when = at;
    history.add(alarm);

    queue::PrintRecord print;
    print.printer = printer;
    print.name = text;
    print.started = at;
    history.add(print);
    print.ended = at + 1s;
    print.outcome = JobOutcome::completed;
    history.add(print);

    queue::HistorySample sample;
    sample.at = at;
    sample.percent = number;
    history.add(printer, sample);
}

}  // namespace

int main(int count, char** arguments) {
    const auto first = count == 3 ? parse_int(arguments[2]) : std::nullopt;
    if (!first) {
        fmt::print(stderr, "history-writer FILE FIRST\n");
        return 2;
    }
    queue::History::Settings settings;
    settings.file = arguments[1];
    settings.now = [] { return start; };
    auto opened = queue::History::open(std::move(settings));
    if (!opened) {
        fmt::print(stderr, "{}\n", opened.error().text());
        return 1;
    }
    queue::History& history = *opened.value();
    for (int number = static_cast<int>(*first) + 1;;) {
        if (const std::string problem = history.problem(); !problem.empty()) {
            fmt::print(stderr, "{}\n", problem);
            return 1;
        }
        for (const int end = number + 5; number < end; ++number)
            add_numbered(history, number);
        history.flush();
        fmt::print("{}\n", number - 1);
        std::fflush(stdout);
    }
}
