#pragma once

#include <openssl/evp.h>
#include <zip.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Makes sliced files (.gcode.3mf) as a slicer writes them, with whatever a test wants to be different.
// Programs that use it link libzip and OpenSSL.
namespace farmwall::testing {

struct BuiltFilament {
    int id = 1;
    std::string preset = "GFA00";
    std::string material = "PLA";
    std::string color = "#2C2C2E";
    std::string grams = "42.75";
    std::string metres = "14.31";
    std::string more = {};  // further attributes: R"(group_id="0")"
};

struct BuiltPlate {
    int index = 1;
    std::string model_code = "C12";
    std::string printer_model = "Bambu Lab P1S";  // in the G-code's config block
    std::string nozzle_diameters = "0.4";
    std::string filament_maps = "1";
    std::vector<BuiltFilament> filaments = {BuiltFilament{}};
    std::string more = {};       // further XML inside the plate
    std::string gcode = {};      // empty: built_gcode
    bool in_slice_info = true;   // false: slice_info does not know the plate
    bool has_gcode = true;       // false: described only
    std::string md5 = {};        // empty: the right one
    std::string small_png = {};  // empty: none
    std::string png = {};
};

inline const std::string png_begin = "\x89PNG\r\n\x1A\n";

inline std::string md5_upper(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_md5(), nullptr);
    std::string hex;
    for (unsigned i = 0; i < length; ++i) {
        hex += "0123456789ABCDEF"[digest[i] >> 4U];
        hex += "0123456789ABCDEF"[digest[i] & 0xFU];
    }
    return hex;
}

// A short G-code with the comment blocks of a slicer; `config` has further lines "; key = value".
inline std::string built_gcode(std::string_view printer_model, std::string_view nozzle_diameter = "0.4",
                               std::string_view config = "") {
    return "; HEADER_BLOCK_START\n; BambuStudio 02.06.00.51\n"
           "; model printing time: 2h 5m 39s; total estimated time: 1d 2h 15m 30s\n"
           "; total layer number: 182\n; total filament length [mm] : 935.86\n"
           "; total filament weight [g] : 2.84\n; filament: 1\n; HEADER_BLOCK_END\n\n"
           "; CONFIG_BLOCK_START\n; printer_model = " +
           std::string{printer_model} + "\n; nozzle_diameter = " + std::string{nozzle_diameter} + "\n" +
           std::string{config} +
           "; CONFIG_BLOCK_END\n\n; EXECUTABLE_BLOCK_START\nM73 P0 R125\nG28\nG1 X10 Y10 E1\n"
           "; EXECUTABLE_BLOCK_END\n";
}

inline std::string slice_info_xml(const std::vector<BuiltPlate>& plates) {
    const auto metadata = [](std::string_view key, const std::string& value) {
        return "    <metadata key=\"" + std::string{key} + "\" value=\"" + value + "\"/>\n";
    };
    std::string xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<config>\n  <header>\n"
        "    <header_item key=\"X-BBL-Client-Type\" value=\"slicer\"/>\n"
        "    <header_item key=\"X-BBL-Client-Version\" value=\"02.02.00.85\"/>\n  </header>\n";
    for (const BuiltPlate& plate : plates) {
        if (!plate.in_slice_info) continue;
        xml += "  <plate>\n" + metadata("index", std::to_string(plate.index)) +
               metadata("printer_model_id", plate.model_code) +
               metadata("nozzle_diameters", plate.nozzle_diameters) + metadata("prediction", "8130") +
               metadata("weight", "42.75") + metadata("outside", "false") +
               metadata("label_object_enabled", "true") + metadata("filament_maps", plate.filament_maps) +
               "    <object identify_id=\"102\" name=\"bracket.stl\" skipped=\"false\"/>\n";
        for (const BuiltFilament& one : plate.filaments) {
            xml += "    <filament id=\"" + std::to_string(one.id) + "\" tray_info_idx=\"" + one.preset +
                   "\" type=\"" + one.material + "\" color=\"" + one.color + "\" used_m=\"" + one.metres +
                   "\" used_g=\"" + one.grams + "\" " + one.more + "/>\n";
        }
        xml += plate.more + "  </plate>\n";
    }
    return xml + "</config>\n";
}

