// The one main of every test binary; doctest.h is light, its implementation is compiled here.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "base/log.hpp"

int main(int argc, char** argv) {
    // What is logged on purpose would hide what a test has to say.
    farmwall::log::set_level(farmwall::log::Level::error);
    doctest::Context context{argc, argv};
    return context.run();
}
