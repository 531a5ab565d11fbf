#include "ui/fonts.hpp"

#include <filesystem>
#include <span>

#include "ui/compat.hpp"
#include "ui/icons.hpp"

namespace farmwall::ui {
namespace {

// Latin with its extensions, Greek, Cyrillic, punctuation, arrows: names of printers and files.
constexpr ImWchar text_range[] = {0x20,   0x17F,  0x370,  0x3FF,  0x400,  0x45F, 0x2010,
                                  0x2027, 0x2264, 0x2265, 0x20AC, 0x20AC, 0};
// Roboto has no arrows; those of the monospaced font stand in.
constexpr ImWchar arrow_range[] = {0x2190, 0x2193, 0};
// Big sizes are for the word and the number; names reach into Latin-1.
constexpr ImWchar big_range[] = {0x20, 0xFF, 0x2013, 0x2013, 0x2026, 0x2026, 0};
constexpr ImWchar huge_range[] = {0x20, 0x7E, 0xB0, 0xB0, 0x2013, 0x2013, 0};

constexpr float text_sizes[] = {12, 13, 14, 15, 16, 17, 18, 20, 22, 24, 27, 30, 34, 38, 44, 50, 58, 66, 76};
constexpr float bold_sizes[] = {14, 16, 18, 20, 22,  24,  27,  30,  34,  38,  44,  50,
                                58, 66, 76, 88, 102, 118, 138, 160, 186, 216, 250, 290};
constexpr float mono_sizes[] = {13, 15, 18, 22, 27, 34};
constexpr float icon_sizes[] = {12, 14, 16, 18, 20, 22, 24, 27, 30, 34, 44, 58, 76, 100};
constexpr float big_from = 27;
constexpr float huge_from = 58;

const ImWchar* range_for(float px) {
    if (px >= huge_from) return huge_range;
    return px >= big_from ? big_range : text_range;
}

struct Source {
    Weight weight;
    const char* file;
    std::span<const float> sizes;
};

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

Error missing(const char* file) {
    return {ErrorKind::not_found,
            "A font is missing; install the packages fonts-roboto-unhinted, "
            "fonts-materialdesignicons-webfont and fonts-jetbrains-mono",
            file};
}

}  // namespace

Result<Fonts> Fonts::load() {
    const Source sources[] = {{Weight::regular, FARM_FONT_REGULAR, text_sizes},
                              {Weight::medium, FARM_FONT_MEDIUM, text_sizes},
                              {Weight::bold, FARM_FONT_BOLD, bold_sizes},
                              {Weight::mono, FARM_FONT_MONO, mono_sizes},
                              {Weight::icon, FARM_FONT_ICONS, icon_sizes}};
    Fonts fonts;
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    compat::use_freetype(atlas);
    atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
    atlas.TexDesiredWidth = 2048;
    for (const Source& source : sources) {
        if (std::error_code problem; !std::filesystem::exists(source.file, problem))
            return missing(source.file);
        for (const float px : source.sizes) {
            ImFontConfig config;
            config.OversampleH = config.OversampleV = 1;
            config.PixelSnapH = true;
            const ImWchar* range = source.weight == Weight::icon ? icon_range() : range_for(px);
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
