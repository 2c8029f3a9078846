#pragma once

#include <snnbd/core/shape.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// Where the first layer of a stage stands in its list.
struct Position {
  int index = 0;     ///< among the specs
  int place = 0;     ///< among all layers, those within layers too
  Index offset = 0;  ///< of its parameters
};

}  // namespace snnbd::inline SNNBD_ISA::layer
