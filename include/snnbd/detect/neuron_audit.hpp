#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/policy.hpp>
#include <snnbd/defend/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

/// What a network does with other thresholds and time constants.
struct AuditPoint {
  network::NeuronFactors factors;
  double accuracy = 0.0;       ///< share of clean samples that are given their label
  std::optional<int> label{};  ///< the class that is given most often; none if nothing is
  double share = 0.0;          ///< of the clean samples, how often
  double undecided = 0.0;      ///< share of the clean samples whose outputs are all equal
};

/// An audit of the neurons' constants, for backdoors that need no trigger on the sample: BadSNN
/// hides one in the threshold and the time constant. Clean samples run through copies of the
/// network whose constants are multiplied by each pair of factors. Where its constants are the
/// attacker's, such a network gives them all the target. The score is the most that the share of
/// one class grows by, against the constants as they are.
///
/// A network that hardly fires decides nothing: samples whose outputs are all equal count for no
/// class.
struct NeuronAudit {
  static constexpr std::string_view name = "neuron_audit";
  std::vector<double> threshold_factors{0.5, 0.75, 1.0, 1.25, 1.5, 2.0};
  std::vector<double> tau_factors{0.5, 0.75, 1.0, 1.25, 1.5, 2.0};
  double threshold = 0.5;  ///< of the score

  void check() const;

  /// What happens at each pair of factors, the time constants in the inner loop. A network without
  /// neurons has no points.
  ///
  /// @throws Error if a factor is not above 0 or there are no clean samples
  [[nodiscard]] std::vector<AuditPoint> sweep(const NetworkProbe& suspect,
                                              const defend::Evidence& evidence) const;

  /// @throws Error as `sweep`
  [[nodiscard]] defend::Verdict judge(const NetworkProbe& suspect,
                                      const defend::Evidence& evidence) const;
};

}  // namespace snnbd::inline SNNBD_ISA::detect

#if !defined(SNNBD_COMPILED)
#include <snnbd/detect/neuron_audit.ipp>
#endif
