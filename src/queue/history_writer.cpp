#include "queue/history_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "base/platform.hpp"
#include "queue/history_schema.hpp"

namespace farmwall::queue {

using namespace sqlite;

namespace {

using namespace std::chrono_literals;

// Half of what may pass between handing over and committing; the disk has the other half.
constexpr auto gather = 500ms;
constexpr auto longest_sleep = 60s;
constexpr auto between_rounds = 1min;
constexpr auto work_at_once = 50ms;  // of the keeper, before rows are looked for again
constexpr auto between_looks = 60s;
constexpr const char* component = "history";

TimePoint steady_now() { return std::chrono::steady_clock::now(); }

std::string_view words(Trouble trouble) {
    switch (trouble) {
        case Trouble::full:
            return "the disk is full";
        case Trouble::busy:
            return "another program holds the file";
        case Trouble::damaged:
        case Trouble::foreign:
        case Trouble::newer:
        case Trouble::bad_row:
        case Trouble::other:
            return "the disk or the file gives trouble";
    }
    return "";
}

}  // namespace

HistoryWriter::HistoryWriter(History::Settings settings, HistoryFile opened, HistoryInbox& inbox)
    : settings_{std::move(settings)}, inbox_{inbox}, file_{std::move(opened)}, keeper_{settings_.bounds} {
    said_.with([&](Said& said) { said.told = std::exchange(file_.told, {}); });
    if (auto bad = rows_.prepare(file_.database, file_.run)) failed(*bad);
}

std::string HistoryWriter::problem() const {
    return said_.with([](const Said& said) {
        return said.told + (said.told.empty() || said.failing.empty() ? "" : " ") + said.failing;
    });
}

void HistoryWriter::suspect() {
    suspected_ = true;
    inbox_.wake();
}

void HistoryWriter::run(const std::stop_token& stop) {
    platform::name_this_thread(component);
    while (!stop.stop_requested()) {
        TimePoint until = steady_now() + longest_sleep;
        if (keeping_) until = steady_now();
        if (retry_at_) until = *retry_at_;
        inbox_.wait(stop, until, gather, !failing());
        const std::uint64_t asked = inbox_.flush_asked();
        say_dropped();
        if (suspected_.exchange(false)) look_for_damage();
        if (!failing() || steady_now() >= *retry_at_ || asked != flushed_) write_all();
        flushed_ = asked;
        inbox_.flush_done(asked);
        if (!failing()) keep_in_bounds();
    }
    end();
}

void HistoryWriter::end() {
    write_all();
    inbox_.close();
    if (!pending_.empty()) {
        log::warning(component, fmt::format("{} rows could not be written before the end", pending_.size()));
    }
    if (!file_.database.is_open()) return;
    rows_ = {};  // statements keep a connection open
    if (auto bad = close_cleanly(file_.database))
        log::warning(component, "The history could not be closed cleanly: " + bad->what);
}

void HistoryWriter::write_all() {
    if (!make_ready()) return;
    while (true) {
        if (pending_.empty()) pending_ = inbox_.take();
        // Without rows, whether it can be written again is found out by writing something.
        if (pending_.empty() && !failing()) return;
        auto bad = commit();
        if (bad && bad->trouble == Trouble::damaged) {
            if (!recover(true)) return;
            bad = commit();
        }
        if (bad) return failed(*bad);
        pending_.clear();
        if (failing()) succeeded();
    }
}

bool HistoryWriter::make_ready() {
    std::error_code unknown;
    const bool vanished = !std::filesystem::exists(settings_.file, unknown) && !unknown;
    if (vanished || reopen_first_ || !file_.database.is_open()) return recover(false);
    return true;
}

Problem HistoryWriter::commit() {
    Transaction transaction{file_.database};
    if (auto bad = transaction.begin()) return bad;
    std::size_t refused = 0;
    for (const HistoryRow& row : pending_) {
        auto bad = rows_.write(row);
        if (bad && bad->trouble != Trouble::bad_row) return bad;
        if (bad) ++refused;
        if (const auto* sample = std::get_if<PrinterSample>(&row)) keeper_.written(sample->sample.at);
    }
    if (failing()) {
        if (auto bad = write_meta(file_.database, "runs", file_.run)) return bad;
    }
    if (refused != 0)
        log::warning(component, fmt::format("{} rows could not be taken into the history", refused));
    return transaction.commit();
}

// Another connection; `damaged`: to another file.
bool HistoryWriter::recover(bool damaged) {
    std::unique_lock alone{file_mutex_};
    rows_ = {};
    keeping_ = false;
    keeper_.forget();
    std::error_code unknown;
    const bool vanished = !damaged && !std::filesystem::exists(settings_.file, unknown) && !unknown;
    file_.database.close_as_it_is();
    if (damaged) {
        auto name = set_aside(settings_.file, settings_.now());
        if (!name) {
            alone.unlock();
            failed({Trouble::other, name.error().what});
            return false;
        }
        file_.told = fmt::format("The history file was damaged; it was set aside as {} and a new one begun.",
                                 name.value());
    }
    if (vanished) file_.told = "The history file was gone; a new one was begun.";
    const std::string told = std::exchange(file_.told, {});
    auto opened = open_history_file(settings_.file, settings_.now());
    Problem bad;
    if (opened) {
        file_ = std::move(opened).value();
        bad = rows_.prepare(file_.database, file_.run);
    } else {
        bad = Failure{Trouble::other, opened.error().what};
    }
    alone.unlock();
    const std::string news = file_.told.empty() ? told : std::exchange(file_.told, {});
    if (!news.empty()) {
        said_.with([&](Said& said) { said.told = news; });
        log::warning(component, news);
    }
    if (bad) failed(*bad);
    return !bad;
}

void HistoryWriter::failed(const Failure& failure) {
    retry_at_ = steady_now() + settings_.retry;
    reopen_first_ = failure.trouble != Trouble::busy && failure.trouble != Trouble::full;
    keeping_ = false;
    std::string text = fmt::format("The history is not written, {} ({}); it is tried again every {} s.",
                                   words(failure.trouble), failure.what,
                                   std::chrono::duration_cast<std::chrono::seconds>(settings_.retry).count());
    const bool news = said_.with([&](Said& said) { return std::exchange(said.failing, text) != text; });
    if (news) log::warning(component, text);
}

void HistoryWriter::succeeded() {
    retry_at_.reset();
    reopen_first_ = false;
    said_.with([](Said& said) { said.failing.clear(); });
    log::info(component, "The history is written again");
}

void HistoryWriter::keep_in_bounds() {
    Problem bad;
    if (!keeping_) {
        const WallTime now = settings_.now();
        // Either way: a clock that is set back must not stop it.
        if (now - last_round_ < between_rounds && last_round_ - now < between_rounds) return;
        last_round_ = now;
        bad = keeper_.begin(file_.database, now);
        keeping_ = !bad;
    }
    const TimePoint end = steady_now() + work_at_once;
    while (keeping_ && !bad && steady_now() < end)
        bad = keeper_.step(file_.database, keeping_);
    if (!bad) return;
    keeping_ = false;
    if (bad->trouble == Trouble::damaged) {
        static_cast<void>(recover(true));
    } else {
        failed(*bad);
    }
}

void HistoryWriter::look_for_damage() {
    if (!file_.database.is_open() || (next_look_ && steady_now() < *next_look_)) return;
    next_look_ = steady_now() + between_looks;
    const auto bad = file_.database.check();
    if (bad && bad->trouble == Trouble::damaged) static_cast<void>(recover(true));
}

void HistoryWriter::say_dropped() {
    const HistoryInbox::Dropped dropped = inbox_.take_dropped();
    if (dropped.samples + dropped.others == 0 || std::exchange(said_dropped_, true)) return;
    log::warning(component, "More comes than can be written: rows of the history are dropped, samples first");
}

}  // namespace farmwall::queue
