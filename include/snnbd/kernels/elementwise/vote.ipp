#pragma once

#include <algorithm>
#include <bit>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/elementwise/vote.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

template <class Scalar>
void vote(RealView<const Scalar> values, Index group, Scalar* votes) {
  const Index groups = values.frame_size() / group;
  parallel_for(values.extent.frames(), [=, &values](Index frame) {
    const Scalar* value = values.data + frame * values.frame_size();
    for (Index number = 0; number < groups; ++number) {
      Scalar sum{0};
      for (Index i = 0; i < group; ++i) sum += *value++;
      votes[frame * groups + number] = sum / static_cast<Scalar>(group);
    }
  });
}

template <class Scalar>
void vote(SpikeView<const Word> spikes, Index group, Scalar* votes) {
  const Index groups = spikes.shape.channels / group;
  const Index pixels = spikes.shape.pixels();
  const auto one = static_cast<Scalar>(spikes.amplitude) / static_cast<Scalar>(group);
  parallel_for(spikes.extent.frames(), [=, &spikes](Index frame) {
    const Word* word = spikes.words + frame * spikes.frame_words();
    for (Index pixel = 0; pixel < pixels; ++pixel) {
      Scalar* const vote = votes + (frame * pixels + pixel) * groups;
      std::fill_n(vote, groups, Scalar{0});
      for (Index first = 0; first < spikes.shape.channels; first += word_bits)
        for (Word rest = *word++; rest != 0; rest &= rest - 1)
          vote[(first + std::countr_zero(rest)) / group] += Scalar{1};
      for (Index number = 0; number < groups; ++number) vote[number] *= one;
    }
  });
}

template <class Scalar>
void vote_backward(const Scalar* gradient, Index count, Index group, Scalar* input_gradient) {
  parallel_ranges(count, Index{1} << 12, [=](Index first, Index last) {
    for (Index i = first; i < last; ++i)
      std::fill_n(input_gradient + i * group, group, gradient[i] / static_cast<Scalar>(group));
  });
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                     \
  template void vote<Scalar>(RealView<const Scalar>, Index, Scalar*); \
  template void vote<Scalar>(SpikeView<const Word>, Index, Scalar*);  \
  template void vote_backward<Scalar>(const Scalar*, Index, Index, Scalar*);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
