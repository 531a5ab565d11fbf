#include <doctest/doctest.h>

#include <string>

#include "reading.hpp"

namespace farmwall::wire {
namespace {

std::string report_with(const std::string& ams, int kind) {
    return R"({"print":{"command":"push_status","msg":)" + std::to_string(kind) + R"(,"ams":)" + ams + "}}";
}
std::string full(const std::string& ams) { return report_with(ams, 0); }
std::string partial(const std::string& ams) { return report_with(ams, 1); }

const std::string two_units = full(
    R"({"ams":[{"id":"0","humidity":"4","temp":"26.2","tray":[
          {"id":"0","tray_type":"PLA","tray_color":"FF0000FF","remain":50},
          {"id":"1","tray_type":"PETG","tray_color":"00FF00FF"}]},
        {"id":"128","info":"2004","tray":[{"id":"0","tray_type":"ABS"}]}],
        "tray_now":"1","tray_exist_bits":"10003"})");

const Tray& tray(const Report& report, std::size_t unit, std::size_t slot) {
    return report.ams->at(unit).trays.at(slot);
}

TEST_CASE("ams: a unit and a tray are read whole") {
    const Report report = said(
        R"("ams":{"ams":[{"id":"0","info":"1003","humidity":"4","humidity_raw":"24","temp":"26.2","dry_time":583,
             "tray":[{"id":"2","state":11,"tray_info_idx":"GFA01","tray_type":"PLA","tray_sub_brands":"PLA Matte",
               "tray_color":"ffb0c1FF","cols":["FFB0C1FF","000000ff"],"ctype":2,"remain":47,"tray_weight":"1000",
               "tray_diameter":"1.75","nozzle_temp_min":"190","nozzle_temp_max":"230","drying_temp":"55",
               "drying_time":"8","tag_uid":"0A00000000000001","tray_uuid":"0B000000000000000000000000000002",
               "bed_temp":"35","tray_id_name":"A01-W2","k":0.02,"cali_idx":-1,"xcam_info":"00"}]}],
             "ams_exist_bits":"11","tray_exist_bits":"1000f","tray_now":"255","tray_pre":"0","tray_tar":"128",
             "power_on_flag":false,"version":7},"ams_status":768)");
    REQUIRE(report.ams);
    const AmsUnit& unit = report.ams->at(0);
    CHECK(unit.id == 0);
    CHECK(unit.info == 0x1003U);
    CHECK(unit.humidity_index == 4);
    CHECK(unit.humidity_percent == 24);
    CHECK(unit.celsius == 26.2);
    CHECK(unit.drying_minutes_left == 583);
    Tray expected;
    expected.id = 2;
    expected.state = 11;
    expected.preset_id = "GFA01";
    expected.material = "PLA";
    expected.brand = "PLA Matte";
    expected.color = "FFB0C1FF";
    expected.colors = std::vector<std::string>{"FFB0C1FF", "000000FF"};
    expected.color_type = 2;
    expected.remain_percent = 47;
    expected.weight_grams = 1000;
    expected.diameter_mm = 1.75;
    expected.nozzle_min_celsius = 190;
    expected.nozzle_max_celsius = 230;
    expected.drying_celsius = 55;
    expected.drying_hours = 8;
    expected.tag_uid = "0A00000000000001";
    expected.spool_uuid = "0B000000000000000000000000000002";
    expected.bed_celsius = 35;
    expected.name_id = "A01-W2";
    CHECK(unit.trays.at(0) == expected);
    CHECK(report.ams_exist_bits == 0x11U);
    CHECK(report.tray_exist_bits == 0x1000fU);
    CHECK(report.tray_now == 255);
    CHECK(report.tray_previous == 0);
    CHECK(report.tray_target == 128);
    CHECK(report.ams_powered == false);
    CHECK(report.ams_status == 768);
}

TEST_CASE("ams: drying values have other names on P1") {
    const Report p1 = said(R"("vt_tray":{"id":"254","tray_temp":"55","tray_time":"8"})");
    CHECK(p1.external->drying_celsius == 55);
    CHECK(p1.external->drying_hours == 8);
    CHECK(said(R"("vt_tray":{"tray_temp":"1","drying_temp":"2"})").external->drying_celsius == 2);
    CHECK(said(R"("vt_tray":{"drying_temp":"2","tray_temp":"1"})").external->drying_celsius == 2);
}

TEST_CASE("ams: units and trays come out by ascending id, and of two with one id the later stays") {
    const Report report = said(
        R"("ams":{"ams":[{"id":"128"},{"id":1,"humidity":"3","tray":[{"id":3},{"id":"1","tray_type":"PLA"},
             {"id":"1","tray_type":"ABS"}]},{"id":"1","humidity":"5","tray":[{"id":"2"},{"id":"0"}]}]})");
    REQUIRE(report.ams->size() == 2);
    CHECK(report.ams->at(0).id == 1);
    CHECK(report.ams->at(0).humidity_index == 5);
    CHECK(report.ams->at(0).trays.at(0).id == 0);
    CHECK(report.ams->at(0).trays.at(1).id == 2);
    CHECK(report.ams->at(1).id == 128);
}

