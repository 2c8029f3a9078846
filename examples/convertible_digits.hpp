// What the examples on conversion share: poisoned digits, and victims that can be converted.
#pragma once

#include <string>
#include <type_traits>

#include <snnbd/interop/cli.hpp>
#include <snnbd/snnbd.hpp>

namespace convertible {

using namespace snnbd;

using Digits = data::Mnist;
using Mark = poison::PixelPatch<poison::White, Corner::bottom_right>;
using Dirty = poison::Poisoned<Digits, Mark, poison::AllToOne>;

using Neuron = neuron::If<neuron::SoftReset>;
constexpr model::Options whole{.pooling = model::Pooling::average};
constexpr model::Options quarter{.pooling = model::Pooling::average, .width_percent = 25};
using ConvNet = model::ConvNet<Digits::shape, Digits::classes, Neuron, whole>;
using Vgg = model::Vgg11<Digits::shape, Digits::classes, Neuron, whole>;
using NarrowVgg = model::Vgg11<Digits::shape, Digits::classes, Neuron, quarter>;

template <class Net, class Rule>
using Study = Experiment<Dirty, encode::Direct, Net, Rule>;

inline interop::ExtraOption model_option() {
  return {"--model",
          "victim; vgg11_quarter has a quarter of its channels",
          {"convnet", "vgg11", "vgg11_quarter"},
          "convnet"};
}

/// Calls `use` with the type of the network that the command line asks for.
template <class Use>
void with_model(const interop::CommandLine& line, const Use& use) {
  if (line.extra("model") == "vgg11") return use(std::type_identity<Vgg>{});
  if (line.extra("model") == "vgg11_quarter") return use(std::type_identity<NarrowVgg>{});
  return use(std::type_identity<ConvNet>{});
}

}  // namespace convertible
