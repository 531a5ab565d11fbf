#include <algorithm>
#include <utility>
#include <vector>

#include "camera/jpeg_framing.hpp"
#include "camera/source.hpp"
#include "camera/tls_source.hpp"

namespace farmwall::camera {

using namespace std::chrono_literals;

namespace {

// The pieces of one picture come within that.
constexpr auto gathering = 50ms;
// A refused login is answered by closing, and soon (protocol 10.2).
constexpr auto refusal_time = 5s;

// 80 bytes, never answered (protocol 10.2).
std::string login(const std::string& user, const Secret& access_code) {
    constexpr std::size_t field = 32;
    std::string packet{'\x40', 0, 0, 0, 0, '\x30', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    for (const std::string* text : {&user, &access_code.reveal()}) {
        std::string padded = text->substr(0, field);
        padded.resize(field, '\0');
        packet += padded;
    }
    return packet;
}

class JpegSource final : public TlsSource {
public:
    JpegSource(net::IoThread& io, const Clock& clock, const PrinterCamera& camera, SourceListener& listener)
        : TlsSource{io, clock, camera, listener} {
        gather(gathering);
    }

private:
    void connected() override {
        send(login(camera().user, camera().access_code));
        logged_in_ = now();
        static_cast<void>(tell_opened());
    }

    void received(std::string_view bytes) override {
        heard_ = true;
        std::vector<SharedBytes> pictures;
        const bool right = framing_.read(bytes, pictures);
        for (SharedBytes& picture : pictures) {
            Packet packet;
            packet.codec = Codec::jpeg;
            packet.bytes = std::move(picture);
            packet.arrived = now();
            if (!tell_packet(std::move(packet))) return;
        }
        if (!right) fail(CameraProblem::wrong_data, std::string{sentence(*framing_.wrong())});
    }

    [[nodiscard]] CameraProblem problem_of_closing() const override {
        const bool refused = logged_in_ && !heard_ && now() - *logged_in_ < refusal_time;
        return refused ? CameraProblem::bad_access_code : CameraProblem::closed_by_printer;
    }

    JpegFraming framing_;
    std::optional<TimePoint> logged_in_;
    bool heard_ = false;
};

}  // namespace

std::unique_ptr<Source> open_jpeg(net::IoThread& io, const Clock& clock, const PrinterCamera& camera,
                                  SourceListener& listener) {
    return std::make_unique<JpegSource>(io, clock, camera, listener);
}

}  // namespace farmwall::camera
