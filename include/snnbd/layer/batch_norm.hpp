#pragma once

#include <array>
#include <numbers>
#include <string>
#include <string_view>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/kernels/elementwise/normalize.hpp>
#include <snnbd/layer/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// Settings of a batch norm that are part of its type.
struct BatchNormOptions {
  bool threshold_dependent = false;  ///< tdBN: normalizes to alpha * theta in place of 1
  bool summed = false;  ///< its result is added to another's: alpha starts at 1/sqrt(2), not 1
};

/// Normalizes each channel over the batch, its steps and pixels (Ioffe and Szegedy 2015), with
/// PyTorch's semantics: y = weight * (x - mean) / sqrt(variance + epsilon) + bias.
///
/// In training, mean and variance are the batch's, and the running ones follow by
/// `momentum * (batch - running)` at the optimizer's step, the variance then without bias. In
/// evaluation, and if they are frozen, the running ones are used. If a batch is split into
/// micro-batches to fit the memory, each is normalized by its own moments, and the running ones
/// follow their mean.
///
/// A static signal counts as the same at each step: n in n / (n - 1) is samples * steps * pixels.
///
/// `threshold_dependent` is tdBN (Zheng et al. 2021): y = weight * alpha * theta * xhat +
/// bias, where theta is the threshold of the neurons behind it and alpha is 1, or 1/sqrt(2) if two
/// of them are summed.
///
/// Parameters: `weight` and `bias`, trained, from 1 and 0; `running_mean` and `running_var`, which
/// no gradient moves, from 0 and 1.
template <BatchNormOptions Options = BatchNormOptions{}>
struct BatchNorm {
  static constexpr std::string_view name =
      Options.threshold_dependent ? "threshold_dependent_batch_norm" : "batch_norm";
  double momentum = 0.1;  ///< share of a new batch in the running moments
  double epsilon = 1e-5;  ///< added to the variance
  float alpha = Options.summed ? 1.0F / std::numbers::sqrt2_v<float> : 1.0F;  ///< of tdBN
  float theta = 1.0F;                                                         ///< of tdBN

  void check() const {
    require_share("batch norm momentum", momentum);
    require_positive("batch norm epsilon", epsilon);
    require_positive("batch norm alpha", alpha);
    require_positive("batch norm theta", theta);
  }

  /// What the normalized values are multiplied by before `weight`.
  [[nodiscard]] double scale() const {
    return Options.threshold_dependent ? static_cast<double>(alpha) * static_cast<double>(theta)
                                       : 1.0;
  }

  static std::string notation() { return Options.threshold_dependent ? "tdBN" : "BN"; }

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    static_assert(!SpikeSignal<In>,
                  "snnbd: a BatchNorm takes real values; put it before the neurons, not behind "
                  "them");
    return !SpikeSignal<In>;
  }

  template <Signal In, class Scalar>
  struct Bound {
    using Input = In;
    using Output = In;
    static constexpr int channels = In::shape.channels;
    static constexpr std::array parameters{
        Parameter{"weight", ParameterKind::norm, {1, 1, 1, channels}, 1.0F},
        Parameter{"bias", ParameterKind::norm, {1, 1, 1, channels}},
        Parameter{"running_mean", ParameterKind::statistic, {1, 1, 1, channels}},
        Parameter{"running_var", ParameterKind::statistic, {1, 1, 1, channels}, 1.0F}};

    /// What it knows of its input, apart from the values.
    struct Measured {
      kernels::Moments<Scalar> batch{};
      Scalar* factor = nullptr;
      Index steps = 1;  ///< of the sequence, also if the signal is static
    };
    struct Memory {
      RealView<Scalar> out;
      Measured measured;
    };
    static Memory reserve(Arena& arena, const Extent& whole, bool training) {
      Memory memory{take_signal<Output, Scalar>(arena, whole), {}};
      memory.measured = reserve_measured(arena, whole, training);
      return memory;
    }
    static Measured reserve_measured(Arena& arena, const Extent& whole, bool training) {
      const auto take = [&] { return arena.take<Scalar>(channels + spare_values).data(); };
      Measured measured;
      measured.steps = whole.steps;
      measured.factor = take();
      if (training) measured.batch = {take(), take()};
      return measured;
    }

    /// Takes the moments of a batch, if it is trained on.
    static void measure(ConstViewOf<In, Scalar> in, Measured& measured, LayerContext& context) {
      if (!context.options.varies()) return;
      if (population(in, measured) < 2)
        reject("batch norm in training", "more than one value for each channel", "one");
      kernels::channel_moments(in.data, rows(in), context.scratch, measured.batch);
    }

    /// What is done to each channel.
    static kernels::ChannelMap<Scalar> map(const BatchNorm& spec, const Scalar* values,
                                           const Measured& measured, const LayerContext& context) {
      return kernels::channel_map(normalization(spec, values, measured, context), Index{channels},
                                  measured.factor);
    }

    /// Carries a gradient back to where `input_gradient` says, which may be in place.
    static void carry_back(const BatchNorm& spec, ParameterSpan<Scalar> own,
                           ConstViewOf<In, Scalar> in,
                           const kernels::Field<const Scalar>& output_gradient,
                           const kernels::Field<Scalar>& input_gradient, Measured& measured,
                           LayerContext& context) {
      kernels::normalize_backward<Scalar>(in, output_gradient,
                                          normalization(spec, own.values, measured, context),
                                          context.options.varies(), context.scratch, own.gradient,
                                          own.gradient + channels, input_gradient);
      if (context.options.varies())
        kernels::follow_moments<Scalar>(
            {measured.batch.mean, measured.batch.variance}, running(own.values), Index{channels},
            population(in, measured), spec.momentum * context.options.share,
            {own.gradient + Index{2} * channels, own.gradient + Index{3} * channels});
    }

    static ConstViewOf<Output, Scalar> forward(const BatchNorm& spec, const Scalar* values,
                                               ConstViewOf<In, Scalar> in, Memory& memory,
                                               LayerContext& context) {
      measure(in, memory.measured, context);
      kernels::normalize(in.data, rows(in), map(spec, values, memory.measured, context),
                         memory.out.data);
      return memory.out;
    }

    static const Scalar* backward(const BatchNorm& spec, ParameterSpan<Scalar> own,
                                  const BackwardSignals<In, Scalar>& signals, Memory& memory,
                                  LayerContext& context) {
      const auto field = [&](auto* data) {
        return kernels::field_of(data, In::shape, signals.in.extent.steps, Index{channels});
      };
      carry_back(spec, own, signals.in, field(signals.output_gradient),
                 field(signals.input_gradient), memory.measured, context);
      return signals.input_gradient;
    }

   private:
    static kernels::Rows rows(const ConstViewOf<In, Scalar>& in) {
      return {in.extent.frames() * In::shape.pixels(), Index{channels}};
    }
    static Index population(const ConstViewOf<In, Scalar>& in, const Measured& measured) {
      return in.extent.samples * measured.steps * In::shape.pixels();
    }
    static kernels::Moments<const Scalar> running(const Scalar* values) {
      return {values + Index{2} * channels, values + Index{3} * channels};
    }
    static kernels::Normalization<Scalar> normalization(const BatchNorm& spec, const Scalar* values,
                                                        const Measured& measured,
                                                        const LayerContext& context) {
      kernels::Normalization<Scalar> by{running(values), values, values + channels, spec.epsilon};
      if (context.options.varies()) by.moments = {measured.batch.mean, measured.batch.variance};
      by.scale = spec.scale();
      return by;
    }
  };
};

}  // namespace snnbd::inline SNNBD_ISA::layer
