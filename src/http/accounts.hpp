#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "http/message.hpp"

namespace farmwall::http {

// A person or script with a password, or a display with a token.
struct Account {
    std::string name;
    Secret secret;       // a password or a token in plain text (environment), or
    std::string hash;    // as net::hash_password makes it
    bool token = false;  // given as "Authorization: Bearer …" instead of a name and a password
    Role role = Role::engineer;
};

// Who may come in. Compares in constant time, also where the name is unknown; remembers right answers (as a
// keyed hash), because hashing a password is slow on purpose; slows an address down after failures. Server's
// thread.
class Accounts {
public:
    // No accounts: everybody is an engineer.
    Accounts(std::vector<Account> accounts, std::string realm);
    ~Accounts();
    Accounts(const Accounts&) = delete;
    Accounts& operator=(const Accounts&) = delete;

    [[nodiscard]] bool needed() const;
    [[nodiscard]] const std::string& realm() const;

    struct Verdict {
        std::optional<Caller> caller;        // empty: 401
        std::chrono::milliseconds delay{0};  // answer a refusal not before
        bool needs_hashing = false;          // ask again with `verify` on a thread that may be busy
    };
    // `authorization` is the header's value, empty: none. Never slow: see needs_hashing.
    [[nodiscard]] Verdict look(std::string_view authorization, std::string_view address, TimePoint now);
    // The slow part; any thread, touches nothing but constant data.
    [[nodiscard]] bool verify(std::string_view authorization) const;
    // What verify said.
    [[nodiscard]] Verdict decide(std::string_view authorization, bool right, std::string_view address,
                                 TimePoint now);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace farmwall::http
