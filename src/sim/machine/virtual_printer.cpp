#include "sim/machine/virtual_printer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <map>

#include "base/text.hpp"
#include "sim/machine/commands.hpp"
#include "sim/machine/force.hpp"
#include "sim/machine/reports.hpp"

namespace farmwall::sim {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

constexpr Duration active_interval = 1s;
constexpr Duration idle_interval = 5s;
constexpr Duration quick_interval = 200ms;  // after a command, so that its effect shows soon
constexpr Duration full_interval = 60s;     // between full messages of the mixed style
constexpr Duration loop_pause = 25s;
constexpr std::size_t request_limit_bytes = std::size_t{256} * 1024;
constexpr std::size_t huge_bytes = std::size_t{300} * 1024;
constexpr std::size_t commands_kept = 50;
constexpr std::uint32_t not_signed = 0x05024007;

Error bad(std::string what) { return Error{ErrorKind::bad_input, std::move(what)}; }

Duration seconds(double count) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(count));
}

struct Later {
    TimePoint due;
    std::string message;
};

}  // namespace

struct VirtualPrinter::Inside {
    Inside(Setup wanted, TimePoint now)
        : setup{std::move(wanted)},
          machine{setup.model, setup.seed},
          last{now},
          next_report{now + first_delay()} {}

    Setup setup;
    Machine machine;
    TimePoint last;
    TimePoint next_report;
    TimePoint next_full;
    std::optional<TimePoint> next_job;
    json::object base;  // what the last reports said, for the changes style
    bool full_wanted = true;
    bool push = true;
    bool malformed_once = false;
    bool huge_once = false;
    std::uint64_t sequence = 0;
    std::map<FaultKind, std::optional<TimePoint>> faults;  // with their ends
    double echo_delay_s = 5;
    std::optional<FaultKind> start_fault;  // the newest one
    std::vector<Later> later;

    // Printers do not report in step.
    [[nodiscard]] Duration first_delay() const {
        return std::chrono::milliseconds{(setup.seed * 137) % 1000};
    }

    [[nodiscard]] bool has(FaultKind kind) const { return faults.contains(kind); }

    void end_faults(TimePoint now) {
        for (auto it = faults.begin(); it != faults.end();) {
            const bool over = it->second && *it->second <= now;
            if (!over) {
                ++it;
                continue;
            }
            if (it->first == FaultKind::developer_mode_off) machine.edit().developer_mode = true;
            if (it->first == start_fault) start_as_usual();
            it = faults.erase(it);
        }
    }

    void advance(TimePoint now) {
        if (now <= last) return;
        const double passed = std::chrono::duration<double>(now - last).count();
        last = now;
        machine.advance(passed * setup.speed);
        if (is_active(machine.state().state)) machine.edit().wifi_dbm = wandering_signal();
        start_next_job(now);
    }

    int wandering_signal() {
        const int dbm = machine.state().wifi_dbm;
        if (machine.pick(40) != 0) return dbm;
        return std::clamp(dbm + static_cast<int>(machine.pick(3)) - 1, -80, -35);
    }

    void start_next_job(TimePoint now) {
        const bool wants = setup.loop && machine.state().state == GcodeState::finish;
        if (!wants) {
            next_job.reset();
            return;
        }
        if (!next_job) next_job = now + loop_pause;
        if (now < *next_job) return;
        next_job.reset();
        machine.start(machine.made_up_job());
    }

    json::object enveloped(json::object print, std::optional<int> msg) {
        print["command"] = "push_status";
        if (msg) print["msg"] = *msg;
        const bool counts = setup.model != Model::h2d && setup.model != Model::x1c_old;
        print["sequence_id"] = counts ? fmt::format("{}", ++sequence) : std::string{"2021"};
        return json::object{{"print", std::move(print)}};
    }

    std::string report_text(const json::object& message) {
        return to_text(message, machine.spec().style == ReportStyle::indented);
    }

    // The report that is due, or nothing where nothing changed.
    std::optional<std::string> report(TimePoint now) {
        const ReportStyle style = machine.spec().style;
        json::object print = full_report(machine, machine.pick(169));
        const bool by_changes = style == ReportStyle::changes || style == ReportStyle::mixed;
        const bool full = full_wanted || !by_changes || (style == ReportStyle::mixed && now >= next_full);
        if (full) {
            full_wanted = false;
            next_full = now + full_interval;
            base = print;
            const bool says_msg = style != ReportStyle::full_no_msg && style != ReportStyle::indented;
            return report_text(enveloped(std::move(print), says_msg ? std::optional{0} : std::nullopt));
        }
        json::object delta = changes(base, print);
        if (delta.empty()) return std::nullopt;
        base = std::move(print);
        return report_text(enveloped(std::move(delta), 1));
    }

