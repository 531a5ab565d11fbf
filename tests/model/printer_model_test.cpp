#include "model/printer_model.hpp"

#include <doctest/doctest.h>

#include "model/firmware.hpp"

using namespace farmwall;

TEST_CASE("model: codes are compared trimmed, in any case, without the hardware revision") {
    CHECK(model_from_code("BL-P001") == PrinterModel::x1c);
    CHECK(model_from_code("3DPrinter-X1-Carbon") == PrinterModel::x1c);
    CHECK(model_from_code(" c12 ") == PrinterModel::p1s);
    CHECK(model_from_code("O1D-V2") == PrinterModel::h2d);
    CHECK(model_from_code("o1c2-v2") == PrinterModel::h2c);
    CHECK(model_from_code("N7-V2") == PrinterModel::p2s);
    CHECK_FALSE(model_from_code(""));
    CHECK_FALSE(model_from_code("-V2"));
    CHECK_FALSE(model_from_code("C99"));
}

TEST_CASE("model: each model is found by its key, name, product name and code") {
    for (const ModelInfo& info : all_models()) {
        CAPTURE(info.key);
        CHECK(model_from_text(info.key) == info.model);
        CHECK(model_from_text(info.name) == info.model);
        CHECK(model_from_text(info.sliced_name) == info.model);
        CHECK(model_from_product_name(info.product_name) == info.model);
        CHECK(model_from_code(info.codes[0]) == info.model);
        CHECK(model_info(info.model).key == info.key);
    }
    CHECK(all_models().size() == 14);
    CHECK(model_from_text("A1M") == PrinterModel::a1_mini);
}

TEST_CASE("model: a serial is a hint only where one model has its prefix") {
    CHECK(model_from_serial("01P00A000000001") == PrinterModel::p1s);
    CHECK(model_from_serial("03900A000000001") == PrinterModel::a1);
    CHECK_FALSE(model_from_serial("00M00A000000001"));  // X1 and X1 Carbon
    CHECK_FALSE(model_from_serial("09400A000000001"));  // H2S or H2D
    CHECK_FALSE(model_from_serial(""));
}

TEST_CASE("model: the capability table is that of the protocol") {
    CHECK(model_info(PrinterModel::x1c).camera == CameraKind::rtsps);
    CHECK(model_info(PrinterModel::p1s).camera == CameraKind::jpeg);
    CHECK(model_info(PrinterModel::x1e).chamber_max_celsius == 60);
    CHECK(model_info(PrinterModel::x1c).chamber_max_celsius == 0);
    CHECK(model_info(PrinterModel::h2d).extruders == 2);
    CHECK(model_info(PrinterModel::h2d).nozzle_max_celsius == 350);
    CHECK(model_info(PrinterModel::x2d).nozzle_max_celsius == 300);
    CHECK(model_info(PrinterModel::a1_mini).bed_max_celsius == 80);
    CHECK(model_info(PrinterModel::a1_mini).build_volume == Millimetres3{180, 180, 180});
    CHECK(model_info(PrinterModel::a1).motion == Motion::bed_slinger);
    CHECK_FALSE(model_info(PrinterModel::p1p).chamber_fan);
    CHECK(model_info(PrinterModel::p1s).chamber_fan);
    CHECK_FALSE(model_info(PrinterModel::p1s).chamber_sensor);
    CHECK(model_info(PrinterModel::p2s).door_sensor);
}

TEST_CASE("model: an unknown model gets the least limits of all") {
    const ModelInfo& nothing = model_info(PrinterModel::unknown);
    for (const ModelInfo& info : all_models()) {
        CHECK(nothing.nozzle_max_celsius <= info.nozzle_max_celsius);
        CHECK(nothing.bed_max_celsius <= info.bed_max_celsius);
        CHECK(nothing.build_volume.x <= info.build_volume.x);
    }
    CHECK(nothing.chamber_max_celsius == 0);
}

TEST_CASE("model: files are interchangeable inside the slicer's groups only") {
    CHECK(same_print_group(PrinterModel::x1c, PrinterModel::p1s));
    CHECK(same_print_group(PrinterModel::h2d, PrinterModel::h2d_pro));
    CHECK(same_print_group(PrinterModel::a1, PrinterModel::a1));
    CHECK_FALSE(same_print_group(PrinterModel::a1, PrinterModel::x1c));
    CHECK_FALSE(same_print_group(PrinterModel::a1, PrinterModel::a1_mini));
    CHECK_FALSE(same_print_group(PrinterModel::p2s, PrinterModel::p1s));
    CHECK_FALSE(same_print_group(PrinterModel::unknown, PrinterModel::unknown));
}

TEST_CASE("model: a better source wins, unknown never does") {
    const ModelVerdict configured{PrinterModel::p1s, ModelSource::configured};
    const ModelVerdict product{PrinterModel::x1c, ModelSource::product_name};
    CHECK(better(configured, product) == product);
    CHECK(better(product, configured) == product);
    CHECK(better(product, {PrinterModel::unknown, ModelSource::product_name}) == product);
}

TEST_CASE("firmware: the model is read from product name, project name, then hardware") {
    const auto named = [](std::string name, std::string product, std::string project, std::string hardware) {
        FirmwareModule module;
        module.name = std::move(name);
        module.product_name = std::move(product);
        module.project_name = std::move(project);
        module.hardware = std::move(hardware);
        return std::vector<FirmwareModule>{module};
    };
    CHECK(model_from_modules(named("ota", "Bambu Lab P2S", "", "")).model == PrinterModel::p2s);
    CHECK(model_from_modules(named("mc", "", "N2S", "")) ==
          ModelVerdict{PrinterModel::a1, ModelSource::project_name});
    CHECK(model_from_modules(named("ap", "", "", "AP05")) ==
          ModelVerdict{PrinterModel::x1c, ModelSource::hardware});
    CHECK(model_from_modules(named("rv1126", "", "", "AP02")).model == PrinterModel::x1e);
    CHECK(model_from_modules(named("esp32", "", "C11", "AP04")).model == PrinterModel::p1p);
    CHECK(model_from_modules(named("th", "Bambu Lab P2S", "", "")).model == PrinterModel::unknown);
    CHECK(model_from_modules({}).source == ModelSource::none);
}

TEST_CASE("firmware: an incomplete list right after boot gives no version") {
    std::vector<FirmwareModule> modules(1);
    modules[0].name = "ota";
    CHECK_FALSE(printer_firmware(modules));
    modules[0].software = "01.09.00.00";
    CHECK(printer_firmware(modules) == "01.09.00.00");
}

TEST_CASE("firmware: the kind of an AMS follows from its module") {
    std::vector<FirmwareModule> modules(3);
    modules[0].name = "ams/0";
    modules[1].name = "n3s/128";
    modules[2].name = "ams_f1/16";
    CHECK(ams_kind_from_modules(modules, 0) == AmsKind::ams);
    CHECK(ams_kind_from_modules(modules, 128) == AmsKind::ams_ht);
    CHECK(ams_kind_from_modules(modules, 16) == AmsKind::ams_lite_mixed);
    CHECK(ams_kind_from_modules(modules, 1) == AmsKind::unknown);
}
