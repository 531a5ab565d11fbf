#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/secret.hpp"
#include "model/link_times.hpp"
#include "model/printer_model.hpp"

namespace farmwall::config {

// One [[printers]] entry. Names of keys are those of the system replaced, plus ours.
struct Printer {
    PrinterId id;
    std::string name;  // the id when not given
    std::string printer_ip;
    std::uint16_t mqtt_port = 8883;
    std::uint16_t ftps_port = 990;
    Serial serial;
    Secret access_code;
    PrinterModel model = PrinterModel::unknown;  // a hint until the printer says it (protocol 1.1)
    bool maintenance = false;
    bool auto_clear = false;        // an ejector clears the plate after each print
    std::vector<std::string> tags;  // jobs may ask for one
    bool camera_enabled = true;
    std::optional<std::string> camera_protocol;  // "rtsps", "rtsp", "http", "jpeg"
    std::optional<std::uint16_t> camera_port;
    std::optional<std::string> camera_path;
    std::optional<std::string> camera_user;
    std::optional<Secret> camera_url;  // may hold a password
};

// [discovery]: SSDP announcements (protocol 2.1).
struct Discovery {
    bool enabled = true;
    std::uint16_t port = 2021;
};

// [camera]: pictures and the black box.
struct Camera {
    double cpu_budget = 0.5;  // share of the machine's cores that decoding may use
    std::string hardware_decoding = "auto";
    std::chrono::milliseconds rtsps_silence{10'000};  // then the connection is given up and made anew
    std::chrono::milliseconds jpeg_silence{30'000};
    std::chrono::milliseconds frozen_after{30'000};
    bool black_box = true;
    int ring_sec = 300;  // of each camera, whichever of the three is reached first
    int ring_mb = 64;
    int ring_total_mb = 256;  // of all cameras together
    int clip_before_sec = 60;
    int clip_after_sec = 10;
    int clips_mb = 2048;  // on disk
    friend bool operator==(const Camera&, const Camera&) = default;
};

// [dispatch]: how jobs are given to printers.
struct Dispatch {
    bool require_plate_clear = true;
    int parallel_uploads = 4;
    int max_heating_watts = 0;  // 0: no limit
    int plate_change_min = 5;
    bool delete_after_print = true;  // our file from the printer's storage
    int most_humid_percent = 60;
    std::chrono::milliseconds start_shown{90'000};        // by the printer, after it was sent
    std::chrono::milliseconds start_shown_slow{150'000};  // by P1 and A1
    friend bool operator==(const Dispatch&, const Dispatch&) = default;
};

// [slicer]: for files that are not sliced yet.
struct Slicer {
    bool enabled = false;
    std::string preferred = "orca";
    // With {exe}, {input}, {output}, {outdir} and {base} to be filled in; without {exe} they follow the
    // program. Empty: the program's usual ones.
    std::vector<std::string> command_args;
    std::vector<std::string> orca_paths;
    std::vector<std::string> bambu_paths;
    int max_wait_sec = 600;
};

// [alarms.webhook]: JSON by POST.
struct Webhook {
    Secret url;  // may hold a token
    std::string header = "Authorization";
    Secret secret;  // the header's value; empty: no such header
    friend bool operator==(const Webhook&, const Webhook&) = default;
};
// [alarms.ntfy]: a push service.
struct Ntfy {
    std::string url = "https://ntfy.sh";
    Secret topic;  // whoever knows it can read along
    Secret token;
    friend bool operator==(const Ntfy&, const Ntfy&) = default;
};
// [alarms.mqtt]
struct AlarmMqtt {
    std::string host;
    std::uint16_t port = 0;  // 1883, or 8883 with TLS, when not given
    bool tls = false;
    std::string user;
    Secret password;
    std::string topic = "farmwall/alarms";
    friend bool operator==(const AlarmMqtt&, const AlarmMqtt&) = default;
};

// [alarms]: how alarms ring and where else they are told.
struct Alarms {
    bool sound = true;
    int volume_percent = 70;
    std::chrono::milliseconds settle{3'000};
    std::chrono::milliseconds repeat{120'000};
    std::chrono::milliseconds escalate{600'000};
    std::optional<Webhook> webhook;
    std::optional<Ntfy> ntfy;
    std::optional<AlarmMqtt> mqtt;
    friend bool operator==(const Alarms&, const Alarms&) = default;
};

// [history]: jobs/history.db.
struct History {
    int max_mb = 512;
    friend bool operator==(const History&, const History&) = default;
};

// [error_texts]: the printers' error codes in words.
struct ErrorTextFiles {
    std::string language = "en";
    std::filesystem::path file;  // instead of what --fetch-hms fetched; empty: none
    Secret query_url{"https://e.bambulab.com/query.php?lang={lang}"};
    friend bool operator==(const ErrorTextFiles&, const ErrorTextFiles&) = default;
};

// [[http.accounts]]: who may use the HTTP API.
struct HttpAccount {
    std::string name;
    std::string role = "engineer";  // "viewer", "operator"
    std::string hash;  // of the password or token, as --hash-password prints it; empty: `secret` is it
    Secret secret;
    bool token = false;  // else a password
    friend bool operator==(const HttpAccount&, const HttpAccount&) = default;
};

// [http]: the HTTP API and the status page.
struct Http {
    bool enabled = true;
    std::string host = "127.0.0.1";
    int port = 8000;  // 0: any that is free
    bool allow_unauthenticated_lan = false;
    std::string realm = "Farmwall";
    std::string tls;  // "self-signed"; empty: none, or by the two files
    std::filesystem::path tls_cert;
    std::filesystem::path tls_key;
    int max_upload_mb = 2048;
    std::vector<HttpAccount> accounts;
    friend bool operator==(const Http&, const Http&) = default;
};

struct Config {
    int poll_interval_sec = 5;  // between two samples of the plots
    int dispatch_interval_sec = 5;
    LinkTimes link;
    Discovery discovery;
    Camera camera;
    Dispatch dispatch;
    Slicer slicer;
    Alarms alarms;
    History history;
    ErrorTextFiles error_texts;
    Http http;
    std::vector<Printer> printers;
};

// One thing wrong with a file. Never holds an access code or a camera address.
struct Problem {
    std::filesystem::path file;
    int line = 0;      // from 1; 0: the whole file
    std::string key;   // dotted, entries counted from 1: printers[2].serial; empty: none
    std::string what;  // what is wrong and what is allowed, one sentence without a full stop
    // "config.toml:12: printers[2].serial: …"
    [[nodiscard]] std::string text() const;
    friend bool operator==(const Problem&, const Problem&) = default;
};

// What loading gave: usable exactly when there are no problems. Warnings do not stop anything
// (a file that others can read).
struct Loaded {
    Config config;
    std::vector<Problem> problems;
    std::vector<Problem> warnings;
    [[nodiscard]] bool ok() const { return problems.empty(); }
};

// Reads and checks a config file, reporting every problem in one pass: wrong TOML, unknown keys
// (with the nearest known one), wrong types and values, duplicates. Secrets may come from
// `access_code_file` (relative to the config) or from the environment variable named by
// `access_code_env`. Blocks on the disk; start-up only.
[[nodiscard]] Loaded load(const std::filesystem::path& file);
// The same for text; `file` is what problems name, and the folder of relative paths.
[[nodiscard]] Loaded parse(const std::string& toml_text, const std::filesystem::path& file);

// The JSON config of the system replaced, as TOML text for config.toml (design 8). Every problem
// of the JSON is reported in one pass, by key; only wrong JSON has a line. The text passes parse().
struct Imported {
    std::string toml_text;  // empty when there are problems
    std::vector<Problem> problems;
    std::vector<Problem> warnings;
};
[[nodiscard]] Imported import_json(const std::string& json_text, const std::filesystem::path& file);

}  // namespace farmwall::config
