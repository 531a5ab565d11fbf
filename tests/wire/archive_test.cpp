#include "wire/archive.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "temporary_folder.hpp"
#include "wire/sliced_builder.hpp"

namespace farmwall::wire {
namespace {

using testing::ZipBuilder;

// The sentence with which the archive is refused; empty: it is not.
std::string refusal(const std::string& bytes, const ArchiveLimits& limits = {}) {
    const auto archive = Archive::open_bytes(bytes, limits);
    if (archive) return {};
    CHECK(archive.error().kind == ErrorKind::bad_input);
    return archive.error().what;
}

// The bytes with every `from` replaced by a `to` of the same length.
std::string replaced(std::string bytes, std::string_view from, std::string_view to) {
    REQUIRE(from.size() == to.size());
    for (auto at = bytes.find(from); at != bytes.npos; at = bytes.find(from, at + to.size()))
        bytes.replace(at, from.size(), to);
    return bytes;
}

// The central directory's entry of the first member.
std::size_t directory_of(const std::string& bytes) { return bytes.find("PK\x01\x02"); }

void put32(std::string& bytes, std::size_t at, std::uint32_t value) {
    for (unsigned i = 0; i < 4; ++i)
        bytes[at + i] = static_cast<char>(value >> (8U * i) & 0xFFU);
}

constexpr std::size_t packed_at = 20;  // in an entry of the directory
constexpr std::size_t unpacked_at = 24;

bool says(const std::string& sentence, std::string_view part) { return sentence.find(part) != sentence.npos; }

TEST_CASE("archive: members are listed in their order and read, deflated or stored") {
    for (const bool stored : {false, true}) {
        ZipBuilder zip;
        zip.stored(stored).set("b/two", std::string(200'000, 'x')).set("a", "one").set("empty", "");
        const std::string bytes = zip.bytes();
        const auto archive = Archive::open_bytes(bytes);
        REQUIRE(archive.ok());
        REQUIRE(archive.value().members().size() == 3);
        CHECK(archive.value().members()[0].name == "b/two");
        CHECK(archive.value().members()[0].bytes == 200'000);
        const auto* one = archive.value().find("a");
        REQUIRE(one != nullptr);
        CHECK(archive.value().read(*one, 3).value() == "one");
        CHECK(archive.value().read(*archive.value().find("empty"), 0).value().empty());
        std::string streamed;
        const auto collect = [&](std::string_view piece) { streamed += piece; };
        CHECK(archive.value().stream(archive.value().members()[0], collect).ok());
        CHECK(streamed == std::string(200'000, 'x'));
        CHECK(archive.value().find("A") == nullptr);
        CHECK(archive.value().find("b") == nullptr);
    }
}

TEST_CASE("archive: a member longer than the caller's limit is not read") {
    const std::string bytes = ZipBuilder{}.set("a", "four").bytes();
    const auto archive = Archive::open_bytes(bytes);
    REQUIRE(archive.ok());
    const auto content = archive.value().read(archive.value().members()[0], 3);
    REQUIRE_FALSE(content.ok());
    CHECK(content.error().what == "'a' has 4 bytes; at most 3 are allowed");
}

TEST_CASE("archive: a file is opened, and what is none is said") {
    const TemporaryFolder folder;
    ZipBuilder{}.set("a", "one").write(folder.path() / "ü.zip");
    CHECK(Archive::open(folder.path() / "ü.zip").ok());
    const auto missing = Archive::open(folder.path() / "none.zip");
    REQUIRE_FALSE(missing.ok());
    CHECK(missing.error().kind == ErrorKind::not_found);
    const auto directory = Archive::open(folder.path());
    REQUIRE_FALSE(directory.ok());
    CHECK(directory.error().kind == ErrorKind::io);
}

TEST_CASE("archive: a name that leads out of the archive is refused") {
    const auto with = [](std::string_view name) {
        const std::string plain(name.size(), 'q');
        return refusal(replaced(ZipBuilder{}.set(plain, "x").bytes(), plain, name));
    };
    CHECK(with("../etc/passwd") == "The archive has '..' in the path '../etc/passwd'");
    CHECK(says(with("Metadata/../../x"), "'..'"));
    CHECK(says(with("Metadata/.."), "'..'"));
    CHECK(with("/etc/passwd") == "The archive has the absolute path '/etc/passwd' in it");
    CHECK(says(with("C:/windows"), "absolute path"));
    CHECK(says(with("..\\up"), "backslash"));
    CHECK(says(with("a\nbcdef"), "control characters"));
    CHECK(says(with("a\x1B[2Jbcd"), "control characters"));
    CHECK(says(with(std::string(1100, 'n')), "more than 1024 bytes"));
    CHECK(with("..a/b../c..d/....") == "");
}

TEST_CASE("archive: two members of one name are refused") {
    const std::string bytes = ZipBuilder{}.set("Metadata/a", "x").set("Metadata/b", "y").bytes();
    CHECK(refusal(replaced(bytes, "Metadata/b", "Metadata/a")) == "The archive has 'Metadata/a' twice");
}

TEST_CASE("archive: more members than allowed are refused") {
    ZipBuilder zip;
    for (int i = 0; i < 5; ++i)
        zip.set("member" + std::to_string(i), "x");
    ArchiveLimits limits;
    limits.members = 4;
    CHECK(refusal(zip.bytes(), limits) == "The archive has 5 members; at most 4 are allowed");
    limits.members = 5;
    CHECK(refusal(zip.bytes(), limits).empty());
}

TEST_CASE("archive: a ZIP64 record that claims millions of members is refused before room is made for them") {
    std::string bytes = ZipBuilder{}.set("a", "x").bytes();
    const std::size_t end = bytes.find("PK\x05\x06");
    std::string record(56, '\0');
    record.replace(0, 4, "PK\x06\x06");
    put32(record, 24, 400'000'000);
    put32(record, 32, 400'000'000);
    std::string locator(20, '\0');
    locator.replace(0, 4, "PK\x06\x07");
    put32(locator, 8, static_cast<std::uint32_t>(end));
    bytes.insert(end, record + locator);
    CHECK(refusal(bytes) == "The archive has 400000000 members; at most 10000 are allowed");
    const TemporaryFolder folder;
    std::ofstream{folder.path() / "a.zip", std::ios::binary} << bytes;
    const auto opened = Archive::open(folder.path() / "a.zip");
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().what == refusal(bytes));
}

TEST_CASE("archive: a member that unpacks to far more than it is packed is refused") {
    const std::string bomb = ZipBuilder{}.set("zeros", std::string(4'000'000, '\0')).bytes();
    CHECK(refusal(bomb) == "The archive packs 'zeros' more than 200-fold, which no sliced file does");
    CHECK(refusal(ZipBuilder{}.set("zeros", std::string(1'000'000, '\0')).bytes()).empty());
}

TEST_CASE("archive: what all members unpack to together is bounded") {
    ArchiveLimits limits;
    limits.unpacked_bytes = 5;
    const std::string bytes = ZipBuilder{}.set("a", "three").set("b", "x").bytes();
    CHECK(refusal(bytes, limits) == "The archive unpacks to more than 5 bytes");
    limits.unpacked_bytes = 6;
    CHECK(refusal(bytes, limits).empty());
}

TEST_CASE("archive: a header that claims 4 GB is refused before anything is unpacked") {
    std::string bytes = ZipBuilder{}.set("a", std::string(500, 'a')).bytes();
    put32(bytes, directory_of(bytes) + unpacked_at, 0xFFFFFFF0U);
    CHECK(says(refusal(bytes), "200-fold"));
    std::string packed = ZipBuilder{}.set("a", std::string(500, 'a')).bytes();
    put32(packed, directory_of(packed) + packed_at, 0xFFFFFFF0U);
    CHECK_FALSE(refusal(packed).empty());
    std::string stored = ZipBuilder{}.stored().set("a", "text").bytes();
    put32(stored, directory_of(stored) + unpacked_at, 0xFFFFFFF0U);
    CHECK(says(refusal(stored), "contradicts itself"));
}

TEST_CASE("archive: a member that is longer or shorter than it claims is damaged") {
    for (const std::uint32_t claimed : {499U, 501U}) {
        std::string bytes = ZipBuilder{}.set("a", std::string(500, 'a')).bytes();
        put32(bytes, directory_of(bytes) + unpacked_at, claimed);
        const auto archive = Archive::open_bytes(bytes);
        REQUIRE(archive.ok());
        const auto content = archive.value().read(archive.value().members()[0], 1000);
        REQUIRE_FALSE(content.ok());
        CHECK(content.error().what == "'a' cannot be unpacked: the archive is damaged");
    }
}

TEST_CASE("archive: a wrong checksum is found") {
    const std::string bytes =
        replaced(ZipBuilder{}.stored().set("a", "content").bytes(), "content", "CONTENT");
    const auto archive = Archive::open_bytes(bytes);
    REQUIRE(archive.ok());
    CHECK_FALSE(archive.value().read(archive.value().members()[0], 100).ok());
}

TEST_CASE("archive: an encrypted member is refused") {
    const auto encrypt = [](zip_t* zip, zip_uint64_t index) {
        zip_file_set_encryption(zip, index, ZIP_EM_AES_256, "password");
    };
    const std::string bytes = ZipBuilder{}.set("a", "secret").bytes(encrypt);
    CHECK(refusal(bytes) == "The archive has the encrypted member 'a'");
}

TEST_CASE("archive: only Deflate and Stored are read") {
    std::string bytes = ZipBuilder{}.set("a", std::string(500, 'a')).bytes();
    bytes[directory_of(bytes) + 10] = 12;  // bzip2
    CHECK(says(refusal(bytes), "packed by method 12; only Deflate and Stored are read"));
}

TEST_CASE("archive: members that share their bytes are refused") {
    std::string bytes = ZipBuilder{}.stored().set("a", std::string(2000, 'a')).bytes();
    std::string entry = bytes.substr(directory_of(bytes), 47);
    std::string end = bytes.substr(bytes.find("PK\x05\x06"));
    REQUIRE(bytes.substr(directory_of(bytes) + 47) == end);
    std::string second = entry;
    second.back() = 'b';
    bytes.insert(directory_of(bytes) + entry.size(), second);
    const auto at = bytes.find("PK\x05\x06");
    bytes[at + 8] = bytes[at + 10] = 2;
    put32(bytes, at + 12, 2 * 47);
    CHECK(refusal(bytes) == "The archive's members overlap, or it is cut off");
}

TEST_CASE("archive: an archive cut off at any length is refused") {
    const std::string bytes = ZipBuilder{}.set("a", "some content").set("b/c", "more of it").bytes();
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        INFO(length);
        CHECK_FALSE(refusal(bytes.substr(0, length)).empty());
    }
    CHECK(refusal("PK").find("not a ZIP archive") != std::string::npos);
}

TEST_CASE("archive: an archive with any byte changed is read or refused") {
    const std::string bytes = ZipBuilder{}.set("a", "some content").set("b", "more").bytes();
    std::size_t refused = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        for (const unsigned flip : {0x01U, 0x80U, 0xFFU}) {
            std::string changed = bytes;
            changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ flip);
            const auto archive = Archive::open_bytes(changed);
            if (!archive) {
                ++refused;
                continue;
            }
            for (const auto& member : archive.value().members()) {
                const auto content = archive.value().read(member, 1000);
                if (content) CHECK(content.value().size() == member.bytes);
            }
        }
    }
    CHECK(refused > 0);
}

}  // namespace
}  // namespace farmwall::wire
