// The settings of the examples on hybrid learning.
#pragma once

#include <vector>

#include "victims.hpp"

namespace victims {

using LrHOfDigits = learn::Hybrid<learn::RobustNorm>;
/// Of ten layers of neurons with empty membranes the last ones would not fire within few steps; and
/// gradients by spike times alone do not stay bounded through so many.
using LrHInDepth = learn::Hybrid<learn::HalfStart<learn::MmseNorm>,
                                 learn::Stdb<learn::SameStep, neuron::Triangle>>;
template <class Victim>
using LrH = std::conditional_t<std::is_same_v<Victim, ColourVgg>, LrHInDepth, LrHOfDigits>;

/// `quick_cifar10` goes with `--model cifar10_vgg11`.
inline std::vector<interop::Preset> presets(const std::vector<learn::PoisonedSteps>& combinations) {
  const Settings quick{.samples = 20000,
                       .timesteps = 8,
                       .converted_timesteps = 32,
                       .epochs = 5,
                       .combinations = combinations,
                       .tuning_epochs = 1};
  const Settings quick_cifar10{.test_samples = 1000,
                               .timesteps = 8,
                               .epochs = 10,
                               .calibration_samples = 200,
                               .combinations = combinations,
                               .tuning_epochs = 1,
                               .threshold_factor = 1.0F};
  const Settings smoke{.samples = 500,
                       .test_samples = 200,
                       .converted_timesteps = 8,
                       .epochs = 1,
                       .batch_size = 32,
                       .calibration_samples = 50,
                       .combinations = combinations,
                       .tuning_epochs = 1};
  const Settings paper{.timesteps = 100,
                       .epochs = 200,
                       .learning_rate = 1e-3,
                       .calibration_samples = 0,
                       .combinations = combinations,
                       .tuning_epochs = 20,
                       .objective = learn::Objective::balanced(0.5, 0.5)};
  return {{"quick", quick}, {"quick_cifar10", quick_cifar10}, {"smoke", smoke}, {"paper", paper}};
}

}  // namespace victims
