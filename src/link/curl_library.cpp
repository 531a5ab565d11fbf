#include "link/curl_library.hpp"

#include <curl/curl.h>

namespace farmwall::link {

bool start_curl() {
    static const bool works = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return works;
}

}  // namespace farmwall::link