// A ZIP archive in memory: members by name, in their order.
class ZipBuilder {
public:
    ZipBuilder& set(std::string name, std::string content) {
        const auto same = [&](const auto& member) { return member.first == name; };
        const auto found = std::find_if(members_.begin(), members_.end(), same);
        if (found != members_.end()) {
            found->second = std::move(content);
        } else {
            members_.emplace_back(std::move(name), std::move(content));
        }
        return *this;
    }
    ZipBuilder& remove(std::string_view name) {
        std::erase_if(members_, [&](const auto& member) { return member.first == name; });
        return *this;
    }
    // Stored instead of deflated.
    ZipBuilder& stored(bool yes = true) {
        stored_ = yes;
        return *this;
    }
    // Called for each member before the archive is closed.
    using Change = std::function<void(zip_t*, zip_uint64_t)>;

    [[nodiscard]] std::string bytes(const Change& change = {}) const {
        zip_error_t error;
        zip_error_init(&error);
        zip_source_t* const out = zip_source_buffer_create(nullptr, 0, 0, &error);
        zip_t* const zip = out == nullptr ? nullptr : zip_open_from_source(out, ZIP_TRUNCATE, &error);
        if (zip == nullptr) throw std::runtime_error{"no archive"};
        zip_source_keep(out);
        for (const auto& [name, content] : members_) {
            zip_source_t* const source = zip_source_buffer(zip, content.data(), content.size(), 0);
            const zip_int64_t at = zip_file_add(zip, name.c_str(), source, ZIP_FL_ENC_UTF_8);
            if (at < 0) throw std::runtime_error{"no member " + name};
            const auto index = static_cast<zip_uint64_t>(at);
            zip_set_file_compression(zip, index, stored_ ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0);
            if (change) change(zip, index);
        }
        if (zip_close(zip) != 0) throw std::runtime_error{"the archive cannot be closed"};
        zip_stat_t stat;
        zip_source_open(out);
        zip_source_stat(out, &stat);
        std::string bytes(stat.size, '\0');
        zip_source_read(out, bytes.data(), bytes.size());
        zip_source_close(out);
        zip_source_free(out);
        return bytes;
    }
    void write(const std::filesystem::path& file) const {
        const std::string content = bytes();
        std::ofstream{file, std::ios::binary}.write(content.data(),
                                                    static_cast<std::streamsize>(content.size()));
    }

private:
    std::vector<std::pair<std::string, std::string>> members_;
    bool stored_ = false;
};

// The archive that a slicer would write for these plates; members can be set and removed afterwards.
inline ZipBuilder sliced_archive(const std::vector<BuiltPlate>& plates = {BuiltPlate{}}) {
    ZipBuilder zip;
    zip.set("[Content_Types].xml", "<?xml version=\"1.0\"?><Types/>");
    zip.set("Metadata/slice_info.config", slice_info_xml(plates));
    for (const BuiltPlate& plate : plates) {
        const std::string base = "Metadata/plate_" + std::to_string(plate.index);
        if (plate.has_gcode) {
            const std::string gcode =
                plate.gcode.empty() ? built_gcode(plate.printer_model, plate.nozzle_diameters) : plate.gcode;
            zip.set(base + ".gcode.md5", plate.md5.empty() ? md5_upper(gcode) : plate.md5);
            zip.set(base + ".gcode", gcode);
        }
        if (!plate.small_png.empty()) zip.set(base + "_small.png", plate.small_png);
        if (!plate.png.empty()) zip.set(base + ".png", plate.png);
    }
    return zip;
}

}  // namespace farmwall::testing
