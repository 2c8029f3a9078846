#pragma once

#include <algorithm>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/lanes.hpp>
#include <snnbd/kernels/pool.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

namespace detail {

/// Calls `body(output pixel, input pixel of the window's first place)` for every output of a frame.
template <class Body>
void for_each_window(const Shape& in, const Window& window, const Body& body) {
  const Shape out = window.pooled(in);
  Index pixel = 0;
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x)
      body(pixel++, (static_cast<Index>(y) * in.width + x) * window.stride);
}

/// Adds `count` values to, or writes them over, those at `target`.
template <class Scalar, class Value>
void deposit(Scalar* target, const Value& value, int count, bool add) {
  lanes::store(target, add ? lanes::load(target, count) + value : value, count);
}

}  // namespace detail

SNNBD_INLINE void max_pool(SpikeView<const Word> in, const Window& window, SpikeView<Word> out) {
  const int words = in.pixel_words();
  const Index row = static_cast<Index>(in.shape.width) * words;
  parallel_for(in.extent.frames(), [&](Index frame) {
    const Word* const from = in.words + frame * in.frame_words();
    Word* const to = out.words + frame * out.frame_words();
    detail::for_each_window(in.shape, window, [&](Index pixel, Index first) {
      for (int w = 0; w < words; ++w) {
        Word any = 0;
        for (int y = 0; y < window.size; ++y)
          for (int x = 0; x < window.size; ++x) any |= from[(first + x) * words + y * row + w];
        to[pixel * words + w] = any;
      }
    });
  });
}

template <class Scalar>
void max_pool_backward(SpikeView<const Word> in, const Window& window,
                       const Scalar* output_gradient, Scalar* input_gradient) {
  constexpr int width = lanes::width<Scalar>;
  const Shape shape = in.shape;
  const int words = in.pixel_words();
  const Index out_size = window.pooled(shape).size();
  const bool overlapping = window.stride < window.size;
  const bool covering = !overlapping && window.stride == window.size &&
                        shape.height % window.size == 0 && shape.width % window.size == 0;
  const lanes::Batch<Scalar> zero(Scalar{0});
  parallel_for(in.extent.frames(), [&](Index frame) {
    const Word* const from = in.words + frame * in.frame_words();
    const Scalar* const slope = output_gradient + frame * out_size;
    Scalar* const result = input_gradient + frame * shape.size();
    if (!covering) std::fill_n(result, shape.size(), Scalar{0});
    detail::for_each_window(shape, window, [&](Index pixel, Index first) {
      for (int w = 0; w < words; ++w) {
        const int channels = std::min(word_bits, shape.channels - w * word_bits);
        Word any = 0;
        for (int y = 0; y < window.size; ++y)
          for (int x = 0; x < window.size; ++x)
            any |= from[(first + static_cast<Index>(y) * shape.width + x) * words + w];
        Word seen = 0;
        for (int y = 0; y < window.size; ++y) {
          for (int x = 0; x < window.size; ++x) {
            const Index place = first + static_cast<Index>(y) * shape.width + x;
            const Word fired = from[place * words + w];
            Word mine = fired & ~seen;
            if (x == 0 && y == 0) mine |= ~any;
            seen |= fired;
            Scalar* const target = result + place * shape.channels + w * word_bits;
            for (int c = 0; c < channels; c += width) {
              const auto value =
                  lanes::load(slope + pixel * shape.channels + w * word_bits + c, channels - c);
              detail::deposit(target + c,
                              lanes::select(lanes::from_bits<Scalar>(mine >> c), value, zero),
                              channels - c, overlapping);
            }
          }
        }
      }
    });
  });
}

template <class Scalar>
void max_pool(RealView<const Scalar> in, const Window& window, Scalar* out, std::int32_t* winner) {
  const Shape shape = in.shape;
  const Index out_size = window.pooled(shape).size();
  parallel_for(in.extent.frames(), [&](Index frame) {
    const Scalar* const from = in.data + frame * shape.size();
    Scalar* const to = out + frame * out_size;
    std::int32_t* const won = winner + frame * out_size;
    detail::for_each_window(shape, window, [&](Index pixel, Index first) {
      for (int c = 0; c < shape.channels; ++c) {
        Index best = first * shape.channels + c;
        for (int y = 0; y < window.size; ++y) {
          for (int x = 0; x < window.size; ++x) {
            const Index place =
                (first + static_cast<Index>(y) * shape.width + x) * shape.channels + c;
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
    detail::for_each_window(shape, window, [&](Index pixel, Index first) {
      for (int c = 0; c < shape.channels; c += width) {
        const int used = shape.channels - c;
        lanes::Batch<Scalar> sum(Scalar{0});
        for (int y = 0; y < window.size; ++y)
          for (int x = 0; x < window.size; ++x)
            sum += lanes::load(
                from + (first + static_cast<Index>(y) * shape.width + x) * shape.channels + c,
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
    detail::for_each_window(shape, window, [&](Index pixel, Index first) {
      for (int c = 0; c < shape.channels; c += width) {
        lanes::Batch<Scalar> sum = zero;
        for (int y = 0; y < window.size; ++y) {
          for (int x = 0; x < window.size; ++x) {
            const Index place = first + static_cast<Index>(y) * shape.width + x;
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
    detail::for_each_window(in, window, [&](Index pixel, Index first) {
      for (int c = 0; c < in.channels; c += width) {
        const auto value = lanes::load(slope + pixel * in.channels + c, in.channels - c) * share;
        for (int y = 0; y < window.size; ++y)
          for (int x = 0; x < window.size; ++x)
            detail::deposit(
                result + (first + static_cast<Index>(y) * in.width + x) * in.channels + c, value,
                in.channels - c, true);
      }
    });
  });
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                                  \
  template void max_pool_backward<Scalar>(SpikeView<const Word>, const Window&, const Scalar*,     \
                                          Scalar*);                                                \
  template void max_pool<Scalar>(RealView<const Scalar>, const Window&, Scalar*, std::int32_t*);   \
  template void max_pool_backward<Scalar>(const Shape&, Index, const Window&, const std::int32_t*, \
                                          const Scalar*, Scalar*);                                 \
  template void average_pool<Scalar>(RealView<const Scalar>, const Window&, Scalar*);              \
  template void average_pool<Scalar>(SpikeView<const Word>, const Window&, Scalar*);               \
  template void average_pool_backward<Scalar>(const Shape&, Index, const Window&, const Scalar*,   \
                                              Scalar*);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
