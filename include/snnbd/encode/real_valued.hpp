#pragma once

#include <type_traits>

#include <snnbd/core/error.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/encode/encoder.hpp>
#include <snnbd/encode/frames.hpp>

/// How gradients by a network's signal become gradients by the samples.
namespace snnbd::inline SNNBD_ISA::encode {

/// The encoder through which gradients are taken: the encoder itself if its signal is real. Spike
/// trains have no gradients; for them images stand as they are, and frames as values.
template <class Encoding>
using RealValued =
    std::conditional_t<!SpikeSignal<typename Encoding::template Signal<Shape{2, 2, 3}>>, Encoding,
                       std::conditional_t<passes_frames<Encoding>, Frames, Direct>>;

/// That encoder with the settings of the first.
template <class Encoding>
RealValued<Encoding> real_valued([[maybe_unused]] const Encoding& encoding) {
  if constexpr (std::is_same_v<RealValued<Encoding>, Encoding>)
    return encoding;
  else
    return {};
}

/// The real signal that it makes of frames of shape `S`: counts are given as any other values, so
/// that there is a gradient by each. A type of its own: an alias crashes g++ 12 where `S` depends
/// on a template's parameter.
template <class Encoding, Shape S>
struct RealInput {
  using Given = typename RealValued<Encoding>::template Signal<S>;
  using type = std::conditional_t<StaticSignal<Given>, Static<S>, Real<S>>;
};

/// Multiplies each value by the slope of the signal there, d signal / d sample: a gradient by the
/// signal becomes one by the samples, and a change of the samples one of the signal. What an
/// encoder does to each value it says by a member of this name.
///
/// @throws Error if the encoder does not say so
template <class Encoding, class Scalar>
void multiply_by_slope(const Encoding& encoding, const RealView<Scalar>& values) {
  if constexpr (requires { encoding.multiply_by_slope(values); })
    encoding.multiply_by_slope(values);
  else
    reject("gradient by the samples", "an encoder with multiply_by_slope(values)", Encoding::name);
}

}  // namespace snnbd::inline SNNBD_ISA::encode
