farm_pkg_config(turbojpeg libturbojpeg "libturbojpeg" libturbojpeg0-dev)
