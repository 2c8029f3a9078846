#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <tuple>
#include <utility>

#include <snnbd/core/arena.hpp>
#include <snnbd/layer/neuron_site.hpp>
#include <snnbd/layer/stage.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// A batch's way through a list of stages and back. The memory is an arena's; copies see the same.
///
/// @tparam List the stages, a `StageList`
/// @tparam In the signal that reaches the first of them
template <class Scalar, class List, Signal In>
class StagePass {
 public:
  using Output = typename List::Output;

  /// Takes what lives from forward to backward.
  void reserve(Arena& arena, const Extent& extent, bool training) {
    reserve_each(arena, extent, training, EveryStage{});
  }

  /// Takes what lives from one window of a sequence to the next: the same for windows of any
  /// length.
  void reserve_state(Arena& arena, Index samples) {
    reserve_state_each(arena, samples, EveryStage{});
  }

  /// Takes what the way back needs: a buffer for the signals' gradients, a second one for stages
  /// that cannot work in place, and behind them what single stages need, one after another in the
  /// same place.
  void reserve_gradients(Arena& arena, const Extent& extent) {
    gradients_ = {take_gradient<false>(arena, extent), take_gradient<true>(arena, extent)};
    const std::size_t mark = arena.used();
    arena.rewind(reserve_gradients_each(arena, extent, mark, EveryStage{}));
  }

  /// @param specs a tuple of them
  /// @param values the parameters of the list
  template <class Specs>
  ConstViewOf<Output, Scalar> forward(const Specs& specs, const Scalar* values,
                                      ConstViewOf<In, Scalar> in, LayerContext& context) {
    return forward_from<0>(specs, values, in, context);
  }

  /// The same, but what the last stage makes goes tile by tile to `target`.
  template <class Specs, class Target>
  void forward_into(const Specs& specs, const Scalar* values, ConstViewOf<In, Scalar> in,
                    LayerContext& context, const Target& target) {
    produce_from<0>(specs, values, in, context, target);
  }

  /// What the last stage keeps.
  [[nodiscard]] const auto& last_memory() const { return std::get<List::size - 1>(memories_); }

  /// @param parameters of the list
  /// @param input_gradient room for the result, or null if nobody needs it
  /// @returns the input's gradient, there or where `output_gradient` is; null if nobody needs it
  template <class Specs>
  const Scalar* backward(const Specs& specs, ParameterSpan<Scalar> parameters,
                         const Scalar* output_gradient, Scalar* input_gradient,
                         LayerContext& context) {
    return backward_from<List::size>(specs, parameters, output_gradient, input_gradient, context);
  }

  /// Makes what the last stage gave to `forward_into` again, without training.
  template <class Specs, class Target>
  void produce_last(const Specs& specs, const Scalar* values, LayerContext& context,
                    const Target& target) const {
    constexpr std::size_t last = List::size - 1;
    List::template At<last>::produce(specs, values, std::get<last>(inputs_),
                                     std::get<last>(memories_), context, target);
  }

  /// Calls `visit` with a `NeuronSite` for each layer of neurons as the last forward pass left it,
  /// and with an `ActivationSite` for each of rectifiers: from the first to the last, those within
  /// layers too.
  template <class Specs, class Visit>
  void for_each_site(const Specs& specs, const Scalar* values, LayerContext& context,
                     const Visit& visit) const {
    for_each_site(specs, values, context, visit, EveryStage{});
  }

  /// What reached stage number `I` in the last forward pass.
  template <std::size_t I>
  [[nodiscard]] const auto& signal() const {
    return std::get<I>(inputs_);
  }

 private:
  using EveryStage = std::make_index_sequence<List::size>;

  template <std::size_t... I>
  static constexpr bool each_says(std::index_sequence<I...> /*indices*/) {
    return (detail::SaysNeurons<typename List::template At<I>, Scalar> && ...);
  }
  static_assert(each_says(EveryStage{}),
                "snnbd: a stage must say by for_each_site what neurons it holds; see "
                "layer::HoldsNoNeurons");

  template <class Specs, class Visit, std::size_t... I>
  void for_each_site([[maybe_unused]] const Specs& specs, [[maybe_unused]] const Scalar* values,
                     [[maybe_unused]] LayerContext& context, [[maybe_unused]] const Visit& visit,
                     std::index_sequence<I...> /*indices*/) const {
    (List::template At<I>::for_each_site(specs, values, std::get<I>(inputs_),
                                         std::get<I>(memories_), context, visit),
     ...);
  }

  template <std::size_t... I>
  static auto inputs_of(std::index_sequence<I...> /*indices*/)
      -> std::tuple<ConstViewOf<typename List::template At<I>::Input, Scalar>...>;
  using Inputs = decltype(inputs_of(EveryStage{}));

