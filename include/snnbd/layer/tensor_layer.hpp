#pragma once

#include <array>
#include <string_view>
#include <type_traits>

#include <snnbd/core/policy.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/layer/concepts.hpp>
#include <snnbd/layer/neuron_site.hpp>
#include <snnbd/tensor/signal.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

namespace detail {

/// The shape that a layer of one's own gives for images of shape `In`: the same unless it says.
template <class Own, Shape In>
constexpr Shape own_output() {
  if constexpr (requires { Own::output(In); }) {
    return Own::output(In);
  } else {
    return In;
  }
}

template <class Own, Shape In>
constexpr auto own_parameters() {
  if constexpr (requires { Own::parameters(In); }) {
    return Own::parameters(In);
  } else {
    return std::array<Parameter, 0>{};
  }
}

template <class Own, class Scalar>
concept ForwardOnTensors = requires(const Own& own, const ConstTensorView<Scalar, 5>& in,
                                    TensorView<Scalar, 5>& out) {
  own.forward(in, out);
};

template <class Own, class Scalar>
concept BackwardOnTensors = requires(const Own& own, const ConstTensorView<Scalar, 5>& in,
                                     TensorView<Scalar, 5>& out) {
  own.backward(in, in, out);
};

template <class Own, class Scalar>
concept ForwardWithParameters = requires(const Own& own, const ConstTensorView<Scalar, 5>& in,
                                         const ConstTensorView<Scalar, 1>& parameters,
                                         TensorView<Scalar, 5>& out) {
  own.forward(in, parameters, out);
};

template <class Own, class Scalar>
concept BackwardWithParameters = requires(const Own& own, const ConstTensorView<Scalar, 5>& in,
                                          const ConstTensorView<Scalar, 1>& parameters,
                                          TensorView<Scalar, 5>& out,
                                          TensorView<Scalar, 1>& gradient) {
  own.backward(in, parameters, in, out, gradient);
};

}  // namespace detail

/// A layer of one's own, written on Eigen tensors [sample, step, height, width, channel]:
///
/// ```cpp
/// struct Own {
///   static constexpr std::string_view name = "own";
///   void forward(const auto& in, auto& out) const;
///   void backward(const auto& in, const auto& output_gradient, auto& input_gradient) const;
/// };
/// using Net = Network<Shape{8, 8, 1}, layer::Conv<4, 3>, layer::TensorLayer<Own>, ...>;
/// net.layer<1>().own.member = 0.5F;
/// ```
///
/// `out` and `input_gradient` are to be overwritten and never share memory with the others. Spikes
/// come as their amplitudes; a signal that is the same at each step has one step. Optional members:
///
/// - `static constexpr Shape output(Shape in)`, if it gives another shape;
/// - `static constexpr std::array<layer::Parameter, N> parameters(Shape in)`: then the two
/// functions
///   are `forward(in, parameters, out)` and `backward(in, parameters, output_gradient,
///   input_gradient, parameter_gradient)`, with all parameters in one tensor of rank 1, and
///   `parameter_gradient` is added to;
/// - `static constexpr bool each_step_alone = true`, if what it gives at a step depends on that
///   step only: then a sequence may be run in windows, else it runs whole;
/// - `void check() const`, which throws `Error` for settings out of range.
///
/// It costs what Eigen's expressions cost, and spikes are unpacked in front of it: for a fast layer
/// write `Bound` itself, see docs/concepts/layer.md.
template <class Own>
struct TensorLayer {
  static constexpr std::string_view name = Own::name;
  Own own{};

