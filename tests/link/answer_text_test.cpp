#include "link/answer_text.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"

using namespace farmwall;
using namespace farmwall::link;

namespace {

wire::Echo echo(const std::string& result, const std::string& reason = {},
                std::optional<std::uint32_t> code = {}, std::optional<int> number = {}) {
    wire::Echo made;
    made.family = "print";
    made.command = "set_ctt";
    made.result = result;
    made.reason = reason;
    made.err_code = code;
    made.error_number = number;
    return made;
}

}  // namespace

TEST_CASE("answer text: an answer that is no refusal has none") {
    CHECK(answer_text(echo("success", "success")).empty());
    CHECK(answer_text(echo("", "", 0, 0)).empty());
    CHECK(answer_text(echo("")).empty());
}

TEST_CASE("answer text: one sentence of what the printer gave as its reason") {
    CHECK(answer_text(echo("fail")) == "The printer refused it.");
    CHECK(answer_text(echo("failed", "failed")) == "The printer refused it.");
    CHECK(answer_text(echo("fail", " no such tray. ")) == "The printer refused it: no such tray.");
    CHECK(answer_text(echo("fail", "busy", 0x05004004)) == "The printer refused it: busy (0500-4004).");
    CHECK(answer_text(echo("", "", 0x05004004)) == "The printer refused it (0500-4004).");
    CHECK(answer_text(echo("fail", "", {}, -9)) == "The printer refused it (error -9).");
}

TEST_CASE("answer text: the numbers of the chamber and of a filament change are said in words") {
    CHECK(answer_text(echo("fail", "", {}, -2)).find("chamber") != std::string::npos);
    CHECK(answer_text(echo("fail", "", {}, -4)).find("40 °C") != std::string::npos);
    wire::Echo change = echo("fail", "", {}, -4);
    change.command = "ams_change_filament";
    CHECK(answer_text(change).find("AMS is too hot") != std::string::npos);
    change.command = "gcode_line";
    CHECK(answer_text(change) == "The printer refused it (error -4).");
}

TEST_CASE("answer text: an unsigned command says which switches to set") {
    const std::string text = answer_text(echo("failed", "mqtt message verify failed", 0x05024007));
    CHECK(text.find("LAN Only Mode") != std::string::npos);
    CHECK(text.find("Developer Mode") != std::string::npos);
}

TEST_CASE("answer text: a reason from outside is bounded, valid and without control characters") {
    CHECK(answer_text(echo("fail", "a\n\x1b[31mb")) == "The printer refused it: a??[31mb.");
    const std::string text =
        answer_text(echo("fail", std::string(159, 'x') + "\xC3\xA9" + std::string(9999, 'y')));
    CHECK(text.size() < 200);
    CHECK(is_valid_utf8(text));
}
