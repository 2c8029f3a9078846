#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include <snnbd/kernels/add.hpp>
#include <snnbd/kernels/pack.hpp>
#include <snnbd/kernels/time.hpp>
#include <snnbd/layer/concepts.hpp>
#include <snnbd/layer/sequence.hpp>
#include <snnbd/layer/stage_pass.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

namespace detail {

/// A tensor's name that is made while compiling, such as `branch.0.weight`.
struct TensorName {
  std::array<char, 96> text{};
  std::size_t size = 0;

  constexpr void append(std::string_view piece) {
    for (const char letter : piece) text[size++] = letter;
  }
  constexpr void append(int number) {
    if (number >= 10) append(number / 10);
    text[size++] = static_cast<char>('0' + number % 10);
  }
  [[nodiscard]] constexpr std::string_view view() const { return {text.data(), size}; }
};

/// Calls `visit(part's name, position, parameter)` for each parameter of a branch and a shortcut.
template <class Scalar, Signal In, class Branch, class Shortcut>
constexpr void visit_both(const auto& visit) {
  Branch::template for_each_parameter<Scalar, In>(
      [&](const Parameter& parameter, Position at) { visit("branch", at, parameter); });
  Shortcut::template for_each_parameter<Scalar, In>([&](const Parameter& parameter, Position at) {
    at.place += Branch::places;
    visit("shortcut", at, parameter);
  });
}

template <class Scalar, Signal In, class Branch, class Shortcut>
inline constexpr std::size_t parameter_count_of_both = [] {
  std::size_t count = 0;
  visit_both<Scalar, In, Branch, Shortcut>(
      [&](std::string_view, const Position&, const Parameter&) { ++count; });
  return count;
}();

template <class Scalar, Signal In, class Branch, class Shortcut>
inline constexpr auto names_of_both = [] {
  std::array<TensorName, parameter_count_of_both<Scalar, In, Branch, Shortcut>> names{};
  std::size_t number = 0;
  visit_both<Scalar, In, Branch, Shortcut>(
      [&](std::string_view part, const Position& at, const Parameter& parameter) {
        TensorName& name = names[number++];
        name.append(part);
        name.append(".");
        name.append(at.index);
        name.append(".");
        name.append(parameter.name);
      });
  return names;
}();

template <class Scalar, Signal In, class Branch, class Shortcut>
inline constexpr auto parameters_of_both = [] {
  constexpr auto& names = names_of_both<Scalar, In, Branch, Shortcut>;
  std::array<Parameter, parameter_count_of_both<Scalar, In, Branch, Shortcut>> parameters{};
  std::size_t number = 0;
  visit_both<Scalar, In, Branch, Shortcut>(
      [&](std::string_view, const Position& at, Parameter parameter) {
        parameter.name = names[number].view();
        parameter.place += 1 + at.place;
        parameters[number++] = parameter;
      });
  return parameters;
}();

}  // namespace detail

/// branch(x) + shortcut(x): a block of a residual network (He et al. 2016). It gives real values,
/// so that neurons may stand behind it; of spikes, each counts as its amplitude. Without layers in
/// the shortcut, that is x itself.
///
/// Parameters have the names of a PyTorch module whose members `branch` and `shortcut` are
/// `Sequential`: `branch.0.weight`, `shortcut.1.running_mean`.
///
/// ```cpp
/// using Block = layer::Residual<
///     layer::Sequence<layer::Conv<64, 3>, layer::BatchNorm<>, layer::Spiking<neuron::Lif<>>,
///                     layer::Conv<64, 3>, layer::BatchNorm<>>>;
/// net.layer<4>().branch.layer<2>().neuron.threshold = 0.5F;
/// ```
///
/// @tparam Branch, Shortcut `Sequence`s that give the same shape; residuals may be among them
template <class Branch, class Shortcut = Sequence<>>
struct Residual {
  static constexpr std::string_view name = "residual";
  using BranchType = Branch;
  using ShortcutType = Shortcut;
  Branch branch{};
  Shortcut shortcut{};

  /// The layers that it stands for, itself among them.
  static constexpr int places = 1 + Branch::places + Shortcut::places;
  /// The tuples of the layers that it holds, for `layer::for_each_layer`.
  auto parts() { return std::tie(branch.layers, shortcut.layers); }
  [[nodiscard]] auto parts() const { return std::tie(branch.layers, shortcut.layers); }

