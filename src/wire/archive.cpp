#include "wire/archive.hpp"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <numeric>
#include <optional>
#include <utility>

#include "base/text.hpp"

namespace farmwall::wire {

struct Archive::Handle {
    struct Discard {
        void operator()(zip_t* zip) const noexcept { zip_discard(zip); }
    };
    std::unique_ptr<zip_t, Discard> zip;
};

namespace {

constexpr std::size_t longest_name_bytes = 1024;
constexpr std::size_t chunk_bytes = std::size_t{64} * 1024;

Error bad(std::string what) { return Error{ErrorKind::bad_input, std::move(what)}; }

// For a sentence: short and fit for the screen.
std::string shown(std::string_view name) {
    constexpr std::size_t longest = 80;
    return printable(name.substr(0, longest)) + (name.size() > longest ? "…" : "");
}

std::string sentence(zip_error_t& problem) {
    const int code = zip_error_code_zip(&problem);
    std::string what = "The archive is damaged or cut off";
    if (code == ZIP_ER_NOZIP) what = "This is not a ZIP archive, or it is cut off";
    if (code == ZIP_ER_MEMORY) what = "The archive needs more memory than there is";
    zip_error_fini(&problem);
    return what;
}

// What is wrong with a member's name; nothing: it is a relative path inside the archive.
std::optional<std::string> wrong_name(std::string_view name) {
    const auto has_control = [](std::string_view text) {
        return std::ranges::any_of(text,
                                   [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    };
    if (name.empty()) return "has a member without a name";
    if (name.size() > longest_name_bytes) {
        return fmt::format("has a member with a name of more than {} bytes", longest_name_bytes);
    }
    if (has_control(name)) return fmt::format("has control characters in the name '{}'", shown(name));
    if (name.find('\\') != name.npos) return fmt::format("has a backslash in the name '{}'", shown(name));
    const bool drive = name.size() >= 2 && name[1] == ':';
    if (name.front() == '/' || drive) return fmt::format("has the absolute path '{}' in it", shown(name));
    for (std::string_view rest = name; !rest.empty();) {
        const auto end = rest.find('/');
        if (rest.substr(0, end) == "..") return fmt::format("has '..' in the path '{}'", shown(name));
        rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    }
    return std::nullopt;
}

// What is wrong with how a member is packed, by what the archive's directory claims.
std::optional<std::string> wrong_packing(const zip_stat_t& stat, std::uint64_t file_bytes,
                                         const ArchiveLimits& limits) {
    const std::string name = shown(stat.name);
    if (stat.encryption_method != ZIP_EM_NONE) return fmt::format("has the encrypted member '{}'", name);
    if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE) {
        return fmt::format("has '{}' packed by method {}; only Deflate and Stored are read", name,
                           stat.comp_method);
    }
    if (stat.comp_size > file_bytes) return fmt::format("is shorter than its member '{}'", name);
    if (stat.comp_method == ZIP_CM_STORE && stat.size != stat.comp_size) {
        return fmt::format("contradicts itself about the size of '{}'", name);
    }
    if (stat.size > limits.unpacked_bytes) {
        return fmt::format("claims {} bytes for '{}'; at most {} are allowed", stat.size, name,
                           limits.unpacked_bytes);
    }
    if (stat.size > limits.ratio_free_bytes && stat.size / limits.ratio > stat.comp_size) {
        return fmt::format("packs '{}' more than {}-fold, which no sliced file does", name, limits.ratio);
    }
    return std::nullopt;
}

constexpr zip_uint64_t wanted =
    ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;

// Bytes of a file, fewer at its end.
using ReadAt = std::function<std::string(std::uint64_t at, std::size_t count)>;

std::uint64_t little_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i > 0; --i)
        value = value << 8U | static_cast<unsigned char>(bytes[i - 1]);
    return value;
}

// libzip makes room for all members while it opens an archive, and only ZIP64 can claim more than 65535: the
// largest such claim at the end of the file, wherever libzip may find it. 0: none.
std::uint64_t claimed_members(const ReadAt& read_at, std::uint64_t file_bytes) {
    constexpr std::uint64_t longest_end = 66'000;  // comment, end record and ZIP64 locator
    constexpr std::string_view locator = "PK\x06\x07";
    constexpr std::size_t offset_at = 8;         // in the locator
    constexpr std::uint64_t here_count_at = 24;  // in the record that it points at; the total follows
    const std::string end =
        read_at(file_bytes - std::min(file_bytes, longest_end), static_cast<std::size_t>(longest_end));
    std::uint64_t most = 0;
    for (auto at = end.find(locator); at != end.npos; at = end.find(locator, at + 1)) {
        if (end.size() - at < offset_at + 8) break;
        const std::uint64_t record = little_endian(std::string_view{end}.substr(at + offset_at, 8));
        if (record > file_bytes) continue;
        const std::string counts = read_at(record + here_count_at, 16);
        if (counts.size() != 16) continue;
        most = std::max({most, little_endian(std::string_view{counts}.substr(0, 8)),
                         little_endian(std::string_view{counts}.substr(8))});
    }
    return most;
}

Error too_many(std::uint64_t count, const ArchiveLimits& limits) {
    return bad(fmt::format("The archive has {} members; at most {} are allowed", count, limits.members));
}

struct CloseMember {
    void operator()(zip_file_t* file) const noexcept { zip_fclose(file); }
};

}  // namespace

