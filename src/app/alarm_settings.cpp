#include "app/alarm_settings.hpp"

namespace farmwall::app {

link::AlarmOutputSettings alarm_output_settings(const config::Alarms& alarms) {
    link::AlarmOutputSettings settings;
    if (alarms.webhook) {
        settings.webhook =
            link::WebhookSettings{alarms.webhook->url, alarms.webhook->header, alarms.webhook->secret};
    }
    if (alarms.ntfy)
        settings.ntfy = link::NtfySettings{alarms.ntfy->url, alarms.ntfy->topic, alarms.ntfy->token};
    if (alarms.mqtt) {
        const config::AlarmMqtt& from = *alarms.mqtt;
        settings.mqtt =
            link::MqttOutputSettings{from.host, from.port, from.tls, from.user, from.password, from.topic};
    }
    return settings;
}

AlarmTimes alarm_times(const config::Alarms& alarms) {
    AlarmTimes times;
    times.settle = alarms.settle;
    times.repeat = alarms.repeat;
    times.escalate = alarms.escalate;
    return times;
}

}  // namespace farmwall::app
