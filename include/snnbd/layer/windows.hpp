#pragma once

#include <type_traits>

#include <snnbd/layer/stage.hpp>

/// Which networks can run a sequence window by window. A readout gives after each window what it
/// makes of the steps so far; only behind the last one is that what the layers behind it would see
/// in the whole sequence, so that nothing that walks the steps may follow it.
namespace snnbd::inline SNNBD_ISA::layer {

template <class List>
struct Windows;

namespace detail {

/// What a stage does with time.
template <class OneStage>
struct StageWindows {
  static constexpr bool sums = timed<typename OneStage::Input> && !timed<typename OneStage::Output>;
  static constexpr bool steps = timed<typename OneStage::Output>;
  static constexpr bool possible = !requires { requires OneStage::Bound::needs_whole_sequence; };
};

/// The same for a layer that holds two lists of layers.
template <class OneStage>
requires requires {
  typename OneStage::Bound::BranchList;
}
struct StageWindows<OneStage> {
  using Branch = Windows<typename OneStage::Bound::BranchList>;
  using Shortcut = Windows<typename OneStage::Bound::ShortcutList>;
  static constexpr bool sums = Branch::sums || Shortcut::sums;
  static constexpr bool steps = Branch::steps || Shortcut::steps;
  static constexpr bool possible =
      Branch::possible && Shortcut::possible && !(sums && timed<typename OneStage::Output>);
};

}  // namespace detail

/// What a list of stages does with time.
template <Signal Out, class... Stages>
struct Windows<StageList<Out, Stages...>> {
  /// Whether a layer sums over the steps.
  static constexpr bool sums = (detail::StageWindows<Stages>::sums || ...);
  /// Whether a layer gives something for each step.
  static constexpr bool steps = (detail::StageWindows<Stages>::steps || ...);
  /// Whether the output behind the last window is that of the whole sequence.
  static constexpr bool possible = [] {
    bool summed = false;
    bool fine = true;
    [[maybe_unused]] const auto look = [&]<class Each>(std::type_identity<Each> /*stage*/) {
      fine = fine && Each::possible && !(summed && Each::steps);
      summed = summed || Each::sums;
    };
    (look(std::type_identity<detail::StageWindows<Stages>>{}), ...);
    return fine;
  }();
};

}  // namespace snnbd::inline SNNBD_ISA::layer
