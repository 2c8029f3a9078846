// What the examples on hybrid learning share: data sets with their triggers, and victims that can
// be trained directly, converted, and trained further.
#pragma once

#include <cstdio>
#include <type_traits>

#include <snnbd/interop/cli.hpp>
#include <snnbd/snnbd.hpp>

namespace hybrid {

using namespace snnbd;

// Averages behind spikes can be converted; the largest of spikes cannot.
constexpr model::Options plain{.pooling = model::Pooling::average};
constexpr model::Options normed{.pooling = model::Pooling::average, .batch_norm = true};
using Neuron = neuron::Lif<>;

template <class Set, class Code, class Model>
struct Victim {
  using Dirty = poison::Poisoned<Set, poison::PixelPatch<>, poison::AllToOne>;
  using Encoding = Code;
  using Net = Model;
  template <class Rule>
  using Study = Experiment<Dirty, Encoding, Net, Rule>;
};

using Mnist = Victim<data::Mnist, encode::Direct,
                     model::ConvNet<data::Mnist::shape, data::Mnist::classes, Neuron, plain>>;
using Cifar10 = Victim<data::Cifar10, encode::Standardised<data::Cifar10>,
                       model::Vgg11<data::Cifar10::shape, data::Cifar10::classes, Neuron, normed>>;

using LrH = learn::Hybrid<learn::RobustNorm>;

inline interop::ExtraOption data_set_option() {
  return {"--data-set",
          "digits for the small network, cifar10 for VGG11",
          {"mnist", "cifar10"},
          "mnist"};
}

/// Calls `use` with the victim that the command line asks for.
template <class Use>
void with_victim(const interop::CommandLine& line, const Use& use) {
  if (line.extra("data-set") == "cifar10") return use(std::type_identity<Cifar10>{});
  return use(std::type_identity<Mnist>{});
}

/// The presets of these examples; `quick_cifar10` goes with `--data-set cifar10`.
inline std::vector<interop::Preset> presets(const std::vector<learn::PoisonedSteps>& combinations) {
  const Settings quick{
      .timesteps = 8, .converted_timesteps = 64, .epochs = 5, .combinations = combinations};
  const Settings quick_cifar10{.test_samples = 2000,
                               .timesteps = 4,
                               .epochs = 10,
                               .combinations = combinations,
                               .tuning_epochs = 1};
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

}  // namespace hybrid