Archive::Archive() = default;
Archive::~Archive() = default;
Archive::Archive(Archive&&) noexcept = default;
Archive& Archive::operator=(Archive&&) noexcept = default;

Result<Archive> Archive::open(const std::filesystem::path& file, const ArchiveLimits& limits) {
    std::error_code problem;
    const auto status = std::filesystem::status(file, problem);
    if (!std::filesystem::exists(status)) return Error{ErrorKind::not_found, "There is no such file"};
    if (!std::filesystem::is_regular_file(status)) return Error{ErrorKind::io, "This is not a file"};
    const std::uintmax_t file_bytes = std::filesystem::file_size(file, problem);
    if (problem) return Error{ErrorKind::io, "The file cannot be read"};
    std::ifstream in{file, std::ios::binary};
    const auto read_at = [&](std::uint64_t at, std::size_t count) {
        std::string bytes(count, '\0');
        in.clear();
        in.seekg(static_cast<std::streamoff>(at));
        in.read(bytes.data(), static_cast<std::streamsize>(count));
        bytes.resize(static_cast<std::size_t>(in.gcount()));
        return bytes;
    };
    const std::uint64_t claimed = claimed_members(read_at, file_bytes);
    if (claimed > limits.members) return too_many(claimed, limits);
    const auto name = file.u8string();  // what libzip takes on every system
    int code = 0;
    auto handle = std::make_unique<Handle>();
    handle->zip.reset(zip_open(reinterpret_cast<const char*>(name.c_str()), ZIP_RDONLY, &code));
    if (!handle->zip) {
        if (code == ZIP_ER_OPEN || code == ZIP_ER_READ || code == ZIP_ER_SEEK) {
            return Error{ErrorKind::io, "The file cannot be read; check its permissions"};
        }
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        return bad(sentence(error));
    }
    return checked(std::move(handle), file_bytes, limits);
}

Result<Archive> Archive::open_bytes(std::string_view bytes, const ArchiveLimits& limits) {
    const auto read_at = [&](std::uint64_t at, std::size_t count) {
        return std::string{bytes.substr(std::min<std::uint64_t>(at, bytes.size()), count)};
    };
    const std::uint64_t claimed = claimed_members(read_at, bytes.size());
    if (claimed > limits.members) return too_many(claimed, limits);
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* const source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    if (source == nullptr) return bad(sentence(error));
    auto handle = std::make_unique<Handle>();
    handle->zip.reset(zip_open_from_source(source, ZIP_RDONLY, &error));
    if (!handle->zip) {
        zip_source_free(source);  // an archive that opened owns it
        return bad(sentence(error));
    }
    zip_error_fini(&error);
    return checked(std::move(handle), bytes.size(), limits);
}