    void spoil(std::vector<std::string>& messages) {
        const bool malformed =
            !messages.empty() && (has(FaultKind::malformed_json) || std::exchange(malformed_once, false));
        if (malformed)
            for (auto& message : messages)
                message.resize(message.size() * 2 / 3);
        if (huge_once) {
            huge_once = false;
            json::object print{{"padding", std::string(huge_bytes, 'x')}};
            messages.push_back(to_text(enveloped(std::move(print), 1)));
        }
    }

    std::vector<std::string> echo(json::object message) {
        if (has(FaultKind::echo_never)) return {};
        std::string text = to_text(std::move(message));
        if (has(FaultKind::echo_late)) {
            later.push_back({last + seconds(echo_delay_s), std::move(text)});
            return {};
        }
        if (has(FaultKind::echo_twice)) return {text, text};
        return {std::move(text)};
    }

    std::vector<std::string> refuse(std::string_view group, json::object body) {
        switch (machine.state().refusal) {
            case Refusal::silent:
                return {};
            case Refusal::reason:
                body["result"] = "failed";
                body["reason"] = "mqtt message verify failed";
                break;
            case Refusal::err_code:
                break;
        }
        body["err_code"] = not_signed;
        return echo(json::object{{group, std::move(body)}});
    }

    void remember(std::string_view group, const json::object& body) {
        auto& seen = machine.edit().commands;
        seen.push_back({std::string{group}, field::text(body, "command"), field::text(body, "sequence_id")});
        while (seen.size() > commands_kept)
            seen.pop_front();
    }

    std::vector<std::string> handle_group(std::string_view group, json::object body, TimePoint now) {
        remember(group, body);
        if (has(FaultKind::half_dead)) return {};
        if (needs_developer_mode(group) && !machine.state().developer_mode)
            return refuse(group, std::move(body));
        const auto answer = carry_out(machine, group, body);
        if (!answer) return {};
        if (answer->push) push = *answer->push;
        if (answer->versions) return versions(body);
        if (answer->full_report) {
            full_wanted = true;
            auto text = report(now);
            return text ? std::vector{*std::move(text)} : std::vector<std::string>{};
        }
        if (answer->changes_state) next_report = std::min(next_report, now + quick_interval);
        if (!answer->echo) return {};
        // Both spellings are in the field.
        body["result"] = setup.model == Model::x1c_old ? to_upper(answer->result) : answer->result;
        body["reason"] = answer->reason;
        if (answer->err_code) body["err_code"] = *answer->err_code;
        if (answer->errno_value) body["errno"] = *answer->errno_value;
        return echo(json::object{{group, std::move(body)}});
    }

    std::vector<std::string> versions(const json::object& body) {
        json::object info{{"command", "get_version"}, {"sequence_id", field::text(body, "sequence_id")}};
        info["module"] = version_modules(machine, setup.serial);
        if (is_small_controller(setup.model)) {
            info["result"] = "success";
            info["reason"] = "";
        }
        return echo(json::object{{"info", std::move(info)}});
    }

    Status apply_to_machine(const Fault& fault) {
        switch (fault.kind) {
            case FaultKind::fail: {
                const auto code = error_code_from(fault.value.empty() ? "\"0300-4001\"" : fault.value);
                if (!code) return code.error();
                machine.fail(code.value());
                return Done{};
            }
            case FaultKind::hms:
                return force(machine, "hms", fault.value.empty() ? "\"0300_0100_0001_0007\"" : fault.value);
            case FaultKind::runout:
                machine.run_out();
                return Done{};
            case FaultKind::soft_fail:
                machine.stop(true);
                return Done{};
            case FaultKind::developer_mode_off:
                return take_developer_mode(fault.value);
            case FaultKind::echo_late:
                return take_delay(fault.value);
            case FaultKind::start_ignored:
            case FaultKind::start_wedged:
            case FaultKind::start_late:
                return take_start_fault(fault);
            default:
                return Done{};  // the rest acts on messages, not on the machine
        }
    }

    void start_as_usual() {
        start_fault.reset();
        machine.edit().start_fault = StartFault::none;
    }

    Status take_start_fault(const Fault& fault) {
        auto& s = machine.edit();
        if (fault.kind == FaultKind::start_late) {
            const auto delay = parse_double(fault.value.empty() ? "10" : fault.value);
            if (!delay || *delay < 0 || *delay > 3600)
                return bad("The value of start_late is seconds from 0 to 3600");
            s.start_delay_s = *delay * setup.speed;
        }
        s.start_fault = fault.kind == FaultKind::start_ignored  ? StartFault::ignored
                        : fault.kind == FaultKind::start_wedged ? StartFault::wedged
                                                                : StartFault::late;
        start_fault = fault.kind;
        return Done{};
    }

    Status take_developer_mode(std::string_view value) {
        auto& s = machine.edit();
        if (value.empty() || value == "\"reason\"") {
            s.refusal = Refusal::reason;
        } else if (value == "\"err_code\"") {
            s.refusal = Refusal::err_code;
        } else if (value == "\"silent\"") {
            s.refusal = Refusal::silent;
        } else {
            return bad("The value of developer_mode_off is \"reason\", \"err_code\" or \"silent\"");
        }
        s.developer_mode = false;
        return Done{};
    }

