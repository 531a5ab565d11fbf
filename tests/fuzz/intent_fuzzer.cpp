#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fleet/intent_json.hpp"

// Lines as a script may send them: understood or refused, never more.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    static_cast<void>(farmwall::intent_from_json(text, farmwall::Origin::script));
    return 0;
}