  void check() const { check_policy(own); }

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    constexpr Shape out = detail::own_output<Own, In::shape>();
    constexpr bool sized = out.height > 0 && out.width > 0 && out.channels > 0;
    static_assert(sized, "snnbd: a TensorLayer gives at least one row, column and channel");
    constexpr bool learns = detail::own_parameters<Own, In::shape>().size() > 0;
    constexpr bool complete =
        learns ? detail::ForwardWithParameters<Own, float> &&
                     detail::BackwardWithParameters<Own, float>
               : detail::ForwardOnTensors<Own, float> && detail::BackwardOnTensors<Own, float>;
    static_assert(complete,
                  "snnbd: a TensorLayer needs forward(in, out) and backward(in, output_gradient, "
                  "input_gradient), or with parameters(Shape) these after `in` and their gradient "
                  "at the end");
    return sized && complete;
  }

  template <Signal In, class Scalar>
  struct Bound : HoldsNoNeurons {
    using Input = In;
    static constexpr Shape shape = detail::own_output<Own, In::shape>();
    using Output = RealLike<In, shape>;
    static constexpr Shape input_shape = In::shape;
    using Unpacked = RealLike<In, input_shape>;
    static constexpr auto parameters = detail::own_parameters<Own, In::shape>();
    static constexpr bool learns = parameters.size() > 0;
    static constexpr bool needs_whole_sequence = !requires { requires Own::each_step_alone; };

    struct Memory {
      RealView<Scalar> out;
      RealView<Scalar> unpacked;  ///< the input, if it is spikes
      RealView<Scalar> unasked;   ///< an input's gradient that nobody needs
    };
    static Memory reserve(Arena& arena, const Extent& whole, bool /*training*/) {
      Memory memory{take_signal<Output, Scalar>(arena, whole), {}, {}};
      if constexpr (SpikeSignal<In>) memory.unpacked = take_signal<Unpacked, Scalar>(arena, whole);
      return memory;
    }
    static void reserve_gradients(Arena& arena, const Extent& whole, Memory& memory) {
      if constexpr (learns) memory.unasked = take_signal<Unpacked, Scalar>(arena, whole);
    }

    static ConstViewOf<Output, Scalar> forward(const TensorLayer& spec, const Scalar* values,
                                               ConstViewOf<In, Scalar> in, Memory& memory,
                                               LayerContext& /*context*/) {
      if constexpr (SpikeSignal<In>)
        kernels::unpack<Scalar>(in, 0, in.extent.samples, memory.unpacked.data);
      auto out = tensor::view(memory.out);
      if constexpr (learns) {
        spec.own.forward(input(in, memory), parameters_of(values), out);
      } else {
        spec.own.forward(input(in, memory), out);
      }
      return memory.out;
    }

    static const Scalar* backward(const TensorLayer& spec, ParameterSpan<Scalar> own,
                                  const BackwardSignals<In, Scalar>& signals, Memory& memory,
                                  LayerContext& /*context*/) {
      Scalar* target = signals.input_gradient;
      if (target == nullptr && !learns) return nullptr;
      if (target == nullptr) target = memory.unasked.data;
      const auto slopes =
          tensor::view(RealView<const Scalar>{signals.output_gradient, memory.out.extent, shape});
      auto below = tensor::view(RealView<Scalar>{target, signals.in.extent, In::shape});
      if constexpr (learns) {
        TensorView<Scalar, 1> gradient{own.gradient, tensor::sizes(parameter_total(parameters))};
        spec.own.backward(input(signals.in, memory), parameters_of(own.values), slopes, below,
                          gradient);
      } else {
        spec.own.backward(input(signals.in, memory), slopes, below);
      }
      return signals.input_gradient;
    }

   private:
    static ConstTensorView<Scalar, 5> input(const ConstViewOf<In, Scalar>& in,
                                            const Memory& memory) {
      if constexpr (SpikeSignal<In>) {
        return tensor::view(static_cast<RealView<const Scalar>>(memory.unpacked));
      } else {
        return tensor::view(in);
      }
    }

    static ConstTensorView<Scalar, 1> parameters_of(const Scalar* values) {
      return {values, tensor::sizes(parameter_total(parameters))};
    }
  };
};

}  // namespace snnbd::inline SNNBD_ISA::layer
