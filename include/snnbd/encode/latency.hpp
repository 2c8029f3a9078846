#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <snnbd/core/shape.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/encode/encoder.hpp>

namespace snnbd::inline SNNBD_ISA::encode {

/// Time to first spike: each unit fires at most once, the brighter the earlier. A value x, clipped
/// to 1, that is above the threshold fires at step
///
/// - linear: t = (T - 1) (1 - x);
/// - logarithmic: t = tau ln(x / (x - threshold)), when a leaky integrator with time constant tau
///   and constant input x reaches the threshold; what comes later fires at the last step.
///
/// t is computed in double precision and rounded to the nearest step, halves away from zero, and
/// lies in [0, T - 1]. Values at or below the threshold, and what is not a number, never fire.
struct Latency {
  enum class Form { linear, logarithmic };

  static constexpr std::string_view name = "latency";

  template <Shape S>
  using Signal = Spikes<S>;

  Form form = Form::linear;
  float threshold = 0.0F;  ///< at least 0, below 1; above 0 for the logarithmic form
  float tau = 1.0F;        ///< in steps, above 0; of the logarithmic form

  /// @throws Error if a setting is out of range
  void check() const;

  /// The step at which a value fires.
  ///
  /// @param steps T, at least 1
  /// @returns the step, or -1 for never
  [[nodiscard]] Index spike_time(float value, Index steps) const;

  /// @param out packed spikes; all its words are written
  /// @param steps which of them, if not all
  /// @throws Error if the views do not belong together or steps or a setting are out of range
  void encode(RealView<const float> images, std::span<const std::uint64_t> sample_ids,
              SpikeView<Word> out, const Steps& steps = {}) const;
};

}  // namespace snnbd::inline SNNBD_ISA::encode

#if !defined(SNNBD_COMPILED)
#include <snnbd/encode/latency.ipp>
#endif
