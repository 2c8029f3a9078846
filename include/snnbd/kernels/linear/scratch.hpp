#pragma once

#include <snnbd/core/config.hpp>

/// What the linear kernels keep in `Scratch`. Kernels that never work at the same time share a
/// buffer by naming the same purpose.
namespace snnbd::inline SNNBD_ISA::kernels {

struct WeightPanels;     ///< weights, packed for the dense kernels
struct TurnedWeights;    ///< the same, transposed, for the gradient of the input
struct WinogradWeights;  ///< the same, transformed
struct EventStarts;      ///< where the events of a row or channel begin
struct GroupValues;      ///< of a group of samples: their events, values or results
struct PaddedImages;     ///< real images with the border that a convolution reads

}  // namespace snnbd::inline SNNBD_ISA::kernels
