#include "config/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "config/alarms_reader.hpp"
#include "config/checks.hpp"
#include "config/http_reader.hpp"
#include "config/keys.hpp"
#include "config/secret_source.hpp"
#include "config/section.hpp"

namespace farmwall::config {
namespace {

constexpr std::size_t usual_serial = 15;
constexpr std::size_t usual_access_code = 8;
constexpr std::string_view no_printers =
    "There is no printer in this file; add one with a line [[printers]] and its id, printer_ip, serial and "
    "access_code below, as config.example.toml shows";

bool known_anywhere(std::string_view key) {
    return is_section(key) ||
           std::any_of(all_names().begin(), all_names().end(), [&](const SectionNames& names) {
               return std::find(names.keys.begin(), names.keys.end(), key) != names.keys.end();
           });
}

// Tells `findings` every text that is a secret. No sentence repeats a value; this is the second wall.
void hide_secrets(const Node& node, bool secret, Findings& findings) {
    if (secret && node.kind == Node::Kind::text) findings.hide(node.text);
    for (const Node& item : node.items)
        hide_secrets(item, secret, findings);
    for (const Member& member : node.members) {
        hide_secrets(member.value, secret || holds_secret(member.key), findings);
    }
}

// One entry while it is read, with what findings need to name it.
struct Entry {
    const Node* node = nullptr;
    int last_line = 0;  // the line before the next entry
    std::string path;
    PrinterEntry values;
};

// Reads the [[printers]] entries of one document.
class PrinterReader {
public:
    PrinterReader(const Document& document, Findings& findings) : document_{document}, findings_{findings} {}

    std::vector<Printer> read(const Node& list) {
        std::vector<Entry> entries = collect(list);
        std::vector<Printer> printers;
        for (Entry& entry : entries) {
            read_section(*entry.node, "printers", entry.path, printer_keys(), entry.values, findings_);
            report_missing(entry);
            find_access_code(entry);
            Printer& printer = entry.values.printer;
            warn_unusual(entry);
            if (printer.name.empty()) printer.name = printer.id.value;
            printers.push_back(printer);
        }
        refuse_duplicates(entries);
        return printers;
    }

private:
    std::vector<Entry> collect(const Node& list) {
        std::vector<Entry> entries;
        for (std::size_t i = 0; i < list.items.size(); ++i) {
            const Node& item = list.items[i];
            std::string path = fmt::format("printers[{}]", i + 1);
            if (!entries.empty())
                entries.back().last_line = std::max(item.line - 1, entries.back().node->line);
            if (item.kind != Node::Kind::table) {
                findings_.problem(item.line, std::move(path),
                                  expected("a printer, which begins with a line [[printers]]", item.kind));
                continue;
            }
            entries.push_back({&item, std::numeric_limits<int>::max(), std::move(path), {}});
        }
        return entries;
    }

    // True when a line of this entry that is not TOML would have set the key.
    [[nodiscard]] bool lost(const Entry& entry, std::string_view key) const {
        return std::any_of(document_.problems.begin(), document_.problems.end(),
                           [&](const SyntaxProblem& problem) {
                               return problem.key == key && problem.line >= entry.node->line &&
                                      problem.line <= entry.last_line;
                           });
    }

    void report_missing(const Entry& entry) {
        for (const Key<PrinterEntry>& key : printer_keys()) {
            if (key.when_missing.empty() || find(*entry.node, key.name) != nullptr || lost(entry, key.name))
                continue;
            findings_.problem(entry.node->line, join_key(entry.path, key.name),
                              std::string{key.when_missing});
        }
    }

    [[nodiscard]] int line_of(const Entry& entry, std::string_view key) const {
        const Node* node = find(*entry.node, key);
        return node == nullptr ? entry.node->line : node->line;
    }

    void find_access_code(Entry& entry) {
        constexpr std::string_view ways[] = {"access_code", "access_code_file", "access_code_env"};
        std::string_view given;
        for (const std::string_view way : ways) {
            if (lost(entry, way)) return;
            if (find(*entry.node, way) == nullptr) continue;
            if (!given.empty()) {
                findings_.problem(line_of(entry, way), join_key(entry.path, way),
                                  fmt::format("The access code is given by {} already; give exactly one of "
                                              "access_code, access_code_file and access_code_env",
                                              given));
            }
            given = way;
        }
        if (given.empty()) {
            findings_.problem(
                entry.node->line, join_key(entry.path, ways[0]),
                fmt::format("The access code is missing; {}; give it as access_code, access_code_file "
                            "or access_code_env",
                            access_code_hint));
        }
        PrinterEntry& values = entry.values;
        if (values.access_code) values.printer.access_code = Secret{*values.access_code};
        if (values.access_code_file) read_code_file(entry);
        if (values.access_code_env) read_code_variable(entry);
    }

