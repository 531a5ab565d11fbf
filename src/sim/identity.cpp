#include "sim/identity.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <stdexcept>
#include <vector>

#include "base/freer.hpp"

namespace farmwall::sim {

namespace {

using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Memory = std::unique_ptr<BIO, Freer<BIO_free_all>>;

void need(bool done, const char* what) {
    if (!done) throw std::runtime_error{std::string{"OpenSSL could not "} + what};
}

Key fresh_key() {
    Key key{EVP_EC_gen("P-256")};
    need(key != nullptr, "make a key");
    return key;
}

std::string text_of(const Memory& memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

std::string pem_of(X509* certificate) {
    Memory memory{BIO_new(BIO_s_mem())};
    need(memory && PEM_write_bio_X509(memory.get(), certificate) == 1, "write a certificate");
    return text_of(memory);
}

std::string pem_of(EVP_PKEY* key) {
    Memory memory{BIO_new(BIO_s_mem())};
    need(memory && PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
         "write a key");
    return text_of(memory);
}

void name_it(X509_NAME* name, const std::string& common_name) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(common_name.c_str());
    need(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, bytes, -1, -1, 0) == 1, "name a certificate");
}

Certificate certificate_for(const std::string& common_name, EVP_PKEY* key, X509* issuer,
                            EVP_PKEY* issuer_key) {
    constexpr long ten_years_s = 10L * 365 * 24 * 3600;
    Certificate made{X509_new()};
    need(made != nullptr, "make a certificate");
    std::array<unsigned char, 8> serial{};
    need(RAND_bytes(serial.data(), static_cast<int>(serial.size())) == 1, "make a random number");
    std::uint64_t number = 0;
    for (const unsigned char byte : serial)
        number = number << 8 | byte;
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), number >> 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -86400);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), ten_years_s);
    X509_set_pubkey(made.get(), key);
    name_it(X509_get_subject_name(made.get()), common_name);
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer == nullptr ? made.get() : issuer));
    if (issuer == nullptr) {
        X509_EXTENSION* extension =
            X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE");
        need(extension != nullptr && X509_add_ext(made.get(), extension, -1) == 1, "make a CA");
        X509_EXTENSION_free(extension);
    }
    need(X509_sign(made.get(), issuer_key, EVP_sha256()) > 0, "sign a certificate");
    return made;
}

std::string base64(const unsigned char* bytes, std::size_t size) {
    std::vector<unsigned char> text(4 * ((size + 2) / 3) + 1);
    const int length = EVP_EncodeBlock(text.data(), bytes, static_cast<int>(size));
    return std::string(reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(length));
}

}  // namespace

struct Authority::Inside {
    Key key;
    Certificate certificate;
};

Authority::Authority() : inside_{std::make_unique<Inside>()} {
    inside_->key = fresh_key();
    inside_->certificate =
        certificate_for("Farmwall virtual printer CA", inside_->key.get(), nullptr, inside_->key.get());
}

Authority::~Authority() = default;

TlsIdentity Authority::issue(const std::string& common_name) const {
    const Key key = fresh_key();
    const Certificate leaf =
        certificate_for(common_name, key.get(), inside_->certificate.get(), inside_->key.get());
    return TlsIdentity{pem_of(leaf.get()), pem_of(key.get())};
}

std::string Authority::certificate_pem() const { return pem_of(inside_->certificate.get()); }

std::string password_line(const std::string& user, const Secret& password) {
    constexpr int iterations = 101;
    std::array<unsigned char, 12> salt{};
    std::array<unsigned char, 64> hash{};
    need(RAND_bytes(salt.data(), static_cast<int>(salt.size())) == 1, "make a random number");
    const auto& text = password.reveal();
    need(PKCS5_PBKDF2_HMAC(text.data(), static_cast<int>(text.size()), salt.data(),
                           static_cast<int>(salt.size()), iterations, EVP_sha512(),
                           static_cast<int>(hash.size()), hash.data()) == 1,
         "hash a password");
    return fmt::format("{}:$7${}${}${}\n", user, iterations, base64(salt.data(), salt.size()),
                       base64(hash.data(), hash.size()));
}

Secret random_password() {
    std::array<unsigned char, 16> bytes{};
    need(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1, "make a random number");
    std::string text;
    for (const unsigned char byte : bytes)
        text += fmt::format("{:02x}", static_cast<unsigned>(byte));
    return Secret{std::move(text)};
}

}  // namespace farmwall::sim
