#include "model/alarm.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace farmwall {
namespace {

AlarmRecord record(AlarmRecord::What what, const Alarm& alarm, TimePoint raised_at, TimePoint now,
                   WallTime wall) {
    return {what, alarm.key, alarm.printer_name, alarm.text, wall, {}, now - raised_at, alarm.level};
}

// Repeats and escalations of zero are switched off.
bool is_on(Duration interval) { return interval > Duration::zero(); }

}  // namespace

std::string_view name(AlarmKind kind) {
    switch (kind) {
        case AlarmKind::print_failed:
            return "print_failed";
        case AlarmKind::paused_by_error:
            return "paused_by_error";
        case AlarmKind::runout:
            return "runout";
        case AlarmKind::hms_serious:
            return "hms_serious";
        case AlarmKind::offline_while_printing:
            return "offline_while_printing";
        case AlarmKind::camera_frozen:
            return "camera_frozen";
        case AlarmKind::certificate_changed:
            return "certificate_changed";
        case AlarmKind::needs_developer_mode:
            return "needs_developer_mode";
        case AlarmKind::waiting_for_clearing:
            return "waiting_for_clearing";
    }
    return "unknown";
}

bool rings(AlarmKind kind) {
    switch (kind) {
        case AlarmKind::print_failed:
        case AlarmKind::paused_by_error:
        case AlarmKind::runout:
        case AlarmKind::hms_serious:
        case AlarmKind::offline_while_printing:
        case AlarmKind::camera_frozen:
        case AlarmKind::certificate_changed:
            return true;
        case AlarmKind::needs_developer_mode:
        case AlarmKind::waiting_for_clearing:
            return false;
    }
    return true;
}

std::string_view name(AlarmRecord::What what) {
    switch (what) {
        case AlarmRecord::What::raised:
            return "raised";
        case AlarmRecord::What::repeated:
            return "repeated";
        case AlarmRecord::What::escalated:
            return "escalated";
        case AlarmRecord::What::acknowledged:
            return "acknowledged";
        case AlarmRecord::What::snoozed:
            return "snoozed";
        case AlarmRecord::What::cleared:
            return "cleared";
    }
    return "unknown";
}

namespace {

std::string waited(Duration time) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(time).count();
    if (minutes == 0)
        return fmt::format("{} s", std::chrono::duration_cast<std::chrono::seconds>(time).count());
    if (minutes < 60) return fmt::format("{} min", minutes);
    return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
}

// "at the screen", "by a script"
std::string_view by_whom(std::string_view by) {
    if (by == "screen") return "at the screen";
    if (by == "api") return "over the API";
    return "by a script";
}

}  // namespace

std::string shift_log_text(const AlarmRecord& record) {
    const std::string after = waited(record.after);
    switch (record.what) {
        case AlarmRecord::What::raised:
            return fmt::format("Alarm: {}", record.text);
        case AlarmRecord::What::repeated:
            return fmt::format("Rang again after {}: {}", after, record.text);
        case AlarmRecord::What::escalated:
            return fmt::format("Level {} after {}: {}", record.level, after, record.text);
        case AlarmRecord::What::acknowledged:
            return fmt::format("Acknowledged {} after {}: {}", by_whom(record.by), after, record.text);
        case AlarmRecord::What::snoozed:
            return fmt::format("Snoozed {} after {}: {}", by_whom(record.by), after, record.text);
        case AlarmRecord::What::cleared:
            return fmt::format("Over after {}: {}", after, record.text);
    }
    return record.text;
}

Duration AlarmBook::settle(AlarmKind kind) const {
    switch (kind) {
        case AlarmKind::offline_while_printing:
            return times_.offline_settle;
        case AlarmKind::camera_frozen:
            return times_.frozen_settle;
        case AlarmKind::print_failed:
        case AlarmKind::paused_by_error:
        case AlarmKind::runout:
        case AlarmKind::hms_serious:
        case AlarmKind::certificate_changed:
        case AlarmKind::needs_developer_mode:
        case AlarmKind::waiting_for_clearing:
            return times_.settle;
    }
    return times_.settle;
}

