// Sends one file as the program does and says how it went.
//
//     upload-once ADDRESS PORT CODE_FILE CERTIFICATE FILE NAME
//
// CODE_FILE holds the access code, CERTIFICATE the one that the server has to show (PEM). Prints one line;
// ends with 0 when the file lies there, else with 1.

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "base/file.hpp"
#include "base/text.hpp"
#include "link/ftps_upload.hpp"
#include "net/certificate.hpp"

using namespace farmwall;

namespace {

constexpr std::size_t longest_text = 64UL * 1024;

int fail(const std::string& text) {
    fmt::print(stderr, "upload-once: {}\n", text);
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 7) return fail("six words are needed: ADDRESS PORT CODE_FILE CERTIFICATE FILE NAME");
    const auto port = parse_int(argv[2]);
    if (!is_ipv4(argv[1]) || !port || *port < 1 || *port > 65'535) {
        return fail("an IPv4 address and a port from 1 to 65535 are needed");
    }
    if (!link::usable_remote_name(argv[6])) return fail("this is no name for a file on a printer");
    const auto code = read_file(argv[3], longest_text);
    const auto pem = read_file(argv[4], longest_text);
    if (!code.ok()) return fail(code.error().text());
    if (!pem.ok()) return fail(pem.error().text());
    const auto certificate = net::parse_certificate(pem.value());
    if (!certificate.ok()) return fail(certificate.error().text());
    const auto key = net::public_key_pin(certificate.value());
    if (!key.ok()) return fail(key.error().text());

    link::FtpsPlace place;
    place.address = argv[1];
    place.port = static_cast<std::uint16_t>(*port);
    place.access_code = Secret{std::string{trim(code.value())}};
    place.public_key_pin = key.value();
    const auto begin = std::chrono::steady_clock::now();
    const auto outcome = link::upload_file(place, argv[5], argv[6], link::UploadTimes{}, {});
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    if (!outcome.verdict.good()) return fail(outcome.verdict.text);
    fmt::print("{} bytes in {:.3f} s\n", outcome.total_bytes, seconds.count());
    return 0;
}
