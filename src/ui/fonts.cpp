#include "ui/fonts.hpp"

#include <filesystem>
#include <span>

#include "ui/compat.hpp"
#include "ui/icons.hpp"

namespace farmwall::ui {
namespace {

// Latin with its extensions, Greek, Cyrillic, punctuation: names of printers and files.
constexpr ImWchar text_range[] = {0x20,   0x17F,  0x384,  0x3CE,  0x401,  0x45F,  0x2013, 0x2014, 0x2018,
                                  0x201E, 0x2022, 0x2022, 0x2026, 0x2026, 0x20AC, 0x20AC, 0};
// Sizes in which only our own words and Latin names are likely.
constexpr ImWchar big_range[] = {0x20, 0xFF, 0x2013, 0x2013, 0x2026, 0x2026, 0};
// The words of conditions are in capitals.
constexpr ImWchar capital_range[] = {0x20, 0x5A, 0xB0, 0xB0, 0x2013, 0x2013, 0x2026, 0x2026, 0};
constexpr ImWchar digit_range[] = {0x20, 0x20, 0x30, 0x39, 0x2013, 0x2013, 0};
constexpr ImWchar mono_range[] = {0x20, 0x7E, 0x2013, 0x2013, 0x2026, 0x2026, 0};
// Roboto has no arrows; those of the monospaced font stand in.
constexpr ImWchar arrow_range[] = {0x2190, 0x2193, 0};

constexpr float regular_sizes[] = {12, 13, 14, 15, 16, 17, 18, 20, 22, 24, 27, 30, 36, 44};
constexpr float medium_sizes[] = {12, 13, 14, 15, 16, 17, 18, 20, 22, 24, 27, 30, 34, 38, 44, 50, 58, 70, 84};
constexpr float bold_sizes[] = {14, 16, 18, 20, 22, 24, 27, 30, 34,  38,
                                43, 48, 54, 60, 68, 76, 86, 98, 112, 130};
constexpr float digit_sizes[] = {22, 27, 30, 34,  38,  43,  48,  54,  60,  68,
                                 76, 86, 98, 112, 130, 150, 175, 205, 240, 290};
constexpr float mono_sizes[] = {13, 15, 18, 22, 30};
constexpr float icon_sizes[] = {12, 14, 16, 18, 20, 22, 24, 27, 30, 34, 44, 58, 76, 100};

const ImWchar* icon_range() {
    static const auto range = [] {
        std::vector<ImWchar> pairs;
        for (const char16_t point : icon::all)
            pairs.insert(pairs.end(), 2, static_cast<ImWchar>(point));
        pairs.push_back(0);
        return pairs;
    }();
    return range.data();
}

const ImWchar* range_for(Weight weight, float px) {
    switch (weight) {
        case Weight::regular:
            return px > 24 ? big_range : text_range;
        case Weight::medium:
            return px > 38 ? big_range : text_range;
        case Weight::bold:
            return px > 34 ? capital_range : big_range;
        case Weight::digits:
            return digit_range;
        case Weight::mono:
            return mono_range;
        case Weight::icon:
            return icon_range();
    }
    return big_range;
}

struct Source {
    Weight weight;
    const char* file;
    std::span<const float> sizes;
};

Error missing(const char* file) {
    return {ErrorKind::not_found,
            "A font is missing; install the packages fonts-roboto-unhinted, "
            "fonts-materialdesignicons-webfont and fonts-jetbrains-mono",
            file};
}

}  // namespace

Result<Fonts> Fonts::load() {
    const Source sources[] = {
        {Weight::regular, FARM_FONT_REGULAR, regular_sizes}, {Weight::medium, FARM_FONT_MEDIUM, medium_sizes},
        {Weight::bold, FARM_FONT_BOLD, bold_sizes},          {Weight::digits, FARM_FONT_BOLD, digit_sizes},
        {Weight::mono, FARM_FONT_MONO, mono_sizes},          {Weight::icon, FARM_FONT_ICONS, icon_sizes}};
    Fonts fonts;
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    compat::use_freetype(atlas);
    atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
    for (const Source& source : sources) {
        if (std::error_code problem; !std::filesystem::exists(source.file, problem))
            return missing(source.file);
        for (const float px : source.sizes) {
            ImFontConfig config;
            config.OversampleH = config.OversampleV = 1;
            config.PixelSnapH = true;
            const ImWchar* range = range_for(source.weight, px);
            ImFont* font = atlas.AddFontFromFileTTF(source.file, px, &config, range);
            if (font == nullptr) return missing(source.file);
            if (source.weight == Weight::regular || source.weight == Weight::medium) {
                config.MergeMode = true;
                atlas.AddFontFromFileTTF(FARM_FONT_MONO, px, &config, arrow_range);
            }
            fonts.ladders_[static_cast<std::size_t>(source.weight)].push_back({font, px});
        }
    }
    ImGui::GetIO().FontDefault = fonts.pick(Weight::regular, 16).font;
    if (!compat::build_fonts(atlas)) return Error{ErrorKind::unsupported, "The fonts could not be drawn."};
    return fonts;
}

FontRef Fonts::pick(Weight weight, float px) const {
    const auto& ladder = ladders_[static_cast<std::size_t>(weight)];
    if (ladder.empty()) return {};
    FontRef best = ladder.front();
    for (const FontRef& step : ladder) {
        if (step.px <= px + 0.5F) best = step;
    }
    return best;
}

}  // namespace farmwall::ui
