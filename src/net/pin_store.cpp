#include "net/pin_store.hpp"

#include <algorithm>
#include <thread>

#include "base/bounded_queue.hpp"
#include "base/file.hpp"
#include "base/platform.hpp"

namespace farmwall::net {
namespace {

constexpr std::size_t max_serial_length = 32;
constexpr std::size_t max_file_bytes = std::size_t{64} * 1024;
constexpr std::size_t max_waiting = 256;

bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

}  // namespace

struct PinStore::Impl {
    BoundedQueue<std::function<void()>> work{max_waiting};
    std::jthread thread{[this](const std::stop_token& stop) { run(stop); }};

    ~Impl() {
        work.close();
        thread.request_stop();
        thread.join();
    }

    void run(const std::stop_token& stop) {
        platform::name_this_thread("pins");
        for (bool last_round = false; !last_round;) {
            last_round = stop.stop_requested();  // what was queued before the stop is still written
            for (const auto& item : work.take_all(stop, std::chrono::seconds{60}))
                item();
        }
    }
};

PinStore::PinStore(const std::filesystem::path& root, std::string purpose)
    : folder_{root / "certificates"}, purpose_{std::move(purpose)}, impl_{std::make_unique<Impl>()} {}

PinStore::~PinStore() = default;

bool PinStore::usable(const Serial& serial) {
    return !serial.empty() && serial.value.size() <= max_serial_length &&
           std::ranges::all_of(serial.value, is_letter_or_digit);
}

std::filesystem::path PinStore::file_of(const Serial& serial) const {
    return folder_ / (serial.value + (purpose_.empty() ? "" : "-" + purpose_) + ".pem");
}

Result<std::optional<Certificate>> PinStore::load(const Serial& serial) const {
    using Found = Result<std::optional<Certificate>>;
    if (!usable(serial)) return Error{ErrorKind::bad_input, "a serial has only letters and digits"};
    const auto file = file_of(serial);
    const auto text = read_file(file, max_file_bytes);
    if (!text.ok()) {
        if (text.error().kind == ErrorKind::not_found) return Found{std::optional<Certificate>{}};
        return text.error();
    }
    auto certificate = parse_certificate(text.value());
    if (!certificate.ok()) return Error{ErrorKind::bad_input, certificate.error().what, file.string()};
    if (certificate.value().common_name != serial.value) {
        return Error{ErrorKind::bad_input, "this certificate names another serial than its file",
                     file.string()};
    }
    return Found{std::optional{std::move(certificate).value()}};
}

void PinStore::save(const Serial& serial, const Certificate& certificate,
                    const std::function<void(Status)>& done) {
    if (!usable(serial)) return done(Error{ErrorKind::bad_input, "a serial has only letters and digits"});
    std::function<void()> work = [folder = folder_, file = file_of(serial), pem = certificate.pem, done] {
        std::error_code error;
        std::filesystem::create_directories(folder, error);
        if (error) {
            done(
                Error{ErrorKind::io, "the folder cannot be made (" + error.message() + ")", folder.string()});
        } else {
            done(platform::replace_file(file, pem, false));
        }
    };
    if (!impl_->work.try_push(std::move(work))) {
        done(Error{ErrorKind::unavailable, "too many certificates wait to be stored"});
    }
}

}  // namespace farmwall::net
