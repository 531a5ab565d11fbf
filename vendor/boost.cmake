# Debian 12 has 1.81 beside its default 1.74, which is too old (no JSON, no URL, older Asio).
find_package(Boost 1.81 QUIET COMPONENTS json filesystem)
farm_need("${Boost_FOUND}" "Boost 1.81 or later with JSON and Filesystem"
          "libboost1.81-dev libboost-json1.81-dev libboost-filesystem1.81-dev (Debian 12), \
libboost-dev libboost-json-dev libboost-filesystem-dev (Debian 13)")
add_library(farm_boost INTERFACE)
target_link_libraries(farm_boost INTERFACE Boost::headers Boost::json Threads::Threads)
add_library(farm::boost ALIAS farm_boost)
# Boost.Process, for what starts child processes.
add_library(farm_boost_process INTERFACE)
target_link_libraries(farm_boost_process INTERFACE Boost::headers Boost::filesystem Threads::Threads)
add_library(farm::boost_process ALIAS farm_boost_process)
# Addresses in pieces, for the HTTP API. A library of its own, so that only that needs it.
find_package(Boost 1.81 QUIET COMPONENTS url)
farm_need("${Boost_FOUND}" "Boost.URL" "libboost-url1.81-dev (Debian 12), libboost-url-dev (Debian 13)")
add_library(farm_boost_url INTERFACE)
target_link_libraries(farm_boost_url INTERFACE Boost::url)
add_library(farm::boost_url ALIAS farm_boost_url)
