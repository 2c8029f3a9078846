#pragma once

#include <cstddef>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/conversion/channels.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

template <class Scalar>
void scale_channels(const Scalar* weights, const Rows& rows, std::span<const double> inputs,
                    std::span<const double> outputs, Scalar* scaled) {
  for (Index row = 0; row < rows.count; ++row) {
    const double input = inputs[static_cast<std::size_t>(row) % inputs.size()];
    for (Index channel = 0; channel < rows.channels; ++channel) {
      const double output = outputs[static_cast<std::size_t>(channel) % outputs.size()];
      const Index place = row * rows.channels + channel;
      scaled[place] = static_cast<Scalar>(input / output * static_cast<double>(weights[place]));
    }
  }
}

template <class Scalar>
void gather_channels(const Scalar* values, const Rows& rows, Index first, Index count,
                     Scalar* gathered) {
  parallel_ranges(count, 16, [&](Index begin, Index end) {
    for (Index row = 0; row < rows.count; ++row)
      for (Index i = begin; i < end; ++i)
        gathered[i * rows.count + row] = values[row * rows.channels + first + i];
  });
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                           \
  template void scale_channels<Scalar>(const Scalar*, const Rows&, std::span<const double>, \
                                       std::span<const double>, Scalar*);                   \
  template void gather_channels<Scalar>(const Scalar*, const Rows&, Index, Index, Scalar*);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
