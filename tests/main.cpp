// The one main of every test binary; doctest.h is light, its implementation is compiled here.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
