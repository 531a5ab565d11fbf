#include "sim/machine/print_file.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <zip.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "bench.hpp"
#include "temporary_folder.hpp"

using namespace sim_test;
namespace fs = std::filesystem;

namespace {

class Card : public Storage {
public:
    std::optional<fs::path> find(const std::string& name) const override {
        const auto place = folder.path() / name;
        return fs::exists(place) ? std::optional{place} : std::nullopt;
    }
    std::uint64_t free_bytes() const override { return space; }
    std::vector<File> files() const override { return {}; }
    TemporaryFolder folder;
    std::uint64_t space = 1'000'000;
};

std::string md5_of(const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned count = 0;
    EVP_Digest(text.data(), text.size(), bytes.data(), &count, EVP_md5(), nullptr);
    std::string hex;
    for (unsigned i = 0; i < count; ++i) {
        std::array<char, 3> pair{};
        std::snprintf(pair.data(), pair.size(), "%02X", bytes[i]);
        hex += pair.data();
    }
    return hex;
}

struct Sliced {
    std::string code = "C12";
    std::string nozzle = "0.4";
    std::string filaments =
        R"(<filament id="2" tray_info_idx="GFA00" type="PLA" color="#000000" used_g="1"/>)";
    std::string md5 = {};  // empty: the right one
    std::string settings = R"({"physical_extruder_map":["1","0"]})";
    int plate = 2;
};

void write(const fs::path& path, const Sliced& sliced) {
    const std::string gcode = "; HEADER_BLOCK_START\n; total layer number: 37\n; HEADER_BLOCK_END\nG28\n";
    const std::string name = "Metadata/plate_" + std::to_string(sliced.plate) + ".gcode";
    const std::string info =
        R"(<?xml version="1.0"?><config><plate><metadata key="index" value=")" +
        std::to_string(sliced.plate) + R"("/><metadata key="printer_model_id" value=")" + sliced.code +
        R"("/><metadata key="nozzle_diameters" value=")" + sliced.nozzle +
        R"("/><metadata key="prediction" value="900"/><object identify_id="102" name="a" skipped="false"/>)" +
        sliced.filaments + "</plate></config>";
    const std::vector<std::pair<std::string, std::string>> members = {
        {name, gcode},
        {name + ".md5", sliced.md5.empty() ? md5_of(gcode) : sliced.md5},
        {"Metadata/slice_info.config", info},
        {"Metadata/project_settings.config", sliced.settings}};
    zip_t* archive = zip_open(path.string().c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    REQUIRE(archive != nullptr);
    for (const auto& [member, text] : members)
        zip_file_add(archive, member.c_str(), zip_source_buffer(archive, text.data(), text.size(), 0),
                     ZIP_FL_OVERWRITE);
    REQUIRE(zip_close(archive) == 0);
}

// A printer with a card; its first tray holds PLA, the second PETG.
class CardBench : public Bench {
public:
    explicit CardBench(Model model) : Bench{model} {
        machine().attach(&card);
        for (auto& unit : machine().edit().ams) {
            unit.slots[0] = Spool{.type = "PLA", .preset = "GFA00"};
            if (unit.slots.size() > 1) unit.slots[1] = Spool{.type = "PETG", .preset = "GFG02"};
        }
    }
    void put(const Sliced& sliced) { write(card.folder.path() / "part.gcode.3mf", sliced); }
    json::object start(const std::string& body = good_start) { return print("project_file", body); }
    Card card;
};

