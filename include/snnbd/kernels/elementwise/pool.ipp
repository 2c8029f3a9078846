#pragma once

#include <algorithm>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/elementwise/pool.hpp>
#include <snnbd/kernels/simd/lanes.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

namespace detail {

/// Adds `count` values to, or writes them over, those at `target`.
template <class Scalar, class Value>
void deposit(Scalar* target, const Value& value, int count, bool add) {
  lanes::store(target, add ? lanes::load(target, count) + value : value, count);
}

/// Calls `body(row, column, units)` for the places of a window with the units, of 64, whose largest
/// value stands there: those that fire there first, and at the first place those that nowhere do.
///
/// @param fired the word of the window's first pixel; the next pixel's is `words` further
template <class Body>
void for_each_largest(const Word* fired, Index words, Index word_row, const WindowPixels& pixels,
                      const Body& body) {
  Word any = 0;
  for (int y = 0; y < pixels.rows; ++y)
    for (int x = 0; x < pixels.columns; ++x) any |= fired[y * word_row + x * words];
  Word waiting = ~Word{0};
  for (int y = 0; y < pixels.rows; ++y) {
    for (int x = 0; x < pixels.columns; ++x) {
      const Word here = fired[y * word_row + x * words];
      body(y, x, (x == 0 && y == 0 ? here | ~any : here) & waiting);
      waiting &= ~here;
    }
  }
}

}  // namespace detail

SNNBD_INLINE void max_pool(SpikeView<const Word> in, const Window& window, SpikeView<Word> out) {
  const int words = in.pixel_words();
  const Index row = static_cast<Index>(in.shape.width) * words;
  parallel_for(in.extent.frames(), [&](Index frame) {
    const Word* const from = in.words + frame * in.frame_words();
    Word* const to = out.words + frame * out.frame_words();
    detail::for_each_window(in.shape, window, [&](Index pixel, const detail::WindowPixels& pixels) {
      for (int w = 0; w < words; ++w) {
        Word any = 0;
        for (int y = 0; y < pixels.rows; ++y)
          for (int x = 0; x < pixels.columns; ++x)
            any |= from[(pixels.first + x) * words + y * row + w];
        to[pixel * words + w] = any;
      }
    });
  });
}

SNNBD_INLINE void max_pool_mask(SpikeView<const Word> in, const Window& window, Word* mask) {
  const int words = in.pixel_words();
  const Index row = static_cast<Index>(in.shape.width) * words;
  const Index out_words = window.pooled(in.shape).pixels() * words;
  parallel_for(in.extent.frames(), [&](Index frame) {
    const Index from = frame * in.frame_words();
    Word* const to = mask + frame * out_words;
    detail::for_each_window(in.shape, window, [&](Index pixel, const detail::WindowPixels& pixels) {
      for (Index w = 0; w < words; ++w) {
        const Index place = from + pixels.first * words + w;
        Word units = 0;
        detail::for_each_largest(in.words + place, words, row, pixels,
                                 [&](Index y, Index x, Word largest) {
                                   units |= in.gradient_mask[place + y * row + x * words] & largest;
                                 });
        to[pixel * words + w] = units;
      }
    });
  });
}

namespace detail {

/// Spreads one output's gradient, at most 64 channels of it, over its window.
///
/// @param fired the word of the window's first pixel; the next pixel's is `words` further
/// @param target the gradient of that pixel
template <class Scalar>
void spread_to_first(const Word* fired, Index words, Index word_row, const WindowPixels& pixels,
                     const Scalar* slope, int channels, bool add, Scalar* target,
                     Index pixel_stride, Index row_stride) {
  constexpr int width = lanes::width<Scalar>;
  const lanes::Batch<Scalar> zero(Scalar{0});
  for_each_largest(fired, words, word_row, pixels, [&](Index y, Index x, Word largest) {
    Scalar* const place = target + y * row_stride + x * pixel_stride;
    for (int c = 0; c < channels; c += width) {
      const auto value = lanes::select(lanes::from_bits<Scalar>(largest >> c),
                                       lanes::load(slope + c, channels - c), zero);
      deposit(place + c, value, channels - c, add);
    }
  });
}

}  // namespace detail

