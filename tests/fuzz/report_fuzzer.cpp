#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <variant>

#include "model/report.hpp"
#include "wire/message.hpp"

// Any bytes may come from a printer: the parser neither crashes nor changes anything by a message
// that it refuses, and merging the same report twice is merging it once.

namespace {

using namespace farmwall;

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static wire::MessageParser parser;
    static Report state;
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    auto result = parser.parse(text);
    if (!result.ok()) return 0;
    if (auto* echo = std::get_if<wire::Echo>(&result.value())) {
        require(echo->failed() || !echo->wants_signature());
        return 0;
    }
    auto* const delta = std::get_if<ReportDelta>(&result.value());
    if (delta == nullptr) return 0;
    require(!delta->said.percent || (*delta->said.percent >= 0 && *delta->said.percent <= 100));
    require(!delta->said.layer || *delta->said.layer >= 0);
    require(delta->lost_fields >= 0);
    state = merge(std::move(state), *delta);
    const Report again = merge(state, *delta);
    require(again == state);
    require(merge(state, std::move(*delta)) == state);
    // The state grows with what the fuzzer finds; start again before that slows it down.
    if (state.ams && state.ams->size() > 64) state = Report{};
    return 0;
}
