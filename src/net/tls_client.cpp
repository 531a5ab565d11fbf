#include "net/tls_client.hpp"

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "net/io_thread.hpp"
#include "net/tls_engine.hpp"

namespace farmwall::net {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

constexpr std::size_t most_waiting = 64UL * 1024;
constexpr std::size_t one_read = 64UL * 1024;
constexpr std::size_t one_record = 16UL * 1024;
// Reads in a row before others have their turn.
constexpr int reads_a_turn = 4;
// So much may lie unread while bytes are gathered; the system makes room for twice of it.
constexpr int gathered_bytes = 128 * 1024;
// A connection that brings a full read while gathering is looked at this much more often.
constexpr int hurry = 4;

// Used only while one connection's bytes are read and handed over, hence one a thread for all.
struct Scratch {
    std::array<char, one_read> received;
    // A read may complete a record of which the engine has the beginning.
    std::array<char, one_read + one_record> plain;
};
std::shared_ptr<Scratch> shared_scratch() {
    thread_local std::weak_ptr<Scratch> of_this_thread;
    auto shared = of_this_thread.lock();
    if (!shared) of_this_thread = shared = std::make_shared<Scratch>();
    return shared;
}

TlsEnd connect_end(const error_code& error) {
    if (error == asio::error::connection_refused) return TlsEnd::refused;
    if (error == asio::error::timed_out) return TlsEnd::timeout;
    return TlsEnd::unreachable;
}

bool closed_by_peer(const error_code& error) {
    return error == asio::error::eof || error == asio::error::connection_reset ||
           error == asio::error::connection_aborted || error == asio::error::broken_pipe;
}

}  // namespace

// The handlers keep it alive until the last one ran; after the end they find it `over` and leave.
class TlsClient::Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(asio::io_context& io, TlsRequest request, Listener& listener)
        : request_{std::move(request)},
          listener_{&listener},
          engine_{request_.server_name},
          socket_{io},
          deadline_{io},
          look_{io} {}

    void start() {
        error_code error;
        const auto address = asio::ip::make_address_v4(request_.address, error);
        if (error) return end_later(TlsEnd::unreachable, "not an IPv4 address");
        watch(request_.connect_timeout, TlsEnd::timeout, "no answer to the connection attempt");
        socket_.async_connect(
            tcp::endpoint{address, request_.port},
            [self = shared_from_this()](const error_code& failed) { self->connected(failed); });
    }

    void send(const std::string& bytes) {
        if (phase_ == Phase::closing || phase_ == Phase::over) return;
        if (phase_ != Phase::open) {
            early_ += bytes;
        } else {
            if (!engine_.write(bytes)) return end_later(TlsEnd::broken, engine_.detail());
            collect();
        }
        if (early_.size() + output_.size() > most_waiting) {
            return end_later(TlsEnd::broken, "the other side takes nothing any more");
        }
        flush();
    }

    void gather(std::chrono::milliseconds wait) { gather_ = wait; }

    void close(std::chrono::milliseconds limit) {
        if (phase_ == Phase::closing || phase_ == Phase::over) return;
        const bool open = phase_ == Phase::open;
        phase_ = Phase::closing;
        if (!open) return end_later(TlsEnd::asked, {});
        engine_.say_goodbye();
        collect();
        watch(limit, TlsEnd::asked, {});
        look_.cancel();
        notice(1);
        wait_for_bytes();
        flush();
    }

    // Nobody listens any more.
    void abandon() {
        listener_ = nullptr;
        finish();
    }

