#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace farmwall::http {

enum class Method { get, post, del };
[[nodiscard]] std::string_view name(Method method);  // "GET", "POST", "DELETE"

// What an account may do; each may what those before it may.
enum class Role {
    viewer,     // look
    operator_,  // plates, alarms, pause, jobs
    engineer,   // everything
};
[[nodiscard]] std::string_view name(Role role);  // "viewer", "operator", "engineer"
[[nodiscard]] std::optional<Role> role_from(std::string_view name);

// Who asks.
struct Caller {
    std::string name;  // of the account or token; empty: nobody had to say
    Role role = Role::viewer;
    std::string address;  // numeric, without port
    // "anna from 192.168.1.5", for the history.
    [[nodiscard]] std::string text() const;
};

// A file that came with a request, on the disk already. Whoever takes it away sets `taken`, else it is
// removed when the request is over.
struct UploadedFile {
    std::filesystem::path path;  // in <root>/jobs/tmp
    std::string file_name;       // as the client named it, without folders; UTF-8
    std::uint64_t bytes = 0;
    bool taken = false;
};

// A request whose head and body are there, whose caller may do it, and whose parameters were checked against
// the route (route.hpp).
struct Request {
    Method method = Method::get;
    std::string path;                           // decoded
    std::map<std::string, std::string> places;  // of the path: {id} → "a"
    std::map<std::string, std::string> query;   // decoded; the last of equal names
    std::string last_event_id;                  // of an event stream that goes on
    std::string if_none_match;
    std::string body;                    // JSON text; empty: none
    std::shared_ptr<UploadedFile> file;  // of a multipart body
    Caller caller;
};

// A body without an end. On the server's thread.
class BodyStream {
public:
    virtual ~BodyStream() = default;
    // Asks for the next piece: `ready` is called once, later or at once, on the server's thread, with bytes,
    // or with nothing when it is over. Not asked again before that. Destroying the stream forgets `ready`.
    virtual void next(std::function<void(std::optional<std::string>)> ready) = 0;
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>>
        headers;                         // no line breaks in either; refused if there are
    std::unique_ptr<BodyStream> stream;  // instead of `body`
};
// {"detail": sentence}. `sentence` is for people and names no secret.
[[nodiscard]] Response failure(int status, std::string_view sentence);
[[nodiscard]] Response json_answer(std::string text);

// Called once, on the server's thread, at once or later.
using Reply = std::function<void(Response)>;

}  // namespace farmwall::http
