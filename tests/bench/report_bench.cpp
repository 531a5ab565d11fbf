#include <fmt/format.h>
#include <array>
#include <boost/json.hpp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/file.hpp"
#include "base/text.hpp"
#include "model/report.hpp"
#include "wire/message.hpp"

// Times parse and merge of one report in CPU time:
//   bench-report --file F --kind full|delta --seconds 0.1
// F is a recorded report or a bare message. Prints one line: "full 18.2 us".

namespace {

using namespace farmwall;

struct Options {
    std::string file;
    std::string kind = "full";
    double seconds = 0.1;
};

int usage() {
    fmt::print(stderr, "usage: bench-report --file FILE [--kind full|delta] [--seconds S]\n");
    return 2;
}

bool read_options(int count, char** words, Options& options) {
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view name = words[i];
        if (name == "--file") {
            options.file = words[i + 1];
        } else if (name == "--kind") {
            options.kind = words[i + 1];
        } else if (name == "--seconds") {
            const auto seconds = parse_double(words[i + 1]);
            if (!seconds || *seconds <= 0 || *seconds > 60) return false;
            options.seconds = *seconds;
        } else {
            return false;
        }
    }
    return count % 2 == 1 && !options.file.empty() && (options.kind == "full" || options.kind == "delta");
}

// The message as a printer sends it: compact, without the wrapper of a recording.
std::string full_report(const std::string& text) {
    const auto document = boost::json::parse(text);
    const auto& object = document.as_object();
    return boost::json::serialize(object.contains("pushall") ? object.at("pushall") : document);
}

// Sixteen that differ, so that no branch learns the one message by heart.
std::array<std::string, 16> deltas() {
    std::array<std::string, 16> out;
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = fmt::format(
            R"({{"print":{{"bed_temper":{}.{}125,"wifi_signal":"-{}dBm","command":"push_status","msg":1,"sequence_id":"{}"}}}})",
            50 + i, i, 40 + i, 11200 + i);
    }
    return out;
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

int main(int count, char** words) {
    Options options;
    if (!read_options(count, words, options)) return usage();
    const auto text = read_file(options.file, 1U << 20U);
    if (!text) {
        fmt::print(stderr, "{}\n", text.error().text());
        return 1;
    }
    const std::string full = full_report(text.value());
    const auto small = deltas();
    wire::MessageParser parser;
    Report state;
    std::uint64_t operations = 0;
    const auto play = [&](const std::string& message) {
        auto read = parser.parse(message);
        auto* const delta = read ? std::get_if<ReportDelta>(&read.value()) : nullptr;
        if (delta == nullptr) std::abort();
        state = merge(std::move(state), std::move(*delta));
    };
    play(full);
    const double begin = cpu_seconds();
    double used = 0;
    while (used < options.seconds) {
        for (const std::string& message : small)
            play(options.kind == "full" ? full : message);
        operations += small.size();
        used = cpu_seconds() - begin;
    }
    fmt::print("{} {:.3f} us\n", options.kind, used / static_cast<double>(operations) * 1e6);
    return 0;
}
