#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace farmwall::sim {

// What a printer reads of one plate of a sliced file (protocol 11).
struct PrintPlate {
    struct Filament {
        int id = 0;  // from 1, in the project's list
        std::string type;
        std::optional<int> nozzle;  // 0 right or only, 1 left; none: the file does not say
    };
    std::string model_code;            // empty: the file does not say
    std::vector<std::string> nozzles;  // diameters, "0.4"; empty: the file does not say
    std::optional<double> duration_s;  // as the slicer predicted
    std::optional<int> layers;
    std::vector<Filament> filaments;  // used on the plate
    std::vector<int> objects;         // identify_id
    std::uint64_t gcode_bytes = 0;    // unpacked
    bool checksum_right = true;       // true as well when the file has none
};

struct PrintFile {
    PrintPlate plate;
    std::uint32_t error = 0;  // print_error when it cannot be printed (protocol 5.4); 0: it can
};

// Reads plate `number` of a file that anybody may have written.
[[nodiscard]] PrintFile read_print_file(const std::filesystem::path& path, int number);

// May a printer of model `printer` print a file for model `file` (protocol 1.3)? Any case, revisions
// ("-V2") aside.
[[nodiscard]] bool may_print(std::string_view printer, std::string_view file);

}  // namespace farmwall::sim
