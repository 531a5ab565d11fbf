#include "dispatch/waiting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace farmwall::dispatch {
namespace {

// What a refusing check makes of one printer and of several.
struct Words {
    std::string_view one;
    std::string_view several;
};

Words words(CheckKind kind) {
    switch (kind) {
        case CheckKind::online:
            return {"is not connected", "are not connected"};
        case CheckKind::report:
            return {"has not reported lately", "have not reported lately"};
        case CheckKind::maintenance:
            return {"is out of service", "are out of service"};
        case CheckKind::developer_mode:
            return {"needs Developer Mode", "need Developer Mode"};
        case CheckKind::idle:
            return {"is busy", "are busy"};
        case CheckKind::plate_clear:
            return {"waits for its plate to be cleared", "wait for their plates to be cleared"};
        case CheckKind::fdm:
            return {"is not set up for printing", "are not set up for printing"};
        case CheckKind::storage:
            return {"has no usable storage", "have no usable storage"};
        case CheckKind::target:
            return {"is not the one that was asked for", "are not those that were asked for"};
        case CheckKind::file:
            return {"cannot take this plate of the file", "cannot take this plate of the file"};
        case CheckKind::model:
            return {"is another model", "are other models"};
        case CheckKind::nozzle_diameter:
            return {"has another nozzle", "have other nozzles"};
        case CheckKind::nozzle_type:
            return {"has another kind of nozzle", "have other kinds of nozzle"};
        case CheckKind::plate_type:
            return {"has another plate", "have other plates"};
        case CheckKind::space:
            return {"has too little space left", "have too little space left"};
        case CheckKind::filament:
            return {"lacks the filament", "lack the filament"};
        case CheckKind::amount:
            return {"has too little filament", "have too little filament"};
        case CheckKind::humidity:
            return {"has damp filament", "have damp filament"};
    }
    return {"does not fit", "do not fit"};
}

constexpr bool passes_with_time(CheckKind kind) {
    return kind <= CheckKind::plate_clear || kind == CheckKind::storage;
}

// The check that speaks for the printer: of those that do not pass with time, where there is one.
CheckKind telling_check(const Match& match, bool lasting) {
    for (int i = 0; i < check_kinds; ++i) {
        const auto kind = static_cast<CheckKind>(i);
        if (match.refuses(kind) && (!lasting || !passes_with_time(kind))) return kind;
    }
    return CheckKind::online;
}

}  // namespace

std::string waiting_text(const std::vector<Match>& matches, std::optional<std::size_t> target) {
    if (matches.empty()) return "No printer is configured.";
    if (target && *target < matches.size()) {
        const Match& match = matches[*target];
        if (match.possible()) return "";
        return fmt::format("Its printer {}.", words(telling_check(match, !could_print(match))).one);
    }
    const bool any = std::ranges::any_of(matches, could_print);
    std::array<int, check_kinds> counts{};
    for (const Match& match : matches) {
        if (match.possible()) return "";
        // A printer that is not the one asked for says nothing.
        if (any ? !could_print(match) : match.refuses(CheckKind::target)) continue;
        ++counts[static_cast<std::size_t>(telling_check(match, !any))];
    }
    std::string list;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] == 0) continue;
        const Words say = words(static_cast<CheckKind>(i));
        list += fmt::format("{}{} {}", list.empty() ? "" : ", ", counts[i],
                            counts[i] == 1 ? say.one : say.several);
    }
    if (list.empty()) return "No printer has the tag that was asked for.";
    return fmt::format("{}: {}.", any ? "Waits for a printer" : "No printer can print it as set up now",
                       list);
}

}  // namespace farmwall::dispatch