std::string with(const std::string& from, const std::string& to) {
    std::string text = good_start;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("print file: a job takes its layers and its time from the file") {
    CardBench bench{Model::p1s};
    bench.put({});
    CHECK(bench.start().at("result") == "success");
    CHECK(bench.state().state == GcodeState::prepare);
    CHECK(bench.state().job.layers == 37);
    CHECK(bench.state().job.duration_s == 900);
    CHECK(bench.state().job.sources == std::vector{Source{0, 0}});
    bench.pass(40min);
    CHECK(bench.state().state == GcodeState::finish);
}

TEST_CASE("print file: one that is not there is accepted and then nothing happens") {
    CardBench bench{Model::p1s};
    CHECK(bench.start().at("result") == "success");
    CHECK(bench.state().job.name == "part");
    CHECK(bench.state().job.subtask_id == "17");
    CHECK(bench.state().state == GcodeState::idle);
    REQUIRE(bench.state().starts.size() == 1);
    CHECK_FALSE(bench.state().starts.front().ran);
}

TEST_CASE("print file: broken ones, missing plates, other models and nozzles are refused") {
    struct Case {
        std::string what;
        Sliced sliced;
        std::uint32_t code;
    };
    const std::vector<Case> cases = {
        {"no such plate", {.plate = 1}, 0x05004002},
        {"another model", {.code = "N2S"}, 0x05004047},
        {"another nozzle", {.nozzle = "0.6"}, 0x05004047},
        {"one nozzle of two", {.nozzle = "0.4,0.6"}, 0x05004047},
    };
    for (const Case& one : cases) {
        CAPTURE(one.what);
        CardBench bench{Model::p1s};
        bench.put(one.sliced);
        const auto echo = bench.start();
        CHECK(echo.at("result") == "fail");
        CHECK(echo.at("err_code") == one.code);
        CHECK(bench.state().print_error == one.code);
        CHECK(bench.state().state == GcodeState::idle);
        CHECK(bench.state().starts.empty());
    }
}

TEST_CASE("print file: cut off at any length it is never printed") {
    CardBench bench{Model::p1s};
    bench.put({});
    const auto path = bench.card.folder.path() / "part.gcode.3mf";
    std::ifstream in{path, std::ios::binary};
    const std::string whole{std::istreambuf_iterator<char>{in}, {}};
    REQUIRE(whole.size() > 300);
    for (std::size_t length = 0; length < whole.size(); ++length) {
        std::ofstream{path, std::ios::binary | std::ios::trunc}.write(whole.data(),
                                                                      static_cast<std::streamsize>(length));
        CHECK(read_print_file(path, 2).error != 0);
    }
    std::ofstream{path, std::ios::binary | std::ios::trunc} << "no zip";
    CHECK(bench.start().at("err_code") == 0x0502402D);
}

TEST_CASE("print file: a wrong checksum ends the job while the file is unpacked") {
    CardBench bench{Model::p1s};
    bench.put({.md5 = std::string(32, 'A')});
    CHECK(bench.start().at("result") == "success");
    CHECK(bench.state().state == GcodeState::prepare);
    bench.pass(20s);
    CHECK(bench.state().state == GcodeState::failed);
    CHECK(bench.state().print_error == 0x05004003);
    CHECK_FALSE(bench.state().dirty_plate);
}

TEST_CASE("print file: without room to unpack it is 0500-4006") {
    CardBench bench{Model::p1s};
    bench.put({});
    bench.card.space = 10;
    CHECK(bench.start().at("err_code") == 0x05004006);
}

TEST_CASE("print file: every filament in use needs a tray with its material") {
    const std::string petg = R"(<filament id="1" type="PETG"/><filament id="2" type="PLA"/>)";
    struct Case {
        std::string from, to, filaments;
        std::uint32_t code;
    };
    const std::string flat = R"("ams_mapping":[-1,0])";
    const std::string pairs = R"([{"ams_id":255,"slot_id":255},{"ams_id":0,"slot_id":0}])";
    const std::string one = R"(<filament id="2" type="PLA"/>)";
    const std::vector<Case> cases = {
        {R"("slot_id":0)", R"("slot_id":1)", one, 0x07008012},                       // PETG lies there
        {pairs, pairs, petg, 0x07008012},                                            // 1 is not mapped
        {pairs, R"([{"ams_id":0,"slot_id":1},{"ams_id":0,"slot_id":0}])", petg, 0},  // both are
        {pairs, pairs, R"(<filament id="3" type="PLA"/>)", 0x07008012},              // too short
        {pairs, R"([{"ams_id":255,"slot_id":255},{"ams_id":255,"slot_id":0}])", one, 0x07FF8012},
    };
    for (const Case& each : cases) {
        CAPTURE(each.to);
        CardBench bench{Model::p1s};
        bench.put({.filaments = each.filaments});
        bench.start(with(each.from, each.to));
        CHECK(bench.state().job.mapping_error == each.code);
        bench.pass(12min);
        CHECK((bench.state().state == GcodeState::pause) == (each.code != 0));
    }
}

TEST_CASE("print file: without mapping2 the flat array decides") {
    CardBench bench{Model::p1s};
    bench.put({.filaments = R"(<filament id="1" type="PETG"/>)"});
    std::string body = good_start.substr(0, good_start.find(R"(,"ams_mapping2")"));
    bench.start(body);
    CHECK(bench.state().job.mapping_error == 0x07008012);
    CardBench good{Model::p1s};
    good.put({.filaments = R"(<filament id="1" type="PETG"/>)"});
    good.start(body.replace(body.find("[-1,0]"), 6, "[1]"));
    CHECK(good.state().job.mapping_error == 0);
    CHECK(good.state().job.sources == std::vector{Source{0, 1}});
}

TEST_CASE("print file: on two nozzles the tray has to feed the filament's nozzle") {
    for (const bool right : {false, true}) {
        CardBench bench{Model::h2d};
        // Unit 0 feeds the left nozzle, which is slicer extruder 0.
        bench.put({.code = "O1D",
                   .nozzle = "0.4,0.4",
                   .filaments = std::string{R"(<filament id="2" type="PLA" group_id=")"} +
                                (right ? "1" : "0") + R"("/>)"});
        bench.start();
        CHECK(bench.state().job.mapping_error == (right ? 0x07008012U : 0U));
    }
}

TEST_CASE("print file: models of one group print each other's files, others do not") {
    CHECK(may_print("C12", "BL-P001"));
    CHECK(may_print("BL-P001", "c11"));
    CHECK(may_print("N7", "N7-V2"));
    CHECK(may_print("O1D", "O1E"));
    CHECK_FALSE(may_print("C12", "N2S"));
    CHECK_FALSE(may_print("N1", "N2S"));
    CHECK_FALSE(may_print("O1S", "O1D"));
    CHECK_FALSE(may_print("C12", ""));
}

TEST_CASE("plate: it is dirty from the heating of a job until a person cleared it") {
    CardBench bench{Model::p1s};
    bench.put({});
    bench.start();
    CHECK_FALSE(bench.state().dirty_plate);
    bench.pass(30s);
    CHECK(bench.state().dirty_plate);
    bench.machine().stop(false);
    CHECK(bench.state().dirty_plate);
    bench.start();
    CHECK(bench.state().starts_on_dirty_plate == 1);
    CHECK(bench.state().starts_while_active == 0);
    bench.start();
    CHECK(bench.state().starts_while_active == 1);
    bench.machine().stop(false);
    CHECK(bench.printer.set("plate_clean", "true", bench.clock.now()));
    bench.start();
    CHECK(bench.state().starts_on_dirty_plate == 1);
    REQUIRE(bench.state().starts.size() == 3);
    CHECK(bench.state().starts.back().file == "part.gcode.3mf");
    CHECK(bench.state().starts.back().plate == 2);
    CHECK(bench.state().starts.back().ran);
}

TEST_CASE("start faults: a start is ignored, fails at once, or comes late") {
    CardBench bench{Model::p1s};
    bench.put({});
    const auto fault = [&](FaultKind kind, const char* value) {
        REQUIRE(bench.printer.apply(Fault{kind, std::nullopt, value}, bench.clock.now()));
    };
    fault(FaultKind::start_ignored, "");
    CHECK(bench.start().at("result") == "success");
    bench.pass(10min);
    CHECK(bench.state().state == GcodeState::idle);
    CHECK(bench.state().job.subtask_id != "17");
    fault(FaultKind::start_wedged, "");
    CHECK(bench.start().at("result") == "success");
    CHECK(bench.state().state == GcodeState::failed);
    CHECK(bench.state().job.subtask_id == "17");
    bench.printer.clear_faults();
    fault(FaultKind::start_late, "30");
    CHECK(bench.start().at("result") == "success");
    bench.pass(25s);
    CHECK(bench.state().state == GcodeState::failed);
    CHECK(bench.start().at("err_code") == 0x05004004);
    CHECK(bench.state().starts_while_active == 1);
    bench.pass(10s);
    CHECK(bench.state().state == GcodeState::prepare);
    CHECK_FALSE(bench.printer.apply(Fault{FaultKind::start_late, std::nullopt, "-1"}, bench.clock.now()));
}
