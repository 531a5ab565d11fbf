#include <fmt/format.h>

#include <utility>

#include "link/courier.hpp"
#include "link/http_request.hpp"

namespace farmwall::link {
namespace {

// Whether a message that was answered so is worth another try: not when the message itself is at fault.
bool message_at_fault(int status) { return status == 400 || status == 413 || status == 415 || status == 422; }

Status post(HttpRequest request, std::chrono::milliseconds timeout, const std::stop_token& stop) {
    request.method = HttpRequest::Method::post;
    request.timeout = timeout;
    request.connect_timeout = timeout / 2;
    const auto answer = http_request(request, stop);
    if (!answer) {
        // A long answer is no fault of the message: it was taken or not, as with any other broken answer.
        const ErrorKind kind =
            answer.error().kind == ErrorKind::bad_input ? ErrorKind::unavailable : answer.error().kind;
        return Error{kind, answer.error().what};
    }
    if (answer.value().good()) return Done{};
    const int status = answer.value().status;
    return Error{message_at_fault(status) ? ErrorKind::bad_input : ErrorKind::unavailable,
                 status_words(status)};
}

class WebhookCourier final : public Courier {
public:
    WebhookCourier(WebhookSettings settings, std::chrono::milliseconds timeout)
        : settings_{std::move(settings)}, timeout_{timeout} {}

    Status deliver(const wire::AlarmMessage& message, const std::stop_token& stop) override {
        HttpRequest request;
        request.url = settings_.url;
        request.content_type = "application/json";
        request.body = wire::alarm_json(message);
        if (!settings_.secret.empty()) request.headers.emplace_back(settings_.header, settings_.secret);
        return post(std::move(request), timeout_, stop);
    }

private:
    const WebhookSettings settings_;
    const std::chrono::milliseconds timeout_;
};

class NtfyCourier final : public Courier {
public:
    NtfyCourier(NtfySettings settings, std::chrono::milliseconds timeout)
        : settings_{std::move(settings)}, timeout_{timeout} {}

    Status deliver(const wire::AlarmMessage& message, const std::stop_token& stop) override {
        const wire::PushText text = wire::push_text(message);
        std::string base = settings_.url;
        while (base.ends_with('/'))
            base.pop_back();
        HttpRequest request;
        request.url = Secret{base + '/' + settings_.topic.reveal()};
        request.content_type = "text/plain; charset=utf-8";
        request.body = text.text;
        request.headers.emplace_back("Title", Secret{text.title});
        request.headers.emplace_back("Priority", Secret{std::to_string(text.priority)});
        request.headers.emplace_back("Tags", Secret{text.tags});
        if (!settings_.token.empty()) {
            request.headers.emplace_back("Authorization", Secret{"Bearer " + settings_.token.reveal()});
        }
        return post(std::move(request), timeout_, stop);
    }

private:
    const NtfySettings settings_;
    const std::chrono::milliseconds timeout_;
};

}  // namespace

std::unique_ptr<Courier> webhook_courier(WebhookSettings settings, std::chrono::milliseconds timeout) {
    return std::make_unique<WebhookCourier>(std::move(settings), timeout);
}

std::unique_ptr<Courier> ntfy_courier(NtfySettings settings, std::chrono::milliseconds timeout) {
    return std::make_unique<NtfyCourier>(std::move(settings), timeout);
}

}  // namespace farmwall::link
