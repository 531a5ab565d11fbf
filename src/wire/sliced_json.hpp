#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/sliced_file.hpp"

namespace farmwall::wire {

// An inspection as indented JSON; null is "not said". Of its pictures only the sizes.
[[nodiscard]] std::string sliced_to_json(const SlicedFile& file);

// What sliced_to_json wrote: the same value again without pictures. Unknown members are ignored. Errors
// (bad_input): not such a text, and which member is wrong.
[[nodiscard]] Result<SlicedFile> sliced_from_json(std::string_view text);

}  // namespace farmwall::wire
