#pragma once

#include <string_view>

// Code points of the Material Design Icons font (1.6.50), as UTF-8. fonts.cpp loads exactly those
// listed in `all`.
namespace farmwall::ui::icon {

inline constexpr std::string_view printer = "\xEF\x90\xAB";      // F42B
inline constexpr std::string_view video = "\xEF\x95\xA7";        // F567
inline constexpr std::string_view video_off = "\xEF\x95\xA8";    // F568
inline constexpr std::string_view thermometer = "\xEF\x94\x8F";  // F50F
inline constexpr std::string_view radiator = "\xEF\x90\xB8";     // F438
inline constexpr std::string_view cube = "\xEF\x86\xA7";         // F1A7
inline constexpr std::string_view fan = "\xEF\x88\x90";          // F210
inline constexpr std::string_view layers = "\xEF\x8C\xA8";       // F328
inline constexpr std::string_view file = "\xEF\x88\x99";         // F219
inline constexpr std::string_view timer = "\xEF\x94\x9F";        // F51F
inline constexpr std::string_view refresh = "\xEF\x91\x90";      // F450
inline constexpr std::string_view connect = "\xEF\x8C\x98";      // F318
inline constexpr std::string_view certificate = "\xEF\x84\xA4";  // F124
inline constexpr std::string_view alert = "\xEF\x80\xA6";        // F026
inline constexpr std::string_view information = "\xEF\x8B\xBD";  // F2FD
inline constexpr std::string_view arrow_left = "\xEF\x81\x8D";   // F04D
inline constexpr std::string_view humidity = "\xEF\x96\x8E";     // F58E
inline constexpr std::string_view view_grid = "\xEF\x95\xB0";    // F570
inline constexpr std::string_view view_list = "\xEF\x95\xB2";    // F572
inline constexpr std::string_view pulse = "\xEF\x90\xB0";        // F430
inline constexpr std::string_view menu_up = "\xEF\x8D\xA0";      // F360
inline constexpr std::string_view menu_down = "\xEF\x8D\x9D";    // F35D
inline constexpr std::string_view check = "\xEF\x84\xAC";        // F12C
inline constexpr std::string_view chip = "\xEF\x98\x9A";         // F61A
inline constexpr std::string_view history = "\xEF\x8B\x9A";      // F2DA
inline constexpr std::string_view wifi = "\xEF\x96\xA9";         // F5A9
inline constexpr std::string_view disconnect = "\xEF\x8C\x99";   // F319
inline constexpr std::string_view pause = "\xEF\x8F\xA4";        // F3E4
inline constexpr std::string_view play = "\xEF\x90\x8A";         // F40A
inline constexpr std::string_view stop = "\xEF\x93\x9B";         // F4DB
inline constexpr std::string_view bell = "\xEF\x82\x9A";         // F09A
inline constexpr std::string_view bell_sleep = "\xEF\x82\xA0";   // F0A0
inline constexpr std::string_view light = "\xEF\x8C\xB5";        // F335
inline constexpr std::string_view home = "\xEF\x8B\x9C";         // F2DC
inline constexpr std::string_view qrcode = "\xEF\x90\xB2";       // F432
inline constexpr std::string_view minus = "\xEF\x8D\xB4";        // F374
inline constexpr std::string_view plus = "\xEF\x90\x95";         // F415
inline constexpr std::string_view arrow_up = "\xEF\x81\x9D";     // F05D
inline constexpr std::string_view arrow_down = "\xEF\x81\x85";   // F045
inline constexpr std::string_view arrow_right = "\xEF\x81\x94";  // F054
inline constexpr std::string_view box_empty = "\xEF\x84\xB1";    // F131
inline constexpr std::string_view box_checked = "\xEF\x84\xB2";  // F132
inline constexpr std::string_view folder = "\xEF\x89\x8B";       // F24B
inline constexpr std::string_view close = "\xEF\x85\x96";        // F156

inline constexpr char16_t all[] = {0xF42B, 0xF567, 0xF568, 0xF50F, 0xF438, 0xF1A7, 0xF210, 0xF328, 0xF219,
                                   0xF51F, 0xF450, 0xF318, 0xF124, 0xF026, 0xF2FD, 0xF04D, 0xF58E, 0xF570,
                                   0xF572, 0xF430, 0xF360, 0xF35D, 0xF12C, 0xF61A, 0xF2DA, 0xF5A9, 0xF319,
                                   0xF3E4, 0xF40A, 0xF4DB, 0xF09A, 0xF0A0, 0xF335, 0xF2DC, 0xF432, 0xF374,
                                   0xF415, 0xF05D, 0xF045, 0xF054, 0xF131, 0xF132, 0xF24B, 0xF156};

}  // namespace farmwall::ui::icon
