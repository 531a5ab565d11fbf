#include "http/message.hpp"

#include <doctest/doctest.h>

namespace farmwall::http {

TEST_CASE("message: a failure is one sentence under \"detail\"") {
    const Response response = failure(404, "There is no printer \"a\".");
    CHECK(response.status == 404);
    CHECK(response.content_type == "application/json");
    CHECK(response.body == R"({"detail":"There is no printer \"a\"."})");
}

TEST_CASE("message: roles and methods are read as they are named") {
    for (const Role role : {Role::viewer, Role::operator_, Role::engineer}) {
        CHECK(role_from(name(role)) == role);
    }
    CHECK_FALSE(role_from("owner"));
    CHECK(name(Method::del) == "DELETE");
}

TEST_CASE("message: a caller without a name is somebody at an address") {
    CHECK(Caller{"", Role::engineer, "10.0.0.5"}.text() == "somebody from 10.0.0.5");
    CHECK(Caller{"anna", Role::engineer, "10.0.0.5"}.text() == "anna from 10.0.0.5");
}

}  // namespace farmwall::http
