#include "net/certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>
#include <optional>

#include "base/freer.hpp"
#include "base/log.hpp"
#include "net/io_thread.hpp"

namespace farmwall::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

using X509Handle = std::unique_ptr<X509, Freer<X509_free>>;
using BioHandle = std::unique_ptr<BIO, Freer<BIO_free_all>>;

std::string sha256_of(X509& certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (X509_digest(&certificate, EVP_sha256(), digest.data(), &length) != 1) return {};
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (unsigned i = 0; i < length; ++i) {
        hex += digits[digest[i] >> 4U];
        hex += digits[digest[i] & 0xFU];
    }
    return hex;
}

std::string common_name_of(X509& certificate) {
    X509_NAME* subject = X509_get_subject_name(&certificate);
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0) return {};
    const ASN1_STRING* text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    unsigned char* utf8 = nullptr;
    const int length = ASN1_STRING_to_UTF8(&utf8, text);
    if (length < 0) return {};
    std::string name{reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(length)};
    OPENSSL_free(utf8);
    return name;
}

std::string pem_of(X509& certificate) {
    const BioHandle memory{BIO_new(BIO_s_mem())};
    if (!memory || PEM_write_bio_X509(memory.get(), &certificate) != 1) return {};
    char* data = nullptr;
    const long length = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(length)};
}

FetchFailure connect_failure(const boost::system::error_code& error) {
    if (error == asio::error::connection_refused) return FetchFailure::refused;
    if (error == asio::error::timed_out) return FetchFailure::timeout;
    return FetchFailure::unreachable;
}

}  // namespace

Certificate describe(X509& certificate) {
    return {pem_of(certificate), sha256_of(certificate), common_name_of(certificate)};
}

Result<Certificate> parse_certificate(std::string_view pem) {
    const BioHandle memory{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    const X509Handle certificate{memory ? PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr)
                                        : nullptr};
    if (!certificate) return Error{ErrorKind::bad_input, "this is not a certificate in PEM form"};
    return describe(*certificate);
}

Result<std::string> public_key_pin(const Certificate& certificate) {
    const Error unusable{ErrorKind::bad_input, "this is not a certificate with a public key"};
    const BioHandle memory{BIO_new_mem_buf(certificate.pem.data(), static_cast<int>(certificate.pem.size()))};
    const X509Handle parsed{memory ? PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr) : nullptr};
    if (!parsed) return unusable;
    unsigned char* key = nullptr;
    const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(parsed.get()), &key);
    if (length <= 0) return unusable;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    const bool digested =
        EVP_Digest(key, static_cast<std::size_t>(length), digest.data(), &size, EVP_sha256(), nullptr) == 1;
    OPENSSL_free(key);
    if (!digested) return unusable;
    std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> text{};
    const int written = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(size));
    return "sha256//" + std::string{text.begin(), text.begin() + written};
}

// Everything happens on the network thread; the handlers keep the attempt alive until the last one ran.
class CertificateFetch::Attempt : public std::enable_shared_from_this<Attempt> {
public:
    Attempt(asio::io_context& io, FetchRequest request, std::function<void(FetchOutcome)> done)
        : request_{std::move(request)},
          done_{std::move(done)},
          context_{asio::ssl::context::tls_client},
          stream_{io, context_},
          deadline_{io} {}

    void start() {
        boost::system::error_code error;
        const auto address = asio::ip::make_address(request_.address, error);
        SSL_CTX* native = context_.native_handle();
        SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
        SSL_CTX_set_max_proto_version(native, TLS1_3_VERSION);
        // The printers' keys and ciphers are older than what systems demand today (protocol 10.3).
        // The stream's SSL object exists already and has copied the context's settings.
        SSL* ssl = stream_.native_handle();
        SSL_set_min_proto_version(ssl, TLS1_2_VERSION);
        SSL_set_max_proto_version(ssl, TLS1_3_VERSION);
        SSL_set_security_level(ssl, 1);
        SSL_set_cipher_list(ssl, "DEFAULT@SECLEVEL=1");
        SSL_set_verify(ssl, SSL_VERIFY_NONE, nullptr);
        SSL_set_tlsext_host_name(ssl, request_.server_name.c_str());
        if (error) {
            asio::post(deadline_.get_executor(), [self = shared_from_this()] {
                self->finish(FetchError{FetchFailure::unreachable, "not an IPv4 address"});
            });
            return;
        }
        watch(request_.connect_timeout, FetchFailure::timeout, "no answer to the connection attempt");
        stream_.lowest_layer().async_connect(
            tcp::endpoint{address, request_.port},
            [self = shared_from_this()](const boost::system::error_code& failed) {
                self->connected(failed);
            });
    }

