#include "ui/theme.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/text.hpp"

namespace farmwall::ui {
namespace {

struct ColorName {
    std::string_view name;
    Color Theme::*member;
};
constexpr ColorName color_names[] = {
    {"background", &Theme::background},
    {"header", &Theme::header},
    {"surface", &Theme::surface},
    {"surface_raised", &Theme::surface_raised},
    {"surface_hover", &Theme::surface_hover},
    {"line", &Theme::line},
    {"text", &Theme::text_color},
    {"text_muted", &Theme::text_muted},
    {"text_faint", &Theme::text_faint},
    {"accent", &Theme::accent},
    {"focus", &Theme::focus},
    {"on_color", &Theme::on_color},
    {"printing", &Theme::printing},
    {"preparing", &Theme::preparing},
    {"finished", &Theme::finished},
    {"idle", &Theme::idle},
    {"paused", &Theme::paused},
    {"paused_error", &Theme::paused_error},
    {"runout", &Theme::runout},
    {"failed", &Theme::failed},
    {"refused", &Theme::refused},
    {"stopped", &Theme::stopped},
    {"offline", &Theme::offline},
    {"connecting", &Theme::connecting},
    {"unknown", &Theme::unknown},
    {"picture_ground", &Theme::picture_ground},
    {"picture_scrim", &Theme::picture_scrim},
    {"picture_live", &Theme::picture_live},
    {"picture_doubt", &Theme::picture_doubt},
    {"plot_nozzle", &Theme::plot_nozzle},
    {"plot_bed", &Theme::plot_bed},
    {"plot_chamber", &Theme::plot_chamber},
    {"plot_part_fan", &Theme::plot_part_fan},
    {"plot_aux_fan", &Theme::plot_aux_fan},
    {"plot_chamber_fan", &Theme::plot_chamber_fan},
};

struct SizeName {
    std::string_view name;
    float Theme::*member;
    double least;
    double most;
};
constexpr SizeName size_names[] = {
    {"header_height", &Theme::header_height, 32, 160},
    {"gap", &Theme::gap, 0, 64},
    {"margin", &Theme::margin, 0, 128},
    {"radius", &Theme::radius, 0, 64},
    {"card_padding", &Theme::card_padding, 4, 64},
    {"row_height", &Theme::row_height, 20, 120},
    {"text", &Theme::text, 10, 40},
    {"text_small", &Theme::text_small, 10, 40},
    {"title", &Theme::title, 10, 60},
    {"button_height", &Theme::button_height, 24, 120},
};

template <class Names>
std::string unknown_name(std::string_view table, std::string_view name, const Names& names) {
    std::vector<std::string_view> known;
    for (const auto& entry : names)
        known.push_back(entry.name);
    const std::string_view close = nearest(name, known);
    return close.empty()
               ? fmt::format("The theme's [{}] has \"{}\", a name that no screen uses.", table, name)
               : fmt::format(
                     "The theme's [{}] has \"{}\", a name that no screen uses; \"{}\" is "
                     "the nearest one.",
                     table, name, close);
}

template <class Given, class Names>
void report_unknown(std::string_view table, const Given& given, const Names& names,
                    std::vector<std::string>& problems) {
    for (const auto& [name, value] : given) {
        const bool known = std::any_of(std::begin(names), std::end(names),
                                       [&n = name](const auto& entry) { return entry.name == n; });
        if (!known) problems.push_back(unknown_name(table, name, names));
    }
}

}  // namespace

Color Theme::of(CameraTruth truth) const {
    switch (truth) {
        case CameraTruth::live:
        case CameraTruth::slow:
            return picture_live;
        case CameraTruth::stale:
        case CameraTruth::frozen:
        case CameraTruth::dark:
        case CameraTruth::no_signal:
            return picture_doubt;
        case CameraTruth::off:
        case CameraTruth::connecting:
            return offline;
    }
    return offline;
}

Color Theme::of(Condition condition) const {
    switch (condition) {
        case Condition::failed:
            return failed;
        case Condition::runout:
            return runout;
        case Condition::paused_error:
            return paused_error;
        case Condition::refused:
            return refused;
        case Condition::paused:
            return paused;
        case Condition::offline:
            return offline;
        case Condition::connecting:
            return connecting;
        case Condition::printing:
            return printing;
        case Condition::preparing:
            return preparing;
        case Condition::finished:
            return finished;
        case Condition::stopped:
            return stopped;
        case Condition::idle:
            return idle;
        case Condition::unknown:
            return unknown;
    }
    return unknown;
}

MadeTheme make_theme(const std::map<std::string, std::uint32_t>& colors,
                     const std::map<std::string, double>& sizes) {
    MadeTheme made;
    for (const ColorName& entry : color_names) {
        const auto found = colors.find(std::string{entry.name});
        if (found == colors.end()) {
            made.problems.push_back(fmt::format("The theme's [colors] lacks \"{}\".", entry.name));
        } else {
            made.theme.*entry.member = color_from_rgba(found->second);
        }
    }
    for (const SizeName& entry : size_names) {
        const auto found = sizes.find(std::string{entry.name});
        if (found == sizes.end()) {
            made.problems.push_back(fmt::format("The theme's [sizes] lacks \"{}\".", entry.name));
        } else if (!(found->second >= entry.least && found->second <= entry.most)) {
            made.problems.push_back(fmt::format("The theme's size \"{}\" is {}; allowed is {} to {}.",
                                                entry.name, found->second, entry.least, entry.most));
        } else {
            made.theme.*entry.member = static_cast<float>(found->second);
        }
    }
    report_unknown("colors", colors, color_names, made.problems);
    report_unknown("sizes", sizes, size_names, made.problems);
    return made;
}

}  // namespace farmwall::ui