    Status take_delay(std::string_view value) {
        if (value.empty()) return Done{};
        const auto delay = parse_double(value);
        if (!delay || *delay < 0 || *delay > 3600)
            return bad("The value of echo_late is seconds from 0 to 3600");
        echo_delay_s = *delay;
        return Done{};
    }
};

VirtualPrinter::VirtualPrinter(Setup setup, TimePoint now)
    : inside_{std::make_unique<Inside>(std::move(setup), now)} {}
VirtualPrinter::~VirtualPrinter() = default;
VirtualPrinter::VirtualPrinter(VirtualPrinter&&) noexcept = default;
VirtualPrinter& VirtualPrinter::operator=(VirtualPrinter&&) noexcept = default;

std::vector<std::string> VirtualPrinter::tick(TimePoint now) {
    auto& in = *inside_;
    in.end_faults(now);
    in.advance(now);
    std::vector<std::string> messages;
    std::erase_if(in.later, [&](Later& item) {
        if (item.due > now) return false;
        messages.push_back(std::move(item.message));
        return true;
    });
    if (now >= in.next_report) {
        const bool active = is_active(in.machine.state().state);
        const bool small = is_small_controller(in.setup.model);
        in.next_report = now + (active || small ? active_interval : idle_interval);
        // A small controller speaks only after it was asked for everything once.
        const bool may_speak = in.push && !(small && in.base.empty());
        if (may_speak)
            if (auto text = in.report(now)) messages.push_back(*std::move(text));
    }
    in.spoil(messages);
    if (in.has(FaultKind::mute_reports)) messages.clear();
    return messages;
}

std::vector<std::string> VirtualPrinter::handle(std::string_view request, TimePoint now) {
    auto& in = *inside_;
    in.end_faults(now);
    in.advance(now);
    if (request.size() > request_limit_bytes) return {};
    boost::system::error_code failed;
    const json::value parsed = json::parse(request, failed);
    if (failed || !parsed.is_object()) return {};
    std::vector<std::string> messages;
    for (const std::string_view group : {"info", "pushing", "print", "system", "camera", "xcam", "upgrade"}) {
        const auto* body = parsed.get_object().if_contains(group);
        if (body == nullptr || !body->is_object()) continue;
        for (auto& message : in.handle_group(group, body->get_object(), now))
            messages.push_back(std::move(message));
    }
    if (in.has(FaultKind::mute_reports)) messages.clear();
    return messages;
}

void VirtualPrinter::connection_opened() { inside_->faults.erase(FaultKind::half_dead); }

Status VirtualPrinter::apply(const Fault& fault, TimePoint now) {
    auto& in = *inside_;
    if (is_network_fault(fault.kind) || is_camera_fault(fault.kind) || is_storage_fault(fault.kind))
        return bad("This fault belongs to the network side of the printer");
    if (auto taken = in.apply_to_machine(fault); !taken) return taken;
    in.next_report = std::min(in.next_report, now + quick_interval);
    std::optional<TimePoint> end;
    if (fault.for_s) end = now + seconds(*fault.for_s);
    switch (fault.kind) {
        case FaultKind::malformed_json:
            if (!end) in.malformed_once = true;
            break;
        case FaultKind::huge_message:
            in.huge_once = true;
            return Done{};
        default:
            break;
    }
    const bool once = fault.kind == FaultKind::fail || fault.kind == FaultKind::hms ||
                      fault.kind == FaultKind::runout || fault.kind == FaultKind::soft_fail ||
                      (fault.kind == FaultKind::malformed_json && !end);
    if (!once) in.faults[fault.kind] = end;
    return Done{};
}

void VirtualPrinter::clear_faults() {
    auto& in = *inside_;
    in.faults.clear();
    in.start_as_usual();
    in.malformed_once = in.huge_once = false;
    in.echo_delay_s = 5;
    in.machine.edit().developer_mode = true;
    in.machine.edit().hms.clear();
    in.machine.clear_error();
}

Status VirtualPrinter::set(std::string_view what, std::string_view value, TimePoint now) {
    auto& in = *inside_;
    in.next_report = std::min(in.next_report, now + quick_interval);
    if (what == "loop") {
        in.setup.loop = value == "true";
        if (value != "true" && value != "false") return bad("loop is true or false");
        return Done{};
    }
    if (what == "speed") {
        const auto speed = parse_double(value);
        if (!speed || *speed < 0.1 || *speed > 10000) return bad("speed is a number from 0.1 to 10000");
        in.setup.speed = *speed;
        return Done{};
    }
    return force(in.machine, what, value);
}

const MachineState& VirtualPrinter::state() const { return inside_->machine.state(); }
Machine& VirtualPrinter::machine() { return inside_->machine; }
std::string VirtualPrinter::truth() const { return to_text(truth_of(inside_->machine)); }

}  // namespace farmwall::sim
