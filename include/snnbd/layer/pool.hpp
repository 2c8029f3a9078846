#pragma once

#include <string>
#include <type_traits>

#include <snnbd/kernels/elementwise/pool.hpp>
#include <snnbd/layer/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

namespace detail {
template <int Size, int Stride, int Padding, Signal In>
constexpr bool verify_window() {
  constexpr bool sizes = Size > 0 && Stride > 0;
  static_assert(sizes, "snnbd: a pooling window needs a size and a stride of at least 1");
  constexpr bool border = !sizes || (Padding >= 0 && Padding <= Size / 2);
  static_assert(border, "snnbd: a pooling's padding must be from 0 to half of its window");
  constexpr bool fits =
      !border || (In::shape.height + 2 * Padding >= Size && In::shape.width + 2 * Padding >= Size);
  static_assert(fits, "snnbd: a pooling window is larger than its input");
  return sizes && border && fits;
}
}  // namespace detail

/// The largest value of each `Size` x `Size` window; of spikes, a bitwise OR. Output side =
/// floor((side + 2 padding - size) / stride) + 1. What stands in the padding is never chosen, as in
/// PyTorch, where it is minus infinity: `MaxPool<3, 2, 1>` is that of residual networks. Ties give
/// the gradient to the first unit, as in PyTorch, in windows of zeros too.
///
/// A `ZeroPad` before a pooling differs: its zeros are chosen where all else is negative, and take
/// the gradient of windows of zeros.
///
/// @tparam Padding on each side, at most half of the window
template <int Size, int Stride = Size, int Padding = 0>
struct MaxPool {
  static constexpr std::string_view name = "max_pool";
  static std::string notation() { return std::string{"P"}.append(std::to_string(Size)); }
  static constexpr kernels::Window window{Size, Stride, Padding};

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    return detail::verify_window<Size, Stride, Padding, In>();
  }

  template <Signal In, class Scalar>
  struct Bound {
    using Input = In;
    static constexpr Shape pooled = window.pooled(In::shape);
    using Output = Reshaped<In, pooled>;
    static constexpr std::array<Parameter, 0> parameters{};

    struct Memory {
      ViewOf<Output, Scalar> out;
      std::int32_t* winner = nullptr;
      Word* gradient_mask = nullptr;
    };
    static Memory reserve(Arena& arena, const Extent& whole, bool training) {
      Memory memory{take_signal<Output, Scalar>(arena, whole)};
      memory.gradient_mask = take_mask<Output>(arena, whole, training);
      if constexpr (!SpikeSignal<In>)
        memory.winner = arena.take<std::int32_t>(memory.out.size()).data();
      return memory;
    }

    /// Whether the pooling may run as one with the neurons before it.
    static constexpr bool fuses = SpikeSignal<In> && Size == Stride && Padding == 0;

    static ConstViewOf<Output, Scalar> forward(const MaxPool& /*spec*/, const Scalar* /*values*/,
                                               ConstViewOf<In, Scalar> in, Memory& memory,
                                               LayerContext& /*context*/) {
      if constexpr (SpikeSignal<In>) {
        memory.out.amplitude = in.amplitude;
        kernels::max_pool(in, window, memory.out);
        if (mask_output(in, memory)) kernels::max_pool_mask(in, window, memory.out.gradient_mask);
      } else {
        kernels::max_pool(in, window, memory.out.data, memory.winner);
      }
      return memory.out;
    }

    static const Scalar* backward(const MaxPool& /*spec*/, ParameterSpan<Scalar> /*own*/,
                                  const BackwardSignals<In, Scalar>& signals, Memory& memory,
                                  LayerContext& /*context*/) {
      if (signals.input_gradient == nullptr) return nullptr;
      if constexpr (SpikeSignal<In>) {
        kernels::max_pool_backward(signals.in, window, signals.output_gradient,
                                   signals.input_gradient);
      } else {
        kernels::max_pool_backward(In::shape, signals.in.extent.frames(), window,
                                   static_cast<const std::int32_t*>(memory.winner),
                                   signals.output_gradient, signals.input_gradient);
      }
      return signals.input_gradient;
    }
  };
};

/// The mean of each `Size` x `Size` window. Of spikes it gives real values: shares of the
/// amplitude.
template <int Size, int Stride = Size>
struct AvgPool {
  static constexpr std::string_view name = "avg_pool";
  static std::string notation() { return std::string{"AP"}.append(std::to_string(Size)); }
  static constexpr kernels::Window window{Size, Stride};

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    return detail::verify_window<Size, Stride, 0, In>();
  }

  template <Signal In, class Scalar>
  struct Bound {
    using Input = In;
    static constexpr Shape pooled = window.pooled(In::shape);
    using Output = RealLike<In, pooled>;
    static constexpr std::array<Parameter, 0> parameters{};

    struct Memory {
      RealView<Scalar> out;
    };
    static Memory reserve(Arena& arena, const Extent& whole, bool /*training*/) {
      return {take_signal<Output, Scalar>(arena, whole)};
    }

    static ConstViewOf<Output, Scalar> forward(const AvgPool& /*spec*/, const Scalar* /*values*/,
                                               ConstViewOf<In, Scalar> in, Memory& memory,
                                               LayerContext& /*context*/) {
      kernels::average_pool(in, window, memory.out.data);
      return memory.out;
    }

    static const Scalar* backward(const AvgPool& /*spec*/, ParameterSpan<Scalar> /*own*/,
                                  const BackwardSignals<In, Scalar>& signals, Memory& /*memory*/,
                                  LayerContext& /*context*/) {
      if (signals.input_gradient != nullptr)
        kernels::average_pool_backward(In::shape, signals.in.extent.frames(), window,
                                       signals.output_gradient, signals.input_gradient);
      return signals.input_gradient;
    }
  };
};

/// The mean of all pixels. Spikes of a single pixel pass through as they are.
struct GlobalAvgPool {
  static constexpr std::string_view name = "global_avg_pool";
  static std::string notation() { return "GAP"; }

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    return true;
  }

  template <Signal In, class Scalar>
  struct Bound {
    using Input = In;
    static constexpr Shape pooled{1, 1, In::shape.channels};
    static constexpr bool passes = In::shape.pixels() == 1;
    using Output = std::conditional_t<passes, In, RealLike<In, pooled>>;
    static constexpr std::array<Parameter, 0> parameters{};

    struct Memory {
      ViewOf<Output, Scalar> out;
    };
    static Memory reserve(Arena& arena, const Extent& whole, bool /*training*/) {
      if constexpr (passes) return {};
      return {take_signal<Output, Scalar>(arena, whole)};
    }

    static ConstViewOf<Output, Scalar> forward(const GlobalAvgPool& /*spec*/,
                                               const Scalar* /*values*/, ConstViewOf<In, Scalar> in,
                                               Memory& memory, LayerContext& /*context*/) {
      if constexpr (passes) {
        return in;
      } else {
        kernels::global_average_pool(in, memory.out.data);
        return memory.out;
      }
    }

    static const Scalar* backward(const GlobalAvgPool& /*spec*/, ParameterSpan<Scalar> /*own*/,
                                  const BackwardSignals<In, Scalar>& signals, Memory& /*memory*/,
                                  LayerContext& /*context*/) {
      if constexpr (passes) return signals.output_gradient;
      if (signals.input_gradient != nullptr)
        kernels::global_average_pool_backward(In::shape, signals.in.extent.frames(),
                                              signals.output_gradient, signals.input_gradient);
      return signals.input_gradient;
    }
  };
};

}  // namespace snnbd::inline SNNBD_ISA::layer
