#pragma once

#include <cstdlib>
#include <string>

#include <catch2/catch.hpp>

namespace snnbd_tests {

/// The folder of the official sets, or an empty text after a warning.
inline std::string real_data() {
  const char* directory = std::getenv("SNNBD_DATA");
  if (directory == nullptr || *directory == 0) {
    WARN("skipped: SNNBD_DATA does not name a folder with the official sets");
    return {};
  }
  return directory;
}

}  // namespace snnbd_tests
