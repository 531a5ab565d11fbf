#include "ui/job_matrix.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ui/icons.hpp"
#include "ui/job_text.hpp"
#include "ui/jobs_setup.hpp"

namespace farmwall::ui {
namespace {

using namespace std::chrono_literals;

constexpr Duration ask_again = 1s;

// Pixels at 96 dpi.
constexpr float row_height = 46;
constexpr float name_width = 104;
constexpr float verdict_width = 136;
constexpr float column_width = 54;

Verdict whole(const std::vector<Check>& checks) {
    Verdict worst = Verdict::pass;
    for (const Check& check : checks) {
        if (static_cast<int>(check.verdict) > static_cast<int>(worst)) worst = check.verdict;
    }
    return worst;
}

struct Columns {
    std::vector<CheckKind> kinds;  // as many as fit
    std::size_t left_out = 0;
    float x = 0;
    float width = 0;
};
Columns place(const Pen& pen, const Rect& row, const std::vector<std::vector<Check>>& rows) {
    Columns columns;
    columns.kinds = telling_columns(rows);
    columns.x = row.x + pen.px(name_width + verdict_width);
    const float room = row.right() - columns.x;
    const auto fitting = static_cast<std::size_t>(std::max(0.0F, room / pen.px(column_width)));
    if (columns.kinds.size() > fitting) {
        columns.left_out = columns.kinds.size() - fitting;
        columns.kinds.resize(fitting);
    }
    columns.width =
        columns.kinds.empty() ? 0 : std::min(pen.px(84), room / static_cast<float>(columns.kinds.size()));
    return columns;
}

void draw_titles(const Pen& pen, const Rect& row, const Columns& columns) {
    const Canvas canvas = pen.canvas();
    const Theme& theme = canvas.theme();
    const TextStyle small{Weight::regular, canvas.px(13), theme.text_muted};
    for (std::size_t i = 0; i < columns.kinds.size(); ++i) {
        const Rect cell{columns.x + static_cast<float>(i) * columns.width, row.y, columns.width - pen.px(4),
                        row.height};
        canvas.text_in(cell, small, column_word(columns.kinds[i]), Align::center);
    }
}

void draw_line(const Pen& pen, const Rect& row, const Columns& columns, const std::string& name,
               const std::vector<Check>& checks) {
    const Canvas canvas = pen.canvas();
    if (!canvas.sees(row)) return;
    const Theme& theme = canvas.theme();
    const Verdict verdict = whole(checks);
    const Color tone = verdict == Verdict::refuse ? theme.failed
                       : verdict == Verdict::warn ? theme.paused
                                                  : theme.finished;
    canvas.text_in({row.x + pen.px(4), row.y, pen.px(name_width - 10), row.height},
                   {Weight::medium, canvas.px(theme.text), theme.text_color}, name, Align::left);
    draw_verdict(canvas, verdict, {row.x + pen.px(name_width + 8), row.center().y}, pen.px(8));
    canvas.text_in({row.x + pen.px(name_width + 24), row.y, pen.px(verdict_width - 30), row.height},
                   {Weight::regular, canvas.px(theme.text_small), tone}, verdict_text(checks), Align::left);
    for (std::size_t i = 0; i < columns.kinds.size(); ++i) {
        const float x = columns.x + (static_cast<float>(i) + 0.5F) * columns.width - pen.px(2);
        if (const auto worst = worst_of(checks, columns.kinds[i]))
            draw_verdict(canvas, *worst, {x, row.center().y}, pen.px(7));
    }
    canvas.line({row.x, row.bottom() - 0.5F}, {row.right(), row.bottom() - 0.5F},
                with_alpha(theme.line, 0.6F), 1);
}

// Every check of the open printer: what is wanted, what is there, and why not.
void fill_checks(Pen& pen, const std::vector<Check>& checks) {
    const Theme& theme = pen.frame().widgets.theme();
    for (const Check& check : checks) {
        std::string words{check_words(check.kind)};
        if (!check.wanted.empty()) words += ": wants " + check.wanted;
        if (!check.found.empty()) words += (check.wanted.empty() ? ": " : ", has ") + check.found;
        const Rect line = pen.room(pen.px(20));
        if (pen.draws()) {
            const Canvas canvas = pen.canvas();
            draw_verdict(canvas, check.verdict, {line.x + pen.px(16), line.center().y}, pen.px(7));
            const float x = line.x + pen.px(34);
            canvas.text_in({x, line.y, line.right() - x, line.height},
                           {Weight::regular, canvas.px(theme.text_small) * 1.08F, theme.text_color}, words,
                           Align::left);
        }
        if (!check.reason.empty())
            pen.say("         " + check.reason,
                    check.verdict == Verdict::refuse ? theme.failed : theme.paused, 2);
    }
    pen.gap(6);
}

}  // namespace

std::string matrix_subject(const Job& job) {
    return fmt::format("{}\n{}\n{}\n{}", job.id.value, job.plate, job.printer ? job.printer->value : "",
                       job.tag);
}

void refresh_matrix(const Frame& frame, const Job& job, const std::string& about, MatrixState& state) {
    const FleetState& fleet = *frame.input.fleet;
    const JobsSetup* const setup = frame.input.jobs;
    if (setup == nullptr || !setup->explain || fleet.queue == nullptr) {
        state.rows.clear();
        return;
    }
    const bool same = state.about == about && state.rows.size() == fleet.printers.size();
    const bool young = frame.input.now - state.made < ask_again;
    const bool unchanged = state.revision == fleet.revision && frame.input.now - state.made < 10 * ask_again;
    if (same && (young || unchanged)) return;
    state.about = about;
    state.made = frame.input.now;
    state.revision = fleet.revision;
    state.rows.clear();
    for (std::size_t i = 0; i < fleet.printers.size(); ++i) {
        const Place place{*fleet.printers[i], desk_of(fleet.queue.get(), i), place_of(fleet.queue.get(), i),
                          control_of(fleet, i).selected_tray};
        state.rows.push_back(setup->explain(job, place, fleet.queue->rules, frame.input.now));
    }
}

std::vector<CheckKind> telling_columns(const std::vector<std::vector<Check>>& rows) {
    std::vector<CheckKind> kinds;
    for (int i = 0; i < check_kinds; ++i) {
        const auto kind = static_cast<CheckKind>(i);
        const bool tells = std::any_of(rows.begin(), rows.end(), [&](const std::vector<Check>& checks) {
            return worst_of(checks, kind).value_or(Verdict::pass) != Verdict::pass;
        });
        if (tells) kinds.push_back(kind);
    }
    return kinds;
}

void fill_matrix(Pen& pen, const std::string& id, MatrixState& state) {
    const FleetState& fleet = *pen.frame().input.fleet;
    const Theme& theme = pen.frame().widgets.theme();
    pen.caption("WHICH PRINTER CAN PRINT IT NOW");
    if (state.rows.size() != fleet.printers.size() || state.rows.empty()) {
        pen.say("The checks of this job are not known here.", theme.text_muted);
        return;
    }
    const Rect head = pen.room(pen.px(16));
    const Columns columns = place(pen, head, state.rows);
    if (pen.draws()) draw_titles(pen, head, columns);
    for (std::size_t i = 0; i < state.rows.size(); ++i) {
        const PrinterState& printer = *fleet.printers[i];
        Rect row = pen.room(pen.px(row_height));
        pen.gap(-8);
        const bool open = state.open == printer.id;
        if (pen.draws()) {
            const Hit hit = pen.frame().widgets.hit(id + "/" + printer.id.value, row);
            const Canvas canvas = pen.canvas();
            if (hit.hovered || open)
                canvas.fill(row, with_alpha(theme.text_color, open ? 0.08F : 0.05F), pen.px(8));
            if (hit.focused) canvas.outline(row, theme.focus, pen.px(8), pen.px(1.5F));
            draw_line(pen, row, columns, printer.name, state.rows[i]);
            if (hit.pressed) state.open = open ? PrinterId{} : printer.id;
        }
        if (!open) continue;
        pen.gap(8);
        fill_checks(pen, state.rows[i]);
    }
    pen.gap(8);
    if (columns.left_out > 0)
        pen.say(fmt::format("{} more kinds of checks tell something: press a printer.", columns.left_out),
                theme.text_muted);
}

}  // namespace farmwall::ui
