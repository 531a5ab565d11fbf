#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "model/matching.hpp"

namespace farmwall {

// What the matrix asks of a printer, worked out once for many jobs. Everything here refers to the place that
// it was made of and must not outlive it.

// A verdict with its reason, one sentence; empty when it passes.
struct Finding {
    Verdict verdict = Verdict::pass;
    std::string_view reason;
};

// A material's name as it is compared: trimmed, any case.
class MaterialName {
public:
    MaterialName() = default;
    explicit MaterialName(std::string_view text);
    [[nodiscard]] bool empty() const { return text_.empty(); }
    [[nodiscard]] std::string_view text() const { return text_; }
    friend bool operator==(const MaterialName& a, const MaterialName& b) {
        if (a.head_ != b.head_ || a.text_.size() != b.text_.size()) return false;
        return a.text_.size() <= head_characters || a.same_rest(b);
    }

private:
    static constexpr std::size_t head_characters = 8;
    [[nodiscard]] bool same_rest(const MaterialName& other) const;

    std::string_view text_;
    std::uint64_t head_ = 0;  // the first eight characters in upper case
};
// Reinforced with fibres or glowing: wears soft nozzles.
[[nodiscard]] bool is_abrasive(std::string_view material);

// A colour as filaments have it. `known` is false for "", junk and alpha 00, which is clear or unset.
struct FilamentColor {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    bool known = false;
};
// RRGGBB or RRGGBBAA, with or without '#'.
[[nodiscard]] FilamentColor filament_color(std::string_view text);
// How different two colours look, as a square: 0 the same, 585 000 black and white. Weighted by what the eye
// takes for far apart, depending on how red both are ("redmean"). One that is not known lies between.
[[nodiscard]] inline int color_difference(const FilamentColor& a, const FilamentColor& b) {
    constexpr int when_unknown = 40'000;
    if (!a.known || !b.known) return a.known == b.known ? 0 : when_unknown;
    const int mean_red = (a.red + b.red) / 2;
    const int red = a.red - b.red;
    const int green = a.green - b.green;
    const int blue = a.blue - b.blue;
    return (((512 + mean_red) * red * red) >> 8) + 4 * green * green +
           (((767 - mean_red) * blue * blue) >> 8);
}
// For people: "black", "light blue".
[[nodiscard]] std::string_view color_name(const FilamentColor& color);

enum class NozzleMaterial { unknown, brass, stainless_steel, hardened_steel, tungsten_carbide };
// "hardened_steel", or a code such as "HS01-0.4" (protocol 4.14).
[[nodiscard]] NozzleMaterial nozzle_material(std::string_view type);

// A tray that filament can come from: filled, its material known, and its way to a nozzle too.
struct LoadedTray {
    TraySource source;
    const Tray* tray = nullptr;
    const AmsUnit* unit = nullptr;  // null: an external spool
    int extruder = 0;
    MaterialName material;
    std::string_view preset;
    FilamentColor color;
    std::optional<double> grams;  // left; nothing: not known
    bool humid = false;           // the AMS is damper than the rules allow
    bool abrasive = false;        // by its material or its maker's name
};

struct MountedNozzle {
    std::optional<double> diameter_mm;
    std::string_view type;
    NozzleMaterial material = NozzleMaterial::unknown;
};

inline constexpr std::size_t most_extruders = 2;
inline constexpr int printer_checks = static_cast<int>(CheckKind::storage) + 1;

using PrinterFindings = std::array<Finding, printer_checks>;
// The checks of the printer alone, whoever asks.
[[nodiscard]] PrinterFindings check_printer(const Place& place, const MatchRules& rules, TimePoint now);
[[nodiscard]] Match bits_of(const PrinterFindings& findings);

struct PreparedPlace {
    PreparedPlace(const Place& place, const MatchRules& rules, TimePoint now);

