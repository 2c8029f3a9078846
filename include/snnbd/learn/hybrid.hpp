#pragma once

#include <string_view>

#include <snnbd/learn/conversion.hpp>
#include <snnbd/learn/poisoned_steps.hpp>
#include <snnbd/learn/stdb.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// LR_H: trains the artificial twin of a network, converts it and trains the converted network
/// further (Rathi et al. 2020; the paper's Sec. 2.2.3 and 3.2). Each of the three steps may see
/// poison or not, see `PoisonedSteps` and `Settings::combinations`.
///
/// @tparam Training how the twin is trained
/// @tparam TuningRule how the converted network is trained further, such as `Stdb<>`
/// @tparam Rule the normalizer whose conversion is tuned
/// @tparam Others normalizers whose conversions are measured beside it
template <class Training, class TuningRule, Normalizer Rule, Normalizer... Others>
struct HybridBy : ConversionBy<Training, Rule, Others...> {
  using Tuning = TuningRule;
  Tuning tuning{};
};

/// LR_H with cross entropy and Adam: `learn::Hybrid<learn::RobustNorm, learn::Stdb<>>`.
template <Normalizer Rule, class Tuning = Stdb<>>
using Hybrid = HybridBy<Bptt<>, Tuning, Rule>;

}  // namespace snnbd::inline SNNBD_ISA::learn
