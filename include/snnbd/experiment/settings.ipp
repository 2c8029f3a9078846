#pragma once

#include <algorithm>
#include <string>

#include <snnbd/experiment/settings.hpp>

namespace snnbd::inline SNNBD_ISA {

SNNBD_INLINE void Settings::check() const {
  training().check();
  if (tuning_epochs < 0) reject("epochs of tuning", "at least 0", tuning_epochs);
  if (!(tuning_learning_rate >= 0.0 && tuning_learning_rate < 1e6))
    reject("learning rate of tuning", "a number of at least 0", tuning_learning_rate);
  if (threshold_factor && !(*threshold_factor > 0.0F))
    reject("threshold factor", "a positive number", *threshold_factor);
  if (threads < 0 || threads > 1024) reject("threads", "a number from 0 to 1024", threads);
  if (!(learning_rate >= 0.0 && learning_rate < 1e6))
    reject("learning rate", "a number of at least 0", learning_rate);
  if (!(poisoning_rate >= 0.0 && poisoning_rate <= 1.0))
    reject("poisoning rate", "a share from 0 to 1", poisoning_rate);
  if (converted_timesteps < 0 || converted_timesteps > 65536)
    reject("timesteps of converted networks", "from 0 to 65536", converted_timesteps);
  const Index longest = std::max(timesteps, converted_timesteps);
  for (const Index steps : also_after)
    if (steps < 1 || steps > longest)
      reject("steps to measure after", "from 1 to " + std::to_string(longest), steps);
  if (trigger_size < 0) reject("trigger size", "at least 0", trigger_size);
  if (threshold && !(*threshold > 0.0F)) reject("threshold", "a positive number", *threshold);
  if (tau && !(*tau > 1.0F)) reject("tau", "a number of steps above 1", *tau);
}

namespace detail {
inline std::string names_of(const std::vector<learn::PoisonedSteps>& combinations) {
  std::string text;
  for (const learn::PoisonedSteps& steps : combinations)
    text.append(text.empty() ? "" : ", ").append(steps.name());
  return text;
}
}  // namespace detail

SNNBD_INLINE report::Fields Settings::fields() const {
  report::Fields fields;
  fields.set("preset", preset)
      .set("data", data)
      .set("samples", samples)
      .set("test_samples", test_samples)
      .set("seed", seed)
      .set("threads", threads == 0 ? thread_count() : threads)
      .set("timesteps", timesteps)
      .set("converted_timesteps", converted_timesteps)
      .set("epochs", epochs)
      .set("batch_size", batch_size)
      .set("learning_rate", learning_rate)
      .set("memory_budget", memory_budget)
      .set("threshold", threshold)
      .set("tau", tau)
      .set("also_after", std::vector<double>(also_after.begin(), also_after.end()))
      .set("calibration", calibration == CalibrationSet::training ? "training" : "clean")
      .set("calibration_samples", calibration_samples)
      .set("report_samples", report_samples)
      .set("pretrained", pretrained)
      .set("combinations", detail::names_of(combinations))
      .set("tuning_epochs", tuning_epochs)
      .set("tuning_learning_rate", tuning_learning_rate)
      .set("threshold_factor", threshold_factor)
      .set("tuning_objective", tuning_objective.name())
      .set("poisoning_rate", poisoning_rate)
      .set("poisoning_mode", mode == poison::Mode::in_place ? "in_place" : "appended")
      .set("target", target)
      .set("trigger_size", trigger_size)
      .set("objective", objective.name())
      .set("clean_control", clean_control);
  if (objective.kind == learn::Objective::Kind::balanced)
    fields.set("alpha", objective.alpha).set("beta", objective.beta);
  return fields;
}

SNNBD_INLINE learn::TrainSettings Settings::training() const {
  learn::TrainSettings result;
  result.epochs = epochs;
  result.batch_size = batch_size;
  result.timesteps = timesteps;
  result.seed = seed;
  result.memory_budget = memory_budget;
  return result;
}

SNNBD_INLINE learn::TrainSettings Settings::tuning() const {
  learn::TrainSettings result = training();
  result.epochs = tuning_epochs;
  return result;
}

}  // namespace snnbd::inline SNNBD_ISA
