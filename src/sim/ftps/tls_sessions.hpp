#pragma once

struct ssl_st;
struct ssl_ctx_st;

namespace farmwall::sim {

// Lets connections of this server resume the TLS session of an earlier one. Sessions live in the
// server's cache, without tickets, so that one can be told from another.
void allow_resumption(ssl_ctx_st* server);

// Does `data` go on with the session of `control`, and not only with any session of the server?
[[nodiscard]] bool resumes(const ssl_st* data, const ssl_st* control);

// Before a connection goes: OpenSSL would forget the session of one that ended without a farewell.
void keep_session(ssl_st* connection);

}  // namespace farmwall::sim
