farm_pkg_config(turbojpeg libturbojpeg "libjpeg-turbo" libturbojpeg0-dev)
