#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "sim/machine/farm_plan.hpp"

namespace farmwall::sim {

struct FarmFiles {
    int port = 0;
    int discovery_port = 0;
    int control_port = 0;
    int camera_port = 0;  // 0: no cameras
    int ftps_port = 0;    // 0: no files
    std::string ca_pem;
    std::vector<const PlannedPrinter*> printers;
};

// config.toml, which farmwall reads as it is, sim.json, which says where the control connection is,
// and ca.pem, which signed the printers' certificates. For the owner only: the first holds the access
// codes. Errors: io.
[[nodiscard]] Status write_files(const std::filesystem::path& root, const FarmFiles& files);

}  // namespace farmwall::sim
