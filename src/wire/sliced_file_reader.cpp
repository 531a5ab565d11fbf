#include "wire/sliced_file_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "wire/archive.hpp"
#include "wire/content_hash.hpp"
#include "wire/gcode_text.hpp"
#include "wire/slice_info.hpp"
#include "wire/sliced_plate.hpp"
#include "wire/sliced_text.hpp"
#include "wire/slicer_settings.hpp"

namespace farmwall::wire {
namespace {

constexpr std::size_t most_plates = 64;
constexpr std::size_t most_settings_bytes = std::size_t{4} << 20U;
constexpr std::size_t most_plate_json_bytes = std::size_t{1} << 20U;
constexpr std::size_t most_md5_bytes = 256;
constexpr std::size_t most_small_picture_bytes = std::size_t{512} << 10U;
constexpr std::size_t most_picture_bytes = std::size_t{8} << 20U;
constexpr std::string_view png_signature = "\x89PNG\r\n\x1A\n";

Error bad(std::string what) { return Error{ErrorKind::bad_input, std::move(what)}; }

std::string member_name(int plate, std::string_view ending) {
    return fmt::format("Metadata/plate_{}{}", plate, ending);
}

// N of "Metadata/plate_N.gcode"; nothing: not such a member.
std::optional<std::int64_t> plate_number(std::string_view name) {
    constexpr std::string_view begin = "Metadata/plate_";
    constexpr std::string_view end = ".gcode";
    if (!name.starts_with(begin) || !name.ends_with(end)) return std::nullopt;
    name.remove_prefix(begin.size());
    if (name.size() <= end.size()) return std::nullopt;
    name.remove_suffix(end.size());
    const bool digits = std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
    if (!digits || name.front() == '0' || name.size() > 9) return std::nullopt;
    return parse_int(name);
}

Result<std::vector<int>> plates_in(const Archive& archive) {
    std::vector<int> plates;
    for (const Archive::Member& member : archive.members()) {
        const auto number = plate_number(member.name);
        if (!number) continue;
        if (*number > highest_plate_index) {
            return bad(fmt::format("The file has a plate {}; the highest one allowed is {}", *number,
                                   highest_plate_index));
        }
        plates.push_back(static_cast<int>(*number));
    }
    if (plates.empty()) {
        return Error{ErrorKind::unsupported,
                     "The project is not sliced: there is no G-code for any plate in it; slice it first"};
    }
    if (plates.size() > most_plates) {
        return bad(fmt::format("The file has {} plates; at most {} are allowed", plates.size(), most_plates));
    }
    std::ranges::sort(plates);
    return plates;
}

// What is no G-code must not reach a printer.
Status check_gcode(const GcodeSample& sample, const GcodeText& text, std::string_view what) {
    if (sample.bytes() == 0) return bad(fmt::format("{} is empty", what));
    if (sample.is_binary()) return bad(fmt::format("{} is not G-code: it is not text", what));
    if (!text.has_blocks && !text.has_commands) {
        return bad(
            fmt::format("{} is not G-code: it has neither a slicer's comment blocks nor a command", what));
    }
    return Done{};
}

// The picture for lists; null: none that is small enough and a PNG.
Result<std::shared_ptr<const std::string>> small_picture(const Archive& archive, int plate) {
    for (const std::string_view ending : {"_small.png", ".png"}) {
        const Archive::Member* member = archive.find(member_name(plate, ending));
        if (member == nullptr || member->bytes > most_small_picture_bytes) continue;
        auto content = archive.read(*member, most_small_picture_bytes);
        if (!content) return content.error();
        if (!content.value().starts_with(png_signature)) continue;
        return std::shared_ptr<const std::string>{
            std::make_shared<const std::string>(std::move(content).value())};
    }
    return std::shared_ptr<const std::string>{};
}

// Reads one archive into a file's value.
class ProjectReader {
public:
    explicit ProjectReader(const Archive& archive) : archive_{archive} {}

    Result<SlicedFile> read() {
        const auto plates = plates_in(archive_);
        if (!plates) return plates.error();
        if (const Status common = read_common(); !common) return common.error();
        SlicedFile file;
        file.kind = SlicedFile::Kind::gcode_3mf;
        for (const int index : plates.value()) {
            auto plate = read_plate(index, file.slicer);
            if (!plate) return plate.error();
            file.plates.push_back(std::move(plate).value());
        }
        if (file.slicer.empty()) file.slicer = info_.slicer;
        file.project_filaments = count_filaments(file);
        return file;
    }

private:
    Status read_common() {
        if (const Archive::Member* member = archive_.find("Metadata/slice_info.config")) {
            const auto text = archive_.read(*member, most_slice_info_bytes);
            if (!text) return text.error();
            auto info = read_slice_info(text.value());
            if (!info) return info.error();
            info_ = std::move(info).value();
        }
        if (const Archive::Member* member = archive_.find("Metadata/project_settings.config")) {
            const auto text = archive_.read(*member, most_settings_bytes);
            if (!text) return text.error();
            project_ = read_project_settings(text.value());
        }
        return Done{};
    }

