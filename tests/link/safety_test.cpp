// Random wishes of people against random changes of the printer, through everything that decides: the
// dispatcher's work, the session's last question at the gate, the encoder, and a virtual printer as the
// judge. What is published of a change is known to the session before anything else happens; what is still
// on its way no program can know.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "dispatch/work.hpp"
#include "session_bench.hpp"
#include "sim/machine/farm_plan.hpp"
#include "sim/machine/virtual_printer.hpp"

using namespace farmwall;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t place = 1;  // of the printer, where the bench puts it

bool moves(const std::string& request) {
    for (const char* order : {"G1 ", "G0 ", "G28", "xyz_ctrl", "back_to_center"}) {
        if (request.find(order) != std::string::npos) return true;
    }
    return false;
}

// The program's half and the printer's half, with the test between them.
class Room final : public dispatch::PrinterLinks {
public:
    Room(sim::Model model, PrinterModel known_as, std::uint32_t seed)
        : random_{seed},
          bench_{settings(known_as)},
          printer_{{model, settings(known_as).serial.value, seed, 1, false}, bench_.clock.now()},
          work_{dispatch_settings(), bench_.clock, bench_.store, *this, nullptr} {
        sim::PlannedPrinter plan;
        plan.model = model;
        plan.seed = seed;
        sim::furnish(printer_, plan, false);
        bench_.on_event = [this](const dispatch::LinkEvent& event) { answers_.push_back(event); };
        bench_.come_up();
        exchange();
        bench_.store.update([](FleetState& fleet) { fleet.cameras.clear(); });
        work_.begin();
        look();
    }

    void send(std::size_t printer, CommandId command, const Action& action,
              const std::optional<Position>& position, const std::optional<JobIdentity>& seen_job) override {
        REQUIRE(printer == place);
        waiting_.push_back({command, action, position, seen_job});
    }
    void wish(std::size_t, const Wish&) override {}

    void step() {
        switch (below(8)) {
            case 0:
            case 1:
            case 2:
            case 3:
                want(any_action());
                break;
            case 4:
            case 5:
                change_the_printer();
                break;
            case 6:
                pass(100ms * (1 + below(20)));
                break;
            case 7:
                hand_over();
                break;
        }
        if (below(3) != 0) hand_over();
    }
    void finish() {
        hand_over();
        pass(2s);
    }

    [[nodiscard]] int broken_rules() const { return broken_rules_; }
    [[nodiscard]] int moves_seen() const { return moves_seen_; }
    // Whether the reckoned position, where there is one, is the printer's. Its home is 10 mm above ours.
    [[nodiscard]] bool reckons_right() const {
        const auto fleet = bench_.store.read();
        const auto& reckoned = control_of(*fleet, place).position;
        if (!reckoned) return true;
        const auto& is = printer_.state().position_mm;
        constexpr double home_z = 10;
        const double top = model_info(fleet->printers[place]->model.model).build_volume.z;
        const double z = std::min(reckoned->z + home_z, top);
        return std::abs(is[0] - reckoned->x) < 1e-6 && std::abs(is[1] - reckoned->y) < 1e-6 &&
               (std::abs(is[2] - z) < 1e-6 || reckoned->z + home_z > top);
    }
    [[nodiscard]] std::string whereabouts() const {
        const auto fleet = bench_.store.read();
        const auto& is = printer_.state().position_mm;
        std::string text =
            "printer " + std::to_string(is[0]) + " " + std::to_string(is[1]) + " " + std::to_string(is[2]);
        if (const auto& at = control_of(*fleet, place).position)
            text += ", reckoned " + std::to_string(at->x) + " " + std::to_string(at->y) + " " +
                    std::to_string(at->z);
        return text;
    }
    [[nodiscard]] bool reckons() const {
        return control_of(*bench_.store.read(), place).position.has_value();
    }

private:
    struct Waiting {
        CommandId command;
        Action action;
        std::optional<Position> position;
        std::optional<JobIdentity> seen_job;
    };

    static link::PrinterSettings settings(PrinterModel model) {
        link::PrinterSettings made = link::session_settings();
        made.model_hint = model;
        return made;
    }
    static dispatch::DispatcherSettings dispatch_settings() {
        dispatch::DispatcherSettings made;
        made.printers = 2;
        return made;
    }

    int below(int limit) { return std::uniform_int_distribution<int>{0, limit - 1}(random_); }
    double millimetres() { return (below(1201) - 600) / 10.0; }  // beyond what is allowed, too

