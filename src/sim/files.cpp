#include "sim/files.hpp"

#include <fmt/format.h>

#include <boost/json/value.hpp>

#include "base/platform.hpp"
#include "sim/machine/json_text.hpp"

namespace farmwall::sim {

namespace json = boost::json;

namespace {

std::string config_text(const FarmFiles& files) {
    std::string text = fmt::format("# Virtual printers; made by farmwall-sim.\n\n[discovery]\nport = {}\n",
                                   files.discovery_port);
    const std::string camera = files.camera_port == 0 ? "camera_enabled = false\n"
                                                      : fmt::format("camera_port = {}\n", files.camera_port);
    const std::string ftps = files.ftps_port == 0 ? "" : fmt::format("ftps_port = {}\n", files.ftps_port);
    for (const auto* printer : files.printers)
        text += fmt::format(
            "\n[[printers]]\nid = \"{}\"\nname = \"{}\"\nprinter_ip = \"{}\"\nmqtt_port = {}\nserial = "
            "\"{}\"\n"
            "access_code = \"{}\"\nmodel = \"{}\"\n{}{}",
            printer->id, printer->name, printer->address, files.port, printer->serial,
            printer->access_code.reveal(), spec_of(printer->model).config_name, camera, ftps);
    return text;
}

std::string sim_text(const FarmFiles& files, const std::string& config) {
    json::array printers;
    for (const auto* printer : files.printers) {
        const auto& spec = spec_of(printer->model);
        json::object entry{{"id", printer->id},
                           {"serial", printer->serial},
                           {"model", spec.config_name},
                           {"address", printer->address},
                           {"port", files.port}};
        if (files.camera_port != 0) {
            entry["camera_port"] = files.camera_port;
            entry["camera_kind"] = name_of(spec.camera);
        }
        if (files.ftps_port != 0) entry["ftps_port"] = files.ftps_port;
        printers.push_back(std::move(entry));
    }
    return to_text(json::object{{"control_port", files.control_port},
                                {"discovery_port", files.discovery_port},
                                {"config", config},
                                {"printers", printers}},
                   true) +
           "\n";
}

}  // namespace

Status write_files(const std::filesystem::path& root, const FarmFiles& files) {
    const auto config = root / "config.toml";
    if (auto written = platform::replace_file(config, config_text(files), true); !written) return written;
    if (auto written = platform::replace_file(root / "ca.pem", files.ca_pem, true); !written) return written;
    return platform::replace_file(root / "sim.json", sim_text(files, config.string()), true);
}

}  // namespace farmwall::sim
