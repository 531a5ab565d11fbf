#include "http/message.hpp"

#include <boost/json.hpp>

namespace farmwall::http {

namespace json = boost::json;

std::string_view name(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::post:
            return "POST";
        case Method::del:
            return "DELETE";
    }
    return "";
}

std::string_view name(Role role) {
    switch (role) {
        case Role::viewer:
            return "viewer";
        case Role::operator_:
            return "operator";
        case Role::engineer:
            return "engineer";
    }
    return "";
}

std::optional<Role> role_from(std::string_view name_of_role) {
    for (const Role role : {Role::viewer, Role::operator_, Role::engineer}) {
        if (name(role) == name_of_role) return role;
    }
    return std::nullopt;
}

std::string Caller::text() const { return (name.empty() ? "somebody" : name) + " from " + address; }

Response failure(int status, std::string_view sentence) {
    Response response;
    response.status = status;
    response.body = json::serialize(json::object{{"detail", sentence}});
    return response;
}

Response json_answer(std::string text) {
    Response response;
    response.body = std::move(text);
    return response;
}

}  // namespace farmwall::http
