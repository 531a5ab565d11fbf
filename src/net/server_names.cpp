#include "net/server_names.hpp"

#include <openssl/ssl.h>

#include <mutex>
#include <unordered_map>

#include "base/log.hpp"
#include "base/synchronized.hpp"

namespace farmwall::net {
namespace {

using Names = std::unordered_map<std::string, std::string>;  // address → name

Synchronized<Names>& names() {
    static Synchronized<Names> all;
    return all;
}

// OpenSSL calls this at each step of a handshake; the first comes before the greeting is written.
void at_step(const SSL* ssl, int where, int /*value*/) {
    if ((where & SSL_CB_HANDSHAKE_START) == 0 || SSL_is_server(ssl) != 0) return;
    const char* const asked = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (asked == nullptr) return;
    const std::string name = names().with([&](const Names& all) {
        const auto found = all.find(asked);
        return found == all.end() ? std::string{} : found->second;
    });
    // The callback's pointer is const, the connection is not.
    if (!name.empty()) SSL_set_tlsext_host_name(const_cast<SSL*>(ssl), name.c_str());  // NOLINT
}

// Called for each SSL object that is made in this process, whoever makes it.
void on_new_connection(void* connection, void* /*data*/, CRYPTO_EX_DATA* /*all*/, int /*index*/,
                       long /*number*/, void* /*pointer*/) {
    if (connection != nullptr) SSL_set_info_callback(static_cast<SSL*>(connection), at_step);
}

}  // namespace

void send_server_name(const std::string& address, const std::string& name) {
    static std::once_flag once;
    std::call_once(once, [] {
        const int index = SSL_get_ex_new_index(0, nullptr, on_new_connection, nullptr, nullptr);
        if (index < 0) log::error("net", "OpenSSL does not tell of new connections; they name addresses");
    });
    names().with([&](Names& all) {
        if (name.empty()) {
            all.erase(address);
        } else {
            all[address] = name;
        }
    });
}

}  // namespace farmwall::net
