#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <snnbd/core/policy.hpp>
#include <snnbd/defend/concepts.hpp>
#include <snnbd/detect/class_outlier.hpp>
#include <snnbd/detect/look.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

/// The paper's comparison with a clean network (Sec. 5.2.1, Fig. 11), as a test: the cumulative
/// voltage of the last layer of neurons, on clean samples. Each network sees every other sample of
/// a class, so that the two sets are independent.
///
/// For each class, the distance of the suspect's mean from the reference's is measured in the
/// reference's deviation within classes, one for all, as else a class of samples that are much
/// alike would seem to have moved far. Two networks that were trained apart differ in all classes;
/// a backdoor changes its target most. So the score is how far the class that moved most is from
/// the rest, each class left out in turn, and the threshold that of classes which move at random.
///
/// Figures: `distance`, the mean of the classes, and a two-sample test of all samples,
/// `squared_mmd` with its `p_value` by permutation. A small one says that the networks differ,
/// whatever the reason.
///
/// Unit 7 of a network is not unit 7 of another that was trained apart. Unless the networks are
/// `aligned`, a sample is therefore described by its distances from the class means of its own
/// network (`detail::distances_from_means`), which do not depend on the units' order.
struct ReferenceComparison {
  static constexpr std::string_view name = "reference_comparison";
  static constexpr bool needs_reference = true;
  std::optional<int> place{};  ///< of the layer; the last one if empty
  bool aligned = false;        ///< one network was trained on from the other, or both from a third
  std::size_t permutations = 200;
  std::size_t mmd_samples = 500;  ///< of each network, at most
  double judged_rate = 0.05;      ///< harmless networks that it flags
  std::uint64_t seed = 1;         ///< of the permutations

  void check() const;

  /// @throws Error if a setting is out of range, there is no reference, or there are fewer than
  /// four
  ///   clean samples of a class or three classes
  [[nodiscard]] defend::Verdict judge(const NetworkProbe& suspect,
                                      const defend::Evidence& evidence) const;
};

}  // namespace snnbd::inline SNNBD_ISA::detect

#if !defined(SNNBD_COMPILED)
#include <snnbd/detect/reference_comparison.ipp>
#endif