template <class Scalar>
void max_pool_backward(SpikeView<const Word> in, const Window& window,
                       const Scalar* output_gradient, Scalar* input_gradient) {
  const Shape shape = in.shape;
  const Index words = in.pixel_words();
  const Index out_size = window.pooled(shape).size();
  parallel_for(in.extent.frames(), [&](Index frame) {
    const Word* const from = in.words + frame * in.frame_words();
    const Scalar* const slope = output_gradient + frame * out_size;
    Scalar* const result = input_gradient + frame * shape.size();
    std::fill_n(result, shape.size(), Scalar{0});
    detail::for_each_window(shape, window, [&](Index pixel, const detail::WindowPixels& pixels) {
      for (Index w = 0; w < words; ++w)
        detail::spread_to_first(
            from + pixels.first * words + w, words, shape.width * words, pixels,
            slope + pixel * shape.channels + w * word_bits,
            static_cast<int>(std::min<Index>(word_bits, shape.channels - w * word_bits)), true,
            result + pixels.first * shape.channels + w * word_bits, Index{shape.channels},
            static_cast<Index>(shape.width) * shape.channels);
    });
  });
}

template <class Scalar>
void max_pool_backward_band(SpikeView<const Word> in, const Window& window,
                            const Scalar* output_gradient, Index sample, Index first_row,
                            Index first_channel, Scalar* band) {
  const Shape shape = in.shape;
  const Shape out = window.pooled(shape);
  const Index words = in.pixel_words();
  const int channels = static_cast<int>(std::min<Index>(word_bits, shape.channels - first_channel));
  const Index row = static_cast<Index>(shape.width) * channels;
  const Index out_row = first_row / window.stride;
  const bool covered =
      window.size == window.stride && static_cast<Index>(out.width) * window.size == shape.width;
  for (Index step = 0; step < in.extent.steps; ++step) {
    Scalar* const target = band + step * window.stride * row;
    if (!covered || out_row >= out.height) std::fill_n(target, window.stride * row, Scalar{0});
    if (out_row >= out.height) continue;
    const Word* const fired =
        in.frame(sample, step) + first_row * shape.width * words + first_channel / word_bits;
    const Scalar* const slope =
        output_gradient +
        ((sample * in.extent.steps + step) * out.pixels() + out_row * out.width) * out.channels +
        first_channel;
    for (Index x = 0; x < out.width; ++x)
      detail::spread_to_first(fired + x * window.stride * words, words, shape.width * words,
                              {0, window.size, window.size}, slope + x * out.channels, channels,
                              false, target + x * window.stride * channels, Index{channels}, row);
  }
}

template <class Scalar>
void max_pool(RealView<const Scalar> in, const Window& window, Scalar* out, std::int32_t* winner) {
  const Shape shape = in.shape;
  const Index out_size = window.pooled(shape).size();
  parallel_for(in.extent.frames(), [&](Index frame) {
    const Scalar* const from = in.data + frame * shape.size();
    Scalar* const to = out + frame * out_size;
    std::int32_t* const won = winner + frame * out_size;
    detail::for_each_window(shape, window, [&](Index pixel, const detail::WindowPixels& pixels) {
      for (int c = 0; c < shape.channels; ++c) {
        Index best = pixels.first * shape.channels + c;
        for (int y = 0; y < pixels.rows; ++y) {
          for (int x = 0; x < pixels.columns; ++x) {
            const Index place =
                (pixels.first + static_cast<Index>(y) * shape.width + x) * shape.channels + c;
            if (from[place] > from[best]) best = place;
          }
        }
        to[pixel * shape.channels + c] = from[best];
        won[pixel * shape.channels + c] = static_cast<std::int32_t>(best);
      }
    });
  });
}

