#pragma once

#include <algorithm>
#include <bit>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/elementwise/pool_gate.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

namespace detail {

/// Calls `body(pixel)` for the pixels of a window in their order.
template <class Body>
void for_each_pixel(const WindowPixels& pixels, int width, const Body& body) {
  for (int y = 0; y < pixels.rows; ++y)
    for (int x = 0; x < pixels.columns; ++x) body(pixels.first + Index{y} * width + x);
}

/// Calls `body(channel)` for the units of a pixel that fire.
template <class Body>
void for_each_channel(const Word* fired, int words, const Body& body) {
  for (int w = 0; w < words; ++w)
    for (Word rest = fired[w]; rest != 0; rest &= rest - 1)
      body(w * word_bits + std::countr_zero(rest));
}

/// The totals of one sample, and the pixel of its window that each output listens to.
template <class Total>
class Gate {
 public:
  Gate(const Shape& in, const Window& window)
      : in_{in},
        window_{window},
        totals_{thread_scratch<struct GateTotalsOf, Total>(in.size())},
        chosen_{thread_scratch<struct GateChoices, std::int32_t>(window.pooled(in).size())} {}

  /// @param before totals to go on from, or null
  void begin(const Total* before) {
    if (before != nullptr)
      std::copy_n(before, in_.size(), totals_);
    else
      std::fill_n(totals_, in_.size(), Total{0});
    choose();
  }

  void end(Total* after) const {
    if (after != nullptr) std::copy_n(totals_, in_.size(), after);
  }

  /// Takes one step of spikes.
  void take(const Word* fired) {
    const int words = words_per_pixel(in_.channels);
    for (Index pixel = 0; pixel < in_.pixels(); ++pixel)
      for_each_channel(fired + pixel * words, words,
                       [&](int channel) { ++totals_[pixel * in_.channels + channel]; });
    // Of all that stood still, the unit that a window listened to is the largest.
    for_each_window(in_, window_, [&](Index out, const WindowPixels& pixels) {
      std::int32_t* const chosen = chosen_ + out * in_.channels;
      for_each_pixel(pixels, in_.width, [&](Index pixel) {
        for_each_channel(fired + pixel * words, words, [&](int channel) {
          std::int32_t& place = chosen[channel];
          const Total own = total(pixel, channel);
          const Total best = total(place, channel);
          if (own > best || (own == best && pixel < place))
            place = static_cast<std::int32_t>(pixel);
        });
      });
    });
  }

  /// Takes one step of values.
  void take(const Total* values) {
    for (Index i = 0; i < in_.size(); ++i) totals_[i] += values[i];
    choose();
  }

  /// What passes of a step of spikes.
  void pass(const Word* fired, Word* out) const {
    const int words = words_per_pixel(in_.channels);
    for_each_window(in_, window_, [&](Index number, const WindowPixels& pixels) {
      const std::int32_t* const chosen = chosen_ + number * in_.channels;
      Word* const target = out + number * words;
      std::fill_n(target, words, Word{0});
      for_each_pixel(pixels, in_.width, [&](Index pixel) {
        for_each_channel(fired + pixel * words, words, [&](int channel) {
          if (chosen[channel] == pixel)
            target[channel / word_bits] |= Word{1} << channel % word_bits;
        });
      });
    });
  }

  /// Calls `body(output unit, input unit)` for each output and the unit that it listens to.
  template <class Body>
  void for_each_choice(const Body& body) const {
    const Index outputs = window_.pooled(in_).pixels();
    for (Index number = 0; number < outputs; ++number)
      for (int channel = 0; channel < in_.channels; ++channel) {
        const Index unit = number * in_.channels + channel;
        body(unit, Index{chosen_[unit]} * in_.channels + channel);
      }
  }

 private:
  [[nodiscard]] Total total(Index pixel, int channel) const {
    return totals_[pixel * in_.channels + channel];
  }

