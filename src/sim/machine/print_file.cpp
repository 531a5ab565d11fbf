#include "sim/machine/print_file.hpp"

#include <openssl/evp.h>
#include <zip.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <memory>
#include <pugixml.hpp>

#include "base/freer.hpp"
#include "base/text.hpp"

namespace farmwall::sim {

namespace json = boost::json;

namespace {

constexpr std::uint32_t no_such_plate = 0x05004002;
constexpr std::uint32_t not_readable = 0x0502402D;
constexpr std::uint64_t settings_limit_bytes = std::uint64_t{8} * 1024 * 1024;
constexpr std::uint64_t gcode_limit_bytes = std::uint64_t{2} * 1024 * 1024 * 1024;
constexpr std::size_t header_bytes = std::size_t{64} * 1024;

using Archive = std::unique_ptr<zip_t, Freer<zip_discard>>;
using Member = std::unique_ptr<zip_file_t, Freer<zip_fclose>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;

std::optional<std::uint64_t> size_of(zip_t* archive, const std::string& name) {
    zip_stat_t stat{};
    if (zip_stat(archive, name.c_str(), 0, &stat) != 0 || (stat.valid & ZIP_STAT_SIZE) == 0)
        return std::nullopt;
    return stat.size;
}

// A member as text; nothing when it is missing, too large or broken.
std::optional<std::string> text_of_member(zip_t* archive, const std::string& name) {
    const auto size = size_of(archive, name);
    if (!size || *size > settings_limit_bytes) return std::nullopt;
    const Member member{zip_fopen(archive, name.c_str(), 0)};
    if (!member) return std::nullopt;
    std::string text(*size, '\0');
    if (zip_fread(member.get(), text.data(), text.size()) != static_cast<zip_int64_t>(text.size()))
        return std::nullopt;
    return text;
}

std::string hex_of(const std::array<unsigned char, EVP_MAX_MD_SIZE>& bytes, unsigned count) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (unsigned i = 0; i < count; ++i) {
        text += digits[bytes[i] >> 4U];
        text += digits[bytes[i] & 15U];
    }
    return text;
}

struct Gcode {
    std::string header;
    std::string md5;
};

// Nothing when the member is broken or larger than any print.
std::optional<Gcode> read_gcode(zip_t* archive, const std::string& name) {
    const Member member{zip_fopen(archive, name.c_str(), 0)};
    const Digest digest{EVP_MD_CTX_new()};
    if (!member || !digest || EVP_DigestInit_ex(digest.get(), EVP_md5(), nullptr) != 1) return std::nullopt;
    Gcode gcode;
    std::vector<char> piece(header_bytes);
    std::uint64_t total = 0;
    for (;;) {
        const auto count = zip_fread(member.get(), piece.data(), piece.size());
        if (count < 0) return std::nullopt;
        if (count == 0) break;
        total += static_cast<std::uint64_t>(count);
        if (total > gcode_limit_bytes) return std::nullopt;
        const auto length = static_cast<std::size_t>(count);
        if (gcode.header.size() < header_bytes) gcode.header.append(piece.data(), length);
        EVP_DigestUpdate(digest.get(), piece.data(), length);
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned length = 0;
    if (EVP_DigestFinal_ex(digest.get(), bytes.data(), &length) != 1) return std::nullopt;
    gcode.md5 = hex_of(bytes, length);
    return gcode;
}

std::optional<int> layers_in(std::string_view header) {
    constexpr std::string_view mark = "; total layer number:";
    const auto at = header.find(mark);
    if (at == std::string_view::npos) return std::nullopt;
    const auto rest = header.substr(at + mark.size());
    const auto number = parse_int(trim(rest.substr(0, rest.find('\n'))));
    if (!number || *number < 1 || *number > 1'000'000) return std::nullopt;
    return static_cast<int>(*number);
}

// Slicer extruder → nozzle of the printer (protocol 11.5).
std::vector<int> nozzle_map_in(const std::optional<std::string>& settings) {
    std::vector<int> map;
    boost::system::error_code failed;
    const json::value parsed = settings ? json::parse(*settings, failed) : json::value{};
    if (failed || !parsed.is_object()) return map;
    const auto* list = parsed.get_object().if_contains("physical_extruder_map");
    if (list == nullptr || !list->is_array()) return map;
    for (const auto& item : list->get_array()) {
        const auto number =
            item.is_string() ? parse_int(std::string_view{item.get_string()}) : std::optional<std::int64_t>{};
        map.push_back(static_cast<int>(std::clamp<std::int64_t>(number.value_or(0), 0, 1)));
    }
    return map;
}

void read_metadata(PrintPlate& plate, std::string_view key, const std::string& value) {
    if (key == "printer_model_id") {
        plate.model_code = value;
    } else if (key == "prediction") {
        if (const auto seconds = parse_double(value); seconds && *seconds > 0) plate.duration_s = *seconds;
    } else if (key == "nozzle_diameters") {
        for (std::size_t begin = 0; begin <= value.size();) {
            const auto end = std::min(value.find(',', begin), value.size());
            plate.nozzles.emplace_back(trim(std::string_view{value}.substr(begin, end - begin)));
            begin = end + 1;
        }
    }
}

// False when the text is no slice_info.
bool read_slice_info(PrintPlate& plate, const std::string& text, int number,
                     const std::vector<int>& nozzles) {
    pugi::xml_document document;
    if (!document.load_buffer(text.data(), text.size())) return false;
    for (const auto& node : document.child("config").children("plate")) {
        const auto index = node.find_child_by_attribute("metadata", "key", "index");
        if (index.attribute("value").as_int() != number) continue;
        for (const auto& item : node.children("metadata"))
            read_metadata(plate, item.attribute("key").value(), item.attribute("value").value());
        for (const auto& item : node.children("object"))
            plate.objects.push_back(item.attribute("identify_id").as_int());
        for (const auto& item : node.children("filament")) {
            PrintPlate::Filament filament{item.attribute("id").as_int(), item.attribute("type").value(), {}};
            const auto group = item.attribute("group_id");
            if (!group.empty() && group.as_uint() < nozzles.size())
                filament.nozzle = nozzles[group.as_uint()];
            if (filament.id >= 1 && filament.id <= 1000) plate.filaments.push_back(std::move(filament));
        }
    }
    return true;
}

std::string plain_code(std::string_view code) {
    std::string text = to_upper(trim(code));
    if (text.ends_with("-V2")) text.resize(text.size() - 3);
    return text;
}

}  // namespace

PrintFile read_print_file(const std::filesystem::path& path, int number) {
    int failed = 0;
    const Archive archive{zip_open(path.string().c_str(), ZIP_RDONLY, &failed)};
    if (!archive) return {{}, not_readable};
    const std::string name = "Metadata/plate_" + std::to_string(number) + ".gcode";
    const auto size = size_of(archive.get(), name);
    if (!size) return {{}, no_such_plate};
    PrintFile file;
    file.plate.gcode_bytes = *size;
    const auto gcode = read_gcode(archive.get(), name);
    if (!gcode) return {{}, not_readable};
    file.plate.layers = layers_in(gcode->header);
    if (const auto told = text_of_member(archive.get(), name + ".md5"))
        file.plate.checksum_right = trim(*told) == gcode->md5;
    const auto nozzles = nozzle_map_in(text_of_member(archive.get(), "Metadata/project_settings.config"));
    const auto info = text_of_member(archive.get(), "Metadata/slice_info.config");
    if (!info || !read_slice_info(file.plate, *info, number, nozzles)) file.error = not_readable;
    return file;
}

bool may_print(std::string_view printer, std::string_view file) {
    constexpr std::array<std::string_view, 5> first = {"BL-P001", "BL-P002", "C11", "C12", "C13"};
    constexpr std::array<std::string_view, 2> second = {"O1D", "O1E"};
    constexpr std::array<std::string_view, 2> third = {"O1C", "O1C2"};
    const std::string mine = plain_code(printer);
    const std::string other = plain_code(file);
    if (mine == other) return true;
    const auto both_in = [&](const auto& group) {
        return std::find(group.begin(), group.end(), mine) != group.end() &&
               std::find(group.begin(), group.end(), other) != group.end();
    };
    return both_in(first) || both_in(second) || both_in(third);
}

}  // namespace farmwall::sim