    Result<SlicedPlate> read_plate(int index, std::string& slicer) {
        PlateSources sources;
        sources.index = index;
        const auto info = std::ranges::find(info_.plates, index, &SliceInfo::Plate::index);
        if (info != info_.plates.end()) sources.info = &*info;
        if (project_) sources.project = &*project_;
        auto sample = read_gcode(index);
        if (!sample) return sample.error();
        sources.gcode = sample.value().read();
        const Status good = check_gcode(sample.value(), sources.gcode, fmt::format("Plate {}", index));
        if (!good) return good.error();
        const Archive::Member* json = archive_.find(member_name(index, ".json"));
        if (json != nullptr && json->bytes <= most_plate_json_bytes) {
            const auto text = archive_.read(*json, most_plate_json_bytes);
            if (!text) return text.error();
            sources.json_type = read_plate_json(text.value());
        }
        auto plate = combine(sources);
        if (!plate) return plate.error();
        auto picture = small_picture(archive_, index);
        if (!picture) return picture.error();
        plate.value().thumbnail_png = std::move(picture).value();
        plate.value().gcode_bytes = sample.value().bytes();
        if (slicer.empty()) slicer = sources.gcode.slicer;
        return plate;
    }

    // The G-code passes by once, and its checksum is compared with the one beside it.
    Result<GcodeSample> read_gcode(int index) {
        const std::string name = member_name(index, ".gcode");
        const Archive::Member* const gcode = archive_.find(name);
        if (gcode == nullptr) return bad(fmt::format("The file has no {}", name));
        const Archive::Member* const sidecar = archive_.find(name + ".md5");
        std::optional<ContentHash> hash;
        if (sidecar != nullptr) hash.emplace(ContentHash::Kind::md5);
        GcodeSample sample;
        const Status done = archive_.stream(*gcode, [&](std::string_view piece) {
            sample.add(piece);
            if (hash) hash->add(piece);
        });
        if (!done) return done.error();
        if (!hash) return sample;
        const auto said = archive_.read(*sidecar, most_md5_bytes);
        if (!said) return said.error();
        const std::string sum = hash->hex();
        if (sum.empty()) return Error{ErrorKind::unsupported, "MD5 is switched off on this machine"};
        if (!iequals(trim(without_bom(said.value())), sum)) {
            return bad(fmt::format(
                "The G-code of plate {} was changed or damaged: its MD5 is not the one beside it", index));
        }
        return sample;
    }

    // Protocol 7.2; never shorter than what a plate uses.
    [[nodiscard]] int count_filaments(const SlicedFile& file) const {
        std::size_t count = 1;
        const auto at_least = [&](std::size_t number) { count = std::max(count, number); };
        for (const SliceInfo::Plate& plate : info_.plates) {
            at_least(plate.filament_maps.size());
            if (!plate.filaments.empty())
                at_least(static_cast<std::size_t>(plate.filaments.back().filament.id));
        }
        for (const SlicedPlate& plate : file.plates) {
            if (!plate.filaments.empty()) at_least(static_cast<std::size_t>(plate.filaments.back().id));
        }
        return static_cast<int>(count);
    }

