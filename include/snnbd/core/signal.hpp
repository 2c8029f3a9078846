#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include <snnbd/core/shape.hpp>

namespace snnbd::inline SNNBD_ISA {

/// Real values without a time axis: an image under direct coding, the same at each step.
/// A layer that is bound to it runs once, whatever the number of steps.
template <Shape S>
struct Static {
  static constexpr Shape shape = S;
};

/// Real values at each step: input currents, pooled or normalized values.
template <Shape S>
struct Real {
  static constexpr Shape shape = S;
};

/// Real values at each step of which most may be zero: frames that count events. Wherever a layer
/// takes `Real` it takes these, and a convolution or dense layer
/// follows the values that are not zero where that is faster.
template <Shape S>
struct Counts {
  static constexpr Shape shape = S;
};

/// Events: one bit for each unit and step, packed along the channels, with one amplitude.
template <Shape S>
struct Spikes {
  static constexpr Shape shape = S;
};

/// Spikes of neurons whose surrogate has compact support: while training, their view marks the
/// units that a gradient can enter, so that layers leave out the gradients of all others.
template <Shape S>
struct MaskedSpikes {
  static constexpr Shape shape = S;
};

namespace detail {
template <class>
inline constexpr int signal_kind = -1;
template <Shape S>
inline constexpr int signal_kind<Static<S>> = 0;
template <Shape S>
inline constexpr int signal_kind<Real<S>> = 1;
template <Shape S>
inline constexpr int signal_kind<Spikes<S>> = 2;
template <Shape S>
inline constexpr int signal_kind<MaskedSpikes<S>> = 3;
template <Shape S>
inline constexpr int signal_kind<Counts<S>> = 4;
}  // namespace detail

template <class Type>
concept StaticSignal = (detail::signal_kind<Type> == 0);
template <class Type>
concept CountSignal = (detail::signal_kind<Type> == 4);
template <class Type>
concept RealSignal = (detail::signal_kind<Type> == 1 || CountSignal<Type>);
template <class Type>
concept SpikeSignal = (detail::signal_kind<Type> == 2 || detail::signal_kind<Type> == 3);
template <class Type>
concept MaskedSignal = (detail::signal_kind<Type> == 3);
template <class Type>
concept Signal = (detail::signal_kind<Type> >= 0);

/// Whether a signal has a value for each step or one for all of them.
template <Signal S>
inline constexpr bool timed = !StaticSignal<S>;

namespace detail {

// Types rather than aliases: g++ 12 crashes on an alias whose shape depends on a template's
// parameter.
template <Signal S, Shape NewShape>
struct ReshapedSignal {
  using type = std::conditional_t<
      StaticSignal<S>, Static<NewShape>,
      std::conditional_t<
          CountSignal<S>, Counts<NewShape>,
          std::conditional_t<
              RealSignal<S>, Real<NewShape>,
              std::conditional_t<MaskedSignal<S>, MaskedSpikes<NewShape>, Spikes<NewShape>>>>>;
};
template <Signal S, Shape NewShape>
struct RealSignalLike {
  using type = std::conditional_t<StaticSignal<S>, Static<NewShape>, Real<NewShape>>;
};

}  // namespace detail

/// The same kind of signal with another shape.
template <Signal S, Shape NewShape>
using Reshaped = typename detail::ReshapedSignal<S, NewShape>::type;

/// Real values with the time behaviour of `S`: what a convolution of `S` gives.
template <Signal S, Shape NewShape>
using RealLike = typename detail::RealSignalLike<S, NewShape>::type;

/// One word holds the spikes of 64 neighbouring channels of one pixel at one step.
using Word = std::uint64_t;
inline constexpr int word_bits = 64;

/// The words of one pixel. Unused high bits of the last word are always zero.
constexpr int words_per_pixel(int channels) {
  return (channels + word_bits - 1) / word_bits;
}

/// A batch of real values, [sample, step, height, width, channel]. A static signal has one step.
template <class Scalar>
struct RealView {
  Scalar* data = nullptr;
  Extent extent{};
  Shape shape{};

  [[nodiscard]] Index frame_size() const { return shape.size(); }
  [[nodiscard]] Index size() const { return extent.frames() * frame_size(); }
  [[nodiscard]] Scalar* frame(Index sample, Index step = 0) const {
    return data + (sample * extent.steps + step) * frame_size();
  }
  // NOLINTNEXTLINE(google-explicit-constructor): a view of values is a view of constant values
  operator RealView<const Scalar>() const requires(!std::is_const_v<Scalar>) {
    return {data, extent, shape};
  }
};

/// A batch of packed spikes, [sample, step, height, width, word of 64 channels].
template <class WordType>
struct SpikeView {
  WordType* words = nullptr;
  Extent extent{};
  Shape shape{};
  double amplitude = 1.0;  ///< the real value of one spike
  /// A bit for each unit that a gradient can enter, laid out as the words; null if any may be.
  WordType* gradient_mask = nullptr;

  [[nodiscard]] int pixel_words() const { return words_per_pixel(shape.channels); }
  [[nodiscard]] Index frame_words() const { return shape.pixels() * pixel_words(); }
  [[nodiscard]] Index size() const { return extent.frames() * frame_words(); }
  [[nodiscard]] WordType* frame(Index sample, Index step = 0) const {
    return words + (sample * extent.steps + step) * frame_words();
  }
  // NOLINTNEXTLINE(google-explicit-constructor): a view of spikes is a view of constant spikes
  operator SpikeView<const WordType>() const requires(!std::is_const_v<WordType>) {
    return {words, extent, shape, amplitude, gradient_mask};
  }
};

/// The units of a signal that a gradient can enter, a bit for each; no words if any may be.
template <class Scalar>
SpikeView<const Word> gradient_mask(const RealView<Scalar>& signal) {
  return {nullptr, signal.extent, signal.shape};
}
template <class WordType>
SpikeView<WordType> gradient_mask(const SpikeView<WordType>& spikes) {
  return {spikes.gradient_mask, spikes.extent, spikes.shape};
}

/// The run-time view that goes with a signal's type.
template <Signal S, class Scalar>
using ViewOf = std::conditional_t<SpikeSignal<S>, SpikeView<Word>, RealView<Scalar>>;
template <Signal S, class Scalar>
using ConstViewOf =
    std::conditional_t<SpikeSignal<S>, SpikeView<const Word>, RealView<const Scalar>>;

}  // namespace snnbd::inline SNNBD_ISA
