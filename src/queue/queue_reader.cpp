#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <limits>
#include <map>
#include <set>

#include "base/text.hpp"
#include "queue/job_files.hpp"
#include "queue/json_fields.hpp"
#include "queue/queue_keys.hpp"

namespace farmwall::queue {
namespace {

namespace json = boost::json;

constexpr int highest_plate = 9999;
constexpr int highest = std::numeric_limits<int>::max();

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

// What stands in the file, for a sentence.
std::string shown(std::string_view text) {
    constexpr std::size_t longest = 40;
    return printable(text.substr(0, longest));
}

// A person has to look; the first reason stays.
void hold(Job& job, std::string reason) {
    if (is_over(job.phase)) return;
    if (job.phase != JobPhase::held) job.error = std::move(reason);
    job.phase = JobPhase::held;
}

bool is_good_id(std::string_view id) {
    constexpr std::size_t longest = 64;
    return !id.empty() && id.size() <= longest && std::ranges::all_of(id, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '_';
    });
}

template <class Enum>
bool take_name(JsonFields& fields, std::string_view key, std::initializer_list<Enum> all, Enum& into) {
    std::string word;
    if (!fields.take(key, word)) return false;
    const auto found = std::ranges::find_if(all, [&](Enum value) { return name(value) == word; });
    if (found == all.end()) {
        fields.complain(key, "a word that is known here");
        return false;
    }
    into = *found;
    return true;
}

class Reader {
public:
    explicit Reader(const SlicedCodec& codec) : codec_{codec} {}

    Status read(const json::value& root);
    QueueReading take() { return std::move(out_); }

private:
    void read_entry(const json::value& entry, std::string_view key_id);
    void read_entries(const json::value& entries);
    void read_how(JsonFields& fields, Job& job);
    void read_sliced(JsonFields& fields, Job& job);
    void read_phase(JsonFields& fields, Job& job);
    void read_desks(const json::object& plates);
    void told(std::string sentence) { out_.problems.push_back(std::move(sentence)); }

