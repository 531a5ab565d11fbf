#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fleet/intent_queue.hpp"
#include "model/action.hpp"
#include "model/command.hpp"
#include "model/gate.hpp"
#include "model/job.hpp"
#include "model/matching.hpp"
#include "queue/queue_content.hpp"

// What the dispatcher asks of the links, and what they tell it. Declared here, implemented by link.
namespace farmwall::dispatch {

// What comes back of a command that was handed to a session. A command may be several messages: `messages`
// says how many, and each is answered for itself.
struct LinkEvent {
    enum class Kind {
        sent,      // all messages of the command went out
        not_sent,  // none did: `refusal` by the gate, or the session is not up, see `text`
        answered,  // one message came back
        foreign,   // another client's command was answered; `command` is 0, `text` its name on the wire
    };
    Kind kind = Kind::sent;
    std::size_t printer = 0;  // place in config order
    CommandId command = 0;
    int messages = 1;               // of `sent`
    bool failed = false;            // of `answered`
    bool unsigned_refused = false;  // of `answered`: the firmware wants signed commands (protocol 8.3)
    std::optional<Refusal> refusal;
    std::string text;  // for people: the printer's reason, or why it could not be sent
};

class PrinterLinks {
public:
    virtual ~PrinterLinks() = default;
    // Asks the gate with the session's own newest state, then sends. Never waits; what becomes of it comes
    // back as LinkEvents. `seen_job`: refused when the printer works on another job by then.
    virtual void send(std::size_t printer, CommandId command, const Action& action,
                      const std::optional<Position>& position,
                      const std::optional<JobIdentity>& seen_job) = 0;
    // A wish that is the session's own business: AskFullReport, ConnectNow, TrustCertificate.
    virtual void wish(std::size_t printer, const Wish& wish) = 0;
};

// The ids of starts, apart from those that the command tracker counts.
inline constexpr CommandId first_start_id = CommandId{1} << 62U;

// How prints are started.
class PrintStarts {
public:
    virtual ~PrintStarts() = default;
    // Asks gate_start with the session's own newest state, then publishes project_file once and never again.
    // The answers come back as LinkEvents like those of any other command.
    // `seen`: refused when the printer shows another print by then, over or not.
    virtual void start(std::size_t printer, CommandId command, const StartPrint& start,
                       const JobIdentity& seen) = 0;
};

// Files to the printers' storage by FTPS (protocol 9). One transfer a printer, some side by side, the rest
// waits in its order. Nothing here waits; what becomes of it comes back as UploadEvents.
using UploadId = std::uint64_t;  // counted by the caller
enum class UploadProblem {
    none,
    unreachable,      // nothing answers
    bad_access_code,  // 530
    certificate,      // not the one that is pinned
    no_storage,       // no card
    storage_full,
    storage_error,    // read-only, wrong format, name not allowed
    connection_lost,  // cut or stalled in the middle
    too_slow,         // past the limit that its size allows
    wrong_size,       // what lies there is shorter or longer
    local_file,       // ours cannot be read
    canceled,
};
struct UploadEvent {
    enum class Kind { progress, done, failed };  // failed: canceled as well
    Kind kind = Kind::progress;
    UploadId upload = 0;
    std::size_t printer = 0;
    std::uint64_t sent_bytes = 0;
    std::uint64_t total_bytes = 0;
    std::uint64_t bytes_per_second = 0;       // over the last seconds
    std::optional<std::uint64_t> free_bytes;  // of the storage, where the printer said it
    UploadProblem problem = UploadProblem::none;
    std::string text;  // one sentence for people; no secret
};
class Uploads {
public:
    virtual ~Uploads() = default;
    // `remote_name` lies in the root of the storage and is only of A-Z a-z 0-9 . _ -.
    virtual void upload(UploadId upload, std::size_t printer, const std::filesystem::path& file,
                        const std::string& remote_name) = 0;
    // Its end comes as `failed` with `canceled`, unless it was done before; what lies there is removed.
    virtual void cancel(UploadId upload) = 0;
    // Removes a file of ours when the printer is free for it; given up quietly after some tries.
    virtual void remove(std::size_t printer, const std::string& remote_name) = 0;
};

// Our own files: what comes in, queue.json, what is not needed any more. Nothing here waits; what becomes of
// it comes back as queue::FilesEvents.
class QueueFiles {
public:
    virtual ~QueueFiles() = default;
    // Copies (or moves, when `source` lies in jobs/tmp) a file into jobs/files as <first_id>__<safe name>.
    virtual void take(std::uint64_t ticket, const std::filesystem::path& source, const std::string& file_name,
                      const JobId& first_id) = 0;
    // A newer revision that waits replaces an older one.
    virtual void save(std::uint64_t revision, std::shared_ptr<const queue::QueueContent> content) = 0;
    // Only files below jobs/files are ever removed.
    virtual void remove(const std::string& path) = 0;
};

// An external slicer. Nothing here waits.
struct SliceEvent {
    enum class Kind { progress, done, failed };
    Kind kind = Kind::progress;
    JobId job;
    int percent = 0;   // -1: the slicer does not say
    std::string text;  // its newest line, or why it failed
    std::string path;  // of `done`: the sliced file, inspected, in jobs/files
    std::shared_ptr<const SlicedFile> sliced;
};
class Slicers {
public:
    virtual ~Slicers() = default;
    // Empty: slicing works. Else one sentence that says why not, and how to switch it on.
    [[nodiscard]] virtual std::string obstacle() const = 0;
    virtual void slice(const JobId& job, const std::string& path, PrinterModel target) = 0;
    virtual void cancel(const JobId& job) = 0;
};

}  // namespace farmwall::dispatch
