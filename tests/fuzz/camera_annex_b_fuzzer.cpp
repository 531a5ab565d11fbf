#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "camera/h264_units.hpp"

// A foreign camera's stream in Annex B form: every unit lies inside it, and its parameter sets are taken.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace farmwall::camera;
    ParameterSets sets;
    for (const auto unit : units_of({data, size})) {
        if (unit.empty() || unit.data() < data || unit.data() + unit.size() > data + size) std::abort();
        sets.note(unit);
    }
    static_cast<void>(sets.annex_b());
    return 0;
}
