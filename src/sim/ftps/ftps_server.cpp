#include "sim/ftps/ftps_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <deque>
#include <fstream>
#include <set>
#include <vector>

#include "sim/ftps/ftp_session.hpp"
#include "sim/ftps/tls_sessions.hpp"

namespace farmwall::sim {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
namespace fs = std::filesystem;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr auto idle_limit = 5min;
constexpr auto handshake_limit = 10s;
constexpr auto shutdown_limit = 2s;
constexpr auto stall_pause = 100ms;
constexpr std::size_t line_limit_bytes = 4096;
constexpr std::size_t piece_bytes = std::size_t{64} * 1024;
constexpr std::size_t lines_ahead = 4;
constexpr std::size_t most_clients = 2;

std::shared_ptr<ssl::context> context_with(const TlsIdentity& identity) {
    auto context = std::make_shared<ssl::context>(ssl::context::tlsv12_server);
    context->use_certificate_chain(asio::buffer(identity.certificate_pem));
    context->use_private_key(asio::buffer(identity.key_pem), ssl::context::pem);
    allow_resumption(context->native_handle());
    return context;
}

// A data connection, in clear or over TLS.
class DataLink : public std::enable_shared_from_this<DataLink> {
public:
    using Handler = std::function<void(error_code, std::size_t)>;

    DataLink(tcp::socket socket, ssl::context* context)
        : socket_{std::move(socket)}, limit_{socket_.get_executor()} {
        if (context != nullptr) tls_.emplace(socket_, *context);
    }
    ~DataLink() {
        if (tls_) keep_session(tls_->native_handle());
    }
    DataLink(const DataLink&) = delete;
    DataLink& operator=(const DataLink&) = delete;

    void handshake(std::function<void(error_code)> handler) {
        if (!tls_) return handler({});
        close_after(handshake_limit);
        tls_->async_handshake(ssl::stream_base::server,
                              [self = shared_from_this(), done = std::move(handler)](error_code failed) {
                                  self->limit_.cancel();
                                  done(failed);
                              });
    }

    // True in clear as well.
    [[nodiscard]] bool resumes(ssl::stream<tcp::socket>& control) {
        return !tls_ || sim::resumes(tls_->native_handle(), control.native_handle());
    }

    void read_some(asio::mutable_buffer buffer, Handler handler) {
        auto keep = [self = shared_from_this(), done = std::move(handler)](error_code failed, std::size_t n) {
            done(failed, n);
        };
        if (tls_) return tls_->async_read_some(buffer, std::move(keep));
        socket_.async_read_some(buffer, std::move(keep));
    }

    void write(asio::const_buffer buffer, Handler handler) {
        auto keep = [self = shared_from_this(), done = std::move(handler)](error_code failed, std::size_t n) {
            done(failed, n);
        };
        if (tls_) return asio::async_write(*tls_, buffer, std::move(keep));
        asio::async_write(socket_, buffer, std::move(keep));
    }

    // Says farewell and closes; what was written still arrives.
    void finish() {
        if (!tls_) return close();
        close_after(shutdown_limit);
        tls_->async_shutdown([self = shared_from_this()](error_code) { self->close(); });
    }

    void close() {
        limit_.cancel();
        error_code ignored;
        socket_.close(ignored);
    }

private:
    void close_after(std::chrono::steady_clock::duration limit) {
        limit_.expires_after(limit);
        limit_.async_wait([self = shared_from_this()](error_code stopped) {
            if (!stopped) self->close();
        });
    }

