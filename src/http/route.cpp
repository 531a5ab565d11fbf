#include "http/route.hpp"

#include <algorithm>
#include <utility>

namespace farmwall::http {
namespace {

// The pieces between slashes; "/" has none.
std::vector<std::string_view> pieces_of(std::string_view path) {
    std::vector<std::string_view> pieces;
    while (!path.empty()) {
        if (path.front() != '/') return {path};  // no path of ours
        path.remove_prefix(1);
        const std::size_t end = std::min(path.find('/'), path.size());
        if (end > 0 || !path.empty()) pieces.push_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return pieces;
}

bool is_place(std::string_view piece) {
    return piece.size() > 2 && piece.front() == '{' && piece.back() == '}';
}

std::optional<std::map<std::string, std::string>> fit(std::string_view pattern, std::string_view path) {
    const auto wanted = pieces_of(pattern);
    const auto given = pieces_of(path);
    if (wanted.size() != given.size()) return std::nullopt;
    std::map<std::string, std::string> places;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (is_place(wanted[i])) {
            if (given[i].empty()) return std::nullopt;
            places.emplace(wanted[i].substr(1, wanted[i].size() - 2), given[i]);
        } else if (wanted[i] != given[i]) {
            return std::nullopt;
        }
    }
    return places;
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_{std::move(routes)} {}

Match Router::find(std::string_view method, std::string_view path) const {
    Match match;
    for (const Route& route : routes_) {
        auto places = fit(route.path, path);
        if (!places) continue;
        match.path_known = true;
        if (!match.allowed.empty()) match.allowed += ", ";
        match.allowed += name(route.method);
        if (match.route == nullptr && name(route.method) == method) {
            match.route = &route;
            match.places = std::move(*places);
        }
    }
    return match;
}

}  // namespace farmwall::http
