#pragma once

#include <cstddef>
#include <iterator>

#include <snnbd/core/parallel.hpp>
#include <snnbd/core/signal.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

/// (value - mean) / deviation by channel; a thread for each sample, bound by memory. The numbers
/// are known at compile time, so that those of a few channels stay in registers.
///
/// @tparam Statistics has constant arrays `mean` and `deviation`, a number for each channel
/// @param from, to of the same extent and shape
template <class Statistics>
void standardize(const RealView<const float>& from, const RealView<float>& to) {
  parallel_for(from.extent.samples, [&](Index sample) {
    const float* value = from.frame(sample);
    float* result = to.frame(sample);
    for (Index pixel = 0; pixel < from.extent.steps * from.shape.pixels(); ++pixel)
      for (std::size_t channel = 0; channel < std::size(Statistics::mean); ++channel)
        *result++ = (*value++ - Statistics::mean[channel]) / Statistics::deviation[channel];
  });
}

/// value / deviation by channel, in place: the slope of `standardize`.
template <class Statistics, class Scalar>
void divide_by_deviation(const RealView<Scalar>& values) {
  parallel_for(values.extent.samples, [&](Index sample) {
    Scalar* value = values.frame(sample);
    for (Index pixel = 0; pixel < values.extent.steps * values.shape.pixels(); ++pixel)
      for (std::size_t channel = 0; channel < std::size(Statistics::deviation); ++channel)
        *value++ /= static_cast<Scalar>(Statistics::deviation[channel]);
  });
}

}  // namespace snnbd::inline SNNBD_ISA::kernels