    const Archive& archive_;
    SliceInfo info_;
    std::optional<SlicerSettings> project_;
};

// A file of plain G-code: one plate, of which only its comments tell.
Result<SlicedFile> from_gcode(const GcodeSample& sample) {
    PlateSources sources;
    sources.gcode = sample.read();
    if (const Status good = check_gcode(sample, sources.gcode, "The file"); !good) return good.error();
    auto plate = combine(sources);
    if (!plate) return plate.error();
    SlicedFile file;
    file.kind = SlicedFile::Kind::gcode;
    file.slicer = sources.gcode.slicer;
    std::size_t count = std::max<std::size_t>(1, sources.gcode.settings.filament_types.size());
    for (const SlicedFilament& filament : plate.value().filaments)
        count = std::max(count, static_cast<std::size_t>(filament.id));
    file.project_filaments = static_cast<int>(count);
    plate.value().gcode_bytes = sample.bytes();
    file.plates.push_back(std::move(plate).value());
    return file;
}

// Nothing: its ending says that it can be inspected.
std::optional<Error> wrong_kind(std::string_view file_name) {
    switch (job_file_kind(file_name)) {
        case JobFileKind::sliced:
        case JobFileKind::project:
            return std::nullopt;
        case JobFileKind::model:
            return Error{ErrorKind::unsupported, "The model is not sliced; slice it first"};
        case JobFileKind::unknown:
            break;
    }
    return bad("Only files named *.gcode.3mf, *.3mf and *.gcode can be inspected");
}

bool is_archive(std::string_view file_name) { return to_lower(file_name).ends_with(".3mf"); }

// Hands the file over in pieces.
Status each_piece(const std::filesystem::path& file, FunctionRef<void(std::string_view)> take) {
    std::error_code problem;
    const auto status = std::filesystem::status(file, problem);
    if (!std::filesystem::exists(status)) return Error{ErrorKind::not_found, "There is no such file"};
    if (!std::filesystem::is_regular_file(status)) return Error{ErrorKind::io, "This is not a file"};
    std::ifstream in{file, std::ios::binary};
    if (!in) return Error{ErrorKind::io, "The file cannot be read; check its permissions"};
    std::string buffer(std::size_t{256} << 10U, '\0');
    while (in) {
        in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        take(std::string_view{buffer}.substr(0, static_cast<std::size_t>(in.gcount())));
    }
    if (in.bad()) return Error{ErrorKind::io, "The file cannot be read to its end"};
    return Done{};
}

Status sign(SlicedFile& file, std::uint64_t bytes, ContentHash& hash) {
    file.bytes = bytes;
    file.sha256 = hash.hex();
    if (file.sha256.empty()) return Error{ErrorKind::unsupported, "SHA-256 is switched off on this machine"};
    return Done{};
}

Result<SlicedFile> inspect_archive(Result<Archive> archive) {
    if (!archive) return archive.error();
    return ProjectReader{archive.value()}.read();
}

Result<SlicedFile> inspect_file(const std::filesystem::path& path, bool archive) {
    ContentHash hash{ContentHash::Kind::sha256};
    GcodeSample sample;
    std::uint64_t bytes = 0;
    // An archive is looked at first: a bomb is not worth a checksum.
    std::optional<Result<SlicedFile>> file;
    if (archive) file = inspect_archive(Archive::open(path));
    if (file && !*file) return file->error();
    const Status read = each_piece(path, [&](std::string_view piece) {
        hash.add(piece);
        bytes += piece.size();
        if (!archive) sample.add(piece);
    });
    if (!read) return read.error();
    if (!archive) file = from_gcode(sample);
    if (!*file) return file->error();
    if (const Status done = sign(file->value(), bytes, hash); !done) return done.error();
    return std::move(*file);
}

Result<SlicedFile> inspect_memory(std::string_view bytes, bool archive) {
    GcodeSample sample;
    if (!archive) sample.add(bytes);
    auto file = archive ? inspect_archive(Archive::open_bytes(bytes)) : from_gcode(sample);
    if (!file) return file;
    ContentHash hash{ContentHash::Kind::sha256};
    hash.add(bytes);
    if (const Status done = sign(file.value(), bytes.size(), hash); !done) return done.error();
    return file;
}

// The name of the file stands behind what is wrong with it.
Result<SlicedFile> named(Result<SlicedFile> result, std::string_view file_name) {
    if (result) return result;
    Error error = result.error();
    error.subject = short_text(file_name);
    return error;
}

}  // namespace

Result<SlicedFile> inspect_sliced(const std::filesystem::path& file, std::string_view file_name) {
    if (auto wrong = wrong_kind(file_name)) return named(*wrong, file_name);
    return named(inspect_file(file, is_archive(file_name)), file_name);
}

Result<SlicedFile> inspect_sliced_bytes(std::string_view bytes, std::string_view file_name) {
    if (auto wrong = wrong_kind(file_name)) return named(*wrong, file_name);
    return named(inspect_memory(bytes, is_archive(file_name)), file_name);
}

Result<std::string> read_thumbnail(const std::filesystem::path& file, int plate) {
    const auto archive = Archive::open(file);
    if (!archive) return archive.error();
    for (const std::string_view ending : {".png", "_small.png"}) {
        const Archive::Member* member = archive.value().find(member_name(plate, ending));
        if (member == nullptr || member->bytes > most_picture_bytes) continue;
        auto content = archive.value().read(*member, most_picture_bytes);
        if (!content || content.value().starts_with(png_signature)) return content;
    }
    return Error{ErrorKind::not_found, fmt::format("There is no picture of plate {} in the file", plate)};
}

void read_small_pictures(const std::filesystem::path& file, SlicedFile& inspected) {
    if (inspected.kind != SlicedFile::Kind::gcode_3mf) return;
    const auto archive = Archive::open(file);
    if (!archive) return;
    for (SlicedPlate& plate : inspected.plates) {
        auto picture = small_picture(archive.value(), plate.index);
        if (picture) plate.thumbnail_png = std::move(picture).value();
    }
}

}  // namespace farmwall::wire
