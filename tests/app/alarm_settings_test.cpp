#include "app/alarm_settings.hpp"

#include <doctest/doctest.h>

using namespace farmwall;
using namespace farmwall::app;
using namespace std::chrono_literals;

TEST_CASE("alarm settings: only the outputs that the config has are there, each with all of its own") {
    config::Alarms alarms;
    const auto none = alarm_output_settings(alarms);
    CHECK_FALSE(none.webhook);
    CHECK_FALSE(none.ntfy);
    CHECK_FALSE(none.mqtt);
    alarms.webhook = config::Webhook{Secret{"u"}, "X", Secret{"s"}};
    alarms.ntfy = config::Ntfy{"n", Secret{"t"}, Secret{"k"}};
    alarms.mqtt = config::AlarmMqtt{"h", 7, true, "user", Secret{"p"}, "topic"};
    const auto all = alarm_output_settings(alarms);
    REQUIRE(all.webhook);
    CHECK(all.webhook->url == Secret{"u"});
    CHECK(all.webhook->header == "X");
    CHECK(all.webhook->secret == Secret{"s"});
    REQUIRE(all.ntfy);
    CHECK(all.ntfy->url == "n");
    CHECK(all.ntfy->topic == Secret{"t"});
    CHECK(all.ntfy->token == Secret{"k"});
    REQUIRE(all.mqtt);
    CHECK(all.mqtt->host == "h");
    CHECK(all.mqtt->port == 7);
    CHECK(all.mqtt->tls);
    CHECK(all.mqtt->user == "user");
    CHECK(all.mqtt->password == Secret{"p"});
    CHECK(all.mqtt->topic == "topic");
}

TEST_CASE("alarm settings: the times of the config are those of the alarms, and its defaults are theirs") {
    config::Alarms alarms;
    const AlarmTimes usual = alarm_times(alarms);
    CHECK(usual.settle == AlarmTimes{}.settle);
    CHECK(usual.repeat == AlarmTimes{}.repeat);
    CHECK(usual.escalate == AlarmTimes{}.escalate);
    alarms.settle = 1s;
    alarms.repeat = 2s;
    alarms.escalate = 3s;
    const AlarmTimes other = alarm_times(alarms);
    CHECK(other.settle == 1s);
    CHECK(other.repeat == 2s);
    CHECK(other.escalate == 3s);
}
