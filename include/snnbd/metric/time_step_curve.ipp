#pragma once

#include <string>
#include <string_view>

#include <snnbd/core/error.hpp>
#include <snnbd/kernels/elementwise/softmax.hpp>
#include <snnbd/metric/accuracy.hpp>
#include <snnbd/metric/check.hpp>
#include <snnbd/metric/migration.hpp>
#include <snnbd/metric/time_step_curve.hpp>

namespace snnbd::inline SNNBD_ISA::metric {

namespace detail {

inline void check_labels(std::string_view subject, std::span<const int> labels, int classes) {
  if (labels.empty()) reject(subject, "at least one", "none");
  for (const int label : labels) check_class(subject, label, classes);
}

inline std::vector<int> predictions_of(std::string_view subject, std::span<const float> outputs,
                                       std::size_t samples, int classes) {
  check_size(subject, outputs.size(), samples * static_cast<std::size_t>(classes),
             "labels times classes");
  std::vector<int> predictions(samples);
  kernels::first_largest(outputs.data(), classes, predictions);
  return predictions;
}

}  // namespace detail

SNNBD_INLINE std::vector<TimeStepPoint> time_step_curve(std::span<const StepOutputs> outputs,
                                                        const TestLabels& labels, int classes,
                                                        const AttackSuccess& ann) {
  if (outputs.empty()) reject("outputs over time steps", "at least one", "none");
  if (classes < 1) reject("classes", "at least 1", classes);
  detail::check_labels("clean labels", labels.clean, classes);
  detail::check_labels("original labels", labels.originals, classes);
  detail::check_labels("target labels", labels.targets, classes);
  detail::check_size("triggered samples of the ANN", ann.all.total, labels.originals.size(),
                     "original labels");
  std::vector<TimeStepPoint> curve;
  Index steps_before = 0;
  for (const StepOutputs& output : outputs) {
    if (output.steps <= steps_before)
      reject("steps of outputs", "more than " + std::to_string(steps_before), output.steps);
    steps_before = output.steps;
    const auto clean =
        detail::predictions_of("clean outputs", output.clean, labels.clean.size(), classes);
    const auto triggered = detail::predictions_of("triggered outputs", output.triggered,
                                                  labels.originals.size(), classes);
    const AttackSuccess attack = attack_success(triggered, labels.originals, labels.targets);
    curve.push_back({output.steps, accuracy(clean, labels.clean), attack,
                     migration_rate({ann.all, attack.all}),
                     migration_rate({ann.excluding_target, attack.excluding_target})});
  }
  return curve;
}

}  // namespace snnbd::inline SNNBD_ISA::metric
