# Optional: without it the page of an error is shown as text only.
pkg_check_modules(FARM_QRENCODE QUIET IMPORTED_TARGET GLOBAL libqrencode)
add_library(farm_qrencode INTERFACE)
if(FARM_QRENCODE_FOUND)
  target_link_libraries(farm_qrencode INTERFACE PkgConfig::FARM_QRENCODE)
  target_compile_definitions(farm_qrencode INTERFACE FARMWALL_QRENCODE=1)
endif()
add_library(farm::qrencode ALIAS farm_qrencode)