template <class Scalar>
void max_pool_backward(const Shape& in, Index frames, const Window& window,
                       const std::int32_t* winner, const Scalar* output_gradient,
                       Scalar* input_gradient) {
  const Index out_size = window.pooled(in).size();
  parallel_for(frames, [&](Index frame) {
    Scalar* const result = input_gradient + frame * in.size();
    std::fill_n(result, in.size(), Scalar{0});
    for (Index i = frame * out_size; i < (frame + 1) * out_size; ++i)
      result[winner[i]] += output_gradient[i];
  });
}

template <class Scalar>
void average_pool(RealView<const Scalar> in, const Window& window, Scalar* out) {
  constexpr int width = lanes::width<Scalar>;
  const Shape shape = in.shape;
  const Index out_size = window.pooled(shape).size();
  const lanes::Batch<Scalar> share(Scalar{1} / static_cast<Scalar>(window.size * window.size));
  parallel_for(in.extent.frames(), [&](Index frame) {
    const Scalar* const from = in.data + frame * shape.size();
    Scalar* const to = out + frame * out_size;
    detail::for_each_window(shape, window, [&](Index pixel, const detail::WindowPixels& pixels) {
      for (int c = 0; c < shape.channels; c += width) {
        const int used = shape.channels - c;
        lanes::Batch<Scalar> sum(Scalar{0});
        for (int y = 0; y < pixels.rows; ++y)
          for (int x = 0; x < pixels.columns; ++x)
            sum += lanes::load(
                from + (pixels.first + static_cast<Index>(y) * shape.width + x) * shape.channels +
                    c,
                used);
        lanes::store(to + pixel * shape.channels + c, sum * share, used);
      }
    });
  });
}

template <class Scalar>
void average_pool(SpikeView<const Word> in, const Window& window, Scalar* out) {
  constexpr int width = lanes::width<Scalar>;
  const Shape shape = in.shape;
  const int words = in.pixel_words();
  const Index out_size = window.pooled(shape).size();
  const lanes::Batch<Scalar> share(static_cast<Scalar>(in.amplitude) /
                                   static_cast<Scalar>(window.size * window.size));
  const lanes::Batch<Scalar> zero(Scalar{0});
  parallel_for(in.extent.frames(), [&](Index frame) {
    const Word* const from = in.words + frame * in.frame_words();
    Scalar* const to = out + frame * out_size;
    detail::for_each_window(shape, window, [&](Index pixel, const detail::WindowPixels& pixels) {
      for (int c = 0; c < shape.channels; c += width) {
        lanes::Batch<Scalar> sum = zero;
        for (int y = 0; y < pixels.rows; ++y) {
          for (int x = 0; x < pixels.columns; ++x) {
            const Index place = pixels.first + static_cast<Index>(y) * shape.width + x;
            const Word fired = from[place * words + c / word_bits] >> (c % word_bits);
            sum += lanes::select(lanes::from_bits<Scalar>(fired), share, zero);
          }
        }
        lanes::store(to + pixel * shape.channels + c, sum, shape.channels - c);
      }
    });
  });
}

template <class Scalar>
void average_pool_backward(const Shape& in, Index frames, const Window& window,
                           const Scalar* output_gradient, Scalar* input_gradient) {
  constexpr int width = lanes::width<Scalar>;
  const Index out_size = window.pooled(in).size();
  const lanes::Batch<Scalar> share(Scalar{1} / static_cast<Scalar>(window.size * window.size));
  parallel_for(frames, [&](Index frame) {
    const Scalar* const slope = output_gradient + frame * out_size;
    Scalar* const result = input_gradient + frame * in.size();
    std::fill_n(result, in.size(), Scalar{0});
    detail::for_each_window(in, window, [&](Index pixel, const detail::WindowPixels& pixels) {
      for (int c = 0; c < in.channels; c += width) {
        const auto value = lanes::load(slope + pixel * in.channels + c, in.channels - c) * share;
        for (int y = 0; y < pixels.rows; ++y)
          for (int x = 0; x < pixels.columns; ++x)
            detail::deposit(
                result + (pixels.first + static_cast<Index>(y) * in.width + x) * in.channels + c,
                value, in.channels - c, true);
      }
    });
  });
}

