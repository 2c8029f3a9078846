#pragma once

#include <string>

#include <snnbd/kernels/linear/count_forward.hpp>
#include <snnbd/kernels/linear/count_gradient.hpp>
#include <snnbd/kernels/linear/dense_conv.hpp>
#include <snnbd/kernels/linear/forward.hpp>
#include <snnbd/kernels/linear/masked_input_gradient.hpp>
#include <snnbd/kernels/linear/weight_gradient.hpp>
#include <snnbd/kernels/neuron/fused_scan.hpp>
#include <snnbd/layer/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// Settings of a convolution that are part of its type.
struct ConvOptions {
  int stride = 1;
  int padding = -1;   ///< zeros on each side; -1 stands for kernel / 2, "same" for odd kernels
  bool bias = false;  ///< off, as the paper's conversion demands (Sec. 2.2.2)
};

/// A two-dimensional convolution (cross-correlation) with `Channels` outputs and a square kernel.
///
/// Output side = floor((side + 2 padding - kernel) / stride) + 1, as in PyTorch. Bound to `Static`
/// it runs once, to `Spikes` it adds weight rows and never multiplies.
template <int Channels, int Kernel, ConvOptions Options = ConvOptions{}>
struct Conv {
  static constexpr std::string_view name = "conv";
  static constexpr int padding = Options.padding < 0 ? Kernel / 2 : Options.padding;

  /// `32C3`: the field's short form.
  static std::string notation() { return std::to_string(Channels) + 'C' + std::to_string(Kernel); }

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    constexpr bool sizes = Channels > 0 && Kernel > 0 && Options.stride > 0;
    static_assert(sizes, "snnbd: a convolution needs at least one channel, kernel and stride 1");
    constexpr bool border = !sizes || padding < Kernel;
    static_assert(border, "snnbd: a convolution's padding must be smaller than its kernel");
    constexpr bool fits =
        In::shape.height + 2 * padding >= Kernel && In::shape.width + 2 * padding >= Kernel;
    static_assert(fits, "snnbd: a convolution's kernel is larger than its padded input");
    return sizes && border && fits;
  }

  template <Signal In, class Scalar>
  struct Bound {
    using Input = In;
    static constexpr kernels::ConvGeometry geometry{
        In::shape,
        Shape{(In::shape.height + 2 * padding - Kernel) / Options.stride + 1,
              (In::shape.width + 2 * padding - Kernel) / Options.stride + 1, Channels},
        Kernel,
        Kernel,
        Options.stride,
        padding};
    static constexpr Shape out = geometry.out;
    using Output = RealLike<In, out>;
    static constexpr Parameter weight{
        "weight", ParameterKind::conv_weight, {Kernel, Kernel, In::shape.channels, Channels}};
    static constexpr Parameter bias{"bias", ParameterKind::bias, {1, 1, 1, Channels}};
    static constexpr auto parameters = with_bias<Options.bias>(weight, bias);
    static constexpr bool in_place = true;

    struct Memory {
      RealView<Scalar> out;
    };
    static Memory reserve(Arena& arena, const Extent& whole, bool /*training*/) {
      return {take_signal<Output, Scalar>(arena, whole)};
    }

    /// Gives the currents tile by tile to `sink`, for a neuron that takes them from cache.
    template <class Sink>
    static void produce(const Scalar* values, ConstViewOf<In, Scalar> in, LayerContext& context,
                        const Sink& sink) {
      const Scalar* const offset = Options.bias ? values + weight.size() : nullptr;
      kernels::convolve<Scalar>(kernels::linear_input<In>(in), geometry,
                                {values, offset, geometry.weight_rows(), Index{Channels}},
                                context.scratch, sink);
    }

    static ConstViewOf<Output, Scalar> forward(const Conv& /*spec*/, const Scalar* values,
                                               ConstViewOf<In, Scalar> in, Memory& memory,
                                               LayerContext& context) {
      produce(values, in, context, kernels::TileWriter<Scalar>{memory.out});
      return memory.out;
    }

    /// Where the gradient of the output is to be written: on a plane whose border is zero.
    static GradientPlane<Scalar> open_gradient(const Extent& whole, LayerContext& context) {
      const Extent extent = extent_of<In>(whole);
      const auto plane = context.scratch.template get<GradientPlane<Scalar>, Scalar>(
          extent.frames() * geometry.plane().size());
      return {plane, kernels::open_plane(plane, geometry, extent.steps)};
    }

    /// Adds the gradient of the parameters and gives that of the input.
    static const Scalar* close_gradient(ParameterSpan<Scalar> own,
                                        const BackwardSignals<In, Scalar>& signals,
                                        const GradientPlane<Scalar>& plane, LayerContext& context) {
      const Scalar* const slopes = plane.memory.data();
      kernels::conv_weight_gradient<Scalar>(kernels::linear_input<In>(signals.in), geometry, slopes,
                                            context.scratch, own.gradient);
      if constexpr (Options.bias)
        kernels::sum_columns(slopes, signals.in.extent.frames() * geometry.plane().pixels(),
                             Index{Channels}, own.gradient + weight.size());
      if (signals.input_gradient != nullptr)
        kernels::conv_input_gradient(slopes, own.values, geometry, gradient_mask(signals.in),
                                     context.scratch, signals.input_gradient);
      return signals.input_gradient;
    }

    static const Scalar* backward(const Conv& /*spec*/, ParameterSpan<Scalar> own,
                                  const BackwardSignals<In, Scalar>& signals, Memory& memory,
                                  LayerContext& context) {
      const GradientPlane<Scalar> plane = open_gradient(memory.out.extent, context);
      kernels::copy_field(kernels::field_of(signals.output_gradient, geometry.out,
                                            memory.out.extent.steps, Index{Channels}),
                          memory.out.extent, geometry.out, plane.target);
      return close_gradient(own, signals, plane, context);
    }
  };
};

}  // namespace snnbd::inline SNNBD_ISA::layer