    tcp::socket socket_;
    std::optional<ssl::stream<tcp::socket&>> tls_;
    asio::steady_timer limit_;
};

class Client;

// What clients need of their server.
struct Owner {
    DiskStore& store;
    FtpsServer::Setup setup;
    FtpsFaults faults = {};
    FtpsServer::Counts counts = {};
    std::set<std::shared_ptr<Client>> clients = {};
    const Client* transferring = nullptr;
};

class Client : public std::enable_shared_from_this<Client> {
public:
    Client(tcp::socket socket, std::shared_ptr<ssl::context> context, std::shared_ptr<Owner> owner)
        : context_{std::move(context)},
          stream_{std::move(socket), *context_},
          idle_{stream_.get_executor()},
          pause_{stream_.get_executor()},
          acceptor_{stream_.get_executor()},
          owner_{std::move(owner)},
          session_{owner_->setup.access_code, owner_->setup.renames},
          piece_(piece_bytes) {}
    ~Client() { keep_session(stream_.native_handle()); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void start() {
        close_after(handshake_limit);
        stream_.async_handshake(ssl::stream_base::server, [self = shared_from_this()](error_code failed) {
            if (failed) return self->close();
            self->greet();
        });
    }

    void close() {
        if (std::exchange(closed_, true)) return;
        error_code ignored;
        stream_.next_layer().close(ignored);
        acceptor_.close(ignored);
        idle_.cancel();
        pause_.cancel();
        if (data_) data_->close();
        arrived_.reset();
        file_.close();
        if (owner_->transferring == this) owner_->transferring = nullptr;
        owner_->clients.erase(shared_from_this());
    }

private:
    void greet() {
        busy_ = true;
        if (owner_->clients.size() > most_clients) return farewell("421 There are too many connected users.");
        read_on();
        done(FtpSession::greeting(owner_->setup.renames));
    }

    void close_after(std::chrono::steady_clock::duration limit) {
        idle_.expires_after(limit);
        idle_.async_wait([self = shared_from_this()](error_code stopped) {
            if (!stopped && !self->closed_) self->close();
        });
    }

    // Lines are read ahead, also during a transfer: so we notice when the client has gone.
    void read_on() {
        if (reading_ || closed_ || lines_.size() >= lines_ahead) return;
        reading_ = true;
        asio::async_read_until(stream_, asio::dynamic_buffer(input_, line_limit_bytes), '\n',
                               [self = shared_from_this()](error_code failed, std::size_t count) {
                                   self->reading_ = false;
                                   if (self->closed_) return;
                                   if (failed) return self->close();
                                   self->take_line(count);
                               });
    }

    void take_line(std::size_t count) {
        std::string line = input_.substr(0, count - 1);
        input_.erase(0, count);
        if (line.ends_with('\r')) line.pop_back();
        lines_.push_back(std::move(line));
        read_on();
        next();
    }

    void next() {
        if (busy_ || closed_) return;
        if (lines_.empty()) return close_after(idle_limit);
        idle_.cancel();
        busy_ = true;
        const std::string line = std::move(lines_.front());
        lines_.pop_front();
        read_on();
        carry_out(session_.take(owner_->faults.refuse_login && line.starts_with("PASS") ? "PASS" : line));
    }

    // The end of a command.
    void done(const std::string& reply) {
        say(reply, [this] {
            busy_ = false;
            next();
        });
    }

    void farewell(const std::string& reply) {
        say(reply, [this] { close(); });
    }

    void say(const std::string& reply, std::function<void()> then) {
        output_ = reply + "\r\n";
        asio::async_write(
            stream_, asio::buffer(output_),
            [self = shared_from_this(), go_on = std::move(then)](error_code failed, std::size_t) {
                if (self->closed_) return;
                if (failed) return self->close();
                go_on();
            });
    }

    void carry_out(const FtpStep& step) {
        switch (step.action) {
            case FtpStep::Action::reply:
                return done(step.reply);
            case FtpStep::Action::close:
                return farewell(step.reply);
            case FtpStep::Action::open_data:
                return open_data(step.extended);
            case FtpStep::Action::list:
            case FtpStep::Action::store:
            case FtpStep::Action::append:
            case FtpStep::Action::retrieve:
                return begin_transfer(step);
            case FtpStep::Action::enter:
            case FtpStep::Action::size:
            case FtpStep::Action::remove:
            case FtpStep::Action::rename_from:
            case FtpStep::Action::rename:
            case FtpStep::Action::free_space:
                return done(has_card() ? answer_about_file(step) : "550 No storage.");
        }
    }

    [[nodiscard]] bool has_card() const { return owner_->setup.has_card(); }

    std::string answer_about_file(const FtpStep& step) {
        auto& store = owner_->store;
        if (step.action == FtpStep::Action::free_space) return fmt::format("213 {}", store.free_bytes());
        if (step.action == FtpStep::Action::enter) {
            if (!store.is_folder(step.path)) return "550 Failed to change directory.";
            session_.entered(step.path);
            return "250 Directory successfully changed.";
        }
        const auto place = store.find(step.path);
        if (!place) return "550 Could not find the file.";
        if (step.action == FtpStep::Action::rename_from) {
            session_.renaming(step.path);
            return "350 Ready for RNTO.";
        }
        if (step.action == FtpStep::Action::rename)
            return store.rename(step.path, step.target) ? "250 Rename successful." : "550 Rename failed.";
        if (step.action == FtpStep::Action::remove)
            return store.remove(step.path) ? "250 Delete operation successful." : "550 Delete failed.";
        error_code failed;
        const auto bytes = fs::file_size(*place, failed);
        const bool wrong = owner_->faults.wrong_size == FtpsFaults::WrongSize::answer;
        return fmt::format("213 {}", wrong ? bytes / 2 : bytes);
    }

    void open_data(bool extended) {
        error_code failed;
        acceptor_.close(failed);
        if (data_) data_->close();
        data_.reset();
        arrived_.reset();
        const auto address = stream_.next_layer().local_endpoint(failed).address();
        if (!failed) acceptor_.open(tcp::v4(), failed);
        if (!failed) acceptor_.bind({address, 0}, failed);
        if (!failed) acceptor_.listen(1, failed);
        if (failed) return done("425 Can't open passive connection.");
        acceptor_.async_accept([self = shared_from_this()](error_code refused, tcp::socket socket) {
            if (refused || self->closed_) return;
            error_code ignored;
            self->acceptor_.close(ignored);
            self->arrived_.emplace(std::move(socket));
            if (self->waiting_) self->open_transfer();
        });
        done(passive_reply(extended, acceptor_.local_endpoint().port()));
    }

    // A refused command leaves the data connection open: clients read its end before the answer.
    void begin_transfer(const FtpStep& step) {
        if (!arrived_ && !acceptor_.is_open()) return done("425 Use PASV first.");
        if (owner_->transferring != nullptr) return done("425 Another transfer is under way.");
        const bool writes = step.action == FtpStep::Action::store || step.action == FtpStep::Action::append;
        if (writes && !open_for_writing(step)) return done("553 Could not create file.");
        if (step.action == FtpStep::Action::retrieve && !open_for_reading(step))
            return done("550 Failed to open file.");
        if (step.action == FtpStep::Action::list) text_ = has_card() ? text_of(step) : std::string{};
        step_ = step;
        owner_->transferring = this;
        waiting_ = true;
        if (arrived_) return open_transfer();
        pause_.expires_after(handshake_limit);
        pause_.async_wait([self = shared_from_this()](error_code stopped) {
            if (!stopped && self->waiting_) self->end_transfer("425 Failed to establish connection.");
        });
    }

    bool open_for_writing(const FtpStep& step) {
        auto& store = owner_->store;
        const auto place = store.place_of(step.path);
        if (!has_card() || store.is_folder(step.path) || !fs::is_directory(place.parent_path())) return false;
        const bool appends = step.action == FtpStep::Action::append;
        file_.clear();
        file_.open(place, std::ios::binary | std::ios::out | (appends ? std::ios::app : std::ios::trunc));
        free_bytes_ = store.free_bytes();
        moved_bytes_ = 0;
        return file_.is_open();
    }

    bool open_for_reading(const FtpStep& step) {
        const auto place = has_card() ? owner_->store.find(step.path) : std::nullopt;
        if (!place) return false;
        file_.clear();
        file_.open(*place, std::ios::binary | std::ios::in);
        file_.seekg(static_cast<std::streamoff>(step.from));
        return file_.is_open() && file_.good();
    }

    [[nodiscard]] std::string text_of(const FtpStep& step) const {
        const auto& store = owner_->store;
        return store.is_folder(step.path) ? store.listing(step.path, step.names_only) : std::string{};
    }

    void open_transfer() {
        waiting_ = false;
        pause_.cancel();
        data_ = std::make_shared<DataLink>(std::move(*arrived_),
                                           session_.protects_data() ? context_.get() : nullptr);
        arrived_.reset();
        say("150 Ok to send data.", [this] {
            data_->handshake([self = shared_from_this()](error_code failed) {
                if (self->closed_) return;
                if (failed) return self->abort_transfer("425 Failed to establish a TLS connection.");
                if (!self->data_->resumes(self->stream_))
                    return self->abort_transfer("522 SSL connection failed: session reuse required");
                self->move_data();
            });
        });
    }

    void move_data() {
        if (step_.action == FtpStep::Action::list) return send_text();
        if (owner_->faults.stall) return after(stall_pause);
        if (step_.action == FtpStep::Action::retrieve) return send_piece();
        receive_piece();
    }

    void after(std::chrono::steady_clock::duration pause) {
        pause_.expires_after(pause);
        pause_.async_wait([self = shared_from_this()](error_code stopped) {
            if (!stopped && !self->closed_) self->move_data();
        });
    }

    // As much as is due in a tenth of a second when we are slow.
    [[nodiscard]] std::size_t next_bytes() const {
        const auto& rate = owner_->faults.bytes_per_second;
        if (!rate) return piece_bytes;
        return static_cast<std::size_t>(std::clamp(*rate / 10, 1.0, static_cast<double>(piece_bytes)));
    }

    void go_on(std::size_t moved) {
        const auto& rate = owner_->faults.bytes_per_second;
        if (!rate) return move_data();
        after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(
            std::chrono::duration<double>(static_cast<double>(moved) / *rate)));
    }

