#include "net/stop_signals.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>

namespace farmwall::net {

struct StopSignals::Impl : std::enable_shared_from_this<Impl> {
    Impl(boost::asio::io_context& context, std::function<void()> call)
        : signals{context, SIGINT, SIGTERM}, on_stop{std::move(call)} {}

    void wait(bool first) {
        signals.async_wait([self = shared_from_this(), first](boost::system::error_code problem, int) {
            if (problem) return;
            if (!first) std::_Exit(1);
            self->on_stop();
            self->wait(false);
        });
    }

    boost::asio::signal_set signals;
    std::function<void()> on_stop;
};

StopSignals::StopSignals(IoThread& thread, std::function<void()> on_stop)
    : impl_{std::make_shared<Impl>(thread.context(), std::move(on_stop))} {
    thread.post([impl = impl_] { impl->wait(true); });
}

StopSignals::~StopSignals() {
    boost::asio::dispatch(impl_->signals.get_executor(), [impl = impl_] { impl->signals.cancel(); });
}

}  // namespace farmwall::net