void AlarmBook::appear(Entry& entry, const AlarmCause& cause, TimePoint now) {
    Alarm& alarm = entry.alarm;
    const Alarm before = alarm;
    if (entry.gone_since) {
        ++alarm.times;
        entry.gone_since.reset();
    }
    alarm.cause_present = true;
    alarm.text = cause.text;
    entry.subjects = cause.subjects;
    const bool news = alarm.acknowledged && std::ranges::any_of(entry.subjects, [&](const std::string& one) {
                          return !entry.known.contains(one);
                      });
    if (!news) {
        entry.news_since.reset();
    } else if (!entry.news_since) {
        entry.news_since = now;
    }
    if (entry.raised && alarm != before) ++revision_;
}

void AlarmBook::vanish(Entry& entry, TimePoint now) {
    if (entry.gone_since) return;
    entry.gone_since = now;
    entry.news_since.reset();
    entry.alarm.cause_present = false;
    ++revision_;
}

std::vector<AlarmRecord> AlarmBook::look(const PrinterId& printer, const std::string& printer_name,
                                         const std::vector<AlarmCause>& causes, TimePoint now,
                                         WallTime wall) {
    std::vector<AlarmRecord> out;
    pass_time_of(printer, now, wall, out);  // until now, the causes were the old ones
    std::set<AlarmKind> present;
    for (const AlarmCause& cause : causes) {
        if (!present.insert(cause.kind).second) continue;
        const AlarmKey key{printer, cause.kind};
        const auto [at, fresh] = entries_.try_emplace(key);
        Entry& entry = at->second;
        if (fresh) {
            entry.alarm.key = key;
            entry.alarm.since = now;
            entry.alarm.since_wall = wall;
        }
        if (entry.raised && entry.alarm.printer_name != printer_name) ++revision_;
        entry.alarm.printer_name = printer_name;
        appear(entry, cause, now);
    }
    for (auto at = entries_.lower_bound({printer, AlarmKind{}});
         at != entries_.end() && at->first.printer == printer;) {
        const bool gone = !present.contains(at->first.kind);
        if (gone && !at->second.raised) {
            at = entries_.erase(at);
            continue;
        }
        if (gone) vanish(at->second, now);
        ++at;
    }
    pass_time_of(printer, now, wall, out);
    return out;
}

void AlarmBook::pass_time_of(const PrinterId& printer, TimePoint now, WallTime wall,
                             std::vector<AlarmRecord>& out) {
    for (auto at = entries_.lower_bound({printer, AlarmKind{}});
         at != entries_.end() && at->first.printer == printer;) {
        at = pass_time(at->second, now, wall, out) ? std::next(at) : entries_.erase(at);
    }
}

std::vector<AlarmRecord> AlarmBook::tick(TimePoint now, WallTime wall) {
    std::vector<AlarmRecord> out;
    for (auto at = entries_.begin(); at != entries_.end();)
        at = pass_time(at->second, now, wall, out) ? std::next(at) : entries_.erase(at);
    return out;
}

void AlarmBook::raise(Entry& entry, TimePoint now, WallTime wall, std::vector<AlarmRecord>& out) {
    entry.raised = true;
    entry.raised_at = now;
    entry.last_rang = now;
    entry.next_level = now + times_.escalate;
    entry.news_since.reset();
    entry.alarm.acknowledged = false;
    entry.alarm.level = 0;
    ++revision_;
    out.push_back(record(AlarmRecord::What::raised, entry.alarm, now, now, wall));
}

bool AlarmBook::pass_time(Entry& entry, TimePoint now, WallTime wall, std::vector<AlarmRecord>& out) {
    const auto at = due(entry);
    if (!at || *at > now) return true;
    const Alarm& alarm = entry.alarm;
    if (!entry.raised || entry.news_since) {
        raise(entry, now, wall, out);
    } else if (alarm.acknowledged || !rings(alarm.key.kind)) {
        ++revision_;
        out.push_back(record(AlarmRecord::What::cleared, alarm, entry.raised_at, now, wall));
        return false;
    } else {
        ring_in_time(entry, now, wall, out);
    }
    return true;
}

