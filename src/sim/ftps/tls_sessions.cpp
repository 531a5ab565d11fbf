#include "sim/ftps/tls_sessions.hpp"

#include <openssl/ssl.h>

#include <string>
#include <string_view>

namespace farmwall::sim {

namespace {

constexpr long session_seconds = 3600;

std::string id_of(const SSL* connection) {
    const SSL_SESSION* session = SSL_get_session(connection);
    if (session == nullptr) return {};
    unsigned length = 0;
    const unsigned char* bytes = SSL_SESSION_get_id(session, &length);
    return {reinterpret_cast<const char*>(bytes), length};
}

}  // namespace

void allow_resumption(SSL_CTX* server) {
    constexpr std::string_view name = "farmwall-sim ftps";
    SSL_CTX_set_options(server, SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(server, SSL_SESS_CACHE_SERVER);
    SSL_CTX_set_session_id_context(server, reinterpret_cast<const unsigned char*>(name.data()),
                                   static_cast<unsigned>(name.size()));
    SSL_CTX_set_timeout(server, session_seconds);
}

bool resumes(const SSL* data, const SSL* control) {
    const std::string id = id_of(control);
    return SSL_session_reused(data) == 1 && !id.empty() && id_of(data) == id;
}

void keep_session(SSL* connection) {
    SSL_set_shutdown(connection, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

}  // namespace farmwall::sim
