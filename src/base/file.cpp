#include "base/file.hpp"

#include <fstream>

namespace farmwall {

Result<std::string> read_file(const std::filesystem::path& file, std::size_t limit_bytes) {
    std::error_code problem;
    const auto status = std::filesystem::status(file, problem);
    if (!std::filesystem::exists(status)) {
        return Error{ErrorKind::not_found, "There is no such file", file.string()};
    }
    if (std::filesystem::is_directory(status)) {
        return Error{ErrorKind::io, "This is a folder, not a file", file.string()};
    }
    std::ifstream in{file, std::ios::binary};
    if (!in) return Error{ErrorKind::io, "The file cannot be read; check its permissions", file.string()};
    std::string content;
    constexpr std::size_t chunk = std::size_t{64} * 1024;
    while (in) {
        const std::size_t used = content.size();
        content.resize(used + chunk);
        in.read(content.data() + used, chunk);
        content.resize(used + static_cast<std::size_t>(in.gcount()));
        if (content.size() > limit_bytes) {
            return Error{ErrorKind::bad_input,
                         "The file is longer than " + std::to_string(limit_bytes) + " bytes", file.string()};
        }
    }
    if (in.bad()) return Error{ErrorKind::io, "The file cannot be read to its end", file.string()};
    return content;
}

}  // namespace farmwall
