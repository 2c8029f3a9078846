#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <string_view>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/layer/backward.hpp>

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
  /// In training: batch norms go by their running moments and nothing is dropped out, as in
  /// evaluation. For gradients of the network as it is used.
  bool frozen = false;

  /// Whether batch norms measure the batch and units are dropped out.
  [[nodiscard]] bool varies() const { return training && !frozen; }
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

namespace detail {

struct AnyTarget;   ///< stands for whatever takes tiles of currents
struct AnyCurrent;  ///< for whatever currents are made from
struct AnySource;   ///< for wherever the gradient of spikes comes from
struct AnyVisit;    ///< for whoever walks through neurons

template <class Type>
concept HasSignals = requires {
  requires Signal<typename Type::Input>;
  requires Signal<typename Type::Output>;
  requires std::default_initializable<typename Type::Memory>;
};

}  // namespace detail

/// What binding a spec to an input signal must give. All functions are static: a layer has no state
/// but its parameters, which the network owns, and `Memory`, which the pass owns.
///
/// - `Output`, the signal it gives, and `parameters`, an array of `Parameter`;
/// - `reserve(arena, extent, training) -> Memory`: what lives from forward to backward;
/// - `forward(spec, parameters, in, memory, context) -> view of the output`;
/// - `backward(spec, parameters, signals, memory, context) -> the input's gradient`: adds to the
///    gradient of the parameters, a `ParameterSpan`; `signals` is a `BackwardSignals`;
/// - `reserve_gradients(arena, extent, memory)`, if it wants more than `Scratch` for the way back:
///    memory that the other layers of its list use too;
/// - `reserve_state(arena, samples, memory)`, if what it gives at a step depends on earlier ones:
///    what lives from one window of steps to the next.
///
/// @tparam Spec what was bound
template <class Type, class Spec, class Scalar>
concept BoundLayer = detail::HasSignals<Type> &&
    requires(const Spec& spec, const Scalar* values, ParameterSpan<Scalar> parameters,
             ConstViewOf<typename Type::Input, Scalar> in,
             const BackwardSignals<typename Type::Input, Scalar>& signals,
             typename Type::Memory& memory, Arena& arena, const Extent& extent,
             LayerContext& context) {
  { parameter_total(Type::parameters) } -> std::convertible_to<Index>;
  { Type::reserve(arena, extent, true) } -> std::same_as<typename Type::Memory>;
  {
    Type::forward(spec, values, in, memory, context)
    } -> std::convertible_to<ConstViewOf<typename Type::Output, Scalar>>;
  { Type::backward(spec, parameters, signals, memory, context) } -> std::same_as<const Scalar*>;
};

/// A bound layer whose result is currents that it makes tile by tile, so that what stands behind it
/// can take them from cache: a convolution or dense layer.
///
/// - `produce(parameters, in, context, target)`: gives each tile to `target`;
/// - `open_gradient(extent, context) -> GradientPlane`: where it wants their gradient;
/// - `close_gradient(parameters, signals, plane, context) -> the input's gradient`: goes on from
///    there; reads no `signals.output_gradient`.
template <class Type, class Scalar>
concept CurrentProducer = detail::HasSignals<Type> &&
    requires(const Scalar* values, ParameterSpan<Scalar> parameters,
             ConstViewOf<typename Type::Input, Scalar> in,
             const BackwardSignals<typename Type::Input, Scalar>& signals,
             const GradientPlane<Scalar>& plane, const Extent& extent, LayerContext& context,
             const detail::AnyTarget& target) {
  Type::produce(values, in, context, target);
  { Type::open_gradient(extent, context) } -> std::same_as<GradientPlane<Scalar>>;
  { Type::close_gradient(parameters, signals, plane, context) } -> std::same_as<const Scalar*>;
};

