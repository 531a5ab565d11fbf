farm_pkg_config(libzip libzip "libzip" "libzip-dev")
