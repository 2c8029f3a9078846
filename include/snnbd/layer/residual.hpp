#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include <snnbd/kernels/elementwise/add.hpp>
#include <snnbd/kernels/neuron/input_current.hpp>
#include <snnbd/kernels/neuron/readout.hpp>
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
    using BranchList = Deferring<typename Branch::template BoundTo<Scalar, In>, false>;
    using ShortcutList = Deferring<typename Shortcut::template BoundTo<Scalar, In>, true>;
    static constexpr Shape shape = BranchList::Output::shape;
    static constexpr bool has_steps =
        timed<typename BranchList::Output> || timed<typename ShortcutList::Output>;
    using Output = std::conditional_t<has_steps, Real<shape>, Static<shape>>;
    static constexpr const auto& parameters =
        detail::parameters_of_both<Scalar, In, Branch, Shortcut>;

    /// What is kept of the two parts, whether their sum is stored or not.
    struct Parts {
      StagePass<Scalar, BranchList, In> branch;
      StagePass<Scalar, ShortcutList, In> shortcut;
      ConstViewOf<typename BranchList::Output, Scalar> first{};  ///< what the parts gave
      ConstViewOf<typename ShortcutList::Output, Scalar> second{};
      Scalar* branch_sum = nullptr;  ///< gradient of a static output, over all steps
      Scalar* shortcut_sum = nullptr;
      Scalar* shortcut_gradient = nullptr;  ///< of the input
    };
    struct Memory {
      Parts residual;
      RealView<Scalar> out;
    };

    static Parts reserve_parts(Arena& arena, const Extent& whole, bool training) {
      Parts parts;
      parts.branch.reserve(arena, whole, training);
      parts.shortcut.reserve(arena, whole, training);
      return parts;
    }
    static RealView<Scalar> reserve_out(Arena& arena, const Extent& whole) {
      return take_signal<Output, Scalar>(arena, whole);
    }
    static Memory reserve(Arena& arena, const Extent& whole, bool training) {
      Memory memory{reserve_parts(arena, whole, training), {}};
      memory.out = reserve_out(arena, whole);
      return memory;
    }

    static void reserve_part_gradients(Arena& arena, const Extent& whole, Parts& parts) {
      parts.branch_sum = take_sum<BranchList>(arena, whole);
      parts.shortcut_sum = take_sum<ShortcutList>(arena, whole);
      const std::size_t mark = arena.used();
      parts.branch.reserve_gradients(arena, whole);
      const std::size_t end = arena.used();
      arena.rewind(mark);  // the branch is through when the shortcut begins
      parts.shortcut.reserve_gradients(arena, whole);
      if constexpr (ShortcutList::size > 0)
        parts.shortcut_gradient =
            arena.take<Scalar>(extent_of<In>(whole).frames() * In::shape.size() + spare_values)
                .data();
      arena.rewind(std::max(end, arena.used()));
    }
    static void reserve_gradients(Arena& arena, const Extent& whole, Memory& memory) {
      reserve_part_gradients(arena, whole, memory.residual);
    }

    static void reserve_part_state(Arena& arena, Index samples, Parts& parts) {
      parts.branch.reserve_state(arena, samples);
      parts.shortcut.reserve_state(arena, samples);
    }
    static void reserve_state(Arena& arena, Index samples, Memory& memory) {
      reserve_part_state(arena, samples, memory.residual);
    }

    /// Runs both parts and hands on their sum, which is not stored.
    ///
    /// @param whole takes what the sum is made from, `kernels::SummedCurrent`, if all of it is
    /// there
    /// @param target takes it tile by tile, if the branch can make it so
    template <class Whole, class Target>
    static void run(const Residual& spec, const Scalar* values, ConstViewOf<In, Scalar> in,
                    Parts& parts, LayerContext& context, const Whole& whole, const Target& target) {
      LayerContext of_branch{context.scratch, context.options, 0, place_inside(context, 0)};
      LayerContext of_shortcut{context.scratch, context.options, 0,
                               place_inside(context, Branch::places)};
      const Scalar* const behind = values + BranchList::parameter_count;
      parts.second = parts.shortcut.forward(spec.shortcut.layers, behind, in, of_shortcut);
      if constexpr (is_deferring<BranchList>()) {
        if (!context.options.training) {
          const auto second = part_current<ShortcutList>(spec.shortcut, behind, parts.second,
                                                         parts.shortcut, context);
          parts.branch.forward_into(
              spec.branch.layers, values, in, of_branch,
              kernels::SummedTiles<std::remove_const_t<decltype(second)>, Target>{second, target});
          return;
        }
      }
      parts.first = parts.branch.forward(spec.branch.layers, values, in, of_branch);
      whole(input_current(spec, values, parts, context));
    }

    /// What the sum is made from, behind a forward pass.
    static auto input_current(const Residual& spec, const Scalar* values, const Parts& parts,
                              const LayerContext& context) {
      return kernels::SummedCurrent{
          part_current<BranchList>(spec.branch, values, parts.first, parts.branch, context),
          part_current<ShortcutList>(spec.shortcut, values + BranchList::parameter_count,
                                     parts.second, parts.shortcut, context)};
    }

    /// @param signals whose `output_gradient` is not read: `slopes`, the gradient of the sum, is
    static const Scalar* carry_back(const Residual& spec, ParameterSpan<Scalar> own,
                                    const BackwardSignals<In, Scalar>& signals,
                                    RealView<const Scalar> slopes, Parts& parts,
                                    LayerContext& context) {
      const ConstViewOf<In, Scalar>& in = signals.in;
      Scalar* const target = signals.input_gradient;
      LayerContext inside{context.scratch, context.options, 0, place_inside(context, 0)};
      const Scalar* const of_branch = part_gradient<BranchList>(slopes, parts.branch_sum);
      const Scalar* first =
          parts.branch.backward(spec.branch.layers, own, of_branch, target, inside);
      if (target != nullptr && first != target && first != of_branch) {
        std::copy_n(first, in.extent.frames() * In::shape.size(), target);
        first = target;  // where it was, the shortcut will write
      }
      inside.first = place_inside(context, Branch::places);
      const Scalar* const second =
          parts.shortcut.backward(spec.shortcut.layers, own.from(BranchList::parameter_count),
                                  part_gradient<ShortcutList>(slopes, parts.shortcut_sum),
                                  target == nullptr ? nullptr : parts.shortcut_gradient, inside);
      if (target == nullptr) return nullptr;
      kernels::add_signals<Scalar>({first, in.extent, In::shape}, {second, in.extent, In::shape},
                                   {target, in.extent, In::shape});
      return target;
    }

    static ConstViewOf<Output, Scalar> forward(const Residual& spec, const Scalar* values,
                                               ConstViewOf<In, Scalar> in, Memory& memory,
                                               LayerContext& context) {
      run(
          spec, values, in, memory.residual, context,
          [&](const auto& sum) { kernels::write_current(sum, memory.out); },
          kernels::CurrentWriter<Scalar>{memory.out});
      return memory.out;
    }

    static const Scalar* backward(const Residual& spec, ParameterSpan<Scalar> own,
                                  const BackwardSignals<In, Scalar>& signals, Memory& memory,
                                  LayerContext& context) {
      return carry_back(spec, own, signals,
                        {signals.output_gradient, memory.out.extent, memory.out.shape},
                        memory.residual, context);
    }

    /// See `Stage::for_each_site`, for the layers of both parts.
    template <class Visit>
    static void for_each_part_site(const Residual& spec, const Scalar* values, const Parts& parts,
                                   const LayerContext& context, const Visit& visit) {
      LayerContext inside{context.scratch, context.options, 0, place_inside(context, 0)};
      parts.branch.for_each_site(spec.branch.layers, values, inside, visit);
      inside.first = place_inside(context, Branch::places);
      parts.shortcut.for_each_site(spec.shortcut.layers, values + BranchList::parameter_count,
                                   inside, visit);
    }
    template <class Visit>
    static void for_each_site(const Residual& spec, const Scalar* values, const Memory& memory,
                              const LayerContext& context, const Visit& visit) {
      for_each_part_site(spec, values, memory.residual, context, visit);
    }

    /// Writes the sum behind a forward pass, as `run` handed it on.
    static void write_sum(const Residual& spec, const Scalar* values, const Parts& parts,
                          const LayerContext& context, const RealView<Scalar>& target) {
      if constexpr (is_deferring<BranchList>()) {
        if (!context.options.training) {
          LayerContext of_branch{context.scratch, context.options, 0, place_inside(context, 0)};
          const auto second =
              part_current<ShortcutList>(spec.shortcut, values + BranchList::parameter_count,
                                         parts.second, parts.shortcut, context);
          using Writer = kernels::CurrentWriter<Scalar>;
          parts.branch.produce_last(
              spec.branch.layers, values, of_branch,
              kernels::SummedTiles<std::remove_const_t<decltype(second)>, Writer>{second,
                                                                                  {target}});
          return;
        }
      }
      kernels::write_current(input_current(spec, values, parts, context), target);
    }

   private:
    /// Of a layer that stands `number` places behind the first that the residual holds.
    static std::uint16_t place_inside(const LayerContext& context, int number) {
      return static_cast<std::uint16_t>(context.index + 1 + number);
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
    static const Scalar* part_gradient(const RealView<const Scalar>& slopes, Scalar* sum) {
      if constexpr (!repeats<List>) return slopes.data;
      kernels::sum_over_time(slopes, Scalar{1}, sum);
      return sum;
    }

    /// Whether what a part gives is yet to be normalized.
    template <class List>
    static constexpr bool is_deferring() {
      if constexpr (List::size == 0) {
        return false;
      } else {
        return requires {
          requires List::template At<List::size - 1>::defers;
        };
      }
    }

    /// What a part adds to the sum.
    template <class List, class Layers, class View, class Pass>
    static auto part_current(const Layers& part, const Scalar* values, const View& gave,
                             const Pass& pass, const LayerContext& context) {
      if constexpr (is_deferring<List>()) {
        using Last = typename List::template At<List::size - 1>;
        return Last::Normed::input_current(part.layers, values, pass.last_memory(), context);
      } else if constexpr (SpikeSignal<typename List::Output>) {
        return kernels::SpikeCurrent<Scalar>{gave};
      } else {
        return kernels::StoredCurrent<Scalar>{gave};
      }
    }
  };

 private:
  static std::string joined(const std::string& branch_text, const std::string& shortcut_text) {
    return branch_text + (shortcut_text.empty() ? "" : "+" + shortcut_text) + ')';
  }
};

}  // namespace snnbd::inline SNNBD_ISA::layer
