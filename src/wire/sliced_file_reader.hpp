#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/sliced_file.hpp"

namespace farmwall::wire {

// What a sliced file says of itself (protocol 11). `file_name` is the name that a person gave it; its ending
// decides what is read. The whole file is read once or twice: blocks on the disk, any thread.
// Errors: unsupported: a model or a project without G-code, which can be sliced; not_found, io: of the file;
// bad_input: everything else, in one sentence, with the name as subject.
// `outside` of a plate and an unknown model are values of the result, not errors.
[[nodiscard]] Result<SlicedFile> inspect_sliced(const std::filesystem::path& file,
                                                std::string_view file_name);
// The same from memory.
[[nodiscard]] Result<SlicedFile> inspect_sliced_bytes(std::string_view bytes, std::string_view file_name);

// The large picture of a plate as PNG, at most 8 MiB. Errors: not_found when there is none; those of an
// archive. Blocks on the disk, any thread.
[[nodiscard]] Result<std::string> read_thumbnail(const std::filesystem::path& file, int plate);

// Puts the small pictures into what was inspected before, as far as the file still has them. Blocks on the
// disk.
void read_small_pictures(const std::filesystem::path& file, SlicedFile& inspected);

}  // namespace farmwall::wire
