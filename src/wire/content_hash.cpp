#include "wire/content_hash.hpp"

#include <openssl/evp.h>

#include <array>

namespace farmwall::wire {

struct ContentHash::Context {
    struct Free {
        void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    };
    std::unique_ptr<EVP_MD_CTX, Free> digest{EVP_MD_CTX_new()};
};

ContentHash::ContentHash(Kind kind) : context_{std::make_unique<Context>()} {
    const EVP_MD* const method = kind == Kind::md5 ? EVP_md5() : EVP_sha256();
    if (!context_->digest || EVP_DigestInit_ex(context_->digest.get(), method, nullptr) != 1)
        context_.reset();
}
ContentHash::~ContentHash() = default;
ContentHash::ContentHash(ContentHash&&) noexcept = default;
ContentHash& ContentHash::operator=(ContentHash&&) noexcept = default;

void ContentHash::add(std::string_view bytes) {
    if (context_ && EVP_DigestUpdate(context_->digest.get(), bytes.data(), bytes.size()) != 1)
        context_.reset();
}

std::string ContentHash::hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (!context_ || EVP_DigestFinal_ex(context_->digest.get(), digest.data(), &length) != 1) return {};
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (unsigned i = 0; i < length; ++i) {
        out += digits[digest[i] >> 4U];
        out += digits[digest[i] & 0xFU];
    }
    return out;
}

}  // namespace farmwall::wire