  template <std::size_t... I>
  void reserve_each(Arena& arena, const Extent& extent, [[maybe_unused]] bool training,
                    std::index_sequence<I...> /*indices*/) {
    ((std::get<I>(memories_) = List::template At<I>::reserve(arena, extent, training)), ...);
  }

  template <std::size_t... I>
  void reserve_state_each(Arena& arena, Index samples, std::index_sequence<I...> /*indices*/) {
    [[maybe_unused]] const auto take = [&]<class OneStage>(OneStage /*stage*/,
                                                           typename OneStage::Memory& memory) {
      if constexpr (requires { OneStage::reserve_state(arena, samples, memory); })
        OneStage::reserve_state(arena, samples, memory);
    };
    (take(typename List::template At<I>{}, std::get<I>(memories_)), ...);
  }

  template <bool Second>
  static std::span<Scalar> take_gradient(Arena& arena, const Extent& extent) {
    const Index values = largest_gradient<Second>(extent, EveryStage{});
    if (values == 0) return {};
    return arena.template take<Scalar>(values + spare_values);
  }

  /// @tparam Second of the stages that may need the second buffer
  template <bool Second, std::size_t... I>
  static Index largest_gradient(const Extent& extent, std::index_sequence<I...> /*indices*/) {
    Index largest = 0;
    [[maybe_unused]] const auto look = [&]<std::size_t Number>() {
      using OneStage = typename List::template At<Number>;
      if (Second && OneStage::in_place) return;
      largest = std::max(largest, gradient_size<typename OneStage::Input>(Number, extent));
    };
    (look.template operator()<I>(), ...);
    return largest;
  }

  template <Signal S>
  static Index gradient_size(std::size_t stage, const Extent& extent) {
    return stage == 0 ? 0 : extent_of<S>(extent).frames() * S::shape.size();
  }

  /// @returns where the largest request ends
  template <std::size_t... I>
  std::size_t reserve_gradients_each(Arena& arena, const Extent& extent, std::size_t mark,
                                     std::index_sequence<I...> /*indices*/) {
    std::size_t end = mark;
    [[maybe_unused]] const auto take = [&]<class OneStage>(OneStage /*stage*/,
                                                           typename OneStage::Memory& memory) {
      if constexpr (requires { OneStage::reserve_gradients(arena, extent, memory); }) {
        arena.rewind(mark);
        OneStage::reserve_gradients(arena, extent, memory);
        end = std::max(end, arena.used());
      }
    };
    (take(typename List::template At<I>{}, std::get<I>(memories_)), ...);
    return end;
  }

  template <std::size_t I, class Specs, class View>
  ConstViewOf<Output, Scalar> forward_from(const Specs& specs, const Scalar* values, const View& in,
                                           LayerContext& context) {
    if constexpr (I == List::size) {
      return in;
    } else {
      std::get<I>(inputs_) = in;
      return forward_from<I + 1>(
          specs, values,
          List::template At<I>::forward(specs, values, in, std::get<I>(memories_), context),
          context);
    }
  }

  template <std::size_t I, class Specs, class View, class Target>
  void produce_from(const Specs& specs, const Scalar* values, const View& in, LayerContext& context,
                    const Target& target) {
    using OneStage = typename List::template At<I>;
    std::get<I>(inputs_) = in;
    if constexpr (I + 1 == List::size) {
      OneStage::produce(specs, values, in, std::get<I>(memories_), context, target);
    } else {
      produce_from<I + 1>(specs, values,
                          OneStage::forward(specs, values, in, std::get<I>(memories_), context),
                          context, target);
    }
  }

  template <std::size_t I, class Specs>
  const Scalar* backward_from(const Specs& specs, ParameterSpan<Scalar> parameters,
                              const Scalar* output_gradient, Scalar* input_gradient,
                              LayerContext& context) {
    if constexpr (I > 0) {
      using OneStage = typename List::template At<I - 1>;
      Scalar* target = gradients_[0].data();
      if (!OneStage::in_place && output_gradient == target) target = gradients_[1].data();
      if constexpr (I == 1) target = input_gradient;
      const BackwardSignals<typename OneStage::Input, Scalar> signals{std::get<I - 1>(inputs_),
                                                                      output_gradient, target};
      const Scalar* const below =
          OneStage::backward(specs, parameters, signals, std::get<I - 1>(memories_), context);
      return backward_from<I - 1>(specs, parameters, below, input_gradient, context);
    } else {
      return output_gradient;
    }
  }

  typename List::Memories memories_;
  std::array<std::span<Scalar>, 2> gradients_;
  Inputs inputs_;
};

}  // namespace snnbd::inline SNNBD_ISA::layer
