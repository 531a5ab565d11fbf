#include <utility>

#include "http/route.hpp"

namespace farmwall::http {

std::vector<Route> all_routes() {
    std::vector<Route> routes;
    for (auto* group : {status_routes, control_routes, job_routes, camera_routes, farm_routes}) {
        for (Route& route : group())
            routes.push_back(std::move(route));
    }
    return routes;
}

}  // namespace farmwall::http
