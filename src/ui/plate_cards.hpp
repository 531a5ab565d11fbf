#pragma once

#include <optional>
#include <vector>

#include "ui/pen.hpp"

namespace farmwall::ui {

// The printer whose plate is spoken of.
struct PlateOf {
    const PrinterState& printer;
    const PrinterDesk& desk;
    const QueueState& queue;
};
// What lies on the plate, and the buttons that say that it is free; the ids begin with `id`.
void fill_plate(Pen& pen, const std::string& id, const PlateOf& of, std::optional<BadPrint>& bad,
                std::string& note);

// The printers, by index, whose plates a person should look at.
[[nodiscard]] std::vector<std::size_t> plates_to_clear(const FleetState& fleet);

struct PlatesState {
    std::optional<BadPrint> bad;
    bool all = false;  // the list of those that are all clear is shown
    std::string note;
};
// All of them, each with its picture.
void draw_plates(const Frame& frame, const Rect& box, const std::vector<CachedPicture>& pictures,
                 PlatesState& state);
// How big a picture is drawn there, in pixels; the same for all.
[[nodiscard]] Vec2 plate_picture_size(float scale);

}  // namespace farmwall::ui
