# Fonts are read from the system's packages at run time; here only their paths are found.
function(farm_find_font variable file folder apt_package)
  find_file(${variable} ${file} PATHS /usr/share/fonts/truetype/${folder} NO_DEFAULT_PATH)
  farm_need("${${variable}}" "The font ${file}" "${apt_package}")
endfunction()
farm_find_font(FARM_FONT_REGULAR Roboto-Regular.ttf roboto/unhinted/RobotoTTF fonts-roboto-unhinted)
farm_find_font(FARM_FONT_MEDIUM Roboto-Medium.ttf roboto/unhinted/RobotoTTF fonts-roboto-unhinted)
farm_find_font(FARM_FONT_BOLD Roboto-Bold.ttf roboto/unhinted/RobotoTTF fonts-roboto-unhinted)
farm_find_font(FARM_FONT_ICONS materialdesignicons-webfont.ttf materialdesignicons-webfont
               fonts-materialdesignicons-webfont)
farm_find_font(FARM_FONT_MONO JetBrainsMono-Regular.ttf jetbrains-mono fonts-jetbrains-mono)