    void send_text() {
        data_->write(asio::buffer(text_), [self = shared_from_this()](error_code failed, std::size_t) {
            if (self->closed_) return;
            if (failed) return self->abort_transfer("426 Failure writing network stream.");
            self->end_transfer("226 Directory send OK.");
        });
    }

    void send_piece() {
        file_.read(piece_.data(), static_cast<std::streamsize>(next_bytes()));
        const auto count = static_cast<std::size_t>(file_.gcount());
        if (count == 0) return end_transfer("226 Transfer complete.");
        data_->write(asio::buffer(piece_.data(), count),
                     [self = shared_from_this(), count](error_code failed, std::size_t) {
                         if (self->closed_) return;
                         if (failed) return self->abort_transfer("426 Failure writing network stream.");
                         self->go_on(count);
                     });
    }

    void receive_piece() {
        data_->read_some(asio::buffer(piece_.data(), next_bytes()),
                         [self = shared_from_this()](error_code failed, std::size_t count) {
                             if (self->closed_) return;
                             const bool over =
                                 failed == asio::error::eof || failed == ssl::error::stream_truncated;
                             if (over) return self->end_upload();
                             if (failed) return self->abort_transfer("426 Failure reading network stream.");
                             self->keep(count);
                         });
    }

    void keep(std::size_t count) {
        auto& cut = owner_->faults.cut_after_bytes;
        const std::uint64_t total = moved_bytes_ + count;
        const bool cuts = cut && total >= *cut;
        const std::uint64_t limit = cuts ? std::min(*cut, free_bytes_) : free_bytes_;
        const std::uint64_t fits = limit - std::min(limit, moved_bytes_);
        file_.write(piece_.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(count, fits)));
        moved_bytes_ = total;
        if (cuts) {
            cut.reset();
            return close();
        }
        if (count > fits) return abort_transfer("552 Requested file action aborted, the storage is full.");
        if (!file_) return abort_transfer("451 Failure writing to local file.");
        go_on(count);
    }

