#include "camera/rtsp_login.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/text.hpp"
#include "camera/base64.hpp"
#include "net/digest.hpp"

namespace farmwall::camera {

namespace {

struct Parameter {
    std::string name;  // lower case
    std::string value;
};
struct Scheme {
    std::string name;  // lower case
    std::vector<Parameter> parameters;

    [[nodiscard]] const std::string* find(std::string_view wanted) const {
        for (const Parameter& parameter : parameters) {
            if (parameter.name == wanted) return &parameter.value;
        }
        return nullptr;
    }
    [[nodiscard]] std::string text(std::string_view wanted) const {
        const std::string* found = find(wanted);
        return found != nullptr ? *found : std::string{};
    }
};

// Reads `Scheme name=value, name="value", Other name=value` from the left.
class Words {
public:
    explicit Words(std::string_view text) : text_{text} {}

    [[nodiscard]] bool at_end() {
        while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\t' || text_[0] == ',')) {
            text_.remove_prefix(1);
        }
        return text_.empty();
    }
    // Never empty-handed for ever: a character that fits nowhere is a word.
    std::string_view word() {
        std::size_t size = 0;
        while (size < text_.size() &&
               std::string_view{" \t,=\""}.find(text_[size]) == std::string_view::npos) {
            ++size;
        }
        return cut(size == 0 ? 1 : size);
    }
    bool equals_sign() {
        std::size_t at = 0;
        while (at < text_.size() && (text_[at] == ' ' || text_[at] == '\t'))
            ++at;
        if (at == text_.size() || text_[at] != '=') return false;
        cut(at + 1);
        return true;
    }
    std::string value() {
        while (text_.starts_with(' '))
            cut(1);
        if (!text_.starts_with('"'))
            return std::string{cut(std::min(text_.find_first_of(" \t,"), text_.size()))};
        cut(1);
        std::string value;
        while (!text_.empty() && text_[0] != '"') {
            if (text_[0] == '\\' && text_.size() > 1) cut(1);
            value += cut(1);
        }
        if (!text_.empty()) cut(1);
        return value;
    }

private:
    std::string_view cut(std::size_t size) {
        const std::string_view taken = text_.substr(0, size);
        text_.remove_prefix(size);
        return taken;
    }
    std::string_view text_;
};

bool names_auth(std::string_view list) {
    Words words{list};
    while (!words.at_end()) {
        if (iequals(words.word(), "auth")) return true;
    }
    return false;
}

std::optional<RtspChallenge> understand(const Scheme& scheme) {
    RtspChallenge challenge;
    if (scheme.name == "basic") return challenge;
    if (scheme.name != "digest") return std::nullopt;
    challenge.kind = RtspChallenge::Kind::digest;
    challenge.realm = scheme.text("realm");
    challenge.nonce = scheme.text("nonce");
    challenge.algorithm = scheme.text("algorithm");
    challenge.stale = iequals(scheme.text("stale"), "true");
    if (const std::string* opaque = scheme.find("opaque")) challenge.opaque = *opaque;
    const std::string* qop = scheme.find("qop");
    challenge.qop_auth = qop != nullptr && names_auth(*qop);
    const bool known = challenge.algorithm.empty() || iequals(challenge.algorithm, "MD5");
    const bool possible = qop == nullptr || qop->empty() || challenge.qop_auth;
    if (!known || !possible || scheme.find("nonce") == nullptr) return std::nullopt;
    return challenge;
}

std::string quoted(std::string_view text) {
    std::string made{'"'};
    for (const char c : text) {
        if (c == '"' || c == '\\') made += '\\';
        if (c != '\r' && c != '\n') made += c;
    }
    return made + '"';
}

}  // namespace

std::vector<RtspChallenge> parse_challenges(std::string_view header) {
    std::vector<Scheme> schemes;
    Words words{header};
    while (!words.at_end()) {
        std::string word = to_lower(words.word());
        if (!words.equals_sign()) {
            schemes.push_back({std::move(word), {}});
        } else {
            std::string value = words.value();
            if (!schemes.empty()) schemes.back().parameters.push_back({std::move(word), std::move(value)});
        }
    }
    std::vector<RtspChallenge> understood;
    for (const Scheme& scheme : schemes) {
        if (auto challenge = understand(scheme)) understood.push_back(*std::move(challenge));
    }
    return understood;
}

Secret authorization(const RtspChallenge& challenge, const RtspLogin& login, std::string_view method,
                     std::string_view uri, unsigned count, std::string_view cnonce) {
    if (challenge.kind == RtspChallenge::Kind::basic) {
        return Secret{"Basic " + to_base64(login.user + ":" + login.password.reveal())};
    }
    const std::string who =
        net::md5_hex(fmt::format("{}:{}:{}", login.user, challenge.realm, login.password.reveal()));
    const std::string what = net::md5_hex(fmt::format("{}:{}", method, uri));
    const std::string number = fmt::format("{:08x}", count);
    const std::string response =
        challenge.qop_auth
            ? net::md5_hex(fmt::format("{}:{}:{}:{}:auth:{}", who, challenge.nonce, number, cnonce, what))
            : net::md5_hex(fmt::format("{}:{}:{}", who, challenge.nonce, what));
    std::string text =
        fmt::format("Digest username={}, realm={}, nonce={}, uri={}, response=\"{}\"", quoted(login.user),
                    quoted(challenge.realm), quoted(challenge.nonce), quoted(uri), response);
    if (!challenge.algorithm.empty()) text += ", algorithm=MD5";
    if (challenge.opaque) text += ", opaque=" + quoted(*challenge.opaque);
    if (challenge.qop_auth) text += fmt::format(", qop=auth, nc={}, cnonce={}", number, quoted(cnonce));
    return Secret{std::move(text)};
}

}  // namespace farmwall::camera
