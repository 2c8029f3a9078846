#pragma once

#include <string>

#include <snnbd/kernels/linear/count_forward.hpp>
#include <snnbd/kernels/linear/count_gradient.hpp>
#include <snnbd/kernels/linear/forward.hpp>
#include <snnbd/kernels/linear/masked_input_gradient.hpp>
#include <snnbd/kernels/linear/weight_gradient.hpp>
#include <snnbd/kernels/neuron/fused_scan.hpp>
#include <snnbd/layer/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// Settings of a dense layer that are part of its type.
struct DenseOptions {
  bool bias = false;  ///< off, as the paper's conversion demands (Sec. 2.2.2)
};

/// A fully connected layer with `Units` outputs. Takes an input of any shape.
template <int Units, DenseOptions Options = DenseOptions{}>
struct Dense {
  static constexpr std::string_view name = "dense";

  /// `256`: the field's short form.
  static std::string notation() { return std::to_string(Units); }

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    static_assert(Units > 0, "snnbd: a dense layer needs at least one unit");
    return Units > 0;
  }

  template <Signal In, class Scalar>
  struct Bound {
    using Input = In;
    static constexpr Shape out{1, 1, Units};
    using Output = RealLike<In, out>;
    static constexpr Index inputs = In::shape.size();
    static constexpr Parameter weight{
        "weight",
        ParameterKind::dense_weight,
        {In::shape.height, In::shape.width, In::shape.channels, Units}};
    static constexpr Parameter bias{"bias", ParameterKind::bias, {1, 1, 1, Units}};
    static constexpr auto parameters = with_bias<Options.bias>(weight, bias);

    struct Memory {
      RealView<Scalar> out;
    };
    static Memory reserve(Arena& arena, const Extent& whole, bool /*training*/) {
      return {take_signal<Output, Scalar>(arena, whole)};
    }

    template <class Sink>
    static void produce(const Scalar* values, ConstViewOf<In, Scalar> in, LayerContext& context,
                        const Sink& sink) {
      const Scalar* const offset = Options.bias ? values + weight.size() : nullptr;
      kernels::connect<Scalar>(kernels::linear_input<In>(in),
                               {values, offset, inputs, Index{Units}}, context.scratch, sink);
    }

    static ConstViewOf<Output, Scalar> forward(const Dense& /*spec*/, const Scalar* values,
                                               ConstViewOf<In, Scalar> in, Memory& memory,
                                               LayerContext& context) {
      produce(values, in, context, kernels::TileWriter<Scalar>{memory.out});
      return memory.out;
    }

    static GradientPlane<Scalar> open_gradient(const Extent& whole, LayerContext& context) {
      const Extent extent = extent_of<In>(whole);
      const auto plane =
          context.scratch.template get<GradientPlane<Scalar>, Scalar>(extent.frames() * Units);
      return {plane, kernels::field_of(plane.data(), out, extent.steps, Index{Units})};
    }

    static const Scalar* close_gradient(ParameterSpan<Scalar> own,
                                        const BackwardSignals<In, Scalar>& signals,
                                        const GradientPlane<Scalar>& plane, LayerContext& context) {
      return finish(own, signals, plane.memory.data(), context);
    }

    static const Scalar* backward(const Dense& /*spec*/, ParameterSpan<Scalar> own,
                                  const BackwardSignals<In, Scalar>& signals, Memory& /*memory*/,
                                  LayerContext& context) {
      return finish(own, signals, signals.output_gradient, context);
    }

   private:
    /// @param slopes the gradient of the output, [frame, unit]
    static const Scalar* finish(ParameterSpan<Scalar> own,
                                const BackwardSignals<In, Scalar>& signals, const Scalar* slopes,
                                LayerContext& context) {
      kernels::connect_weight_gradient<Scalar>(kernels::linear_input<In>(signals.in), slopes,
                                               Index{Units}, context.scratch, own.gradient);
      if constexpr (Options.bias)
        kernels::sum_columns(slopes, signals.in.extent.frames(), Index{Units},
                             own.gradient + weight.size());
      if (signals.input_gradient != nullptr)
        kernels::connect_input_gradient(slopes, own.values, gradient_mask(signals.in), Index{Units},
                                        signals.input_gradient);
      return signals.input_gradient;
    }
  };
};

}  // namespace snnbd::inline SNNBD_ISA::layer