    // 226 only when the file is complete.
    void end_upload() {
        file_.close();
        if (!file_) return abort_transfer("451 Failure writing to local file.");
        if (owner_->faults.wrong_size == FtpsFaults::WrongSize::file) {
            std::error_code ignored;
            const auto place = owner_->store.place_of(step_.path);
            fs::resize_file(place, fs::file_size(place, ignored) / 2, ignored);
        }
        ++owner_->counts.uploads;
        end_transfer("226 Transfer complete.");
    }

    void end_transfer(const std::string& reply) {
        waiting_ = false;
        if (data_) data_->finish();
        clear_transfer();
        done(reply);
    }

    // The answer first, for the same reason.
    void abort_transfer(const std::string& reply) {
        const auto link = std::exchange(data_, nullptr);
        clear_transfer();
        say(reply, [this, link] {
            if (link) link->close();
            busy_ = false;
            next();
        });
    }

    void clear_transfer() {
        error_code ignored;
        acceptor_.close(ignored);
        data_.reset();
        file_.close();
        if (owner_->transferring == this) owner_->transferring = nullptr;
    }

    std::shared_ptr<ssl::context> context_;
    ssl::stream<tcp::socket> stream_;
    asio::steady_timer idle_;
    asio::steady_timer pause_;  // within a transfer
    tcp::acceptor acceptor_;    // of the next data connection
    std::shared_ptr<Owner> owner_;
    FtpSession session_;
    std::string input_;
    std::deque<std::string> lines_;
    std::string output_;
    bool reading_ = false;
    bool busy_ = true;  // a command is under way; the next line waits
    bool closed_ = false;

