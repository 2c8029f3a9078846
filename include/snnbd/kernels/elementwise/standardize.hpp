#pragma once

#include <cstddef>
#include <iterator>

#include <snnbd/core/parallel.hpp>
#include <snnbd/core/signal.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

/// (value - mean) / deviation by channel; a thread for each sample, bound by memory.
///
/// @param from, to of the same extent and shape
/// @param mean, deviation arrays with a number for each channel
template <class Mean, class Deviation>
void standardize(const RealView<const float>& from, const Mean& mean, const Deviation& deviation,
                 const RealView<float>& to) {
  parallel_for(from.extent.samples, [&](Index sample) {
    const float* value = from.frame(sample);
    float* result = to.frame(sample);
    for (Index pixel = 0; pixel < from.extent.steps * from.shape.pixels(); ++pixel)
      for (std::size_t channel = 0; channel < std::size(mean); ++channel)
        *result++ = (*value++ - mean[channel]) / deviation[channel];
  });
}

}  // namespace snnbd::inline SNNBD_ISA::kernels
