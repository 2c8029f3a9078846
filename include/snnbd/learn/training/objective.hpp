#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <snnbd/core/policy.hpp>
#include <snnbd/data/dataset_view.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// How much poisoned and clean samples count in the loss.
struct Objective {
  enum class Kind { mixture, balanced };

  Kind kind = Kind::mixture;
  double alpha = 0.5;  ///< of the poisoned part, if balanced
  double beta = 0.5;   ///< of the clean part, if balanced

  /// The mean over the poisoned set as it is, as BadNets trains: every sample counts the same.
  static Objective mixture() { return {}; }

  /// The paper's Eq. 9 to the letter: alpha * mean over the poisoned samples + beta * mean over the
  /// clean ones, whatever their shares. With N samples in all, a poisoned one counts
  /// alpha N / N_poisoned and a clean one beta N / N_clean, so that the mean over any uniformly
  /// drawn batch is an unbiased estimate of it.
  static Objective balanced(double alpha = 0.5, double beta = 0.5) {
    return {Kind::balanced, alpha, beta};
  }

  /// @throws Error if alpha or beta is negative or not a number, or both are 0, if balanced
  void check() const {
    if (kind == Kind::mixture) return;
    require_not_negative("objective alpha", alpha);
    require_not_negative("objective beta", beta);
    if (alpha + beta == 0.0) reject("objective alpha and beta", "one above 0", "0 for both");
  }

  [[nodiscard]] std::string_view name() const {
    return kind == Kind::mixture ? "mixture" : "balanced";
  }

  /// What each sample counts; empty if all count 1.
  ///
  /// @throws Error as `check` does
  [[nodiscard]] std::vector<double> weights(data::DatasetView set) const {
    check();
    if (kind == Kind::mixture) return {};
    std::vector<double> result(set.size());
    std::size_t poisoned = 0;
    for (std::size_t i = 0; i < set.size(); ++i) poisoned += set.is_poisoned(i) ? 1U : 0U;
    const auto whole = static_cast<double>(set.size());
    for (std::size_t i = 0; i < set.size(); ++i)
      result[i] = set.is_poisoned(i) ? alpha * whole / static_cast<double>(poisoned)
                                     : beta * whole / static_cast<double>(set.size() - poisoned);
    return result;
  }
};

}  // namespace snnbd::inline SNNBD_ISA::learn
