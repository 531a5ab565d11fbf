# A static archive without a CMake config: it must come before GLFW and FreeType on the link line.
farm_pkg_config(imgui_archive imgui "Dear ImGui" libimgui-dev)
add_library(farm_imgui INTERFACE)
target_link_libraries(farm_imgui INTERFACE farm::imgui_archive farm::glfw farm::freetype ${CMAKE_DL_LIBS})
add_library(farm::imgui ALIAS farm_imgui)
