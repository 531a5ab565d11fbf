#include "ui/printer_cards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "model/availability.hpp"
#include "ui/icons.hpp"
#include "ui/text_format.hpp"

namespace farmwall::ui {
namespace {

using Fact = std::pair<std::string_view, std::string>;

// Facts in a grid of `columns`; a value too wide for one cell takes several. Returns the height.
// Measures only when `draw` is false; the box's width counts then, too.
float draw_fact_grid(const Canvas& canvas, const Rect& box, const std::vector<Fact>& facts, int columns,
                     bool draw) {
    const float row = canvas.px(62);
    const float width = box.width / static_cast<float>(columns);
    const float between = canvas.px(12);
    int at = 0;  // the next free cell, row by row
    for (const auto& [label, value] : facts) {
        const float needed = fact_width(canvas, value) + between;
        int cells = 1;
        while (cells < columns && static_cast<float>(cells) * width < needed)
            ++cells;
        if (at % columns + cells > columns) at += columns - at % columns;
        const int line = at / columns;
        const Rect cell{box.x + static_cast<float>(at % columns) * width,
                        box.y + static_cast<float>(line) * row, static_cast<float>(cells) * width - between,
                        row};
        if (draw) draw_fact(canvas, cell, label, value);
        at += cells;
    }
    const int rows = (at + columns - 1) / columns;
    return static_cast<float>(rows) * row - canvas.px(14);
}

std::vector<Fact> job_facts(const PageContext& page) {
    const Report& report = page.printer.report;
    std::vector<Fact> facts;
    const auto add = [&](std::string_view label, std::string value) {
        if (!value.empty()) facts.emplace_back(label, std::move(value));
    };
    add("Layer", page.view.layers);
    add("Time left", page.view.stale ? "" : page.view.left.substr(0, page.view.left.rfind(" left")));
    if (!page.view.left.empty() && !page.view.stale && report.remaining_minutes) {
        add("Done at",
            clock_text(page.frame.input.wall_now + std::chrono::minutes{*report.remaining_minutes}));
    }
    add("Nozzle", page.view.nozzle);
    add("Bed", page.view.bed);
    add("Chamber", page.view.chamber);
    return facts;
}

std::vector<Fact> machine_facts(const PageContext& page) {
    const PrinterState& printer = page.printer;
    const Report& report = printer.report;
    std::vector<Fact> facts;
    const auto add = [&](std::string_view label, std::string value) {
        facts.emplace_back(label, std::move(value));
    };
    const auto yes_no = [](const std::optional<bool>& value, const char* yes, const char* no) {
        return std::string{value ? (*value ? yes : no) : "–"};
    };
    add("Model", std::string{model_info(printer.model.model).name});
    add("Serial", printer.serial.value);
    add("Firmware", printer_firmware(printer.modules).value_or("–"));
    add("Available", is_available(printer) ? "yes" : "no");
    switch (developer_mode(printer)) {
        case DeveloperMode::on:
            add("Developer Mode", "on");
            break;
        case DeveloperMode::off:
            add("Developer Mode", "off");
            break;
        case DeveloperMode::unknown:
            add("Developer Mode", "–");
            break;
    }
    std::string nozzle =
        report.nozzle_diameter_mm ? fmt::format("{:.1f} mm", *report.nozzle_diameter_mm) : "–";
    add("Nozzle size", std::move(nozzle));
    static constexpr std::string_view speeds[] = {"Silent", "Standard", "Sport", "Ludicrous"};
    const int level = report.speed_level.value_or(0);
    add("Speed", level >= 1 && level <= 4 ? std::string{speeds[level - 1]} : "–");
    const auto lamp = chamber_light(report);
    add("Light", lamp ? (*lamp == LightMode::off ? "off" : "on") : "–");
    add("Door", yes_no(door_open(printer), "open", "closed"));
    add("Wi-Fi", report.wifi_dbm ? fmt::format("{} dBm", *report.wifi_dbm)
                                 : yes_no(wired_network(report), "wired", "–"));
    return facts;
}

// Sends the wish and remembers what to tell.
void send(const PageContext& page, Wish wish, std::string_view done) {
    const bool taken = page.frame.emit && page.frame.emit(Intent{page.printer.id, std::move(wish)});
    page.state.note = taken ? std::string{done} : "Too many requests wait already; try again in a moment.";
}

// "AB CD …" in groups, for comparing by eye.
std::string grouped(std::string_view hex) {
    std::string text;
    for (std::size_t i = 0; i < hex.size(); i += 4) {
        if (!text.empty()) text += ' ';
        text += to_upper(hex.substr(i, 4));
    }
    return text;
}

}  // namespace

float trust_height(const Canvas& canvas) { return canvas.px(82) + canvas.px(canvas.theme().button_height); }

void draw_trust(const PageContext& page, const std::string& id, const std::string& sha256, const Rect& box) {
    const Widgets& widgets = page.frame.widgets;
    const Canvas canvas = widgets.canvas();
    const Theme& theme = canvas.theme();
    PrinterPageState& state = page.state;
    const bool armed = state.trust_armed == id && state.trust_sha256 == sha256;  // the one that was looked at
    const TextStyle label{Weight::regular, canvas.px(theme.text_small), theme.text_muted};
    const TextStyle mono{Weight::mono, canvas.px(15), theme.text_color};
    canvas.text({box.x, box.y}, label, "SHA-256 of the new certificate");
    canvas.paragraph({box.x, box.y + canvas.px(22)}, box.width, 3, mono, grouped(sha256));
    const Rect row{box.x, box.bottom() - canvas.px(theme.button_height), box.width,
                   canvas.px(theme.button_height)};
    if (!armed) {
        const Widgets::ButtonLook look{"Trust new certificate …", icon::certificate};
        const Rect button{row.x, row.y, std::min(row.width, widgets.button_width(look)), row.height};
        if (widgets.button(id, button, look)) {
            state.trust_armed = id;
            state.trust_sha256 = sha256;
        }
        return;
    }
    const Widgets::ButtonLook yes{"Yes, this is my printer", icon::check, true, false, true};
    const Widgets::ButtonLook no{"Cancel"};
    const float yes_width = std::min(row.width * 0.66F, widgets.button_width(yes));
    if (widgets.button(id + "/confirm", {row.x, row.y, yes_width, row.height}, yes)) {
        state.trust_armed.clear();
        send(page, TrustCertificate{sha256}, "The new certificate will be trusted.");
    }
    const float x = row.x + yes_width + canvas.px(10);
    if (widgets.button(id + "/cancel",
                       {x, row.y, std::min(row.right() - x, widgets.button_width(no)), row.height}, no)) {
        state.trust_armed.clear();
    }
}

void draw_status_card(const PageContext& page, Column& column) {
    const Widgets& widgets = page.frame.widgets;
    const Canvas canvas = widgets.canvas();
    const Theme& theme = canvas.theme();
    const TileView& view = page.view;
    const auto facts = job_facts(page);
    const int columns = column.inner_width() > canvas.px(430) ? 3 : 2;
    const bool told =
        view.detail.empty() || page.printer.link.problem != LinkProblem::none;  // by another card
    const float head = canvas.px(told ? 122 : 150);
    const float job = canvas.px(58);
    const float grid = draw_fact_grid(canvas, {0, 0, column.inner_width(), 0}, facts, columns, false);
    const Rect box = column.card("", head + job + grid);

    const Color plain = theme.of(view.condition);
    const Color signal = view.stale && !view.needs_hands ? desaturate(plain, 1) : plain;
    const TextStyle name{Weight::bold, canvas.px(30), theme.text_color};
    canvas.text_within({box.x, box.y - canvas.px(4)}, box.width - canvas.px(110), name, view.name);
    const TextStyle age{Weight::regular, canvas.px(theme.text), theme.text_muted};
    canvas.text({box.right(), box.y + canvas.px(6)}, age, view.age, Align::right);

    const float radius = canvas.px(19);
    const float middle = box.y + canvas.px(76);
    draw_shape(canvas, view.condition, {box.x + radius, middle}, radius, signal);
    const float number_width = view.number.empty() ? 0 : canvas.px(150);
    const float x = box.x + radius * 2 + canvas.px(14);
    const TextStyle word =
        canvas.shrunk({Weight::bold, canvas.px(44), signal}, view.word, box.right() - number_width - x);
    canvas.text({x, middle - canvas.line_height(word) * 0.52F}, word, view.word);
    if (!view.number.empty()) {
        const TextStyle unit{Weight::medium, canvas.px(24), theme.text_muted};
        const TextStyle digits{Weight::digits, canvas.px(58), theme.text_color};
        const float unit_width =
            canvas.text({box.right(), middle - canvas.px(3)}, unit, view.unit, Align::right);
        canvas.text({box.right() - unit_width - canvas.px(6), middle - canvas.px(33)}, digits, view.number,
                    Align::right);
    }
    const TextStyle detail{Weight::medium, canvas.px(theme.text),
                           view.needs_hands ? signal : theme.text_muted};
    if (!told) canvas.text_within({box.x, box.y + canvas.px(114)}, box.width, detail, view.detail);

    const float bar_top = box.y + head;
    canvas.bar({box.x, bar_top, box.width, canvas.px(9)}, view.progress.value_or(0), signal,
               theme.surface_raised);
    const TextStyle file{Weight::medium, canvas.px(theme.text), theme.text_color};
    const std::string job_text = view.file.empty() ? std::string{"No job"} : view.file;
    canvas.text_within({box.x, bar_top + canvas.px(20)}, box.width - canvas.px(view.stale ? 140 : 0), file,
                       job_text);
    draw_fact_grid(canvas, {box.x, bar_top + job, box.width, grid}, facts, columns, true);
    if (!view.stale) return;
    const TextStyle old{Weight::regular, canvas.px(theme.text_small), theme.text_muted};
    canvas.text({box.right(), bar_top + canvas.px(22)}, old, "last known values", Align::right);
    const Rect stale{box.x, bar_top + canvas.px(46), box.width, box.bottom() - bar_top - canvas.px(46)};
    canvas.fill(stale, with_alpha(theme.surface, 0.45F));
    canvas.hatch(stale, with_alpha(theme.text_color, 0.05F), canvas.px(12), canvas.px(3));
}

void draw_link_card(const PageContext& page, Column& column) {
    const Widgets& widgets = page.frame.widgets;
    const Canvas canvas = widgets.canvas();
    const Theme& theme = canvas.theme();
    const LinkStatus& link = page.printer.link;
    const bool problem = link.problem != LinkProblem::none;
    const bool trust = link.problem == LinkProblem::certificate_changed && !link.new_certificate.empty();
    const float line = canvas.px(24);
    const TextStyle plain{Weight::regular, canvas.px(theme.text), theme.text_muted};
    const float words =
        problem
            ? canvas.paragraph_height(column.inner_width(), 4, plain, sentence(link.problem)) + canvas.px(14)
            : 0;
    const float trust_space = trust ? trust_height(canvas) + canvas.px(14) : 0;
    const float note = page.state.note.empty() ? 0 : canvas.px(34);
    const float height = line + canvas.px(12) + words + trust_space + canvas.px(theme.button_height) + note;
    const Rect box = column.card("CONNECTION", height);

    const bool good = link.link == Link::online || link.link == Link::quiet;
    const Color color = good ? theme.finished : problem ? theme.failed : theme.text_muted;
    canvas.disc({box.x + canvas.px(6), box.y + line * 0.42F}, canvas.px(5), color);
    const TextStyle strong{Weight::medium, canvas.px(theme.text), theme.text_color};
    float x = box.x + canvas.px(22);
    x += canvas.text({x, box.y}, strong, word(link.link)) + canvas.px(14);
    const std::string address =
        link.address.empty() ? std::string{} : fmt::format("{}:{}", link.address, link.port);
    canvas.text_within({x, box.y}, box.right() - x, plain, address);
    float y = box.y + line + canvas.px(12);
    if (problem) {
        canvas.paragraph({box.x, y}, box.width, 4, plain, sentence(link.problem));
        y += words;
    }
    if (trust) {
        draw_trust(page, "printer/trust", link.new_certificate, {box.x, y, box.width, trust_height(canvas)});
        y += trust_space;
    }
    const bool connected = is_connected(page.printer);
    const Widgets::ButtonLook ask{"Ask for full report", icon::refresh, connected};
    const Widgets::ButtonLook connect{"Connect now", icon::connect, !connected && !trust};
    const float button = canvas.px(theme.button_height);
    const float gap = canvas.px(10);
    const float most = (box.width - gap) / 2;
    const float ask_width = std::min(std::max(most, widgets.button_width(ask)), box.width * 0.56F);
    if (widgets.button("printer/ask_full_report", {box.x, y, ask_width, button}, ask)) {
        send(page, AskFullReport{}, "Asked for a full report; at most one in 5 minutes is sent.");
    }
    const Rect second{box.x + ask_width + gap, y, box.width - ask_width - gap, button};
    if (widgets.button("printer/connect_now", second, connect)) send(page, ConnectNow{}, "Connecting now.");
    if (note > 0) {
        const TextStyle small{Weight::regular, canvas.px(theme.text_small), theme.text_muted};
        canvas.text_within({box.x, y + button + canvas.px(14)}, box.width, small, page.state.note);
    }
}

void draw_facts_card(const PageContext& page, Column& column) {
    const Canvas canvas = page.frame.widgets.canvas();
    const auto facts = machine_facts(page);
    const int columns = column.inner_width() > canvas.px(560)   ? 4
                        : column.inner_width() > canvas.px(430) ? 3
                                                                : 2;
    const float height = draw_fact_grid(canvas, {0, 0, column.inner_width(), 0}, facts, columns, false);
    const Rect box = column.card("MACHINE", height);
    draw_fact_grid(canvas, box, facts, columns, true);
}

}  // namespace farmwall::ui
