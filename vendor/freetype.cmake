farm_pkg_config(freetype freetype2 "FreeType" libfreetype-dev)
