#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace farmwall {

// What the program decides on: retry, exit code, HTTP status, colour.
enum class ErrorKind {
    bad_input,    // the user's file, option or value; says what is allowed
    not_found,    // a file, printer or program that should be there
    unavailable,  // the other side does not answer or refuses the connection
    refused,      // the other side answered no: wrong access code, wrong certificate
    io,           // disk or socket trouble on this machine
    unsupported,  // this build or this machine cannot do it
};

// A failure that is part of the job. `what` is one sentence for people; `subject` (host, serial,
// path) is printed after it. Neither ever holds an access code.
struct Error {
    ErrorKind kind = ErrorKind::io;
    std::string what;
    std::string subject = {};

    // "what: subject", or only what.
    [[nodiscard]] std::string text() const { return subject.empty() ? what : what + ": " + subject; }
    friend bool operator==(const Error&, const Error&) = default;
};

// A value or the reason why there is none. Ask `ok()` before `value()` or `error()`.
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : content_{std::in_place_index<0>, std::move(value)} {}      // NOLINT: implicit by intent
    Result(Error error) : content_{std::in_place_index<1>, std::move(error)} {}  // NOLINT

    [[nodiscard]] bool ok() const noexcept { return content_.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    [[nodiscard]] T& value() & {
        assert(ok());
        return *std::get_if<0>(&content_);
    }
    [[nodiscard]] const T& value() const& {
        assert(ok());
        return *std::get_if<0>(&content_);
    }
    [[nodiscard]] T&& value() && {
        assert(ok());
        return std::move(*std::get_if<0>(&content_));
    }
    [[nodiscard]] const Error& error() const {
        assert(!ok());
        return *std::get_if<1>(&content_);
    }

private:
    std::variant<T, Error> content_;
};

// Success without a value.
struct Done {
    friend bool operator==(const Done&, const Done&) = default;
};
using Status = Result<Done>;

}  // namespace farmwall