    void cancel() {
        done_ = nullptr;
        close();
    }

private:
    void watch(std::chrono::milliseconds limit, FetchFailure failure, std::string what) {
        deadline_.expires_after(limit);
        deadline_.async_wait([self = shared_from_this(), failure,
                              what = std::move(what)](const boost::system::error_code& error) {
            if (!error) self->finish(FetchError{failure, what});
        });
    }

    void connected(const boost::system::error_code& error) {
        if (!done_) return;
        if (error) return finish(FetchError{connect_failure(error), error.message()});
        watch(request_.handshake_timeout, FetchFailure::no_tls,
              "connected, but no answer to the TLS handshake");
        stream_.async_handshake(
            asio::ssl::stream_base::client,
            [self = shared_from_this()](const boost::system::error_code& failed) { self->shaken(failed); });
    }

    void shaken(const boost::system::error_code& error) {
        if (!done_) return;
        const X509Handle certificate{SSL_get1_peer_certificate(stream_.native_handle())};
        if (error || !certificate) {
            return finish(
                FetchError{FetchFailure::no_tls, error ? error.message() : "no certificate was shown"});
        }
        finish(describe(*certificate));
    }

    void finish(FetchOutcome outcome) {
        if (!done_) return;
        const auto done = std::move(done_);
        done_ = nullptr;
        close();
        done(std::move(outcome));
    }

    void close() {
        deadline_.cancel();
        boost::system::error_code ignored;
        // No TLS goodbye: it would have to wait for the other side.
        stream_.lowest_layer().close(ignored);
    }

    FetchRequest request_;
    std::function<void(FetchOutcome)> done_;  // null: over
    asio::ssl::context context_;
    asio::ssl::stream<tcp::socket> stream_;
    asio::steady_timer deadline_;
};

CertificateFetch::CertificateFetch() = default;
CertificateFetch::CertificateFetch(std::shared_ptr<Attempt> attempt) : attempt_{std::move(attempt)} {}
CertificateFetch::~CertificateFetch() {
    if (attempt_) attempt_->cancel();
}
CertificateFetch::CertificateFetch(CertificateFetch&&) noexcept = default;
CertificateFetch& CertificateFetch::operator=(CertificateFetch&& other) noexcept {
    if (this != &other) {
        if (attempt_) attempt_->cancel();
        attempt_ = std::move(other.attempt_);
    }
    return *this;
}

CertificateFetch fetch_certificate(IoThread& io, const FetchRequest& request,
                                   std::function<void(FetchOutcome)> done) {
    auto attempt = std::make_shared<CertificateFetch::Attempt>(io.context(), request, std::move(done));
    attempt->start();
    return CertificateFetch{std::move(attempt)};
}

void accept_pinned_leaves() {
    static std::once_flag once;
    std::call_once(once, [] {
        X509_VERIFY_PARAM* defaults = X509_VERIFY_PARAM_new();
        const bool made =
            defaults && X509_VERIFY_PARAM_set1_name(defaults, "ssl_server") == 1 &&
            X509_VERIFY_PARAM_set_purpose(defaults, X509_PURPOSE_SSL_SERVER) == 1 &&
            X509_VERIFY_PARAM_set_trust(defaults, X509_TRUST_SSL_SERVER) == 1 &&
            X509_VERIFY_PARAM_set_flags(defaults, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN |
                                                      X509_V_FLAG_NO_CHECK_TIME) == 1 &&
            X509_VERIFY_PARAM_add0_table(defaults) == 1;  // owns it from here
        if (!made) log::error("net", "OpenSSL did not take the defaults for pinned certificates");
    });
}

}  // namespace farmwall::net
