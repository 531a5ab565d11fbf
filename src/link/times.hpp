#pragma once

#include "model/link_times.hpp"

namespace farmwall::link {

using Times = LinkTimes;

}  // namespace farmwall::link