    std::optional<tcp::socket> arrived_;  // the data connection, before its command
    std::shared_ptr<DataLink> data_;
    bool waiting_ = false;  // a transfer for its data connection
    FtpStep step_;
    std::fstream file_;
    std::string text_;
    std::vector<char> piece_;
    std::uint64_t free_bytes_ = 0;  // when the upload began
    std::uint64_t moved_bytes_ = 0;
};

}  // namespace

struct FtpsServer::Inside : std::enable_shared_from_this<FtpsServer::Inside> {
    Inside(asio::io_context& loop, DiskStore& store, Setup wanted)
        : io{loop},
          context{context_with(wanted.identity)},
          owner{std::make_shared<Owner>(Owner{store, std::move(wanted)})} {}

    asio::io_context& io;
    std::shared_ptr<ssl::context> context;
    std::shared_ptr<Owner> owner;
    std::optional<tcp::acceptor> acceptor;
    std::uint64_t generation = 0;  // of the acceptor; an old one's last call is ignored

    void accept() {
        acceptor->async_accept(
            [self = shared_from_this(), mine = generation](error_code failed, tcp::socket socket) {
                if (mine != self->generation || failed == asio::error::operation_aborted) return;
                if (!failed) self->take(std::move(socket));
                self->accept();
            });
    }

    void take(tcp::socket socket) {
        error_code ignored;
        socket.set_option(tcp::no_delay{true}, ignored);
        auto client = std::make_shared<Client>(std::move(socket), context, owner);
        owner->clients.insert(client);
        auto& counts = owner->counts;
        ++counts.ever;
        counts.max = std::max<std::uint64_t>(counts.max, owner->clients.size());
        client->start();
    }
};

FtpsServer::FtpsServer(asio::io_context& io, DiskStore& store, Setup setup)
    : inside_{std::make_shared<Inside>(io, store, std::move(setup))} {}

FtpsServer::~FtpsServer() {
    stop_listening();
    drop_sessions();
}

Status FtpsServer::listen(const std::string& address, int port) {
    stop_listening();
    error_code failed;
    const auto at = asio::ip::make_address_v4(address, failed);
    tcp::acceptor acceptor{inside_->io};
    if (!failed) acceptor.open(tcp::v4(), failed);
    if (!failed) acceptor.set_option(tcp::acceptor::reuse_address{true}, failed);
    if (!failed) acceptor.bind({at, static_cast<std::uint16_t>(port)}, failed);
    if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
    if (failed)
        return Error{ErrorKind::unavailable,
                     "The virtual printer cannot offer its files there, " + failed.message(),
                     address + ":" + std::to_string(port)};
    inside_->acceptor.emplace(std::move(acceptor));
    inside_->accept();
    return Done{};
}

void FtpsServer::stop_listening() {
    ++inside_->generation;
    inside_->acceptor.reset();
}

void FtpsServer::drop_sessions() {
    const auto clients = inside_->owner->clients;
    for (const auto& client : clients)
        client->close();
}

FtpsFaults& FtpsServer::faults() { return inside_->owner->faults; }

FtpsServer::Counts FtpsServer::counts() const {
    Counts counts = inside_->owner->counts;
    counts.now = inside_->owner->clients.size();
    return counts;
}

}  // namespace farmwall::sim
