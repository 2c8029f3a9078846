// The settings of the examples on hybrid learning.
#pragma once

#include <vector>

#include "subjects.hpp"

namespace subjects {

using LrHOfDigits = learn::Hybrid<learn::RobustNorm>;
/// Of ten layers of neurons with empty membranes the last ones would not fire within few steps; and
/// gradients by spike times alone do not stay bounded through so many.
using LrHInDepth = learn::Hybrid<learn::HalfStart<learn::MmseNorm>,
                                 learn::Stdb<learn::SameStep, neuron::Triangle>>;
template <class Subject>
using LrH = std::conditional_t<std::is_same_v<Subject, ColourVgg>, LrHInDepth, LrHOfDigits>;

/// `quick_cifar10` goes with `--model cifar10_vgg11`.
inline std::vector<interop::Preset> presets(const std::vector<learn::PoisonedSteps>& combinations) {
  const interop::Preset quick{.name = "quick",
                              .settings = {.samples = 20000, .timesteps = 8, .epochs = 5},
                              .conversion = {{.timesteps = 32}},
                              .hybrid = {{.combinations = combinations, .epochs = 1}}};
  const interop::Preset quick_cifar10{
      .name = "quick_cifar10",
      .settings = {.samples = 20000, .test_samples = 1000, .timesteps = 8, .epochs = 10},
      .conversion = {{.calibration_samples = 200}},
      .hybrid = {{.combinations = combinations, .epochs = 1}},
      .threshold_factor = 1.0};
  const interop::Preset smoke{
      .name = "smoke",
      .settings = {.samples = 500, .test_samples = 200, .epochs = 1, .batch_size = 32},
      .conversion = {{.timesteps = 8, .calibration_samples = 50}},
      .hybrid = {{.combinations = combinations, .epochs = 1}}};
  const interop::Preset paper{.name = "paper",
                              .settings = {.timesteps = 100,
                                           .epochs = 200,
                                           .learning_rate = 1e-3,
                                           .objective = learn::Objective::balanced(0.5, 0.5)},
                              .conversion = {{.calibration_samples = 0}},
                              .hybrid = {{.combinations = combinations, .epochs = 20}}};
  return {quick, quick_cifar10, smoke, paper};
}

}  // namespace subjects
