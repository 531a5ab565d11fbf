#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "base/freer.hpp"

// Certificates like a printer's: CN = serial, no SAN, no key usage (protocol 3.2).
struct KeyAndCertificate {
    std::string key_pem;
    std::string certificate_pem;
};

namespace test_detail {

using Key = std::unique_ptr<EVP_PKEY, farmwall::Freer<EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, farmwall::Freer<X509_free>>;
using Bio = std::unique_ptr<BIO, farmwall::Freer<BIO_free_all>>;

inline std::string content(BIO* bio) {
    char* data = nullptr;
    const long length = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(length)};
}

inline Cert blank(EVP_PKEY* key, const std::string& common_name) {
    Cert made{X509_new()};
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
    X509_set_pubkey(made.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
    return made;
}

inline KeyAndCertificate pems(EVP_PKEY* key, X509* certificate) {
    const Bio key_bio{BIO_new(BIO_s_mem())};
    PEM_write_bio_PrivateKey(key_bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    const Bio certificate_bio{BIO_new(BIO_s_mem())};
    PEM_write_bio_X509(certificate_bio.get(), certificate);
    return {content(key_bio.get()), content(certificate_bio.get())};
}

}  // namespace test_detail

inline KeyAndCertificate make_certificate(const std::string& common_name) {
    using namespace test_detail;
    const Key key{EVP_RSA_gen(2048)};
    const Cert made = blank(key.get(), common_name);
    X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
    X509_sign(made.get(), key.get(), EVP_sha256());
    return pems(key.get(), made.get());
}

// A leaf whose issuer nobody has, as new models show it.
inline KeyAndCertificate make_leaf_of_a_ca(const std::string& common_name) {
    using namespace test_detail;
    const Key ca_key{EVP_RSA_gen(2048)};
    const Cert ca = blank(ca_key.get(), "Device CA");
    const Key key{EVP_RSA_gen(2048)};
    const Cert made = blank(key.get(), common_name);
    X509_set_issuer_name(made.get(), X509_get_subject_name(ca.get()));
    X509_sign(made.get(), ca_key.get(), EVP_sha256());
    return pems(key.get(), made.get());
}
