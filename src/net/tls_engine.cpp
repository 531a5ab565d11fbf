#include "net/tls_engine.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <climits>
#include <cstring>

#include "base/freer.hpp"

namespace farmwall::net {

namespace {

using ContextHandle = std::unique_ptr<SSL_CTX, Freer<SSL_CTX_free>>;
using SslHandle = std::unique_ptr<SSL, Freer<SSL_free>>;
using MethodHandle = std::unique_ptr<BIO_METHOD, Freer<BIO_meth_free>>;
using X509Handle = std::unique_ptr<X509, Freer<X509_free>>;

// Where the library reads and writes: the bytes at hand, without a copy in between.
struct Channel {
    std::string_view input;
    std::string output;
};

int read_channel(BIO* bio, char* into, int length) {
    auto* channel = static_cast<Channel*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (channel->input.empty()) {
        BIO_set_retry_read(bio);
        return -1;
    }
    const std::size_t size = std::min(channel->input.size(), static_cast<std::size_t>(std::max(length, 0)));
    std::memcpy(into, channel->input.data(), size);
    channel->input.remove_prefix(size);
    return static_cast<int>(size);
}

int write_channel(BIO* bio, const char* from, int length) {
    BIO_clear_retry_flags(bio);
    static_cast<Channel*>(BIO_get_data(bio))->output.append(from, static_cast<std::size_t>(length));
    return length;
}

long control_channel(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

const BIO_METHOD* channel_method() {
    static const MethodHandle method = [] {
        MethodHandle made{BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "bytes at hand")};
        if (made) {
            BIO_meth_set_read(made.get(), &read_channel);
            BIO_meth_set_write(made.get(), &write_channel);
            BIO_meth_set_ctrl(made.get(), &control_channel);
        }
        return made;
    }();
    return method.get();
}

// One for all connections: each costs memory, and all are alike. The settings are made before any
// connection is, since a connection copies them.
SSL_CTX* shared_context() {
    static const ContextHandle context = [] {
        ContextHandle made{SSL_CTX_new(TLS_client_method())};
        if (made) {
            SSL_CTX_set_min_proto_version(made.get(), TLS1_2_VERSION);
            SSL_CTX_set_max_proto_version(made.get(), TLS1_2_VERSION);
            // The printers' keys and ciphers are older than what systems demand today (protocol 10.3).
            SSL_CTX_set_security_level(made.get(), 1);
            SSL_CTX_set_cipher_list(made.get(), "DEFAULT@SECLEVEL=1");
            SSL_CTX_set_verify(made.get(), SSL_VERIFY_NONE, nullptr);
            SSL_CTX_set_session_cache_mode(made.get(), SSL_SESS_CACHE_OFF);
            SSL_CTX_set_options(made.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
            SSL_CTX_set_mode(made.get(), SSL_MODE_RELEASE_BUFFERS);
        }
        return made;
    }();
    return context.get();
}

std::string words_of(unsigned long code) {
    const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
    return reason != nullptr ? reason : "the TLS library gives no reason";
}

}  // namespace

struct TlsEngine::Impl {
    Channel channel;
    SslHandle ssl;
    State state = State::shaking;
    std::string detail;

    // After a call of the library that did not succeed.
    void note(int result) {
        switch (SSL_get_error(ssl.get(), result)) {
            case SSL_ERROR_WANT_READ:
            case SSL_ERROR_WANT_WRITE:
                return;
            case SSL_ERROR_ZERO_RETURN:
                state = State::ended;
                detail = "TLS goodbye";
                return;
            default: {
                const unsigned long code = ERR_get_error();
                detail = words_of(code);
                // An alert is the other side's word, whatever it says.
                const bool alert = ERR_GET_REASON(code) >= SSL_AD_REASON_OFFSET;
                state = alert && state == State::open ? State::ended : State::failed;
            }
        }
    }
};

TlsEngine::TlsEngine(const std::string& server_name) : impl_{std::make_unique<Impl>()} {
    const BIO_METHOD* method = channel_method();
    SSL_CTX* context = shared_context();
    impl_->ssl.reset(context != nullptr ? SSL_new(context) : nullptr);
    BIO* bio = impl_->ssl && method != nullptr ? BIO_new(method) : nullptr;
    if (bio == nullptr) {
        impl_->state = State::failed;
        impl_->detail = words_of(ERR_get_error());
        return;
    }
    BIO_set_data(bio, &impl_->channel);
    BIO_set_init(bio, 1);
    SSL_set_bio(impl_->ssl.get(), bio, bio);  // owns it from here
    SSL_set_connect_state(impl_->ssl.get());
    if (!server_name.empty()) SSL_set_tlsext_host_name(impl_->ssl.get(), server_name.c_str());
}

TlsEngine::~TlsEngine() = default;

TlsEngine::State TlsEngine::state() const { return impl_->state; }
const std::string& TlsEngine::detail() const { return impl_->detail; }

void TlsEngine::put(std::string_view received) { impl_->channel.input = received; }

TlsEngine::State TlsEngine::shake() {
    if (impl_->state != State::shaking) return impl_->state;
    ERR_clear_error();
    const int result = SSL_do_handshake(impl_->ssl.get());
    if (result == 1) {
        impl_->state = State::open;
    } else {
        impl_->note(result);
    }
    return impl_->state;
}

std::optional<Certificate> TlsEngine::peer_certificate() const {
    const X509Handle certificate{impl_->ssl ? SSL_get1_peer_certificate(impl_->ssl.get()) : nullptr};
    if (!certificate) return std::nullopt;
    return describe(*certificate);
}

std::size_t TlsEngine::read(std::span<char> into) {
    if (impl_->state != State::open || into.empty()) return 0;
    ERR_clear_error();
    const int most = static_cast<int>(std::min<std::size_t>(into.size(), INT_MAX));
    const int result = SSL_read(impl_->ssl.get(), into.data(), most);
    if (result > 0) return static_cast<std::size_t>(result);
    impl_->note(result);
    return 0;
}

bool TlsEngine::write(std::string_view plain) {
    while (impl_->state == State::open && !plain.empty()) {
        ERR_clear_error();
        const int most = static_cast<int>(std::min<std::size_t>(plain.size(), INT_MAX));
        const int result = SSL_write(impl_->ssl.get(), plain.data(), most);
        if (result <= 0) {
            impl_->note(result);
            // Our own side takes everything at once: what it does not take now it never takes.
            if (impl_->state == State::open) impl_->state = State::failed;
            return false;
        }
        plain.remove_prefix(static_cast<std::size_t>(result));
    }
    return impl_->state == State::open;
}

void TlsEngine::say_goodbye() {
    if (impl_->state != State::open) return;
    ERR_clear_error();
    SSL_shutdown(impl_->ssl.get());
}

std::string TlsEngine::take_output() { return std::exchange(impl_->channel.output, {}); }

}  // namespace farmwall::net
