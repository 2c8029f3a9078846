#pragma once

#include <algorithm>
#include <cstdint>

#include <snnbd/core/signal.hpp>

/// Pooling. Max pooling of spikes is an OR of words, 64 channels at a time; of values, each output
/// keeps the place of its winner for the way back. Means add the channels of a window's pixels. A
/// window's values are read from cache where windows overlap, and no value is used otherwise again:
/// memory bounds it. The gradient of pooled spikes can be made in bands that stay in the cache of
/// the scan that reads them.
namespace snnbd::inline SNNBD_ISA::kernels {

/// A pooling window; outputs are floor((side + 2 padding - size) / stride) + 1. Places in the
/// padding are never the largest and count as 0 in a mean.
struct Window {
  int size = 2;
  int stride = 2;
  int padding = 0;  ///< on each side, at most half of the size, so that no window lies in it alone

  [[nodiscard]] constexpr int outputs(int side) const {
    return (side + 2 * padding - size) / stride + 1;
  }
  [[nodiscard]] constexpr Shape pooled(const Shape& in) const {
    return {outputs(in.height), outputs(in.width), in.channels};
  }
};

namespace detail {

/// The part of a window that lies in the image.
struct WindowPixels {
  Index first = 0;  ///< pixel
  int rows = 0;
  int columns = 0;
};

/// Calls `body(output pixel, pixels)` for every output of a frame.
template <class Body>
void for_each_window(const Shape& in, const Window& window, const Body& body) {
  const Shape out = window.pooled(in);
  Index pixel = 0;
  for (int y = 0; y < out.height; ++y) {
    const int top = std::max(y * window.stride - window.padding, 0);
    const int bottom = std::min(y * window.stride - window.padding + window.size, in.height);
    for (int x = 0; x < out.width; ++x) {
      const int left = std::max(x * window.stride - window.padding, 0);
      const int right = std::min(x * window.stride - window.padding + window.size, in.width);
      body(pixel++,
           WindowPixels{static_cast<Index>(top) * in.width + left, bottom - top, right - left});
    }
  }
}

}  // namespace detail

/// The largest of a window of spikes: a bitwise OR.
void max_pool(SpikeView<const Word> in, const Window& window, SpikeView<Word> out);

/// The bits of `in.gradient_mask` of the units that the pooled gradient goes to, laid out as the
/// pooled spikes.
void max_pool_mask(SpikeView<const Word> in, const Window& window, Word* mask);

/// The gradient goes to the first unit of the window that fired, to the first unit of the image in
/// the window if none did.
template <class Scalar>
void max_pool_backward(SpikeView<const Word> in, const Window& window,
                       const Scalar* output_gradient, Scalar* input_gradient);

/// The same for some rows of one sample and at most 64 channels, at all steps, so that a scan can
/// take it from cache. Windows must not overlap and have no padding.
///
/// @param first_row a multiple of the window's stride; `window.stride` rows are written
/// @param band [step, row, pixel, channel]
template <class Scalar>
void max_pool_backward_band(SpikeView<const Word> in, const Window& window,
                            const Scalar* output_gradient, Index sample, Index first_row,
                            Index first_channel, Scalar* band);

/// The largest of a window of values.
///
/// @param winner for each output the place of the first largest value in its window
template <class Scalar>
void max_pool(RealView<const Scalar> in, const Window& window, Scalar* out, std::int32_t* winner);

template <class Scalar>
void max_pool_backward(const Shape& in, Index frames, const Window& window,
                       const std::int32_t* winner, const Scalar* output_gradient,
                       Scalar* input_gradient);

/// The mean of a window.
template <class Scalar>
void average_pool(RealView<const Scalar> in, const Window& window, Scalar* out);
template <class Scalar>
void average_pool(SpikeView<const Word> in, const Window& window, Scalar* out);

template <class Scalar>
void average_pool_backward(const Shape& in, Index frames, const Window& window,
                           const Scalar* output_gradient, Scalar* input_gradient);

/// The mean of all pixels.
template <class Scalar>
void global_average_pool(RealView<const Scalar> in, Scalar* out);
template <class Scalar>
void global_average_pool(SpikeView<const Word> in, Scalar* out);

template <class Scalar>
void global_average_pool_backward(const Shape& in, Index frames, const Scalar* output_gradient,
                                  Scalar* input_gradient);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/elementwise/pool.ipp>
#endif
