#pragma once

#include <string>

namespace boost::json {
class value;
class object;
class array;
}  // namespace boost::json

namespace farmwall::sim {

// Numbers as printers write them: 70.0, 219.1875, never an exponent. `indented` puts every member on
// a line of its own.
[[nodiscard]] std::string to_text(const boost::json::value& value, bool indented = false);

}  // namespace farmwall::sim
