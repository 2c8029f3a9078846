#pragma once

#include <algorithm>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/elementwise/upsample.hpp>
#include <snnbd/kernels/simd/lanes.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

template <class Value>
void upsample(const Value* values, Index frames, const Shape& in, int factor, Value* result) {
  const Index row = static_cast<Index>(in.width) * in.channels;
  const Index wide = row * factor;
  parallel_for(frames, [&](Index frame) {
    for (Index y = 0; y < in.height; ++y) {
      const Value* pixel = values + frame * in.size() + y * row;
      Value* const first = result + (frame * in.height + y) * factor * wide;
      Value* to = first;
      for (int x = 0; x < in.width; ++x, pixel += in.channels)
        for (int copy = 0; copy < factor; ++copy) to = std::copy_n(pixel, in.channels, to);
      for (int copy = 1; copy < factor; ++copy) to = std::copy_n(first, wide, to);
    }
  });
}

template <class Scalar>
void upsample_backward(const Shape& in, Index frames, int factor, const Scalar* output_gradient,
                       Scalar* input_gradient) {
  constexpr int width = lanes::width<Scalar>;
  const Index wide = static_cast<Index>(in.width) * factor * in.channels;
  parallel_for(frames, [&](Index frame) {
    for (Index y = 0; y < in.height; ++y)
      for (Index x = 0; x < in.width; ++x) {
        const Scalar* const from =
            output_gradient + (frame * in.height + y) * factor * wide + x * factor * in.channels;
        Scalar* const to = input_gradient + frame * in.size() + (y * in.width + x) * in.channels;
        for (int c = 0; c < in.channels; c += width) {
          const int used = in.channels - c;
          lanes::Batch<Scalar> sum(Scalar{0});
          for (int row = 0; row < factor; ++row)
            for (int column = 0; column < factor; ++column)
              sum += lanes::load(from + row * wide + static_cast<Index>(column) * in.channels + c,
                                 used);
          lanes::store(to + c, sum, used);
        }
      }
  });
}

#if defined(SNNBD_COMPILED)
template void upsample<float>(const float*, Index, const Shape&, int, float*);
template void upsample<double>(const double*, Index, const Shape&, int, double*);
template void upsample<Word>(const Word*, Index, const Shape&, int, Word*);
template void upsample_backward<float>(const Shape&, Index, int, const float*, float*);
template void upsample_backward<double>(const Shape&, Index, int, const double*, double*);
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