  /// `R(64C3-BN-64C3-BN)`, `R(128C3-BN-128C3-BN+128C1-BN)`
  static std::string notation() {
    return std::string{"R("}.append(joined(Branch::notation(), Shortcut::notation()));
  }
  static std::string description() {
    return "residual(" + joined(Branch::description(), Shortcut::description());
  }
  static constexpr std::string_view neuron_name() {
    return Branch::neuron_name().empty() ? Shortcut::neuron_name() : Branch::neuron_name();
  }

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    using First = typename Branch::template BoundTo<float, In>;
    using Second = typename Shortcut::template BoundTo<float, In>;
    constexpr bool complete = First::complete && Second::complete;
    constexpr bool agree = !complete || First::Output::shape == Second::Output::shape;
    static_assert(agree,
                  "snnbd: a Residual's branch and shortcut must give the same shape; where the "
                  "branch changes it, the shortcut needs a convolution that does the same");
    return complete && agree;
  }

  template <Signal In, class Scalar>
  struct Bound {
    using Input = In;
    using BranchList = typename Branch::template BoundTo<Scalar, In>;
    using ShortcutList = typename Shortcut::template BoundTo<Scalar, In>;
    static constexpr Shape shape = BranchList::Output::shape;
    static constexpr bool has_steps =
        timed<typename BranchList::Output> || timed<typename ShortcutList::Output>;
    using Output = std::conditional_t<has_steps, Real<shape>, Static<shape>>;
    static constexpr const auto& parameters =
        detail::parameters_of_both<Scalar, In, Branch, Shortcut>;

    struct Memory {
      StagePass<Scalar, BranchList, In> branch;
      StagePass<Scalar, ShortcutList, In> shortcut;
      RealView<Scalar> out;
      Scalar* branch_sum = nullptr;  ///< gradient of a static output, over all steps
      Scalar* shortcut_sum = nullptr;
      Scalar* shortcut_gradient = nullptr;  ///< of the input
    };

    static Memory reserve(Arena& arena, const Extent& whole, bool training) {
      Memory memory;
      memory.branch.reserve(arena, whole, training);
      memory.shortcut.reserve(arena, whole, training);
      memory.out = take_signal<Output, Scalar>(arena, whole);
      return memory;
    }

    static void reserve_state(Arena& arena, Index samples, Memory& memory) {
      memory.branch.reserve_state(arena, samples);
      memory.shortcut.reserve_state(arena, samples);
    }

    static void reserve_gradients(Arena& arena, const Extent& whole, Memory& memory) {
      memory.branch.reserve_gradients(arena, whole);
      memory.shortcut.reserve_gradients(arena, whole);
      memory.branch_sum = take_sum<BranchList>(arena, whole);
      memory.shortcut_sum = take_sum<ShortcutList>(arena, whole);
      if constexpr (ShortcutList::size > 0)
        memory.shortcut_gradient =
            arena.take<Scalar>(extent_of<In>(whole).frames() * In::shape.size() + spare_values)
                .data();
    }

    static ConstViewOf<Output, Scalar> forward(const Residual& spec, const Scalar* values,
                                               ConstViewOf<In, Scalar> in, Memory& memory,
                                               Work& work) {
      Work inside{work.scratch, work.mode, 0, place_inside(work, 0)};
      const auto first = memory.branch.forward(spec.branch.layers, values, in, inside);
      inside.first = place_inside(work, Branch::places);
      const auto second = memory.shortcut.forward(spec.shortcut.layers,
                                                  values + BranchList::parameter_count, in, inside);
      add(first, second, memory.out);
      return memory.out;
    }

    static const Scalar* backward(const Residual& spec, const Scalar* values, Scalar* gradient,
                                  ConstViewOf<In, Scalar> in, const Scalar* output_gradient,
                                  Scalar* input_gradient, Memory& memory, Work& work) {
      Work inside{work.scratch, work.mode, 0, place_inside(work, 0)};
      const Scalar* const first = memory.branch.backward(
          spec.branch.layers, values, gradient,
          part_gradient<BranchList>(output_gradient, memory.out.extent, memory.branch_sum),
          input_gradient, inside);
      inside.first = place_inside(work, Branch::places);
      const Scalar* const second = memory.shortcut.backward(
          spec.shortcut.layers, values + BranchList::parameter_count,
          gradient + BranchList::parameter_count,
          part_gradient<ShortcutList>(output_gradient, memory.out.extent, memory.shortcut_sum),
          input_gradient == nullptr ? nullptr : memory.shortcut_gradient, inside);
      if (input_gradient == nullptr) return nullptr;
      kernels::add_signals<Scalar>({first, in.extent, In::shape}, {second, in.extent, In::shape},
                                   {input_gradient, in.extent, In::shape});
      return input_gradient;
    }

   private:
    /// Of a layer that stands `number` places behind the first that the residual holds.
    static std::uint16_t place_inside(const Work& work, int number) {
      return static_cast<std::uint16_t>(work.index + 1 + number);
    }

    /// Whether a part gives the same at each step of an output that has steps.
    template <class List>
    static constexpr bool repeats = has_steps && !timed<typename List::Output>;

    template <class List>
    static Scalar* take_sum(Arena& arena, const Extent& whole) {
      if constexpr (!repeats<List>) return nullptr;
      return take_signal<Static<shape>, Scalar>(arena, whole).data;
    }

    template <class List>
    static const Scalar* part_gradient(const Scalar* output_gradient, const Extent& extent,
                                       Scalar* sum) {
      if constexpr (!repeats<List>) return output_gradient;
      kernels::sum_over_time(RealView<const Scalar>{output_gradient, extent, shape}, Scalar{1},
                             sum);
      return sum;
    }

    template <class First, class Second>
    static void add(const First& first, const Second& second, const RealView<Scalar>& sum) {
      constexpr bool first_spikes = SpikeSignal<typename BranchList::Output>;
      constexpr bool second_spikes = SpikeSignal<typename ShortcutList::Output>;
      if constexpr (first_spikes && second_spikes) {
        kernels::unpack(first, Index{0}, sum.extent.samples, sum.data);
        kernels::add_signals<Scalar>(sum, second, sum);
      } else if constexpr (first_spikes) {
        kernels::add_signals<Scalar>(second, first, sum);
      } else {
        kernels::add_signals<Scalar>(first, second, sum);
      }
    }
  };

 private:
  static std::string joined(const std::string& branch_text, const std::string& shortcut_text) {
    return branch_text + (shortcut_text.empty() ? "" : "+" + shortcut_text) + ')';
  }
};

}  // namespace snnbd::inline SNNBD_ISA::layer
