# For the virtual printers' RTSPS cameras. The server's package brings the plugins with it; GLib's TLS
# comes separately and is found at run time.
pkg_check_modules(FARM_gstreamer QUIET IMPORTED_TARGET GLOBAL gstreamer-rtsp-server-1.0
                  gstreamer-app-1.0 gio-2.0)
farm_need("${FARM_gstreamer_FOUND}" "GStreamer's RTSP server" "libgstrtspserver-1.0-dev glib-networking")
pkg_get_variable(FARM_GST_PLUGINS gstreamer-1.0 pluginsdir)
add_library(farm_gstreamer INTERFACE)
target_link_libraries(farm_gstreamer INTERFACE PkgConfig::FARM_gstreamer)
add_library(farm::gstreamer ALIAS farm_gstreamer)