Result<Archive> Archive::checked(std::unique_ptr<Handle> handle, std::uint64_t file_bytes,
                                 const ArchiveLimits& limits) {
    // libzip takes no bytes at all for an archive without members.
    if (file_bytes == 0) return bad("This is not a ZIP archive: it is empty");
    Archive archive;
    archive.handle_ = std::move(handle);
    if (const Status listed = archive.list(file_bytes, limits); !listed) return listed.error();
    return archive;
}

Status Archive::list(std::uint64_t file_bytes, const ArchiveLimits& limits) {
    zip_t* const zip = handle_->zip.get();
    const zip_int64_t count = zip_get_num_entries(zip, 0);
    if (count < 0) return bad("The archive is damaged or cut off");
    if (static_cast<std::uint64_t>(count) > limits.members) {
        return too_many(static_cast<std::uint64_t>(count), limits);
    }
    std::uint64_t unpacked = 0;
    std::uint64_t packed = 0;
    for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
        zip_stat_t stat;
        zip_stat_init(&stat);
        const bool known = zip_stat_index(zip, i, ZIP_FL_ENC_RAW, &stat) == 0;
        if (!known || (stat.valid & wanted) != wanted) return bad("The archive's list of members is damaged");
        auto problem = wrong_name(stat.name);
        if (!problem) problem = wrong_packing(stat, file_bytes, limits);
        if (problem) return bad("The archive " + *problem);
        unpacked += stat.size;
        packed += stat.comp_size;
        if (unpacked > limits.unpacked_bytes) {
            return bad(fmt::format("The archive unpacks to more than {} bytes", limits.unpacked_bytes));
        }
        // Members that share their packed bytes are how a small archive becomes a large one.
        if (packed > file_bytes) return bad("The archive's members overlap, or it is cut off");
        members_.push_back({stat.name, stat.size, stat.comp_size, i});
    }
    std::vector<std::size_t> order(members_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto named = [this](std::size_t place) -> const std::string& { return members_[place].name; };
    std::ranges::sort(order, {}, named);
    const auto twice = std::ranges::adjacent_find(order, {}, named);
    if (twice != order.end()) return bad(fmt::format("The archive has '{}' twice", shown(named(*twice))));
    by_name_ = std::move(order);
    return Done{};
}

const Archive::Member* Archive::find(std::string_view name) const {
    const auto named = [this](std::size_t place) { return std::string_view{members_[place].name}; };
    const auto found = std::ranges::lower_bound(by_name_, name, {}, named);
    return found == by_name_.end() || named(*found) != name ? nullptr : &members_[*found];
}

Result<std::string> Archive::read(const Member& member, std::size_t limit_bytes) const {
    if (member.bytes > limit_bytes) {
        return bad(fmt::format("'{}' has {} bytes; at most {} are allowed", shown(member.name), member.bytes,
                               limit_bytes));
    }
    std::string content;
    const Status done = stream(member, [&](std::string_view piece) { content += piece; });
    if (!done) return done.error();
    return content;
}

Status Archive::stream(const Member& member, FunctionRef<void(std::string_view)> take) const {
    const auto damaged = [&] {
        return bad(fmt::format("'{}' cannot be unpacked: the archive is damaged", shown(member.name)));
    };
    const std::unique_ptr<zip_file_t, CloseMember> file{zip_fopen_index(handle_->zip.get(), member.index, 0)};
    if (!file) return damaged();
    std::string buffer(chunk_bytes, '\0');
    std::uint64_t done = 0;
    while (true) {
        // The read after the last byte is the one that compares the checksum.
        const zip_int64_t got = zip_fread(file.get(), buffer.data(), buffer.size());
        if (got < 0) return damaged();
        if (got == 0) break;
        done += static_cast<std::uint64_t>(got);
        if (done > member.bytes) return damaged();
        take(std::string_view{buffer}.substr(0, static_cast<std::size_t>(got)));
    }
    if (done != member.bytes) return damaged();
    return Done{};
}

}  // namespace farmwall::wire