void AlarmBook::ring_in_time(Entry& entry, TimePoint now, WallTime wall, std::vector<AlarmRecord>& out) {
    Alarm& alarm = entry.alarm;
    ++revision_;
    const bool snooze_over = alarm.snoozed_until.has_value();
    alarm.snoozed_until.reset();
    bool rang = false;
    while (is_on(times_.escalate) && alarm.level < times_.most_level && entry.next_level <= now) {
        ++alarm.level;
        entry.next_level += times_.escalate;
        out.push_back(record(AlarmRecord::What::escalated, alarm, entry.raised_at, now, wall));
        rang = true;
    }
    const bool repeats = is_on(times_.repeat) && entry.last_rang + times_.repeat <= now;
    if (!rang && (snooze_over || repeats))
        out.push_back(record(AlarmRecord::What::repeated, alarm, entry.raised_at, now, wall));
    entry.last_rang = now;
}

std::optional<TimePoint> AlarmBook::due(const Entry& entry) const {
    const Alarm& alarm = entry.alarm;
    if (!entry.raised) return alarm.since + settle(alarm.key.kind);
    if (alarm.acknowledged || !rings(alarm.key.kind)) {
        if (entry.gone_since) return *entry.gone_since + times_.quiet;
        if (entry.news_since) return *entry.news_since + settle(alarm.key.kind);
        return std::nullopt;
    }
    if (alarm.snoozed_until) return alarm.snoozed_until;
    std::optional<TimePoint> soonest;
    if (is_on(times_.repeat)) soonest = entry.last_rang + times_.repeat;
    if (is_on(times_.escalate) && alarm.level < times_.most_level)
        soonest = soonest ? std::min(*soonest, entry.next_level) : entry.next_level;
    return soonest;
}

std::optional<TimePoint> AlarmBook::next_due() const {
    std::optional<TimePoint> soonest;
    for (const auto& [key, entry] : entries_) {
        const auto at = due(entry);
        if (at && (!soonest || *at < *soonest)) soonest = at;
    }
    return soonest;
}

AlarmBook::Entry* AlarmBook::standing_entry(const AlarmKey& key) {
    const auto found = entries_.find(key);
    return found != entries_.end() && found->second.raised ? &found->second : nullptr;
}

std::vector<AlarmRecord> AlarmBook::acknowledge(const AlarmKey& key, const std::string& by, TimePoint now,
                                                WallTime wall) {
    std::vector<AlarmRecord> out;
    Entry* const entry = standing_entry(key);
    if (entry == nullptr || entry->alarm.acknowledged) return out;
    entry->alarm.acknowledged = true;
    entry->alarm.snoozed_until.reset();
    entry->known.insert(entry->subjects.begin(), entry->subjects.end());
    ++revision_;
    out.push_back(record(AlarmRecord::What::acknowledged, entry->alarm, entry->raised_at, now, wall));
    out.back().by = by;
    if (!pass_time(*entry, now, wall, out)) entries_.erase(key);
    return out;
}

std::vector<AlarmRecord> AlarmBook::snooze(const AlarmKey& key, Duration how_long, const std::string& by,
                                           TimePoint now, WallTime wall) {
    std::vector<AlarmRecord> out;
    Entry* const entry = standing_entry(key);
    const bool silent = entry == nullptr || entry->alarm.acknowledged || !rings(key.kind);
    if (silent || how_long <= Duration::zero()) return out;
    const TimePoint until = now + std::min(how_long, longest_snooze);
    entry->alarm.snoozed_until = until;
    entry->next_level = until + times_.escalate;
    ++revision_;
    out.push_back(record(AlarmRecord::What::snoozed, entry->alarm, entry->raised_at, now, wall));
    out.back().by = by;
    return out;
}

std::vector<Alarm> AlarmBook::standing() const {
    std::vector<Alarm> out;
    for (const auto& [key, entry] : entries_) {
        if (entry.raised) out.push_back(entry.alarm);
    }
    std::ranges::stable_sort(out, [](const Alarm& a, const Alarm& b) {
        if (a.acknowledged != b.acknowledged) return b.acknowledged;
        if (rings(a.key.kind) != rings(b.key.kind)) return rings(a.key.kind);
        return a.since < b.since;
    });
    return out;
}

}  // namespace farmwall
