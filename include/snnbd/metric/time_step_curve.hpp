#pragma once

#include <optional>
#include <span>
#include <vector>

#include <snnbd/core/config.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/metric/attack_success.hpp>
#include <snnbd/metric/interval.hpp>

namespace snnbd::inline SNNBD_ISA::metric {

/// The outputs of a spiking network after its first `steps` steps, each [sample, class].
struct StepOutputs {
  Index steps = 0;
  std::span<const float> clean;
  std::span<const float> triggered;
};

/// The labels of a clean test set and of a triggered one.
struct TestLabels {
  std::span<const int> clean;      ///< true labels of the clean samples
  std::span<const int> originals;  ///< true labels of the triggered samples
  std::span<const int> targets;    ///< what the attacker wants for them
};

/// What a spiking network does when it is stopped after `steps` steps.
struct TimeStepPoint {
  Index steps = 0;
  Rate accuracy;                                          ///< ACC, on clean samples
  AttackSuccess attack;                                   ///< on triggered samples
  std::optional<double> migration_rate;                   ///< MR over all triggered samples
  std::optional<double> migration_rate_excluding_target;  ///< MR without the target class
};

/// ACC, ASR and MR of a converted network over time steps. The class that is predicted has the
/// largest output, the first one among equals.
///
/// @param outputs at least one, with rising numbers of steps
/// @param classes of each output, and of the labels
/// @param ann what the ANN that was converted does with the same triggered samples
/// @returns a point for each of `outputs`
/// @throws Error if sizes differ, a set is empty, a label is no class or steps do not rise
std::vector<TimeStepPoint> time_step_curve(std::span<const StepOutputs> outputs,
                                           const TestLabels& labels, int classes,
                                           const AttackSuccess& ann);

}  // namespace snnbd::inline SNNBD_ISA::metric

#if !defined(SNNBD_COMPILED)
#include <snnbd/metric/time_step_curve.ipp>
#endif
