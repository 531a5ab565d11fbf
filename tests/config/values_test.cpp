#include <doctest/doctest.h>

#include "config_texts.hpp"

using namespace farmwall;
using namespace farmwall::config;
using namespace std::chrono_literals;

TEST_CASE("config: the four required keys of one printer are enough, the rest has defaults") {
    const Loaded loaded = parse_text(entry());
    CHECK(joined(loaded.problems) == "");
    CHECK(joined(loaded.warnings) == "");
    REQUIRE(loaded.config.printers.size() == 1);
    const Printer& printer = loaded.config.printers[0];
    CHECK(printer.id == PrinterId{"left"});
    CHECK(printer.name == "left");
    CHECK(printer.printer_ip == "192.0.2.10");
    CHECK(printer.mqtt_port == 8883);
    CHECK(printer.serial == Serial{"01P00A111111111"});
    CHECK(printer.access_code == Secret{std::string{test_code}});
    CHECK(printer.model == PrinterModel::unknown);
    CHECK_FALSE(printer.maintenance);
    CHECK(printer.camera_enabled);
    CHECK_FALSE(printer.camera_protocol.has_value());
    CHECK(loaded.config.poll_interval_sec == Config{}.poll_interval_sec);
}

TEST_CASE("config: every key of a printer arrives where it belongs") {
    const Loaded loaded = parse_text(entry({{"name", "\"Left one\""},
                                            {"mqtt_port", "18883"},
                                            {"ftps_port", "18990"},
                                            {"auto_clear", "true"},
                                            {"tags", "[\"large\", \"A-1._x\"]"},
                                            {"model", "\"P1S\""},
                                            {"maintenance", "true"},
                                            {"camera_enabled", "false"},
                                            {"camera_protocol", "\"rtsp\""},
                                            {"camera_port", "8554"},
                                            {"camera_path", "\"/live\""},
                                            {"camera_user", "\"viewer\""},
                                            {"camera_url", "\"rtsp://u:p@192.0.2.20/x\""}}));
    CHECK(joined(loaded.problems) == "");
    REQUIRE(loaded.config.printers.size() == 1);
    const Printer& printer = loaded.config.printers[0];
    CHECK(printer.name == "Left one");
    CHECK(printer.mqtt_port == 18883);
    CHECK(printer.ftps_port == 18990);
    CHECK(printer.auto_clear);
    CHECK(printer.tags == std::vector<std::string>{"large", "A-1._x"});
    CHECK(printer.model == PrinterModel::p1s);
    CHECK(printer.maintenance);
    CHECK_FALSE(printer.camera_enabled);
    CHECK(printer.camera_protocol == "rtsp");
    CHECK(printer.camera_port == 8554);
    CHECK(printer.camera_path == "/live");
    CHECK(printer.camera_user == "viewer");
    CHECK(printer.camera_url == Secret{"rtsp://u:p@192.0.2.20/x"});
}

TEST_CASE("config: every key of the other sections arrives where it belongs") {
    const Loaded loaded = parse_text(
        "poll_interval_sec = 2\ndispatch_interval_sec = 9\n"
        "[link]\nquiet_after_sec = 1.5\nprobe_timeout_sec = 0.2\nhealth_check_sec = 3\n"
        "first_report_timeout_sec = 4\nretry_first_sec = 0.25\nretry_longest_sec = 5\nretry_refused_sec = 6\n"
        "full_report_interval_sec = 3600\n"
        "[discovery]\nenabled = false\nport = 12021\n"
        "[dispatch]\nrequire_plate_clear = false\nparallel_uploads = 16\nmax_heating_watts = 2500\n"
        "plate_change_min = 0\ndelete_after_print = false\nmost_humid_percent = 35\nstart_shown_sec = 12.5\n"
        "[slicer]\nenabled = true\npreferred = \"bambu\"\ncommand_args = [\"-a\", \"b c\"]\n"
        "orca_paths = [\"/opt/orca\"]\nbambu_paths = [\"/opt/bambu\", \"/usr/bin/bambu\"]\nmax_wait_sec = "
        "60\n" +
        entry());
    CHECK(joined(loaded.problems) == "");
    const Config& config = loaded.config;
    CHECK(config.poll_interval_sec == 2);
    CHECK(config.dispatch_interval_sec == 9);
    CHECK(config.link.quiet_after == 1500ms);
    CHECK(config.link.probe_timeout == 200ms);
    CHECK(config.link.health_check == 3s);
    CHECK(config.link.first_report_timeout == 4s);
    CHECK(config.link.retry_first == 250ms);
    CHECK(config.link.retry_longest == 5s);
    CHECK(config.link.retry_refused == 6s);
    CHECK(config.link.full_report_interval == 1h);
    CHECK_FALSE(config.discovery.enabled);
    CHECK(config.discovery.port == 12021);
    CHECK(config.dispatch == Dispatch{false, 16, 2500, 0, false, 35, 12'500ms, 150s});
    CHECK(config.slicer.enabled);
    CHECK(config.slicer.preferred == "bambu");
    CHECK(config.slicer.command_args == std::vector<std::string>{"-a", "b c"});
    CHECK(config.slicer.orca_paths == std::vector<std::string>{"/opt/orca"});
    CHECK(config.slicer.bambu_paths.size() == 2);
    CHECK(config.slicer.max_wait_sec == 60);
}

TEST_CASE("config: printers keep the order of the file") {
    const Loaded loaded = parse_text(other_entry() + entry());
    CHECK(loaded.ok());
    REQUIRE(loaded.config.printers.size() == 2);
    CHECK(loaded.config.printers[0].id.value == "right");
    CHECK(loaded.config.printers[1].id.value == "left");
}

TEST_CASE("config: virtual printers on loopback may share an address when their ports differ") {
    const Loaded loaded = parse_text(entry({{"printer_ip", "\"127.0.0.1\""}, {"mqtt_port", "18001"}}) +
                                     other_entry({{"printer_ip", "\"127.0.0.1\""}, {"mqtt_port", "18002"}}));
    CHECK(joined(loaded.problems) == "");
}

TEST_CASE("config: a problem is written as file, line, key and sentence") {
    CHECK(Problem{"a.toml", 12, "printers[2].serial", "Wrong"}.text() ==
          "a.toml:12: printers[2].serial: Wrong");
    CHECK(Problem{"a.toml", 0, "", "Wrong"}.text() == "a.toml: Wrong");
    CHECK(Problem{"a.toml", 3, "", "Wrong"}.text() == "a.toml:3: Wrong");
}
