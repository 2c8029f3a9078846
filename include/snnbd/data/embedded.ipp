#pragma once

#include <cstdlib>

#include <snnbd/core/error.hpp>
#include <snnbd/data/embedded.hpp>

namespace snnbd::inline SNNBD_ISA::data {

SNNBD_INLINE std::string embedded_directory() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): read only, and the library never sets it
  if (const char* chosen = std::getenv("SNNBD_EMBEDDED_DATA"); chosen != nullptr && *chosen != 0)
    return chosen;
#if defined(SNNBD_EMBEDDED_DATA)
  return SNNBD_EMBEDDED_DATA;
#else
  reject("SNNBD_EMBEDDED_DATA", "the folder of the sets that come with snnbd", "nothing");
#endif
}

}  // namespace snnbd::inline SNNBD_ISA::data
