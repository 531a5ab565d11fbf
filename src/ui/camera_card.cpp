#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "ui/icons.hpp"
#include "ui/printer_cards.hpp"
#include "ui/text_format.hpp"

namespace farmwall::ui {
namespace {

// What of the stream is worth a word: rate, size, how it is decoded.
std::vector<std::string> stream_facts(const PageCamera& camera) {
    std::vector<std::string> facts;
    const camera::CameraStats& stats = camera.stats;
    if (shows_now(camera.picture.view.truth) && stats.decoded_per_second > 0) {
        facts.push_back(fmt::format("{:.1f} pictures a second", stats.decoded_per_second));
    }
    if (stats.source_width > 0) {
        facts.push_back(fmt::format("{} × {}", stats.source_width, stats.source_height));
    } else if (camera.picture.frame && camera.picture.frame->source_width > 0) {
        const camera::Frame& frame = *camera.picture.frame;
        facts.push_back(fmt::format("{} × {}", frame.source_width, frame.source_height));
    }
    if (!stats.kind.empty()) facts.push_back(stats.kind);
    if (!stats.decoder.empty()) facts.push_back(stats.decoder);
    return facts;
}

// In place of the picture.
void draw_nothing_to_see(const Canvas& canvas, const Rect& area, const std::string& reason) {
    const Theme& theme = canvas.theme();
    canvas.cover(area, theme.picture_ground);
    const TextStyle icon{Weight::icon, canvas.px(58), theme.text_faint};
    const TextStyle text{Weight::regular, canvas.px(theme.title), theme.text_muted};
    const float inner = std::min(area.width - canvas.px(48), canvas.px(620));
    constexpr int most_lines = 3;
    const float height = canvas.paragraph_height(inner, most_lines, text, reason);
    const float icon_height = canvas.line_height(icon) + canvas.px(12);
    const float y = area.center().y - (height + icon_height) / 2;
    canvas.text({area.center().x, y}, icon, icon::video_off, Align::center);
    canvas.paragraph({area.center().x, y + icon_height}, inner, most_lines, text, reason, Align::center);
}

// The truth in big letters over the corner of a picture that is not to be believed.
void draw_doubt(const Canvas& canvas, const Rect& area, const std::string& mark) {
    const Theme& theme = canvas.theme();
    const TextStyle text{Weight::bold, canvas.px(24), theme.on_color};
    const Vec2 size = canvas.measure(text, mark);
    const Rect chip{area.x + canvas.px(18), area.y + canvas.px(18), size.x + canvas.px(24),
                    size.y + canvas.px(12)};
    canvas.fill(chip, theme.picture_doubt, canvas.px(8));
    canvas.text_in({chip.x + canvas.px(12), chip.y, size.x + 1, chip.height}, text, mark, Align::left);
}

// Of the camera alone: one that the link shows as well is trusted at the link.
std::string changed_certificate(const PageContext& page) {
    const auto& state = page.camera.picture.state;
    if (!state || state->problem != CameraProblem::certificate_changed) return {};
    return state->new_certificate == page.printer.link.new_certificate ? std::string{}
                                                                       : state->new_certificate;
}

}  // namespace

Rect draw_camera_card(const PageContext& page, Column& column, float picture_height) {
    const Canvas canvas = page.frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const PictureView& view = page.camera.picture.view;
    const float padding = canvas.px(theme.card_padding);
    const TextStyle reason_style{Weight::regular, canvas.px(theme.text), theme.text_muted};
    const bool with_reason = view.shown && !view.reason.empty();
    const float inner = column.inner_width();
    const float reason_height =
        with_reason ? canvas.paragraph_height(inner, 3, reason_style, view.reason) + canvas.px(4) : 0;
    const float row = canvas.px(50);
    const std::string changed = changed_certificate(page);
    const float trust_space = changed.empty() ? 0 : trust_height(canvas) + canvas.px(14);
    const Rect card = column.place(picture_height + row + reason_height + trust_space);
    const Rect area{card.x, card.y, card.width, picture_height};
    if (view.shown && page.camera.picture.frame) {
        canvas.picture(area, page.camera.picture.frame, view.doubtful, {}, theme.picture_ground);
        if (view.doubtful) draw_doubt(canvas, area, view.mark);
    } else {
        draw_nothing_to_see(canvas, area, view.reason);
    }
    canvas.cover({card.x, area.bottom(), card.width, card.bottom() - area.bottom()}, theme.surface,
                 Layer::strip);
    canvas.round_off(card, canvas.px(theme.radius), theme.background);

    const Rect line{card.x + padding, area.bottom(), inner, row};
    const float radius = canvas.px(5);
    canvas.disc({line.x + radius, line.center().y}, radius, theme.of(view.truth));
    const TextStyle strong{Weight::medium, canvas.px(theme.text), theme.text_color};
    float x = line.x + canvas.px(20);
    x += canvas.text_in({x, line.y, line.right() - x, row}, strong, view.mark, Align::left) + canvas.px(22);
    const TextStyle plain{Weight::regular, canvas.px(theme.text), theme.text_muted};
    for (const std::string& fact : stream_facts(page.camera)) {
        if (x > line.right() - canvas.px(60)) break;
        x += canvas.text_in({x, line.y, line.right() - x, row}, plain, fact, Align::left) + canvas.px(22);
    }
    if (with_reason) {
        canvas.paragraph({line.x, line.bottom() - canvas.px(8)}, inner, 3, reason_style, view.reason);
    }
    if (!changed.empty()) {
        const Rect box{line.x, line.bottom() + reason_height, inner, trust_height(canvas)};
        draw_trust(page, "camera/trust", changed, box);
    }
    return card;
}

}  // namespace farmwall::ui
