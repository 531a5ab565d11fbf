farm_pkg_config(egl egl "EGL" libegl-dev)
