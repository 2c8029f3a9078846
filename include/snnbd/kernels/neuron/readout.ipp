#pragma once

#include <algorithm>
#include <bit>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/neuron/readout.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

namespace detail {

/// Adds the steps of one sample to its sums.
template <class Scalar>
void add_steps(const RealView<const Scalar>& values, Index sample, Scalar* sums) {
  const Index units = values.frame_size();
  for (Index step = 0; step < values.extent.steps; ++step) {
    const Scalar* const value = values.frame(sample, step);
    for (Index i = 0; i < units; ++i) sums[i] += value[i];
  }
}

/// Counts the spikes of one sample.
template <class Scalar>
void add_steps(const SpikeView<const Word>& spikes, Index sample, Scalar* counts) {
  for (Index step = 0; step < spikes.extent.steps; ++step) {
    const Word* word = spikes.frame(sample, step);
    for (Index pixel = 0; pixel < spikes.shape.pixels(); ++pixel) {
      for (int w = 0; w < spikes.pixel_words(); ++w) {
        for (Word rest = *word++; rest != 0; rest &= rest - 1)
          counts[pixel * spikes.shape.channels + w * word_bits + std::countr_zero(rest)] +=
              Scalar{1};
      }
    }
  }
}

template <class View, class Scalar>
void sum_samples(const View& view, bool continues, Scalar scale, Scalar* sums, Scalar* scaled) {
  const Index units = view.shape.size();
  parallel_for(view.extent.samples, [&](Index sample) {
    Scalar* const sum = sums + sample * units;
    if (!continues) std::fill_n(sum, units, Scalar{0});
    add_steps(view, sample, sum);
    for (Index i = 0; i < units; ++i) scaled[sample * units + i] = scale * sum[i];
  });
}

}  // namespace detail

template <class Scalar>
void sum_window(RealView<const Scalar> values, bool continues, Scalar scale, Scalar* sums,
                Scalar* scaled) {
  detail::sum_samples(values, continues, scale, sums, scaled);
}

template <class Scalar>
void sum_window(SpikeView<const Word> spikes, bool continues, Scalar scale, Scalar* sums,
                Scalar* scaled) {
  detail::sum_samples(spikes, continues, scale * static_cast<Scalar>(spikes.amplitude), sums,
                      scaled);
}

template <class Scalar>
void sum_over_time(RealView<const Scalar> values, Scalar scale, Scalar* sums) {
  sum_window(values, false, scale, sums, sums);
}

template <class Scalar>
void sum_over_time(SpikeView<const Word> spikes, Scalar scale, Scalar* sums) {
  sum_window(spikes, false, scale, sums, sums);
}

template <class Scalar>
void spread_over_time(const Scalar* gradient, const Extent& extent, Index units, Scalar scale,
                      Scalar* spread) {
  parallel_for(extent.frames(), [=, &extent](Index frame) {
    const Scalar* const from = gradient + frame / extent.steps * units;
    Scalar* const to = spread + frame * units;
    for (Index i = 0; i < units; ++i) to[i] = scale * from[i];
  });
}

template <class Scalar>
void relu(const Scalar* values, Index count, Scalar* result) {
  parallel_ranges(count, 1 << 15, [=](Index first, Index last) {
    for (Index i = first; i < last; ++i) result[i] = values[i] > Scalar{0} ? values[i] : Scalar{0};
  });
}

template <class Scalar>
void relu_backward(const Scalar* result, const Scalar* gradient, Index count,
                   Scalar* input_gradient) {
  parallel_ranges(count, 1 << 15, [=](Index first, Index last) {
    for (Index i = first; i < last; ++i)
      input_gradient[i] = result[i] > Scalar{0} ? gradient[i] : Scalar{0};
  });
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                               \
  template void sum_over_time<Scalar>(RealView<const Scalar>, Scalar, Scalar*);                 \
  template void sum_over_time<Scalar>(SpikeView<const Word>, Scalar, Scalar*);                  \
  template void sum_window<Scalar>(RealView<const Scalar>, bool, Scalar, Scalar*, Scalar*);     \
  template void sum_window<Scalar>(SpikeView<const Word>, bool, Scalar, Scalar*, Scalar*);      \
  template void spread_over_time<Scalar>(const Scalar*, const Extent&, Index, Scalar, Scalar*); \
  template void relu<Scalar>(const Scalar*, Index, Scalar*);                                    \
  template void relu_backward<Scalar>(const Scalar*, const Scalar*, Index, Scalar*);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