    [[nodiscard]] std::span<const LoadedTray> loaded() const { return {trays.data(), tray_count}; }
    [[nodiscard]] std::span<const MountedNozzle> mounted() const {
        return {nozzles.data(), static_cast<std::size_t>(extruders)};
    }

    Place place;
    MatchRules rules;
    PrinterFindings findings;
    Match printer;  // the findings as bits
    int extruders = 1;
    std::array<MountedNozzle, most_extruders> nozzles;
    static constexpr std::size_t most_trays = 40;  // 4 AMS, 8 AMS HT, the spools, and room
    std::array<LoadedTray, most_trays> trays;
    std::size_t tray_count = 0;
};

// What the matrix asks of a job, worked out once for many printers.
inline constexpr std::size_t most_filaments = 32;  // of a plate; more cannot be told to a printer
struct WantedFilament {
    MaterialName material;
    std::string_view preset;
    FilamentColor color;
    int extruder = -1;  // -1: not fixed
    bool abrasive = false;
    std::uint8_t need = 0;
};
// Equal filaments are one need: they share a tray.
struct Need {
    std::uint8_t filament = 0;  // the first of them
    bool only = false;          // of the plate
    bool only_of_nozzle = false;
    double grams = 0;  // of all of them
};
struct PreparedJob {
    explicit PreparedJob(const Job& job);
    PreparedJob(const Job& job, const SlicedPlate* plate);

    const Job& job;
    const SlicedPlate* plate;   // null: not sliced, or there is no such plate
    std::size_t filaments = 0;  // 0: there are none, or too many
    std::size_t needs = 0;
    std::array<WantedFilament, most_filaments> filament;
    std::array<Need, most_filaments> need;
    NozzleMaterial nozzle = NozzleMaterial::unknown;

private:
    void take_filaments();
};

// The tray of each need, as indices into PreparedPlace::loaded().
struct TrayPlan {
    static constexpr std::int8_t none = -1;
    std::array<std::int8_t, most_filaments> of_need;
    bool complete = false;  // each has its tray
};
// Least sum of differences; as many needs as possible get a tray where not all do. `selected` wins where the
// plate has one need that it fits.
[[nodiscard]] TrayPlan plan_trays(const PreparedJob& job, const PreparedPlace& place);

// A job beside a place, as the checks of both see it. Refers to both.
struct Pairing {
    Pairing(const PreparedJob& job, const PreparedPlace& place);
    // Null: none fits.
    [[nodiscard]] const LoadedTray* tray(std::size_t filament) const {
        const auto at = plan.of_need[job.filament[filament].need];
        return at == TrayPlan::none ? nullptr
                                    : &place.trays[static_cast<std::size_t>(static_cast<unsigned char>(at))];
    }
    // Of this filament and those that share its tray.
    [[nodiscard]] double grams(std::size_t filament) const {
        return job.need[job.filament[filament].need].grams;
    }
    const PreparedJob& job;
    const SlicedPlate* plate;  // null: only target and file are asked
    const PreparedPlace& place;
    TrayPlan plan;
};

// One function a check, for match() and explain() alike.
[[nodiscard]] Finding check_idle(const Pairing& pair);
[[nodiscard]] Finding check_target(const Pairing& pair);
[[nodiscard]] Finding check_file(const Pairing& pair);
// Only with a plate:
[[nodiscard]] Finding check_model(const Pairing& pair);
[[nodiscard]] Finding check_nozzle_diameter(const Pairing& pair);
[[nodiscard]] Finding check_nozzle_type(const Pairing& pair);
[[nodiscard]] Finding check_space(const Pairing& pair);
// The plate's filaments as a whole.
[[nodiscard]] Finding check_filaments(const Pairing& pair);
// Of one of them, where that passes.
[[nodiscard]] Finding check_filament(const Pairing& pair, std::size_t filament);
[[nodiscard]] Finding check_amount(const Pairing& pair, std::size_t filament);
[[nodiscard]] Finding check_humidity(const Pairing& pair, std::size_t filament);

}  // namespace farmwall
