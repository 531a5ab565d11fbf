#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ui/pen.hpp"
#include "ui/printer_cards.hpp"

namespace farmwall::ui {

// A button that does one thing to the page's printer.
struct Press {
    std::string id;  // "printer/pause"
    std::string label;
    Action action;
    std::string_view icon = {};
    std::string state = {};  // below the label while no command is told of
    bool chosen = false;     // what it would do is so already, or it is switched on
    bool danger = false;
    Duration hold{};         // 0: a press is enough
    bool exact = false;      // of several alike: tells only of a command that is exactly this
    std::string noted = {};  // its name in the notes; empty: the label
};

// A number of the printer with −, +, a slider and presets.
struct Dial {
    std::string id;  // "printer/bed"
    std::string label;
    std::string_view unit;
    std::string now;  // as reported, for people
    int reported = 0;
    int most = 100;
    int least_above_zero = 0;
    int slide_step = 5;
    int press_step = 1;
    std::vector<int> presets = {};
    Color color = {};
    std::function<Action(int)> action;
};

// The controls of a card from top to bottom. Made twice: once to measure, once to draw.
class ControlFlow : private Pen {
public:
    ControlFlow(const PageContext& page, const Rect& box, bool draw)
        : Pen{page.frame, box, draw}, page_{&page} {}

    // Side by side, as many as fit.
    void presses(const std::vector<Press>& list, float least_width = 116);
    // One at a place of its own; its words go to the notes.
    void press_at(const Rect& box, const Press& press);
    void dial(const Dial& dial);
    // What is chosen for later presses; draws `current` as chosen. Returns the pressed one.
    std::optional<std::size_t> choice(const std::string& id, std::string_view label,
                                      const std::vector<std::string>& labels, std::size_t current);
    void caption(std::string_view text);
    void say(std::string_view text, Color color);
    // Why controls since the last call are disabled, and what went wrong; a line twice in a card is said
    // once.
    void notes();
    using Pen::canvas;
    using Pen::draws;
    using Pen::gap;
    using Pen::height;
    using Pen::room;

private:
    struct Shown {
        int value = 0;
        std::string wanted;  // "→ 230 °C, sent"; empty: nothing but what is reported
    };
    void emit(const Action& action);
    void emit_value(const Dial& dial, int value);
    [[nodiscard]] Shown shown(const Dial& dial, const Standing& now);
    void dial_head(const Dial& dial, const Rect& line, const std::string& wanted);
    void dial_slider(const Dial& dial, const Rect& row, const Standing& now, Shown& shown);
    void dial_presets(const Dial& dial, const Rect& row, const Standing& now);
    void step(const Dial& dial, int from, int by);
    void send_due_steps(const Dial& dial, const Standing& now);

    const PageContext* page_;
    Notes notes_;
    std::vector<std::string> said_;
};

// A card of controls; `fill` is called twice with the same state.
void draw_controls(const PageContext& page, Column& column, std::string_view title,
                   const std::function<void(ControlFlow&)>& fill);

}  // namespace farmwall::ui
