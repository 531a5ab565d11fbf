#include "fleet/job_json.hpp"

#include <boost/json.hpp>

namespace farmwall {
namespace {

namespace json = boost::json;

json::value seconds_or_null(const std::optional<WallTime>& time) {
    if (!time) return nullptr;
    return std::chrono::duration<double>(time->time_since_epoch()).count();
}

json::value text_or_null(const std::string& text) { return text.empty() ? json::value() : json::value(text); }

template <class Id>
json::value id_or_null(const std::optional<Id>& id) {
    return id ? json::value(id->value) : json::value();
}

}  // namespace

std::string job_json(const JobView& view) {
    const Job& job = *view.job;
    json::object out;
    out["id"] = job.id.value;
    out["filename"] = job.file_name;
    out["filepath"] = job.file_path;
    out["status"] = contract_status(job.phase);
    out["created_at"] = seconds_or_null(job.created);
    out["started_at"] = seconds_or_null(job.started);
    out["finished_at"] = seconds_or_null(job.finished);
    out["printer_id"] = id_or_null(job.printer);
    out["assigned_printer_id"] = id_or_null(job.assigned);
    out["plate"] = job.plate;
    out["auto_assign"] = job.auto_assign;
    out["error"] = text_or_null(job.error);
    out["phase"] = name(job.phase);
    out["waiting"] = text_or_null(view.waiting);
    out["progress"] = view.progress;
    out["bytes_per_second"] = view.bytes_per_second;
    out["tag"] = text_or_null(job.tag);
    out["priority"] = job.priority;
    out["attempts"] = job.attempts;
    return json::serialize(out);
}

std::string removed_job_json(const JobId& id) {
    return json::serialize(json::object{{"removed_job", id.value}});
}

std::string answer_json(const AddAnswer& answer) {
    json::array jobs;
    for (const JobId& id : answer.jobs)
        jobs.emplace_back(id.value);
    return json::serialize(json::object{
        {"ticket", answer.ticket}, {"jobs", std::move(jobs)}, {"error", text_or_null(answer.error)}});
}

std::string desk_json(const PrinterId& printer, const PrinterDesk& desk) {
    json::object out;
    out["desk"] = printer.value;
    out["plate"] = name(desk.plate.state);
    out["plate_print"] = text_or_null(desk.plate.print);
    out["job"] = id_or_null(desk.job);
    out["flagged"] = text_or_null(desk.flagged);
    return json::serialize(out);
}

}  // namespace farmwall
