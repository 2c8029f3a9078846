#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <string_view>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/signal.hpp>

/// A user names a spec, `layer::Conv<64, 3>`; the network binds it to the signal that reaches it,
/// `Spec::Bound<In, Scalar>`, so that a size is written once.
namespace snnbd::inline SNNBD_ISA::layer {

/// What a parameter tensor is: how it starts and in which order other tools keep it.
enum class ParameterKind {
  conv_weight,   ///< [kernel_y, kernel_x, in, out]; elsewhere [out, in, kernel_y, kernel_x]
  dense_weight,  ///< [y, x, channel, out]; elsewhere [out, channel, y, x]
  bias,          ///< [out]
  norm,          ///< [channel]
  neuron,        ///< of a layer's neurons, all alike
  statistic,     ///< [channel]; not trained: its gradient is the change that it wants
};

/// One parameter tensor of a bound layer. Dimensions are in the library's memory order.
struct Parameter {
  std::string_view name;
  ParameterKind kind = ParameterKind::bias;
  std::array<int, 4> dims{1, 1, 1, 1};
  float initial = 0.0F;  ///< what it starts at if no rule of its kind says otherwise
  int place = 0;  ///< of its layer, counted from the layer that lists it, if that holds layers

  [[nodiscard]] constexpr Index size() const {
    Index product = 1;
    for (const int dim : dims) product *= dim;
    return product;
  }
  /// The inputs that one output sums over.
  [[nodiscard]] constexpr Index fan_in() const {
    return static_cast<Index>(dims[0]) * dims[1] * dims[2];
  }
};

/// The number of parameters in a list of tensors.
template <class List>
constexpr Index parameter_total(const List& list) {
  Index total = 0;
  for (const Parameter& parameter : list) total += parameter.size();
  return total;
}

/// The parameters of a layer that may have a bias.
template <bool HasBias>
constexpr auto with_bias(const Parameter& weight, const Parameter& bias) {
  if constexpr (HasBias) {
    return std::array{weight, bias};
  } else {
    return std::array{weight};
  }
}

/// The steps of a sequence that a pass runs: all of them, or a part of a sequence that is run part
/// by part, without training.
struct TimeWindow {
  Index first_step = 0;  ///< above 0: goes on from the state that the window before it left
  bool last = true;      ///< else its state is kept for the window that follows
};

/// How a pass is run.
struct PassOptions {
  bool training = false;   ///< keep what the backward pass needs, drop out units
  std::uint64_t seed = 0;  ///< of the dropout masks
  std::uint64_t draw = 0;  ///< number of the training step: each one draws new masks
  double share = 1.0;      ///< of the batch that this pass is, if it is split
  TimeWindow window{};
};

/// What a layer works with besides its parameters and signals.
struct LayerContext {
  Scratch& scratch;
  PassOptions options{};
  std::uint16_t index = 0;  ///< of the layer in its network, those within layers counted too
  std::uint16_t first = 0;  ///< of the list at work, as `index`

  /// Layer number `number` of the list at work is next.
  void place(int number) { index = static_cast<std::uint16_t>(first + number); }
};

/// The extent of a signal in a pass of `whole`: a static one has a single step.
template <Signal S>
constexpr Extent extent_of(const Extent& whole) {
  return {whole.samples, timed<S> ? whole.steps : 1};
}

/// Memory for a signal.
template <Signal S, class Scalar>
ViewOf<S, Scalar> take_signal(Arena& arena, const Extent& whole) {
  ViewOf<S, Scalar> view;
  view.extent = extent_of<S>(whole);
  view.shape = S::shape;
  if constexpr (SpikeSignal<S>) {
    view.words = arena.take<Word>(view.size()).data();
  } else {
    view.data = arena.take<Scalar>(view.size() + spare_values).data();
  }
  return view;
}

/// Memory for the mask of a signal's masked units while training; null if it has none.
template <Signal S>
Word* take_mask(Arena& arena, const Extent& whole, bool training) {
  if (!MaskedSignal<S> || !training) return nullptr;
  const Index words = S::shape.pixels() * words_per_pixel(S::shape.channels);
  return arena.take<Word>(extent_of<S>(whole).frames() * words).data();
}

/// Marks a layer's output if its input is marked.
///
/// @returns whether it is: then the marks are to be written
template <class Memory>
bool mask_output(const SpikeView<const Word>& in, Memory& memory) {
  memory.out.gradient_mask = in.gradient_mask == nullptr ? nullptr : memory.gradient_mask;
  return memory.out.gradient_mask != nullptr;
}

/// A layer's settings: a name for reports, and the quantities that do not change its type; if some
/// values of them are out of range, `check()` throws `Error` for those.
template <class Type>
concept LayerSpec = std::default_initializable<Type> && requires {
  requires std::convertible_to<decltype(Type::name), std::string_view>;
};

/// What binding a spec to an input signal must give. All functions are static: a layer has no state
/// but its parameters, which the network owns, and `Memory`, which the pass owns.
///
/// - `Output`, the signal it gives, and `parameters`, an array of `Parameter`;
/// - `reserve(arena, extent, training) -> Memory`: what lives from forward to backward;
/// - `reserve_gradients(arena, extent, memory)`, if it wants more than `Scratch` for the way back:
///    memory that the other layers of its list use too;
/// - `reserve_state(arena, samples, memory)`, if what it gives at a step depends on earlier ones:
///    what lives from one window of steps to the next;
/// - `forward(spec, parameters, in, memory, work) -> view of the output`;
/// - `backward(spec, parameters, gradient, in, output gradient, input gradient, memory, work)
///    -> the input's gradient`: adds to `gradient`; gradients are those of a signal's real values;
///    the input gradient's buffer is null if nobody needs it.
template <class Type>
concept BoundLayer = requires {
  typename Type::Input;
  typename Type::Output;
  typename Type::Memory;
  { parameter_total(Type::parameters) } -> std::convertible_to<Index>;
};

}  // namespace snnbd::inline SNNBD_ISA::layer
