#include "recordings.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <utility>
#include <variant>

#include "base/file.hpp"
#include "model/firmware.hpp"
#include "model/printer_model.hpp"
#include "reading.hpp"

namespace farmwall::wire {
namespace {

namespace json = boost::json;

std::filesystem::path folder() {
    const char* const named = std::getenv("FARMWALL_FIXTURES");
    if (named != nullptr && *named != '\0') return named;
    return std::filesystem::path{FARMWALL_SOURCE_DIR} / ".." / "shared" / "fixtures";
}

std::string message_at(const json::object& wrapper, std::string_view key) {
    const json::value* message = wrapper.if_contains(key);
    return message == nullptr ? std::string{} : json::serialize(*message);
}

}  // namespace

std::optional<std::filesystem::path> recorded_file(std::string_view name) {
    const auto file = folder() / name;
    std::error_code problem;
    if (std::filesystem::is_regular_file(file, problem)) return file;
    MESSAGE("SKIPPED: there is no ", file.string(),
            "; set FARMWALL_FIXTURES to the folder of the recordings");
    return std::nullopt;
}

std::optional<Recording> load_recording(std::string_view name) {
    const auto file = recorded_file(std::string{name} + ".json");
    if (!file) return std::nullopt;
    const auto text = read_file(*file, 4U << 20U);
    REQUIRE(text.ok());
    const json::value document = json::parse(text.value());
    const json::object& wrapper = document.as_object();
    Recording recording;
    recording.model = json::value_to<std::string>(wrapper.at("fixture").at("model"));
    recording.pushall = message_at(wrapper, "pushall");
    recording.get_version = message_at(wrapper, "get_version");
    if (const json::value* deltas = wrapper.if_contains("deltas")) {
        for (const json::value& delta : deltas->as_array()) {
            recording.deltas.push_back(json::serialize(delta));
        }
    }
    return recording;
}

std::vector<std::string> recording_names() {
    std::vector<std::string> names;
    std::error_code problem;
    for (const auto& entry : std::filesystem::directory_iterator{folder(), problem}) {
        const std::string stem = entry.path().stem().string();
        if (entry.path().extension() != ".json" || stem.find("-en") != std::string::npos) continue;
        names.push_back(stem);
    }
    std::sort(names.begin(), names.end());
    return names;
}

Player::Player(const Recording& recording) : deltas_{recording.deltas} {
    printer.link.link = Link::online;
    if (!recording.get_version.empty()) play(recording.get_version);
    if (const auto model = model_from_text(recording.model)) {
        printer.model = better(printer.model, {*model, ModelSource::configured});
    }
    if (!recording.pushall.empty()) play(recording.pushall);
}

void Player::play(const std::string& text) {
    Message message = read(text);
    if (auto* answer = std::get_if<VersionAnswer>(&message)) {
        printer.modules = std::move(answer->modules);
        printer.model = better(printer.model, model_from_modules(printer.modules));
    } else if (auto* delta = std::get_if<ReportDelta>(&message)) {
        lost_fields += delta->lost_fields;
        if (delta->kind != ReportDelta::Kind::partial) printer.full_report_seen = true;
        printer.report = merge(std::move(printer.report), std::move(*delta));
    } else {
        FAIL("neither a report nor a version answer");
    }
}

}  // namespace farmwall::wire
