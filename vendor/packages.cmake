# Every third-party package comes from the distribution. One recipe a package, each of which
# offers the target farm::<name>; a recipe that finds nothing says which apt package is missing.

find_package(PkgConfig QUIET)
if(NOT PKG_CONFIG_FOUND)
  message(FATAL_ERROR "pkg-config was not found. Install it: apt-get install pkg-config "
                      "(scripts/setup installs everything).")
endif()

# Stops with one clear sentence unless `found` is true.
function(farm_need found what apt_packages)
  if(NOT found)
    message(FATAL_ERROR "${what} was not found. Install it: apt-get install ${apt_packages} "
                        "(scripts/setup installs everything).")
  endif()
endfunction()

# farm::<name> from a pkg-config module.
function(farm_pkg_config name module what apt_packages)
  string(MAKE_C_IDENTIFIER "FARM_${name}" prefix)
  pkg_check_modules(${prefix} QUIET IMPORTED_TARGET GLOBAL ${module})
  farm_need("${${prefix}_FOUND}" "${what}" "${apt_packages}")
  add_library(farm_${name} INTERFACE)
  target_link_libraries(farm_${name} INTERFACE PkgConfig::${prefix})
  add_library(farm::${name} ALIAS farm_${name})
endfunction()

include(threads)
include(fmt)
include(spdlog)
include(simdjson)
include(tomlplusplus)
include(cli11)
include(openssl)
include(boost)
include(paho)
include(ffmpeg)
include(turbojpeg)
include(libyuv)
include(gstreamer)
if(FARMWALL_UI)
  include(glad)
  include(glfw)
  include(freetype)
  include(imgui)
  include(egl)
  include(png)
  include(fonts)
endif()
if(FARMWALL_TESTS)
  include(doctest)
endif()
