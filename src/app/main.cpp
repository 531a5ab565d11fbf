#include <cstdio>
#include <variant>

#include "app/options.hpp"
#include "app/run.hpp"

int main(int argc, char** argv) {
    using namespace farmwall::app;
    const auto parsed = parse_command_line(argc, argv);
    if (const auto* exit = std::get_if<EarlyExit>(&parsed)) {
        std::fputs(exit->text.c_str(), exit->code == 0 ? stdout : stderr);
        return exit->code;
    }
    return run(std::get<Options>(parsed));
}
