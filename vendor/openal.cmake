# Optional: without it alarms make no sound, and Diagnostics says so.
pkg_check_modules(FARM_OPENAL QUIET IMPORTED_TARGET GLOBAL openal)
add_library(farm_openal INTERFACE)
if(FARM_OPENAL_FOUND)
  target_link_libraries(farm_openal INTERFACE PkgConfig::FARM_OPENAL)
  target_compile_definitions(farm_openal INTERFACE FARMWALL_OPENAL=1)
endif()
add_library(farm::openal ALIAS farm_openal)
