#include <fmt/format.h>

#include <algorithm>

#include "model/error_texts.hpp"
#include "model/errors.hpp"
#include "ui/icons.hpp"
#include "ui/printer_cards.hpp"
#include "ui/qr.hpp"
#include "ui/text_format.hpp"

namespace farmwall::ui {
namespace {

// Pixels at 96 dpi.
constexpr float row_height = 54;
constexpr float code_side = 200;

struct ErrorRow {
    Severity severity = Severity::unknown;
    std::string title;
    std::string below;
    std::string code;
    std::string key;
    std::string sentence;  // the vendor's; empty: not known
};

Color severity_color(const Theme& theme, Severity severity) {
    switch (severity) {
        case Severity::fatal:
            return theme.failed;
        case Severity::serious:
            return theme.paused_error;
        case Severity::common:
            return theme.paused;
        case Severity::info:
        case Severity::unknown:
            return theme.text_muted;
    }
    return theme.text_muted;
}

Condition severity_shape(Severity severity) {
    switch (severity) {
        case Severity::fatal:
            return Condition::failed;
        case Severity::serious:
            return Condition::paused_error;
        case Severity::common:
        case Severity::info:
        case Severity::unknown:
            return Condition::idle;
    }
    return Condition::idle;
}

std::string where_text(const HmsMeaning& entry) {
    std::string where = capitalised(entry.module);
    if (entry.unit && *entry.unit >= 0 && *entry.unit < 4)
        where += fmt::format(" {}", static_cast<char>('A' + *entry.unit));
    if (entry.slot) where += fmt::format(", slot {}", *entry.slot + 1);
    return where;
}

std::vector<ErrorRow> error_rows(const PrinterState& printer, const ErrorTexts* texts) {
    std::vector<ErrorRow> rows;
    if (const auto error = shown_error(printer.report)) {
        rows.push_back({Severity::fatal,
                        "Print error",
                        "The printer stopped the job with this code",
                        error_code_text(*error),
                        fmt::format("{:08X}", *error),
                        {}});
    }
    for (const HmsMeaning& entry : explain_all(printer.report)) {
        rows.push_back({entry.severity,
                        where_text(entry),
                        capitalised(std::string{severity_name(entry.severity)}),
                        entry.code,
                        entry.key,
                        {}});
    }
    for (ErrorRow& row : rows) {
        if (texts != nullptr) row.sentence = texts->find(row.key, printer.model.model);
    }
    return rows;
}

// One message after the other; called twice, to measure and to draw.
class ErrorList {
public:
    ErrorList(const PageContext& page, const Rect& box, bool draw)
        : page_{page}, canvas_{page.frame.widgets.canvas()}, box_{box}, y_{box.y}, draw_{draw} {}
    void add(const ErrorRow& row);
    [[nodiscard]] float height() const { return y_ - box_.y; }

private:
    void head(const ErrorRow& row, float right);
    void page_code(const ErrorRow& row);

    const PageContext& page_;
    Canvas canvas_;
    Rect box_;
    float y_;
    bool draw_;
};

void ErrorList::head(const ErrorRow& row, float right) {
    const Theme& theme = canvas_.theme();
    const TextStyle plain{Weight::regular, canvas_.px(theme.text_small), theme.text_muted};
    const TextStyle strong{Weight::medium, canvas_.px(theme.text), theme.text_color};
    const TextStyle code{Weight::mono, canvas_.px(13), theme.text_muted};
    const float radius = canvas_.px(11);
    draw_shape(canvas_, severity_shape(row.severity), {box_.x + radius, y_ + canvas_.px(19)}, radius,
               severity_color(theme, row.severity));
    const float x = box_.x + canvas_.px(38);
    const float code_width = canvas_.measure(code, row.code).x;
    canvas_.text_within({x, y_}, right - x, strong, row.title);
    canvas_.text_within({x, y_ + canvas_.px(22)}, right - x - code_width - canvas_.px(10), plain, row.below);
    canvas_.text({right, y_ + canvas_.px(23)}, code, row.code, Align::right);
}

// The vendor's page, as a code for a phone and as text.
void ErrorList::page_code(const ErrorRow& row) {
    const Theme& theme = canvas_.theme();
    const std::string address = error_page(row.key);
    const float side = can_make_qr() ? canvas_.px(code_side) : 0;
    const TextStyle mono{Weight::mono, canvas_.px(15), theme.text_color};
    const float line = canvas_.line_height(mono) * 1.4F;
    if (draw_) {
        if (const auto code = make_qr(address)) draw_qr(canvas_, {box_.x, y_, box_.width, side}, *code);
        canvas_.text_within({box_.x, y_ + side + canvas_.px(6)}, box_.width, mono, address);
    }
    y_ += side + line + canvas_.px(12);
}

void ErrorList::add(const ErrorRow& row) {
    const Widgets& widgets = page_.frame.widgets;
    const Theme& theme = canvas_.theme();
    std::string& shown = page_.state.page_code;
    const Widgets::ButtonLook look{
        can_make_qr() ? "QR" : "Page", icon::qrcode, true, false, false, {}, shown == row.key};
    const float width = canvas_.px(84);
    const float height = canvas_.px(theme.button_height);
    const bool open = shown == row.key;
    if (draw_) {
        head(row, box_.right() - width - canvas_.px(12));
        const Rect button{box_.right() - width, y_ - canvas_.px(2), width, height};
        if (widgets.button("printer/error/" + row.key + "/page", button, look)) shown = open ? "" : row.key;
    }
    y_ += canvas_.px(row_height);
    if (!row.sentence.empty()) {
        constexpr int most_lines = 6;
        const TextStyle text{Weight::regular, canvas_.px(theme.text), theme.text_color};
        const float inner = box_.width - canvas_.px(38);
        if (draw_)
            canvas_.paragraph({box_.x + canvas_.px(38), y_ - canvas_.px(6)}, inner, most_lines, text,
                              row.sentence);
        y_ += canvas_.paragraph_height(inner, most_lines, text, row.sentence) + canvas_.px(6);
    }
    if (open) page_code(row);
}

}  // namespace

void draw_hms_card(const PageContext& page, Column& column) {
    const Canvas canvas = page.frame.widgets.canvas();
    const Theme& theme = canvas.theme();
    const auto rows = error_rows(page.printer, page.frame.input.error_texts);
    ErrorList measured{page, {0, 0, column.inner_width(), 0}, false};
    for (const ErrorRow& row : rows)
        measured.add(row);
    const Rect box = column.card("HEALTH MESSAGES", rows.empty() ? canvas.px(26) : measured.height());
    if (rows.empty()) {
        canvas.text({box.x, box.y}, {Weight::regular, canvas.px(theme.text), theme.text_muted},
                    page.printer.full_report_seen ? "None reported" : "Unknown until the first full report");
        return;
    }
    ErrorList drawn{page, box, true};
    for (const ErrorRow& row : rows)
        drawn.add(row);
}

}  // namespace farmwall::ui
