pkg_check_modules(FARM_FFMPEG QUIET IMPORTED_TARGET GLOBAL libavformat libavcodec libavutil)
farm_need("${FARM_FFMPEG_FOUND}" "FFmpeg (libavformat, libavcodec, libavutil)"
          "libavformat-dev libavcodec-dev libavutil-dev")
add_library(farm_ffmpeg INTERFACE)
target_link_libraries(farm_ffmpeg INTERFACE PkgConfig::FARM_FFMPEG)
add_library(farm::ffmpeg ALIAS farm_ffmpeg)