  /// The first of the largest totals of each window.
  void choose() {
    for_each_window(in_, window_, [&](Index out, const WindowPixels& pixels) {
      std::int32_t* const chosen = chosen_ + out * in_.channels;
      std::fill_n(chosen, in_.channels, static_cast<std::int32_t>(pixels.first));
      for_each_pixel(pixels, in_.width, [&](Index pixel) {
        for (int channel = 0; channel < in_.channels; ++channel)
          if (total(pixel, channel) > total(chosen[channel], channel))
            chosen[channel] = static_cast<std::int32_t>(pixel);
      });
    });
  }

  Shape in_;
  Window window_;
  Total* totals_;
  std::int32_t* chosen_;
};

/// Goes through the steps of each sample; calls `body(gate, sample, step)` once a step was taken.
template <class Total, class View, class Body>
void for_each_gated_step(const View& in, const Window& window, const GateTotals<Total>& totals,
                         const Body& body) {
  parallel_for(in.extent.samples, [&](Index sample) {
    const Index place = sample * in.shape.size();
    Gate<Total> gate{in.shape, window};
    gate.begin(totals.before == nullptr ? nullptr : totals.before + place);
    for (Index step = 0; step < in.extent.steps; ++step) {
      gate.take(in.frame(sample, step));
      body(gate, sample, step);
    }
    gate.end(totals.after == nullptr ? nullptr : totals.after + place);
  });
}

template <class Total, class Scalar, class View>
void gate_backward(const View& in, const Window& window, const Scalar* output_gradient,
                   Scalar* input_gradient) {
  const Index out_size = window.pooled(in.shape).size();
  for_each_gated_step<Total>(in, window, {}, [&](const auto& gate, Index sample, Index step) {
    const Index frame = sample * in.extent.steps + step;
    const Scalar* const from = output_gradient + frame * out_size;
    Scalar* const to = input_gradient + frame * in.shape.size();
    std::fill_n(to, in.shape.size(), Scalar{0});
    gate.for_each_choice([&](Index out, Index unit) { to[unit] += from[out]; });
  });
}

}  // namespace detail

SNNBD_INLINE void gated_max_pool(SpikeView<const Word> in, const Window& window,
                                 const GateTotals<std::int32_t>& totals, SpikeView<Word> out) {
  detail::for_each_gated_step<std::int32_t>(
      in, window, totals, [&](const auto& gate, Index sample, Index step) {
        gate.pass(in.frame(sample, step), out.frame(sample, step));
      });
}

template <class Scalar>
void gated_max_pool(RealView<const Scalar> in, const Window& window,
                    const GateTotals<Scalar>& totals, Scalar* out) {
  const Index out_size = window.pooled(in.shape).size();
  detail::for_each_gated_step<Scalar>(
      in, window, totals, [&](const auto& gate, Index sample, Index step) {
        const Scalar* const from = in.frame(sample, step);
        Scalar* const to = out + (sample * in.extent.steps + step) * out_size;
        gate.for_each_choice([&](Index unit, Index source) { to[unit] = from[source]; });
      });
}

template <class Scalar>
void gated_max_pool_backward(SpikeView<const Word> in, const Window& window,
                             const Scalar* output_gradient, Scalar* input_gradient) {
  detail::gate_backward<std::int32_t>(in, window, output_gradient, input_gradient);
}
template <class Scalar>
void gated_max_pool_backward(RealView<const Scalar> in, const Window& window,
                             const Scalar* output_gradient, Scalar* input_gradient) {
  detail::gate_backward<Scalar>(in, window, output_gradient, input_gradient);
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                      \
  template void gated_max_pool<Scalar>(RealView<const Scalar>, const Window&,          \
                                       const GateTotals<Scalar>&, Scalar*);            \
  template void gated_max_pool_backward<Scalar>(SpikeView<const Word>, const Window&,  \
                                                const Scalar*, Scalar*);               \
  template void gated_max_pool_backward<Scalar>(RealView<const Scalar>, const Window&, \
                                                const Scalar*, Scalar*);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
