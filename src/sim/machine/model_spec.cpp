#include "sim/machine/model_spec.hpp"

#include "base/text.hpp"

namespace farmwall::sim {

namespace {

constexpr std::array<double, 3> mini_volume = {180, 180, 180};
constexpr std::array<double, 3> h2d_volume = {325, 320, 325};
constexpr std::array<double, 3> h2s_volume = {340, 320, 340};

// In the order of the enum.
constexpr std::array<ModelSpec, 9> models = {{
    {.model = Model::x1c,
     .key = "x1c",
     .config_name = "X1C",
     .code = "BL-P001",
     .serial_prefix = "00M",
     .product_name = "Bambu Lab X1-Carbon",
     .firmware = "01.09.01.00",
     .style = ReportStyle::full,
     .bit_fields = true,
     .chamber_sensor = true,
     .aux_fan = true,
     .work_light = true,
     .door = true,
     .bed_max_celsius = 120},
    {.model = Model::x1c_old,
     .key = "x1c-old",
     .config_name = "X1C",
     .code = "BL-P001",
     .serial_prefix = "00M",
     .product_name = "",
     .firmware = "01.07.02.00",
     .style = ReportStyle::indented,
     .chamber_sensor = true,
     .aux_fan = true,
     .work_light = true,
     .door = true,
     .bed_max_celsius = 120},
    {.model = Model::p1s,
     .key = "p1s",
     .config_name = "P1S",
     .code = "C12",
     .serial_prefix = "01P",
     .product_name = "Bambu Lab P1S",
     .firmware = "01.08.01.00",
     .style = ReportStyle::changes,
     .camera = CameraKind::jpeg,
     .aux_fan = true},
    {.model = Model::p1p,
     .key = "p1p",
     .config_name = "P1P",
     .code = "C11",
     .serial_prefix = "01S",
     .product_name = "",
     .firmware = "01.07.00.00",
     .style = ReportStyle::changes,
     .camera = CameraKind::jpeg},
    {.model = Model::p2s,
     .key = "p2s",
     .config_name = "P2S",
     .code = "N7",
     .serial_prefix = "22E",
     .product_name = "Bambu Lab P2S",
     .firmware = "01.01.00.00",
     .style = ReportStyle::mixed,
     .bit_fields = true,
     .chamber_sensor = true,
     .air_duct = true,
     .aux_fan = true,
     .work_light = true,
     .door = true,
     .bed_max_celsius = 110},
    {.model = Model::a1,
     .key = "a1",
     .config_name = "A1",
     .code = "N2S",
     .serial_prefix = "039",
     .product_name = "Bambu Lab A1",
     .firmware = "01.04.00.00",
     .style = ReportStyle::changes,
     .camera = CameraKind::jpeg,
     .bed_slinger = true},
    {.model = Model::a1_mini,
     .key = "a1-mini",
     .config_name = "A1 mini",
     .code = "N1",
     .serial_prefix = "030",
     .product_name = "Bambu Lab A1 mini",
     .firmware = "01.04.00.00",
     .style = ReportStyle::changes,
     .camera = CameraKind::jpeg,
     .bed_slinger = true,
     .bed_max_celsius = 80,
     .volume_mm = mini_volume},
    {.model = Model::h2s,
     .key = "h2s",
     .config_name = "H2S",
     .code = "O1S",
     .serial_prefix = "093",
     .product_name = "Bambu Lab H2S",
     .firmware = "01.01.00.00",
     .style = ReportStyle::full,
     .bit_fields = true,
     .chamber_sensor = true,
     .chamber_heater = true,
     .air_duct = true,
     .aux_fan = true,
     .work_light = true,
     .door = true,
     .nozzle_max_celsius = 350,
     .bed_max_celsius = 120,
     .chamber_max_celsius = 65,
     .volume_mm = h2s_volume},
    {.model = Model::h2d,
     .key = "h2d",
     .config_name = "H2D",
     .code = "O1D",
     .serial_prefix = "094",
     .product_name = "Bambu Lab H2D",
     .firmware = "01.01.01.00",
     .style = ReportStyle::full_no_msg,
     .bit_fields = true,
     .extruders = 2,
     .chamber_sensor = true,
     .chamber_heater = true,
     .air_duct = true,
     .aux_fan = true,
     .work_light = true,
     .door = true,
     .nozzle_max_celsius = 350,
     .bed_max_celsius = 120,
     .chamber_max_celsius = 65,
     .volume_mm = h2d_volume},
}};

}  // namespace

std::string_view name_of(CameraKind kind) { return kind == CameraKind::jpeg ? "jpeg" : "rtsps"; }

const ModelSpec& spec_of(Model model) { return models[static_cast<std::size_t>(model)]; }

std::span<const ModelSpec> all_models() { return models; }

std::optional<Model> model_named(std::string_view key) {
    for (const auto& spec : models)
        if (iequals(spec.key, key)) return spec.model;
    return std::nullopt;
}

bool is_small_controller(Model model) { return spec_of(model).style == ReportStyle::changes; }

}  // namespace farmwall::sim