namespace detail {

/// factor * sum over the pixels; `load(frame, pixel, channel)` gives a register of one of them.
template <class Scalar, class Load>
void sum_pixels(const Shape& shape, Index frames, Scalar factor, const Load& load, Scalar* out) {
  constexpr int width = lanes::width<Scalar>;
  parallel_for(frames, [&](Index frame) {
    for (int c = 0; c < shape.channels; c += width) {
      lanes::Batch<Scalar> sum(Scalar{0});
      for (Index pixel = 0; pixel < shape.pixels(); ++pixel) sum += load(frame, pixel, c);
      lanes::store(out + frame * shape.channels + c, sum * lanes::Batch<Scalar>(factor),
                   shape.channels - c);
    }
  });
}

}  // namespace detail

template <class Scalar>
void global_average_pool(RealView<const Scalar> in, Scalar* out) {
  const Shape shape = in.shape;
  detail::sum_pixels(
      shape, in.extent.frames(), Scalar{1} / static_cast<Scalar>(shape.pixels()),
      [&](Index frame, Index pixel, int c) {
        return lanes::load(in.data + (frame * shape.pixels() + pixel) * shape.channels + c,
                           shape.channels - c);
      },
      out);
}

template <class Scalar>
void global_average_pool(SpikeView<const Word> in, Scalar* out) {
  const Shape shape = in.shape;
  const int words = in.pixel_words();
  const lanes::Batch<Scalar> one(Scalar{1});
  const lanes::Batch<Scalar> zero(Scalar{0});
  detail::sum_pixels(
      shape, in.extent.frames(),
      static_cast<Scalar>(in.amplitude) / static_cast<Scalar>(shape.pixels()),
      [&](Index frame, Index pixel, int c) {
        const Word fired = in.words[(frame * shape.pixels() + pixel) * words + c / word_bits];
        return lanes::select(lanes::from_bits<Scalar>(fired >> (c % word_bits)), one, zero);
      },
      out);
}

template <class Scalar>
void global_average_pool_backward(const Shape& in, Index frames, const Scalar* output_gradient,
                                  Scalar* input_gradient) {
  constexpr int width = lanes::width<Scalar>;
  const lanes::Batch<Scalar> share(Scalar{1} / static_cast<Scalar>(in.pixels()));
  parallel_for(frames, [&](Index frame) {
    const Scalar* const slope = output_gradient + frame * in.channels;
    Scalar* const result = input_gradient + frame * in.size();
    for (int c = 0; c < in.channels; c += width) {
      const auto value = lanes::load(slope + c, in.channels - c) * share;
      for (Index pixel = 0; pixel < in.pixels(); ++pixel)
        lanes::store(result + pixel * in.channels + c, value, in.channels - c);
    }
  });
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                                  \
  template void max_pool_backward<Scalar>(SpikeView<const Word>, const Window&, const Scalar*,     \
                                          Scalar*);                                                \
  template void max_pool_backward_band<Scalar>(SpikeView<const Word>, const Window&,               \
                                               const Scalar*, Index, Index, Index, Scalar*);       \
  template void max_pool<Scalar>(RealView<const Scalar>, const Window&, Scalar*, std::int32_t*);   \
  template void max_pool_backward<Scalar>(const Shape&, Index, const Window&, const std::int32_t*, \
                                          const Scalar*, Scalar*);                                 \
  template void average_pool<Scalar>(RealView<const Scalar>, const Window&, Scalar*);              \
  template void average_pool<Scalar>(SpikeView<const Word>, const Window&, Scalar*);               \
  template void average_pool_backward<Scalar>(const Shape&, Index, const Window&, const Scalar*,   \
                                              Scalar*);                                            \
  template void global_average_pool<Scalar>(RealView<const Scalar>, Scalar*);                      \
  template void global_average_pool<Scalar>(SpikeView<const Word>, Scalar*);                       \
  template void global_average_pool_backward<Scalar>(const Shape&, Index, const Scalar*, Scalar*);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
