#include <boost/json.hpp>
#include <chrono>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "queue/job_files.hpp"
#include "queue/queue_keys.hpp"

namespace farmwall::queue {
namespace {

namespace json = boost::json;

// What is not UTF-8 would make the whole file unreadable.
json::string text_json(std::string_view text) { return json::string(valid_utf8(text)); }

json::value text_or_null(std::string_view text) {
    return text.empty() ? json::value() : json::value(text_json(text));
}

template <class Tag>
json::value id_json(const std::optional<StrongId<Tag>>& id) {
    return id ? json::value(text_json(id->value)) : json::value();
}

double unix_seconds(WallTime when) {
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(when.time_since_epoch());
    return static_cast<double>(ms.count()) / 1000.0;
}

json::value time_json(const std::optional<WallTime>& when) {
    return when ? json::value(unix_seconds(*when)) : json::value();
}

json::object options_json(const StartOptions& options) {
    json::object out;
    for (const auto& [key, member] : option_keys)
        out.emplace(key, options.*member);
    return out;
}

// Copies share their inspection, which need not be written for each anew.
class SlicedTexts {
public:
    explicit SlicedTexts(const SlicedCodec& codec) : codec_{codec} {}
    json::value of(const std::shared_ptr<const SlicedFile>& sliced) {
        if (sliced == nullptr || !codec_.write) return {};
        auto [entry, fresh] = texts_.try_emplace(sliced.get());
        if (fresh) entry->second = text_json(codec_.write(*sliced));
        return json::value(entry->second);
    }

private:
    const SlicedCodec& codec_;
    std::map<const SlicedFile*, json::string> texts_;
};

json::object job_json(const Job& job, SlicedTexts& texts) {
    json::object out;
    out["id"] = text_json(job.id.value);
    out["filename"] = text_json(job.file_name);
    out["filepath"] = text_json(job.file_path);
    out["status"] = text_json(contract_status(job.phase));
    out["created_at"] = unix_seconds(job.created);
    out["started_at"] = time_json(job.started);
    out["finished_at"] = time_json(job.finished);
    out["printer_id"] = id_json(job.printer);
    out["assigned_printer_id"] = id_json(job.assigned);
    out["plate"] = job.plate;
    out["auto_assign"] = job.auto_assign;
    out["error"] = text_or_null(job.error);
    out["phase"] = text_json(name(job.phase));
    out["tag"] = text_json(job.tag);
    out["priority"] = job.priority;
    out["options"] = options_json(job.options);
    out["start_after"] = time_json(job.start_after);
    out["start_before"] = time_json(job.start_before);
    out["origin"] = text_json(name(job.origin));
    out["attempt"] =
        json::object{{"task_id", job.attempt.task_id}, {"remote_name", text_json(job.attempt.remote_name)}};
    out["attempts"] = job.attempts;
    out["sliced"] = texts.of(job.sliced);
    return out;
}

json::object desk_json(const PrinterDesk& desk) {
    json::object out;
    out["state"] = text_json(name(desk.plate.state));
    out["since"] = time_json(desk.plate.since);
    out["print"] = text_json(desk.plate.print);
    out["print_job"] = id_json(desk.plate.job);
    out["last_good"] = desk.plate.last_good ? json::value(*desk.plate.last_good) : json::value();
    out["last_reason"] = text_json(desk.plate.last_reason);
    out["last_seen"] = text_json(desk.plate.last_seen);
    out["held_by"] = id_json(desk.job);
    out["last_used"] = time_json(desk.last_used);
    out["free_bytes"] = desk.free_bytes ? json::value(*desk.free_bytes) : json::value();
    out["flagged"] = text_json(desk.flagged);
    return out;
}

std::string text_of(const json::value& value) { return json::serialize(value); }

}  // namespace

std::string queue_to_json(const QueueContent& content, const SlicedCodec& codec) {
    SlicedTexts texts{codec};
    std::string out = "{\"version\":" + std::to_string(queue_version) + ",\n\"jobs\":[";
    const char* before = "\n";
    for (const Job& job : content.jobs) {
        out += before + text_of(job_json(job, texts));
        before = ",\n";
    }
    out += "],\n\"plates\":{";
    before = "\n";
    for (const auto& [printer, desk] : content.desks) {
        out += before + text_of(text_json(printer.value)) + ":" + text_of(desk_json(desk));
        before = ",\n";
    }
    return out += "}}\n";
}

}  // namespace farmwall::queue
