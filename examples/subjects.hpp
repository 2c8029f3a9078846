// What the examples on conversion and hybrid learning share: data sets with their triggers, and
// networks that can be trained directly, converted, and trained further.
#pragma once

#include <cstdio>
#include <string>
#include <type_traits>
#include <vector>

#include <snnbd/interop/cli.hpp>
#include <snnbd/snnbd.hpp>

namespace subjects {

using namespace snnbd;

// Averages of spikes are averages of rates. Max pooling is converted to gates.
constexpr model::Options largest{.pooling = model::Pooling::max};
constexpr model::Options whole{.pooling = model::Pooling::average};
constexpr model::Options quarter{.pooling = model::Pooling::average, .width_percent = 25};
constexpr model::Options normed{.pooling = model::Pooling::average, .batch_norm = true};
using Neuron = neuron::Lif<>;

template <class Set, class Code, class Model>
struct Subject {
  using Dirty = poison::Poisoned<Set, poison::PixelPatch<>, poison::AllToOne>;
  using Net = Model;
  template <class Rule, class... Stages>
  using Study = Experiment<Dirty, Code, Net, Rule, Stages...>;
};

template <class Net>
using OnDigits = Subject<data::Mnist, encode::Direct, Net>;
using ConvNet = OnDigits<model::ConvNet<data::Mnist::shape, data::Mnist::classes, Neuron, whole>>;
using GatedNet =
    OnDigits<model::ConvNet<data::Mnist::shape, data::Mnist::classes, Neuron, largest>>;
using Vgg = OnDigits<model::Vgg11<data::Mnist::shape, data::Mnist::classes, Neuron, whole>>;
using NarrowVgg = OnDigits<model::Vgg11<data::Mnist::shape, data::Mnist::classes, Neuron, quarter>>;
using ColourVgg =
    Subject<data::Cifar10, encode::Standardized<data::Cifar10>,
            model::Vgg11<data::Cifar10::shape, data::Cifar10::classes, Neuron, normed>>;

/// The poisoning rates of the paper's Table 2 and Fig. 8.
inline std::vector<double> paper_poisoning_rates() {
  return {0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2};
}

inline interop::ExtraOption model_option(std::vector<std::string> names) {
  return {"--model",
          "convnet and vgg11 learn digits, cifar10_vgg11 CIFAR-10; vgg11_quarter has a quarter of "
          "its channels; convnet_max pools by the largest, not by means",
          std::move(names), "convnet"};
}

/// Calls `use` with the small network on digits or VGG11 on CIFAR-10.
template <class Use>
void with_subject(const interop::CommandLine& line, const Use& use) {
  if (line.extra("model") == "cifar10_vgg11") return use(std::type_identity<ColourVgg>{});
  return use(std::type_identity<ConvNet>{});
}

/// Runs one experiment after another and says where the results are.
template <class... Studies>
void study(const interop::CommandLine& line, const std::vector<double>& rates) {
  report::Console console;
  report::Json json{line.settings.result("results.json")};
  report::Csv csv{line.settings.result("results.csv")};
  run_over_rates(line.settings, rates, line.study<Studies>()..., console, json, csv);
  std::printf("\nresults: %s\n", json.path().c_str());
}

}  // namespace subjects