/// A bound layer of neurons, which takes currents however they come.
///
/// - `cell(spec, parameters)`: what a scan runs, a `neuron::Cell`;
/// - `sink(spec, parameters, memory, context)`: what takes tiles of them;
/// - `scan(spec, parameters, current, memory, context)`: takes an input current, such as
///    `kernels::NormedCurrent`;
/// - `reserve_keeping`, as `reserve`, if they cannot be made again on the way back;
/// - `scan_back(spec, parameters, source, target, memory)`: carries the gradient of the spikes back
///    by what was kept, and writes that of the currents where `target` says;
/// - `scan_again(spec, parameters, source, current, target, memory)`: the same by the currents;
/// - `stored(output_gradient, memory)`: a gradient in memory, as a source.
template <class Type, class Spec, class Scalar>
concept CurrentConsumer = detail::HasSignals<Type> &&
    requires(const Spec& spec, const Scalar* values, ParameterSpan<Scalar> parameters,
             typename Type::Memory& memory, Arena& arena, const Extent& extent,
             LayerContext& context, const detail::AnyCurrent& current,
             const detail::AnySource& source, const kernels::Field<Scalar>& target) {
  { Type::reserve_keeping(arena, extent, true) } -> std::same_as<typename Type::Memory>;
  Type::reserve_state(arena, Index{1}, memory);
  Type::cell(spec, values);
  Type::sink(spec, values, memory, context);
  Type::scan(spec, values, current, memory, context);
  Type::stored(values, memory);
  Type::scan_back(spec, parameters, source, target, memory);
  Type::scan_again(spec, parameters, source, current, target, memory);
};

/// A bound layer that maps each channel by moments of the batch: a batch norm. It may stand between
/// a producer of currents and what takes them, without storing what it gives.
///
/// - `Measured`, `reserve_measured(arena, extent, training)`: what it knows of its input;
/// - `measure(in, measured, context)`: takes the moments, if they are the batch's;
/// - `map(spec, parameters, measured, context)`: what is done to each channel;
/// - `carry_back(spec, parameters, in, output_gradient, input_gradient, measured, context)`: from
///    one `kernels::Field` to another, which may be the same.
template <class Type, class Spec, class Scalar>
concept CurrentNormalizer = detail::HasSignals<Type> &&
    requires(const Spec& spec, const Scalar* values, ParameterSpan<Scalar> parameters,
             ConstViewOf<typename Type::Input, Scalar> in, typename Type::Measured& measured,
             Arena& arena, const Extent& extent, LayerContext& context,
             const kernels::Field<const Scalar>& from, const kernels::Field<Scalar>& to) {
  { Type::reserve_measured(arena, extent, true) } -> std::same_as<typename Type::Measured>;
  Type::measure(in, measured, context);
  Type::map(spec, values, measured, context);
  Type::carry_back(spec, parameters, in, from, to, measured, context);
};

/// A bound layer whose result is the sum of two lists of layers, which need not be stored: a
/// residual.
///
/// - `Parts`, `reserve_parts`, `reserve_part_gradients`, `reserve_part_state`: what it keeps, its
///    result apart, for which `reserve_out` takes memory;
/// - `run(spec, parameters, in, parts, context, whole, target)`: gives the sum to `whole` as an
///    input current, or tile by tile to `target`;
/// - `carry_back(spec, parameters, signals, slopes, parts, context)`: the way back from `slopes`,
///    the gradient of the sum.
template <class Type, class Spec, class Scalar>
concept CurrentSum = detail::HasSignals<Type> &&
    requires(const Spec& spec, const Scalar* values, ParameterSpan<Scalar> parameters,
             ConstViewOf<typename Type::Input, Scalar> in,
             const BackwardSignals<typename Type::Input, Scalar>& signals,
             typename Type::Parts& parts, RealView<const Scalar> slopes, Arena& arena,
             const Extent& extent, LayerContext& context, const detail::AnyCurrent& whole,
             const detail::AnyTarget& target) {
  { Type::reserve_parts(arena, extent, true) } -> std::same_as<typename Type::Parts>;
  Type::reserve_out(arena, extent);
  Type::reserve_part_gradients(arena, extent, parts);
  Type::reserve_part_state(arena, Index{1}, parts);
  Type::run(spec, values, in, parts, context, whole, target);
  {
    Type::carry_back(spec, parameters, signals, slopes, parts, context)
    } -> std::same_as<const Scalar*>;
};

/// A layer that holds lists of layers gives the tuples of their specs by `parts()`.
template <class Spec>
concept HoldingLayer = requires(const Spec& spec) {
  spec.parts();
};

/// A bound pooling that may run as one with the neurons before it: it says so by `fuses`. Its spec
/// has a `window`, whose largest value it takes.
template <class Type, class Spec>
concept FusingPool = requires {
  requires Type::fuses;
  Spec::window;
};

}  // namespace snnbd::inline SNNBD_ISA::layer