TEST_CASE("ams: what has no usable id is left out and counted") {
    const ReportDelta delta = read_report(
        R"({"print":{"ams":{"ams":[{"humidity":"3"},{"id":"x"},7,{"id":"300"},
             {"id":"0","tray":[{"tray_type":"PLA"},{"id":"99"},{"id":"1","remain":101}]}]}}})");
    REQUIRE(delta.said.ams->size() == 1);
    REQUIRE(delta.said.ams->at(0).trays.size() == 1);
    CHECK_FALSE(delta.said.ams->at(0).trays.at(0).remain_percent);
    // A unit or tray with an id that cannot be read loses the id and then itself.
    CHECK(delta.lost_fields == 1 + 2 + 1 + 2 + 1 + 1 + 1);
}

TEST_CASE("ams: a colour is RRGGBBAA in upper case, and anything else is lost") {
    CHECK(said(R"("vt_tray":{"tray_color":""})").external->color == "");
    CHECK(said(R"("vt_tray":{"tray_color":"ff8800"})").external->color == "FF8800FF");
    CHECK(read_report(R"({"print":{"vt_tray":{"tray_color":"#FF8800"}}})").lost_fields == 1);
    CHECK(read_report(R"({"print":{"vt_tray":{"tray_color":"orange"}}})").lost_fields == 1);
}

TEST_CASE("ams: a partial report merges units by id and trays by id") {
    const Report report = merged(
        two_units, partial(R"({"ams":[{"id":"0","tray":[{"id":"1","tray_type":"PETG","remain":20}]}]})"));
    REQUIRE(report.ams->size() == 2);
    CHECK(report.ams->at(0).humidity_index == 4);
    CHECK(tray(report, 0, 0).material == "PLA");
    CHECK(tray(report, 0, 1).remain_percent == 20);
    CHECK(tray(report, 0, 1).color == "00FF00FF");
    CHECK(tray(report, 1, 0).material == "ABS");
}

TEST_CASE("ams: without the inner list only the scalars change") {
    const Report report = merged(two_units, partial(R"({"tray_now":"0","tray_exist_bits":"10001"})"));
    CHECK(report.tray_now == 0);
    CHECK(report.tray_exist_bits == 0x10001U);
    CHECK(report.ams == merged(two_units).ams);
}

TEST_CASE("ams: a slot named with nothing but id and state is empty, and its filament forgotten") {
    for (const char* const bare : {R"({"id":"1"})", R"({"id":"1","state":10})", R"({"state":10,"id":1})"}) {
        CAPTURE(bare);
        const Report report =
            merged(two_units, partial(R"({"ams":[{"id":"0","tray":[)" + std::string{bare} + "]}]}"));
        CHECK_FALSE(tray(report, 0, 1).material);
        CHECK_FALSE(tray(report, 0, 1).color);
        CHECK_FALSE(tray(report, 0, 1).emptied);
        CHECK(tray(report, 0, 0).material == "PLA");
    }
}

TEST_CASE("ams: a slot of which anything else is said is not emptied") {
    for (const char* const more :
         {R"({"id":"1","remain":20})", R"({"id":"1","unheard_of":1})", R"({"id":"1","tray_type":null})"}) {
        CAPTURE(more);
        const Report report =
            merged(two_units, partial(R"({"ams":[{"id":"0","tray":[)" + std::string{more} + "]}]}"));
        CHECK(tray(report, 0, 1).material == "PETG");
    }
}

TEST_CASE("ams: in a full report a unit that is not listed is gone") {
    const Report report = merged(two_units, full(R"({"ams":[{"id":"128","info":"2004"}]})"));
    REQUIRE(report.ams->size() == 1);
    CHECK(report.ams->at(0).id == 128);
    CHECK_FALSE(report.tray_now);
}

TEST_CASE("ams: the external spool merges field by field, and its id is not invented") {
    const std::string before =
        R"({"print":{"msg":0,"command":"push_status","vt_tray":{"id":"254","tray_type":"PLA","tray_color":"161616FF"}}})";
    const Report report = merged(before, R"({"print":{"msg":1,"vt_tray":{"tray_color":"FFFFFFFF"}}})");
    CHECK(report.external->id == 254);
    CHECK(report.external->material == "PLA");
    CHECK(report.external->color == "FFFFFFFF");
    CHECK(merged(before, R"({"print":{"msg":1,"vt_tray":{"id":"254"}}})").external->material == "PLA");
}

TEST_CASE("ams: vir_slot arrives whole") {
    const Report report = merged(
        R"({"print":{"msg":0,"vir_slot":[{"id":"254","tray_type":"PLA"},{"id":"255","tray_type":"ABS"}]}})",
        R"({"print":{"msg":1,"vir_slot":[{"id":"255","tray_color":"000000FF"}]}})");
    REQUIRE(report.external_slots->size() == 1);
    CHECK(report.external_slots->at(0).id == 255);
    CHECK_FALSE(report.external_slots->at(0).material);
}

}  // namespace
}  // namespace farmwall::wire