private:
    enum class Phase { connecting, shaking, open, closing, over };

    void connected(const error_code& error) {
        if (phase_ != Phase::connecting) return;
        if (error) return end(connect_end(error), error.message());
        phase_ = Phase::shaking;
        error_code ignored;
        socket_.set_option(tcp::no_delay{true}, ignored);
        socket_.non_blocking(true, ignored);
        watch(request_.handshake_timeout, TlsEnd::no_tls, "connected, but no answer to the TLS handshake");
        engine_.shake();
        collect();
        flush();
        wait_for_bytes();
    }

    void watch(std::chrono::milliseconds limit, TlsEnd why, std::string detail) {
        deadline_.expires_after(limit);
        deadline_.async_wait(
            [self = shared_from_this(), why, detail = std::move(detail)](const error_code& error) {
                if (!error) self->end(why, detail);
            });
    }

    void wait_for_bytes() {
        if (waits_for_bytes_ || phase_ == Phase::over) return;
        waits_for_bytes_ = true;
        socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](const error_code&) {
            self->waits_for_bytes_ = false;
            self->receive();
        });
    }

    // The system wakes us only from so many unread bytes on, or at the end.
    void notice(int bytes) {
        if (noticed_from_ == bytes) return;
        noticed_from_ = bytes;
        error_code ignored;  // a system without it wakes us more often
        socket_.set_option(asio::socket_base::receive_low_watermark{bytes}, ignored);
    }

    void receive() {
        for (int i = 0; i < reads_a_turn && phase_ != Phase::over; ++i) {
            error_code error;
            const std::size_t size = socket_.read_some(asio::buffer(scratch_->received), error);
            if (error == asio::error::would_block || error == asio::error::try_again) {
                notice(1);
                return wait_for_bytes();
            }
            if (error) return broke_off(error);
            heard_ = true;
            take({scratch_->received.data(), size});
            if (size < one_read) return receive_later(false);
        }
        receive_later(true);
    }

    void receive_later(bool much) {
        if (phase_ == Phase::over) return;
        if (gather_ <= gather_.zero() || phase_ != Phase::open) {
            notice(1);
            return wait_for_bytes();
        }
        notice(gathered_bytes);
        // All connections look at the same moments: the thread wakes once for all.
        const Duration grid = much ? gather_ / hurry : gather_;
        const Duration now = std::chrono::steady_clock::now().time_since_epoch();
        look_.expires_at(TimePoint{(now / grid + 1) * grid});
        look_.async_wait([self = shared_from_this()](const error_code& error) {
            if (!error) self->receive();
        });
    }

    void broke_off(const error_code& error) {
        switch (phase_) {
            case Phase::closing:
                return end(TlsEnd::asked, {});
            case Phase::shaking:
                return end(closed_by_peer(error) && !heard_ ? TlsEnd::by_peer : TlsEnd::no_tls,
                           "in the TLS handshake: " + error.message());
            case Phase::open:
                return end(closed_by_peer(error) ? TlsEnd::by_peer : TlsEnd::broken, error.message());
            case Phase::connecting:
            case Phase::over:
                return;
        }
    }

    void take(std::string_view received) {
        if (phase_ == Phase::closing) return;  // nobody wants to know any more
        engine_.put(received);
        if (phase_ == Phase::shaking) shake();
        if (phase_ == Phase::open) read();
        engine_.put({});
        if (phase_ == Phase::over) return;
        collect();
        flush();
        if (phase_ != Phase::open || engine_.state() == TlsEngine::State::open) return;
        end(engine_.state() == TlsEngine::State::ended ? TlsEnd::by_peer : TlsEnd::broken, engine_.detail());
    }

    void shake() {
        const auto state = engine_.shake();
        collect();
        if (state == TlsEngine::State::shaking) return;
        if (state != TlsEngine::State::open) {
            flush();  // the alert that says why
            return end(TlsEnd::no_tls, engine_.detail());
        }
        const auto certificate = engine_.peer_certificate();
        if (!certificate) return end(TlsEnd::no_tls, "no certificate was shown");
        const bool accepted = !request_.accept || request_.accept(*certificate);
        if (phase_ == Phase::over) return;
        if (!accepted) return end(TlsEnd::certificate, "the certificate was not accepted");
        deadline_.cancel();
        phase_ = Phase::open;
        if (!early_.empty()) engine_.write(std::exchange(early_, {}));
        collect();
        flush();
        if (listener_ != nullptr) listener_->tls_opened();
    }

    void read() {
        auto& plain = scratch_->plain;
        std::size_t filled = 0;
        while (phase_ == Phase::open) {
            const std::size_t size = engine_.read(std::span{plain}.subspan(filled));
            filled += size;
            const bool full = filled == plain.size();
            if (filled > 0 && (size == 0 || full)) {
                const std::string_view bytes{plain.data(), std::exchange(filled, 0)};
                if (listener_ != nullptr) listener_->tls_received(bytes);
            }
            if (size == 0) return;
        }
    }

    void collect() {
        if (output_.empty()) {
            output_ = engine_.take_output();
        } else {
            output_ += engine_.take_output();
        }
    }

    void flush() {
        if (waits_for_room_ || phase_ == Phase::connecting || phase_ == Phase::over) return;
        while (!output_.empty()) {
            error_code error;
            const std::size_t sent = socket_.write_some(asio::buffer(output_), error);
            if (error == asio::error::would_block || error == asio::error::try_again) return wait_for_room();
            if (error) return;  // reading tells the same, and what came before it
            output_.erase(0, sent);
        }
        if (phase_ != Phase::closing || said_goodbye_) return;
        // The rest of what the other side sends is read and dropped: closing a socket with unread bytes
        // could take back what was just sent.
        said_goodbye_ = true;
        error_code ignored;
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
    }

    void wait_for_room() {
        waits_for_room_ = true;
        socket_.async_wait(tcp::socket::wait_write, [self = shared_from_this()](const error_code&) {
            self->waits_for_room_ = false;
            self->flush();
        });
    }

    void end_later(TlsEnd why, std::string detail) {
        asio::post(socket_.get_executor(),
                   [self = shared_from_this(), why, detail = std::move(detail)] { self->end(why, detail); });
    }

    void end(TlsEnd why, const std::string& detail) {
        if (phase_ == Phase::over) return;
        finish();
        if (Listener* listener = std::exchange(listener_, nullptr)) listener->tls_closed(why, detail);
    }

    void finish() {
        phase_ = Phase::over;
        deadline_.cancel();
        look_.cancel();
        error_code ignored;
        socket_.close(ignored);
    }

    TlsRequest request_;
    Listener* listener_;  // null: nobody is called any more
    TlsEngine engine_;
    std::shared_ptr<Scratch> scratch_ = shared_scratch();
    tcp::socket socket_;
    asio::steady_timer deadline_;
    asio::steady_timer look_;
    Phase phase_ = Phase::connecting;
    std::string early_;   // plain, waits for the handshake
    std::string output_;  // encrypted, waits for the socket
    std::chrono::milliseconds gather_{0};
    int noticed_from_ = 1;
    bool waits_for_bytes_ = false;
    bool waits_for_room_ = false;
    bool said_goodbye_ = false;
    bool heard_ = false;  // anything came
};

TlsClient::TlsClient(IoThread& io, TlsRequest request, Listener& listener)
    : connection_{std::make_shared<Connection>(io.context(), std::move(request), listener)} {
    connection_->start();
}

TlsClient::~TlsClient() { connection_->abandon(); }

// A copy of the pointer in each: what they call may destroy this client.
void TlsClient::send(const std::string& bytes) {
    std::shared_ptr { connection_ } -> send(bytes);
}
void TlsClient::gather(std::chrono::milliseconds wait) { connection_->gather(wait); }
void TlsClient::close(std::chrono::milliseconds limit) {
    std::shared_ptr { connection_ } -> close(limit);
}

}  // namespace farmwall::net
