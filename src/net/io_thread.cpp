#include "net/io_thread.hpp"

#include <atomic>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <thread>

#include "base/log.hpp"
#include "base/platform.hpp"

namespace farmwall::net {

namespace asio = boost::asio;

struct Timer::State {
    explicit State(asio::io_context& context) : timer{context} {}
    asio::steady_timer timer;  // touched on the network thread only
    std::function<void()> work;
    std::atomic<bool> canceled = false;
};

struct IoThread::Impl {
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> stay{context.get_executor()};
    std::jthread thread;

    void run(const std::string& name) {
        platform::name_this_thread(name);
        while (!context.stopped()) {
            try {
                context.run();
            } catch (const std::exception& trouble) {
                log::error("net", std::string{"a handler ended with an exception: "} + trouble.what());
            }
        }
    }
};

Timer::Timer() = default;
Timer::Timer(std::shared_ptr<State> state) : state_{std::move(state)} {}
Timer::~Timer() { cancel(); }
Timer::Timer(Timer&&) noexcept = default;
Timer& Timer::operator=(Timer&& other) noexcept {
    if (this != &other) {
        cancel();
        state_ = std::move(other.state_);
    }
    return *this;
}

void Timer::cancel() {
    if (!state_) return;
    state_->canceled = true;
    // The wait itself ends on the network thread; the flag above already forbids the call.
    asio::dispatch(state_->timer.get_executor(), [state = state_] {
        state->timer.cancel();
        state->work = nullptr;
    });
    state_.reset();
}

IoThread::IoThread(const std::string& name) : impl_{std::make_shared<Impl>()} {
    impl_->thread = std::jthread{[impl = impl_.get(), name] { impl->run(name); }};
}

IoThread::~IoThread() {
    stop();
    join();
}

void IoThread::post(std::function<void()> work) { asio::post(impl_->context, std::move(work)); }

Timer IoThread::after(Duration wait, std::function<void()> work) {
    auto state = std::make_shared<Timer::State>(impl_->context);
    state->work = std::move(work);
    const TimePoint due = std::chrono::steady_clock::now() + wait;
    asio::dispatch(impl_->context, [state, due] {
        if (state->canceled) return;
        state->timer.expires_at(due);
        state->timer.async_wait([state](const boost::system::error_code& error) {
            if (error || state->canceled) return;
            const auto call = std::move(state->work);
            state->work = nullptr;
            if (call) call();
        });
    });
    return Timer{std::move(state)};
}

void IoThread::stop() { impl_->context.stop(); }

void IoThread::join() {
    if (impl_->thread.joinable()) impl_->thread.join();
}

bool IoThread::on_this_thread() const { return impl_->thread.get_id() == std::this_thread::get_id(); }

asio::io_context& IoThread::context() { return impl_->context; }

}  // namespace farmwall::net
