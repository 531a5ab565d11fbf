#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace farmwall::wire {

// A checksum over bytes that come in pieces.
class ContentHash {
public:
    enum class Kind { md5, sha256 };
    explicit ContentHash(Kind kind);
    ~ContentHash();
    ContentHash(ContentHash&&) noexcept;
    ContentHash& operator=(ContentHash&&) noexcept;

    void add(std::string_view bytes);
    // Lower-case hex of all that was added; empty when this machine's OpenSSL does not have it. Call once.
    [[nodiscard]] std::string hex();

private:
    struct Context;
    std::unique_ptr<Context> context_;  // null: not available
};

}  // namespace farmwall::wire
