#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "queue/job_files.hpp"

// Any bytes as queue.json: what is understood can be written and read again as it is, without complaints; and
// any bytes as the name of a file.

namespace {

using namespace farmwall;

void require(bool holds) {
    if (!holds) std::abort();
}

queue::SlicedCodec codec() {
    return {[](const SlicedFile& file) { return file.slicer; },
            [](std::string_view text) -> Result<SlicedFile> {
                if (text.empty()) return Error{ErrorKind::bad_input, "empty"};
                SlicedFile file;
                file.slicer = std::string{text};
                return file;
            }};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const std::string name = queue::safe_file_name(text);
    require(!name.empty() && name.size() <= 80 && name.front() != '.' && name == queue::safe_file_name(name));

    const auto first = queue::read_queue(text, codec());
    if (!first) {
        require(!first.error().what.empty() && is_valid_utf8(first.error().what));
        return 0;
    }
    for (const std::string& problem : first.value().problems)
        require(!problem.empty() && is_valid_utf8(problem));
    const std::string written = queue::queue_to_json(first.value().content, codec());
    const auto second = queue::read_queue(written, codec());
    require(second.ok() && second.value().problems.empty());
    require(second.value().content == first.value().content);
    return 0;
}
