#pragma once

namespace farmwall::link {

// Starts libcurl once for the whole program; false when that failed. Any thread.
[[nodiscard]] bool start_curl();

}  // namespace farmwall::link