    void read_code_file(Entry& entry) {
        const std::string& name = *entry.values.access_code_file;
        if (!check_plain(name).empty()) return;  // reported with the key
        const WantedSecret wanted = wanted_code(entry, "access_code_file");
        const auto code = secret_from_file(name, wanted, findings_);
        if (code) take_code(entry, wanted, *code, "The file named here does not hold an access code");
    }

    void read_code_variable(Entry& entry) {
        const std::string& name = *entry.values.access_code_env;
        if (!check_variable_name(name).empty()) return;  // reported with the key
        const WantedSecret wanted = wanted_code(entry, "access_code_env");
        const auto code = secret_from_variable(name, wanted, findings_);
        if (code) take_code(entry, wanted, *code, "The variable named here does not hold an access code");
    }

    [[nodiscard]] WantedSecret wanted_code(const Entry& entry, std::string_view key) const {
        return {line_of(entry, key), join_key(entry.path, key), "access code"};
    }

    void take_code(Entry& entry, const WantedSecret& wanted, const std::string& code,
                   std::string_view otherwise) {
        const std::string wrong = check_access_code(code);
        if (!wrong.empty()) {
            findings_.problem(wanted.line, wanted.key, fmt::format("{}: {}", otherwise, wrong));
        }
        entry.values.printer.access_code = Secret{code};
    }

    void warn_unusual(const Entry& entry) {
        const Printer& printer = entry.values.printer;
        const std::string& serial = printer.serial.value;
        if (!serial.empty() && serial.size() != usual_serial && check_serial(serial).empty()) {
            findings_.warning(
                line_of(entry, "serial"), join_key(entry.path, "serial"),
                fmt::format("This serial has {} characters and serials have {}; compare it with the "
                            "printer's screen",
                            serial.size(), usual_serial));
        }
        const std::string& code = printer.access_code.reveal();
        if (!code.empty() && code.size() != usual_access_code && check_access_code(code).empty()) {
            findings_.warning(
                entry.node->line, entry.path,
                fmt::format("The access code of this printer does not have {} characters as they do; "
                            "compare it with the printer's screen",
                            usual_access_code));
        }
    }

    void refuse_duplicates(const std::vector<Entry>& entries) {
        std::map<std::string, const Entry*> ids;
        std::map<std::string, const Entry*> serials;
        std::map<std::string, const Entry*> addresses;
        for (const Entry& entry : entries) {
            const Printer& printer = entry.values.printer;
            refuse_second(ids, to_lower(printer.id.value), entry, "id");
            refuse_second(serials, to_lower(printer.serial.value), entry, "serial");
            if (!is_ipv4(printer.printer_ip)) continue;
            refuse_second(addresses, fmt::format("{}:{}", printer.printer_ip, printer.mqtt_port), entry,
                          "printer_ip");
        }
    }

    void refuse_second(std::map<std::string, const Entry*>& seen, const std::string& value,
                       const Entry& entry, std::string_view key) {
        if (value.empty()) return;
        const auto [first, is_new] = seen.try_emplace(value, &entry);
        if (is_new) return;
        const Entry& other = *first->second;
        const std::string_view what = key == "printer_ip" ? "address and mqtt_port" : key;
        findings_.problem(line_of(entry, key), join_key(entry.path, key),
                          fmt::format("{}{} has the same {}; every printer has its own", other.path,
                                      findings_.at_line(line_of(other, key)), what));
    }