    Action any_action() {
        switch (below(14)) {
            case 0:
            case 1:
            case 2:
            case 3:
                return Jog{below(2) == 0 ? 0 : millimetres(), below(2) == 0 ? 0 : millimetres(),
                           below(2) == 0 ? 0 : millimetres(), 900};
            case 4:
            case 5:
                return Home{};
            case 6:
                return Pause{};
            case 7:
                return Resume{};
            case 8:
                return Stop{};
            case 9:
                return SetNozzleTarget{0, below(400) - 20};
            case 10:
                return SetBedTarget{below(160) - 20};
            case 11:
                return LoadTray{{TraySource::Kind::ams, 0, below(4)}};
            case 12:
                return UnloadFilament{};
            default:
                return CoolDown{};
        }
    }

    void want(Action action) {
        Intent intent;
        intent.printer = PrinterId{"left"};
        intent.wish = Command{std::move(action), Origin::script, {}, std::nullopt};
        std::vector<Intent> intents;
        intents.push_back(std::move(intent));
        work_.take(intents);
    }

    void change_the_printer() {
        static const std::pair<const char*, const char*> changes[] = {
            {"start", R"({"name":"Cube","minutes":60})"},
            {"gcode_state", R"("PREPARE")"},
            {"gcode_state", R"("RUNNING")"},
            {"gcode_state", R"("PAUSE")"},
            {"gcode_state", R"("IDLE")"},
            {"gcode_state", R"("FAILED")"},
            {"gcode_state", R"("FINISH")"},
            {"gcode_state", R"("SLICING")"},
            {"finish", "null"},
            {"stop", "null"},
            {"homed", "false"},
        };
        const auto& [what, value] = changes[static_cast<std::size_t>(below(std::size(changes)))];
        static_cast<void>(printer_.set(what, value, bench_.clock.now()));
        tell_all();
    }

    // Everything the printer has to say, now: a full report, so that nothing is on its way.
    void tell_all() {
        deliver(printer_.tick(bench_.clock.now()));
        deliver(
            printer_.handle(R"({"pushing":{"sequence_id":"1","command":"pushall"}})", bench_.clock.now()));
        exchange();
        look();
    }

    void pass(Duration time) {
        for (Duration passed{}; passed < time; passed += 100ms) {
            bench_.pass(100ms);
            deliver(printer_.tick(bench_.clock.now()));
            exchange();
        }
        tell_all();
        work_.tick();
    }

    void hand_over() {
        for (const Waiting& one : std::exchange(waiting_, {}))
            bench_.session->send(one.command, one.action, one.position, one.seen_job);
        exchange();
        tell_all();
    }

    // What was published reaches the printer, and its answers the session, until nobody says anything more.
    void exchange() {
        while (!bench_.port.published.empty() || !answers_.empty()) {
            for (const std::string& request : std::exchange(bench_.port.published, {})) {
                if (moves(request)) {
                    ++moves_seen_;
                    if (sim::is_active(printer_.state().state)) ++broken_rules_;
                }
                deliver(printer_.handle(request, bench_.clock.now()));
            }
            work_.take(std::exchange(answers_, {}));
        }
    }

    void deliver(const std::vector<std::string>& messages) {
        for (const std::string& message : messages)
            bench_.message(message);
    }
    void look() {
        work_.look();
        exchange();
    }

    std::mt19937 random_;
    link::Bench bench_;
    sim::VirtualPrinter printer_;
    std::vector<Waiting> waiting_;
    std::vector<dispatch::LinkEvent> answers_;
    dispatch::DispatchWork work_;
    int broken_rules_ = 0;
    int moves_seen_ = 0;
};

}  // namespace

TEST_CASE("safety: in ten thousand random afternoons no jog and no home reaches a printer that prints") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr int afternoons = 300;  // the plain build runs them all
#else
    constexpr int afternoons = 10'000;
#endif
    constexpr int steps = 12;
    const std::pair<sim::Model, PrinterModel> kinds[] = {{sim::Model::p1s, PrinterModel::p1s},
                                                         {sim::Model::x1c, PrinterModel::x1c},
                                                         {sim::Model::a1, PrinterModel::a1},
                                                         {sim::Model::h2d, PrinterModel::h2d}};
    int moved = 0;
    int reckoned = 0;
    for (int i = 0; i < afternoons; ++i) {
        const auto& [model, known_as] = kinds[static_cast<std::size_t>(i) % std::size(kinds)];
        Room room{model, known_as, static_cast<std::uint32_t>(i)};
        for (int step = 0; step < steps; ++step)
            room.step();
        room.finish();
        INFO("afternoon ", i, ": ", room.whereabouts());
        REQUIRE(room.broken_rules() == 0);
        REQUIRE(room.reckons_right());
        moved += room.moves_seen();
        if (room.reckons()) ++reckoned;
    }
    // It was no quiet afternoon.
    CHECK(moved > afternoons / 3);
    CHECK(reckoned > afternoons / 20);
}
