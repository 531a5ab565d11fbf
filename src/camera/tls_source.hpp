#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "camera/source.hpp"
#include "net/tls_client.hpp"

namespace farmwall::camera {

// What the readers of a printer's own camera share: one TLS connection whose certificate is judged
// first, the signs of life, and one end that is told once. On the network thread.
class TlsSource : public Source, private net::TlsClient::Listener {
public:
    TlsSource(const TlsSource&) = delete;
    TlsSource& operator=(const TlsSource&) = delete;
    void stop() final;

protected:
    TlsSource(net::IoThread& io, const Clock& clock, const PrinterCamera& camera, SourceListener& listener);

    // The certificate was accepted: secrets may go out.
    virtual void connected() = 0;
    virtual void received(std::string_view bytes) = 0;
    // The other side closed; not called after fail() or stop().
    [[nodiscard]] virtual CameraProblem problem_of_closing() const = 0;
    // What is sent before a goodbye that was asked for.
    virtual std::string farewell() { return {}; }

    void send(const std::string& bytes);
    void gather(std::chrono::milliseconds wait);
    // Closes at once and tells the end. This object may be gone afterwards.
    void fail(CameraProblem problem, const std::string& detail);

    // Each tells the listener. False: it is over, and perhaps this object is gone: touch nothing any more.
    [[nodiscard]] bool tell_opened();
    [[nodiscard]] bool tell_packet(Packet packet);
    [[nodiscard]] bool tell_lost(std::uint64_t count);

    [[nodiscard]] const PrinterCamera& camera() const { return camera_; }
    [[nodiscard]] TimePoint now() const { return clock_.now(); }

private:
    void tls_opened() final { connected(); }
    void tls_received(std::string_view bytes) final;
    void tls_closed(net::TlsEnd why, const std::string& detail) final;
    [[nodiscard]] CameraProblem problem_of(net::TlsEnd why) const;
    template <class Call>
    bool tell(Call call);

    const Clock& clock_;
    PrinterCamera camera_;
    SourceListener& listener_;
    CameraProblem judged_ = CameraProblem::none;
    bool stopping_ = false;
    std::optional<TimePoint> told_alive_;
    std::shared_ptr<bool> here_ = std::make_shared<bool>(true);  // dies with this object
    std::optional<net::TlsClient> client_;                       // nothing: over
};

}  // namespace farmwall::camera
