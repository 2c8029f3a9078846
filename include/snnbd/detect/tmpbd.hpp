#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/defend/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

namespace detail {

/// What `Tmpbd` searches with.
struct MarginSearch {
  int starts = 10;
  int steps = 300;
  double rate = 0.02;
  double settled = 1e-5;
  std::uint64_t seed = 1;
};

/// The largest margins that are found, one for each class.
std::vector<double> largest_margins(const MarginSearch& search, const NetworkProbe& suspect,
                                    const defend::Evidence& evidence);

}  // namespace detail

/// How likely the largest of some margins is, if it came from where the others did. A gamma
/// distribution with the mean and the variance of the others is the null, the greatest of as many
/// draws as there are classes is what it is compared with: p = 1 - F(largest)^classes, as in the
/// program of MM-BD (Wang et al. 2024), which fits its gamma distribution by another method.
/// Margins below 0 count as 0.
///
/// @throws Error if there are fewer than 3 margins
[[nodiscard]] double outlier_chance(std::span<const double> margins);

/// What the margins of all classes say of a network: the score is -log10 of `outlier_chance`.
[[nodiscard]] defend::Verdict judge_margins(std::vector<double> margins, double level);

/// Temporal membrane potential backdoor detection (arXiv 2510.06629, after MM-BD, Wang et al.
/// 2024): a backdoor lets its target's margin grow larger than any input of another class can make
/// its own. For each class an input is sought, without any data, that makes the class's output
/// exceed the largest other one by as much as possible. One class whose margin is an outlier above
/// the others is the target.
///
/// Outputs are means over the steps: behind `MeanOverTime` of the currents, behind
/// `AccumulatedMembrane` of the membrane, in both cases of what the last layer of neurons sends. Of
/// a network that ends in neurons they are rates, whose margin no input makes larger than 1: there
/// the search climbs the rates, and the margin that counts is that of the neurons' membranes at
/// charge, as the mean over the steps.
///
/// Inputs begin uniform in the range of values that the samples' set declares (of counts: in the
/// range of the clean samples, the only thing that is taken from them), climb by Adam, and are
/// brought back into the range after each step.
///
/// @tparam SlopeRule the surrogate of gradients; void for the one that the network was trained with
template <class SlopeRule = void>
struct Tmpbd {
  static constexpr std::string_view name = "tmpbd";
  using Slope = SlopeRule;
  int starts = 10;         ///< random inputs for each class; the largest margin counts
  int steps = 300;         ///< of Adam, at most
  double rate = 0.02;      ///< of Adam, as a share of the range of values
  double settled = 1e-5;   ///< a relative change of the mean margin below it ends the search
  double level = 0.05;     ///< a smaller chance than this is an alarm
  std::uint64_t seed = 1;  ///< of the inputs that it begins with

  void check() const {
    if (starts < 1) reject("starts of tmpbd", "at least 1", starts);
    if (steps < 1) reject("steps of tmpbd", "at least 1", steps);
    require_positive("rate of tmpbd", rate);
    require_not_negative("settled of tmpbd", settled);
    if (!(level > 0.0 && level < 1.0)) reject("level of tmpbd", "a number between 0 and 1", level);
  }

  /// @throws Error if a setting is out of range, or the network has fewer than 3 classes
  [[nodiscard]] defend::Verdict judge(const NetworkProbe& suspect,
                                      const defend::Evidence& evidence) const {
    check();
    return judge_margins(
        detail::largest_margins({starts, steps, rate, settled, seed}, suspect, evidence), level);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::detect

#if !defined(SNNBD_COMPILED)
#include <snnbd/detect/tmpbd.ipp>
#endif