    const SlicedCodec& codec_;
    QueueReading out_;
    std::set<JobId> ids_;
    std::map<std::string, std::shared_ptr<const SlicedFile>, std::less<>> sliced_;
    std::size_t entries_ = 0;
    bool newer_ = false;
};

Status Reader::read(const json::value& root) {
    const json::object* object = root.if_object();
    const json::value* jobs = object == nullptr ? nullptr : object->if_contains("jobs");
    const bool plain = jobs == nullptr;  // a list of jobs, or an object of them by id
    const json::value& entries = plain ? root : *jobs;
    if (!entries.is_array() && !entries.is_object())
        return Error{ErrorKind::bad_input, "There is no list of jobs in it"};
    if (!plain) {
        JsonFields fields{*object};
        int version = 1;
        fields.take("version", version, 1, highest);
        newer_ = version > queue_version;
        if (newer_) told(fmt::format("It is of version {}, which a newer program wrote", version));
        if (const json::object* plates = fields.take_object("plates")) read_desks(*plates);
        for (const std::string& wrong : fields.wrong())
            told("In it, " + wrong);
    }
    read_entries(entries);
    if (entries_ > 0 && out_.content.jobs.empty())
        return Error{ErrorKind::bad_input, "Not one job of it can be understood: " + out_.problems.back()};
    return Done{};
}

void Reader::read_entries(const json::value& entries) {
    if (const json::array* list = entries.if_array()) {
        for (const json::value& entry : *list)
            read_entry(entry, "");
        return;
    }
    for (const auto& member : entries.get_object())
        read_entry(member.value(), {member.key().data(), member.key().size()});
}

void Reader::read_entry(const json::value& entry, std::string_view key_id) {
    const std::string place = fmt::format("Job {} of the file", ++entries_);
    if (!entry.is_object()) return told(place + " is not an object");
    JsonFields fields{entry.get_object()};
    Job job;
    job.id.value = key_id;
    fields.take("id", job.id.value);
    if (!is_good_id(job.id.value)) return told(place + " has no usable id");
    const bool named = fields.take("filename", job.file_name);
    const bool placed = fields.take("filepath", job.file_path);
    if (!named && !placed) return told(place + " names no file");
    if (!named) job.file_name = std::filesystem::path{job.file_path}.filename().string();
    if (!ids_.insert(job.id).second)
        return told(fmt::format("{} has the id {} of one before it", place, job.id.value));

    read_phase(fields, job);
    read_how(fields, job);
    read_sliced(fields, job);
    if (!fields.wrong().empty()) {
        std::string all;
        for (const std::string& wrong : fields.wrong())
            all += (all.empty() ? "" : ", ") + wrong;
        told(fmt::format("Of job {}, {}", job.id.value, all));
        hold(job, fmt::format("Not all of this job was understood when the queue was read ({}); look at it "
                              "before you start it",
                              all));
    }
    if (!placed || (!job.file_path.empty() && !std::filesystem::path{job.file_path}.is_absolute()))
        hold(job, "It is not known where the file of this job is; add the file again");
    if (!job.auto_assign && !job.printer)
        hold(job, "This job is meant for one printer but names none; choose one");
    if (newer_) hold(job, "A newer program wrote the queue; look at this job before you start it");
    out_.content.jobs.push_back(std::move(job));
}

void Reader::read_phase(JsonFields& fields, Job& job) {
    fields.take("error", job.error);
    std::string status;
    const bool has_status = fields.take("status", status);
    std::string word;
    if (fields.take("phase", word)) {
        const auto phase = job_phase_from(word);
        if (!phase) return fields.complain("phase", "a word that is known here");
        job.phase = *phase;
        // Somebody else's hand, or program, was in between.
        if (has_status && contract_status(*phase) != status) {
            job.phase = JobPhase::queued;
            hold(job, fmt::format("The queue calls this job both {} and {}; look at it before you start it",
                                  shown(status), word));
        }
        return;
    }
    if (status == "queued") return;
    if (status == "dispatching" || status == "running") {
        return hold(job,
                    fmt::format("A restart interrupted this job while it was {}; look at the printer before "
                                "you start it again",
                                status));
    }
    const auto ended = job_phase_from(status == "cancelled" ? "canceled" : status);
    if (ended && is_over(*ended)) {
        job.phase = *ended;
    } else if (has_status) {
        told(fmt::format("Of job {}, the status '{}' is not known", job.id.value, shown(status)));
        hold(job, fmt::format("The status '{}' of this job is not known; look at it before you start it",
                              shown(status)));
    } else {
        fields.complain("status", "there");
    }
}

void Reader::read_how(JsonFields& fields, Job& job) {
    fields.take("created_at", job.created);
    fields.take("started_at", job.started);
    fields.take("finished_at", job.finished);
    fields.take("printer_id", job.printer);
    fields.take("assigned_printer_id", job.assigned);
    fields.take("plate", job.plate, 1, highest_plate);
    fields.take("auto_assign", job.auto_assign);
    fields.take("tag", job.tag);
    fields.take("priority", job.priority, -highest_priority, highest_priority);
    fields.take("start_after", job.start_after);
    fields.take("start_before", job.start_before);
    fields.take("attempts", job.attempts, 0, highest);
    take_name(fields, "origin", {Origin::screen, Origin::api, Origin::script, Origin::dispatcher},
              job.origin);
    if (const json::object* options = fields.take_object("options")) {
        JsonFields inner{*options};
        for (const auto& [key, member] : option_keys)
            inner.take(key, job.options.*member);
        fields.complain(inner);
    }
    if (const json::object* attempt = fields.take_object("attempt")) {
        JsonFields inner{*attempt};
        inner.take("task_id", job.attempt.task_id, 0, highest);
        inner.take("remote_name", job.attempt.remote_name);
        fields.complain(inner);
    }
}

// Copies share one inspection.
void Reader::read_sliced(JsonFields& fields, Job& job) {
    const json::value* value = fields.find("sliced");
    if (value == nullptr || !codec_.read) return;
    const std::string text =
        value->is_string() ? std::string{view(value->get_string())} : json::serialize(*value);
    auto found = sliced_.find(text);
    if (found == sliced_.end()) {
        auto read = codec_.read(text);
        if (!read) {
            told(fmt::format("Of job {}, what its file holds is not understood and is looked at anew",
                             job.id.value));
            return;
        }
        found = sliced_.emplace(text, std::make_shared<const SlicedFile>(std::move(read).value())).first;
    }
    job.sliced = found->second;
}

void Reader::read_desks(const json::object& plates) {
    for (const auto& member : plates) {
        PrinterId printer{std::string{member.key().data(), member.key().size()}};
        if (!member.value().is_object()) {
            told(fmt::format("The plate of {} is not an object", shown(printer.value)));
            continue;
        }
        JsonFields fields{member.value().get_object()};
        PrinterDesk desk;
        take_name(fields, "state", {PlateState::unknown, PlateState::clear, PlateState::occupied},
                  desk.plate.state);
        fields.take("since", desk.plate.since);
        fields.take("print", desk.plate.print);
        fields.take("print_job", desk.plate.job);
        fields.take("last_good", desk.plate.last_good);
        fields.take("last_reason", desk.plate.last_reason);
        fields.take("last_seen", desk.plate.last_seen);
        fields.take("held_by", desk.job);
        fields.take("last_used", desk.last_used);
        fields.take("free_bytes", desk.free_bytes);
        fields.take("flagged", desk.flagged);
        for (const std::string& wrong : fields.wrong())
            told(fmt::format("Of the plate of {}, {}", shown(printer.value), wrong));
        if (!fields.wrong().empty()) desk.plate.state = PlateState::unknown;
        out_.content.desks.emplace_back(std::move(printer), std::move(desk));
    }
}

}  // namespace

Result<QueueReading> read_queue(std::string_view text, const SlicedCodec& codec) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    json::stream_parser parser;
    json::error_code wrong;
    const std::size_t used = parser.write_some(text.data(), text.size(), wrong);
    if (!wrong && used == text.size()) parser.finish(wrong);
    if (wrong || used < text.size()) {
        return Error{ErrorKind::bad_input,
                     fmt::format("It is not valid JSON: it ends or goes wrong at byte {}", used)};
    }
    Reader reader{codec};
    if (auto read = reader.read(parser.release()); !read) return read.error();
    return reader.take();
}

Result<QueueContent> queue_from_json(std::string_view text, const SlicedCodec& codec) {
    auto read = read_queue(text, codec);
    if (!read) return read.error();
    return std::move(read).value().content;
}

}  // namespace farmwall::queue
