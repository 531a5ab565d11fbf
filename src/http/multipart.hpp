#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace farmwall::http {

// The boundary of a Content-Type that is multipart/form-data; nothing where it is another type or has none.
[[nodiscard]] std::optional<std::string> multipart_boundary(std::string_view content_type);

// What a part says of itself.
struct PartHead {
    std::string field;      // name="…"
    std::string file_name;  // filename="…", as sent; empty: none
    std::string content_type;
};

// Reads a multipart/form-data body piece by piece (RFC 7578). Memory is bounded by one boundary and one
// part's head (8 KiB). One thread.
class MultipartReader {
public:
    struct Events {
        std::function<void(const PartHead&)> begin;
        std::function<void(std::string_view)> data;
        std::function<void()> end;
    };
    MultipartReader(std::string boundary, Events events);
    ~MultipartReader();
    MultipartReader(const MultipartReader&) = delete;
    MultipartReader& operator=(const MultipartReader&) = delete;

    // False: what came is no such body; see problem(). Later calls do nothing.
    bool put(std::string_view bytes);
    // The closing boundary was seen.
    [[nodiscard]] bool complete() const;
    // One sentence; empty: none.
    [[nodiscard]] const std::string& problem() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::http