    const Document& document_;
    Findings& findings_;
};

// The section named `name`; null when it is absent or not a section, which is then reported.
const Node* find_section(const Node& root, std::string_view name, Findings& findings) {
    const Node* node = find(root, name);
    if (node == nullptr || node->kind == Node::Kind::table) return node;
    findings.problem(node->line, std::string{name},
                     fmt::format("Expected a section that begins with a line [{}], found {}", name,
                                 kind_words(node->kind)));
    return nullptr;
}

template <class Into>
void read_optional(const Node& root, std::string_view name, std::span<const Key<Into>> keys, Into& into,
                   Findings& findings) {
    const Node* table = find_section(root, name, findings);
    if (table != nullptr) read_section(*table, name, name, keys, into, findings);
}

void check_link(const Node& root, const LinkTimes& times, Findings& findings) {
    if (times.retry_first <= times.retry_longest) return;
    const Node* table = find(root, "link");
    const Node* first = table == nullptr ? nullptr : find(*table, "retry_first_sec");
    const Node* longest = table == nullptr ? nullptr : find(*table, "retry_longest_sec");
    const Node* at = first != nullptr ? first : longest;
    findings.problem(
        at == nullptr ? 0 : at->line, "link.retry_first_sec",
        fmt::format("The first wait, {} s, is longer than retry_longest_sec, {} s; it is at most as long",
                    static_cast<double>(times.retry_first.count()) / 1000,
                    static_cast<double>(times.retry_longest.count()) / 1000));
}

// A clip cannot begin before the ring does; a second fault makes it longer by clip_after_sec once more.
void check_camera(const Node& root, const Camera& camera, Findings& findings) {
    const int longest_clip = camera.clip_before_sec + 2 * camera.clip_after_sec;
    if (longest_clip <= camera.ring_sec) return;
    const Node* table = find(root, "camera");
    const Node* ring = table == nullptr ? nullptr : find(*table, "ring_sec");
    findings.problem(
        ring != nullptr ? ring->line : (table != nullptr ? table->line : 0), "camera.ring_sec",
        fmt::format("The ring of {} s is shorter than the longest clip, clip_before_sec and twice "
                    "clip_after_sec: {} s together; it is at least as long",
                    camera.ring_sec, longest_clip));
}

void read_printers(const Document& document, Config& config, Findings& findings) {
    const Node* list = find(document.root, "printers");
    const bool lost = std::any_of(document.problems.begin(), document.problems.end(),
                                  [](const SyntaxProblem& problem) { return problem.key == "printers"; });
    if (list != nullptr && list->kind == Node::Kind::table) {
        findings.problem(list->line, "printers",
                         "Each printer begins with a line [[printers]], with two brackets");
    } else if (list != nullptr && list->kind != Node::Kind::list) {
        findings.problem(list->line, "printers",
                         expected("printers that each begin with a line [[printers]]", list->kind));
    } else if (list != nullptr && !list->items.empty()) {
        config.printers = PrinterReader{document, findings}.read(*list);
    } else if (!lost) {
        findings.problem(0, "", std::string{no_printers});
    }
}

}  // namespace

Config read_config(const Document& document, Findings& findings) {
    Config config;
    hide_secrets(document.root, false, findings);
    for (const SyntaxProblem& problem : document.problems) {
        findings.problem(problem.line, known_anywhere(problem.key) ? problem.key : "", problem.what);
    }
    if (!document.readable) return config;
    const Node& root = document.root;
    read_section(root, "", "", top_keys(), config, findings);
    read_optional(root, "link", link_keys(), config.link, findings);
    check_link(root, config.link, findings);
    read_optional(root, "discovery", discovery_keys(), config.discovery, findings);
    read_optional(root, "camera", camera_keys(), config.camera, findings);
    check_camera(root, config.camera, findings);
    read_optional(root, "dispatch", dispatch_keys(), config.dispatch, findings);
    read_optional(root, "slicer", slicer_keys(), config.slicer, findings);
    read_alarms(document, config.alarms, findings);
    read_optional(root, "history", history_keys(), config.history, findings);
    read_optional(root, "error_texts", error_text_keys(), config.error_texts, findings);
    if (!config.error_texts.file.empty()) {
        config.error_texts.file = findings.file().parent_path() / config.error_texts.file;
    }
    read_http(document, config.http, findings);
    read_printers(document, config, findings);
    return config;
}

bool holds_secrets(const Node& table) {
    const auto held = [](const Node& node) {
        return (node.kind == Node::Kind::table || node.kind == Node::Kind::list) && holds_secrets(node);
    };
    return std::any_of(table.items.begin(), table.items.end(), held) ||
           std::any_of(table.members.begin(), table.members.end(), [&](const Member& member) {
               return member.key == "access_code" || member.key == "camera_url" || member.key == "webhook" ||
                      member.key == "password_hash" || member.key == "token_hash" || held(member.value);
           });
}

}  // namespace farmwall::config
