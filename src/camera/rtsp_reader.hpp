#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace farmwall::camera {

// An answer, or a request of the server.
struct RtspMessage {
    int status = 0;                                            // 100-999; 0: a request
    std::string method;                                        // of a request
    std::vector<std::pair<std::string, std::string>> headers;  // in order, trimmed
    std::string body;

    // The first of this name, in any case; empty: none.
    [[nodiscard]] std::string_view header(std::string_view name) const;
    friend bool operator==(const RtspMessage&, const RtspMessage&) = default;
};

// Cuts what comes over one RTSP connection into messages and interleaved frames (RFC 2326). After the
// first thing that is neither, nothing is believed any more. Pure.
class RtspReader {
public:
    static constexpr std::size_t most_header_bytes = 16UL * 1024;
    static constexpr std::size_t most_body_bytes = 64UL * 1024;

    struct Sink {
        virtual ~Sink() = default;
        virtual void rtsp_message(const RtspMessage& message) = 0;
        // Valid during the call.
        virtual void rtsp_frame(std::uint8_t channel, std::string_view payload) = 0;
    };

    // Takes all of it. False: it was garbage, now or earlier.
    [[nodiscard]] bool read(std::string_view bytes, Sink& sink);

private:
    [[nodiscard]] std::size_t read_unit(std::string_view bytes, Sink& sink);
    [[nodiscard]] std::size_t read_message(std::string_view bytes, Sink& sink);
    [[nodiscard]] std::size_t wanted(std::string_view bytes) const;

    std::string rest_;  // the beginning of a unit whose end has not come
    bool wrong_ = false;
};

}  // namespace farmwall::camera
