#include "ui/screens.hpp"
namespace farmwall::ui {
std::optional<std::size_t> draw_overview(const Frame&, const std::vector<CachedView>&, OverviewState&) {
    return {};
}
void draw_printer_page(const Frame&, const PrinterState&, std::size_t, PrinterPageState&) {}
void draw_diagnostics(const Frame&) {}
}  // namespace farmwall::ui
