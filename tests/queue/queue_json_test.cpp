#include <doctest/doctest.h>

#include <random>

#include "jobs.hpp"

using namespace farmwall;
using namespace farmwall::testing;
using queue::QueueContent;
using queue::QueueReading;

namespace {

QueueReading read(std::string_view text) { return value_or_fail(queue::read_queue(text, slicer_codec())); }

Job only_job(const QueueReading& reading) {
    REQUIRE(reading.content.jobs.size() == 1);
    return reading.content.jobs.front();
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// A job of the system replaced with one key set to a JSON value.
std::string old_job(const std::string& key = "status", const std::string& value = "\"queued\"") {
    std::vector<std::pair<std::string, std::string>> keys{
        {"id", "\"0123456789ab\""},      {"filename", "\"a b.gcode.3mf\""},
        {"filepath", "\"/srv/x.3mf\""},  {"status", "\"queued\""},
        {"created_at", "1728000018.25"}, {"started_at", "null"},
        {"finished_at", "null"},         {"printer_id", "null"},
        {"assigned_printer_id", "null"}, {"plate", "2"},
        {"auto_assign", "true"},         {"error", "null"}};
    std::string out;
    bool there = false;
    for (auto& [name, text] : keys) {
        if (name == key) text = value;
        there = there || name == key;
        if (!text.empty()) out += (out.empty() ? "{\"" : ",\"") + name + "\":" + text;
    }
    if (!there) out += ",\"" + key + "\":" + value;
    return out + "}";
}

// Anything that a queue can hold.
class Chance {
public:
    explicit Chance(unsigned seed) : engine_{seed} {}

    int number(int least, int most) { return std::uniform_int_distribution{least, most}(engine_); }
    bool coin() { return number(0, 1) == 1; }
    std::string text() {
        static const std::vector<std::string> pieces{"a",
                                                     "Z",
                                                     "0",
                                                     "\"",
                                                     "\\",
                                                     "\n",
                                                     "\x01",
                                                     " ",
                                                     "ä",
                                                     "€",
                                                     "𝄞",
                                                     "{",
                                                     "]",
                                                     ",",
                                                     "null",
                                                     "/",
                                                     std::string(1, '\0')};
        std::string out;
        for (int left = number(0, 8); left > 0; --left)
            out += pieces[static_cast<std::size_t>(number(0, static_cast<int>(pieces.size()) - 1))];
        return out;
    }
    WallTime time() {
        return WallTime{std::chrono::seconds{number(0, 2'000'000'000)} + 1ms * number(0, 999)};
    }
    std::optional<WallTime> maybe_time() { return coin() ? std::optional{time()} : std::nullopt; }
    template <class Id>
    std::optional<Id> maybe_id() {
        return coin() ? std::optional{Id{"x" + text()}} : std::nullopt;
    }

    Job job(int index) {
        Job made;
        made.id = JobId{"job" + std::to_string(index)};
        made.file_name = text();
        made.file_path = coin() ? "/" + text() : "";
        made.plate = number(1, 9999);
        made.printer = maybe_id<PrinterId>();
        made.auto_assign = !made.printer || coin();
        made.tag = text();
        made.priority = number(-100, 100);
        made.options = {coin(), coin(), coin(), coin(), coin()};
        made.start_after = maybe_time();
        made.start_before = maybe_time();
        made.origin = static_cast<Origin>(number(0, static_cast<int>(Origin::dispatcher)));
        made.phase = static_cast<JobPhase>(number(0, static_cast<int>(JobPhase::canceled)));
        made.error = text();
        made.created = time();
        made.started = maybe_time();
        made.finished = maybe_time();
        made.assigned = maybe_id<PrinterId>();
        made.attempt = {number(0, 2'147'483'647), text()};
        made.attempts = number(0, 1000);
        if (coin()) made.sliced = std::make_shared<const SlicedFile>(sliced_file(text()));
        return made;
    }
    PrinterDesk desk() {
        PrinterDesk made;
        made.plate = {static_cast<PlateState>(number(0, 2)),
                      maybe_time(),
                      text(),
                      maybe_id<JobId>(),
                      text(),
                      {},
                      text()};
        if (coin()) made.plate.last_good = coin();
        made.job = maybe_id<JobId>();
        made.last_used = maybe_time();
        if (coin()) made.free_bytes = UINT64_MAX - static_cast<std::uint64_t>(number(0, 5));
        if (coin()) made.free_bytes = static_cast<std::uint64_t>(number(0, 1'000'000'000));
        made.flagged = text();
        return made;
    }
    QueueContent content() {
        QueueContent made;
        for (int index = number(0, 6); index > 0; --index)
            made.jobs.push_back(job(index));
        for (int index = number(0, 4); index > 0; --index)
            made.desks.emplace_back(PrinterId{text() + std::to_string(index)}, desk());
        return made;
    }

private:
    std::mt19937 engine_;
};

}  // namespace

TEST_CASE("queue json: whatever a queue holds comes back as it was") {
    for (unsigned seed = 0; seed < 400; ++seed) {
        CAPTURE(seed);
        const QueueContent content = Chance{seed}.content();
        const QueueReading back = read(queue_to_json(content, slicer_codec()));
        CHECK(back.problems.empty());
        CHECK(back.content == content);
    }
}

TEST_CASE("queue json: a job has the keys of the contract with their meaning") {
    Job made = job("0123456789ab", JobPhase::uploading);
    made.printer = PrinterId{"p1"};
    made.assigned = PrinterId{"p1"};
    made.started = evening;
    const std::string text = queue_to_json(queue_of({made, job("0123456789ac", JobPhase::held)}), {});
    for (const char* part :
         {R"("id":"0123456789ab")", R"("filename":"bracket.gcode.3mf")",
          R"("filepath":"/farm/jobs/files/0123456789ab__bracket.gcode.3mf")", R"("status":"dispatching")",
          R"("created_at":1.72806480025E9)", R"("started_at":1.72806480025E9)", R"("finished_at":null)",
          R"("printer_id":"p1")", R"("assigned_printer_id":"p1")", R"("plate":1)", R"("auto_assign":true)",
          R"("error":null)", R"("status":"queued")", R"("phase":"uploading")", R"("phase":"held")"}) {
        CAPTURE(part);
        CHECK(has(text, part));
    }
    CHECK(text.starts_with(R"({"version":1,)"));
}

TEST_CASE("queue json: times are kept to the millisecond") {
    Job made = job("a");
    made.created = WallTime{1'728'064'800'123ms + 456us};
    CHECK(only_job(read(queue_to_json(queue_of({made}), {}))).created == WallTime{1'728'064'800'123ms});
}

TEST_CASE("queue json: text that is not UTF-8 does not make the file unreadable") {
    Job made = job("a");
    made.error = "cut \xC3";
    CHECK(only_job(read(queue_to_json(queue_of({made}), {}))).error == "cut \xEF\xBF\xBD");
}

TEST_CASE("queue json: copies that share an inspection share it again") {
    Job first = job("a");
    first.sliced = std::make_shared<const SlicedFile>(sliced_file("S"));
    Job second = job("b");
    second.sliced = first.sliced;
    const auto back = read(queue_to_json(queue_of({first, second}), slicer_codec())).content;
    REQUIRE(back.jobs.size() == 2);
    REQUIRE(back.jobs[0].sliced != nullptr);
    CHECK(back.jobs[0].sliced == back.jobs[1].sliced);
}

TEST_CASE("queue json: the three forms of the system replaced are read") {
    for (const std::string& text :
         {"[" + old_job() + "]", "{\"0123456789ab\":" + old_job() + "}", "{\"jobs\":[" + old_job() + "]}",
          "{\"jobs\":{\"0123456789ab\":" + old_job() + "}}", "{\"0123456789ab\":" + old_job("id", "") + "}",
          "\xEF\xBB\xBF[" + old_job() + "]"}) {
        CAPTURE(text);
        const QueueReading reading = read(text);
        CHECK(reading.problems.empty());
        const Job found = only_job(reading);
        CHECK(found.id == JobId{"0123456789ab"});
        CHECK(found.file_name == "a b.gcode.3mf");
        CHECK(found.file_path == "/srv/x.3mf");
        CHECK(found.phase == JobPhase::queued);
        CHECK(found.created == WallTime{1'728'000'018'250ms});
        CHECK(found.plate == 2);
        CHECK(found.auto_assign);
        CHECK(found.error.empty());
        CHECK(found.sliced == nullptr);
    }
    for (const char* empty : {"[]", "{}", "{\"jobs\":[]}", "{\"jobs\":{}}"})
        CHECK(read(empty).content == QueueContent{});
}

TEST_CASE("queue json: what the system replaced was working on waits for a person") {
    for (const std::string status : {"dispatching", "running"}) {
        const QueueReading reading = read("[" + old_job("status", "\"" + status + "\"") + "]");
        CHECK(reading.problems.empty());
        CHECK(only_job(reading).phase == JobPhase::held);
        CHECK(only_job(reading).error == "A restart interrupted this job while it was " + status +
                                             "; look at the printer before you start it again");
    }
}

TEST_CASE("queue json: what is over stays over") {
    for (const auto& [status, phase] :
         {std::pair{"completed", JobPhase::completed}, std::pair{"failed", JobPhase::failed},
          std::pair{"canceled", JobPhase::canceled}, std::pair{"cancelled", JobPhase::canceled}}) {
        const QueueReading reading = read("[" + old_job("status", std::string{"\""} + status + "\"") + "]");
        CHECK(only_job(reading).phase == phase);
    }
    const QueueReading bad =
        read("[{\"id\":\"a\",\"filename\":\"x\",\"status\":\"failed\",\"plate\":\"one\"}]");
    CHECK(only_job(bad).phase == JobPhase::failed);
    CHECK(bad.problems.size() == 1);
}

TEST_CASE("queue json: a status that is not known holds the job and is reported") {
    const QueueReading reading = read("[" + old_job("status", "\"sleeping\"") + "]");
    CHECK(only_job(reading).phase == JobPhase::held);
    CHECK(only_job(reading).error ==
          "The status 'sleeping' of this job is not known; look at it before you start it");
    CHECK(reading.problems ==
          std::vector<std::string>{"Of job 0123456789ab, the status 'sleeping' is not known"});
}

TEST_CASE("queue json: a phase that contradicts the status holds the job") {
    std::string text = queue_to_json(queue_of({job("a", JobPhase::queued)}), {});
    text.replace(text.find("\"status\":\"queued\""), 17, "\"status\":\"completed\"");
    const Job found = only_job(read(text));
    CHECK(found.phase == JobPhase::held);
    CHECK(found.error ==
          "The queue calls this job both completed and queued; look at it before you start it");
}

TEST_CASE("queue json: a value of the wrong type holds its job and says which") {
    for (const auto& pair : std::vector<std::pair<std::string, std::string>>{{"plate", "\"one\""},
                                                                             {"plate", "0"},
                                                                             {"plate", "1.5"},
                                                                             {"auto_assign", "\"yes\""},
                                                                             {"created_at", "\"monday\""},
                                                                             {"created_at", "1e300"},
                                                                             {"printer_id", "7"},
                                                                             {"status", "3"},
                                                                             {"status", ""},
                                                                             {"error", "{}"},
                                                                             {"priority", "101"},
                                                                             {"options", "[]"},
                                                                             {"origin", "\"moon\""},
                                                                             {"phase", "\"asleep\""},
                                                                             {"attempt", "1"}}) {
        const std::string& key = pair.first;
        const std::string& value = pair.second;
        CAPTURE(key);
        CAPTURE(value);
        const QueueReading reading = read("[" + old_job(key, value) + "]");
        const Job found = only_job(reading);
        CHECK(found.phase == JobPhase::held);
        CHECK(has(found.error, "Not all of this job was understood"));
        CHECK(has(found.error, "'" + key + "'"));
        CHECK(reading.problems.size() == 1);
    }
}

TEST_CASE("queue json: a job without id or file is left out and reported") {
    for (const std::string& bad : {old_job("id", ""), old_job("id", "\"../x\""), old_job("id", "12"),
                                   std::string{"{\"id\":\"b\"}"}, std::string{"7"}}) {
        CAPTURE(bad);
        const QueueReading reading = read("[" + old_job() + "," + bad + "]");
        CHECK(reading.content.jobs.size() == 1);
        REQUIRE(reading.problems.size() == 1);
        CHECK(reading.problems[0].starts_with("Job 2 of the file"));
    }
}

TEST_CASE("queue json: a job whose file is not known by an absolute path is held") {
    for (const std::string value : {"", "\"x.3mf\"", "\"../x.3mf\""})
        CHECK(only_job(read("[" + old_job("filepath", value) + "]")).phase == JobPhase::held);
}

TEST_CASE("queue json: a job for one printer that names none is held") {
    CHECK(only_job(read("[" + old_job("auto_assign", "false") + "]")).phase == JobPhase::held);
}

TEST_CASE("queue json: of two jobs with one id the first stays") {
    const QueueReading reading = read("[" + old_job() + "," + old_job("plate", "3") + "]");
    CHECK(only_job(reading).plate == 2);
    CHECK(reading.problems ==
          std::vector<std::string>{"Job 2 of the file has the id 0123456789ab of one before it"});
}

TEST_CASE("queue json: an inspection that is not understood is left out") {
    std::string text = queue_to_json(queue_of({job("a")}), {});
    text.replace(text.find("\"sliced\":null"), 13, "\"sliced\":\"?\"");
    const QueueReading reading = read(text);
    CHECK(only_job(reading).sliced == nullptr);
    CHECK(only_job(reading).phase == JobPhase::queued);
    CHECK(reading.problems.size() == 1);
}

TEST_CASE("queue json: a plate that is not understood is not clear") {
    const QueueReading reading = read(R"({"version":1,"jobs":[],"plates":{
        "p1":{"state":"clear","since":"noon"},"p2":7,"p3":{"state":"clean"},"p4":{"state":"clear"}}})");
    REQUIRE(reading.content.desks.size() == 3);
    CHECK(reading.content.desks[0].second.plate.state == PlateState::unknown);
    CHECK(reading.content.desks[1].second.plate.state == PlateState::unknown);
    CHECK(reading.content.desks[2].second.plate.state == PlateState::clear);
    CHECK(reading.problems.size() == 3);
}

TEST_CASE("queue json: what a newer program wrote waits for a person") {
    std::string text = queue_to_json(queue_of({job("a"), job("b", JobPhase::completed)}), {});
    text.replace(text.find("\"version\":1"), 11, "\"version\":2");
    const QueueReading reading = read(text);
    REQUIRE(reading.content.jobs.size() == 2);
    CHECK(reading.content.jobs[0].phase == JobPhase::held);
    CHECK(reading.content.jobs[1].phase == JobPhase::completed);
    CHECK(reading.problems.size() == 1);
}

TEST_CASE("queue json: what is no queue is refused with a sentence") {
    for (const char* text : {"", " ", "null", "7", "\"jobs\"", "[1,2]", "{\"jobs\":7}", "{\"printers\":[]}",
                             "[]]", "[{}]", "{\"jobs\":[{\"id\":\"a\"}]}", "\xFF"}) {
        CAPTURE(text);
        const auto reading = queue::read_queue(text, {});
        REQUIRE_FALSE(reading.ok());
        CHECK(reading.error().kind == ErrorKind::bad_input);
        CHECK_FALSE(reading.error().what.empty());
    }
    CHECK_FALSE(queue::read_queue(std::string(100'000, '['), {}).ok());
}

TEST_CASE("queue json: a text that ends too early is refused at every length") {
    const std::string text = queue_to_json(queue_of({Chance{7}.job(1), Chance{8}.job(2)}), slicer_codec());
    REQUIRE(text.size() > 1000);
    const std::size_t whole = text.find_last_of('}') + 1;
    for (std::size_t length = 0; length < whole; ++length)
        REQUIRE_FALSE(queue::queue_from_json(std::string_view{text}.substr(0, length), slicer_codec()).ok());
    CHECK(queue::queue_from_json(std::string_view{text}.substr(0, whole), slicer_codec()).ok());
}
