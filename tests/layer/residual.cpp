#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "probe.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using snnbd_tests::LayerProbe;
using snnbd_tests::values_of;

namespace {

constexpr Extent extent{2, 3};
constexpr Shape shape{2, 3, 70};
using Cell = neuron::Plif<>;
using Doubling = layer::Residual<layer::Sequence<>>;
using Conv = layer::Conv<4, 3, layer::ConvOptions{.bias = true}>;
using Block = layer::Residual<layer::Sequence<Conv, layer::Spiking<Cell>, Conv>,
                              layer::Sequence<layer::Conv<4, 1>, layer::BatchNorm<>>>;
using Nested = layer::Residual<layer::Sequence<layer::Conv<4, 3>, Block>>;

template <class Spec, Signal In>
using OutputOf = typename Spec::template Bound<In, float>::Output;

}  // namespace

TEST_CASE("A residual gives real values, with steps if one of its parts has them", "[layer]") {
  constexpr Shape in{4, 4, 4};
  STATIC_REQUIRE(std::is_same_v<OutputOf<Block, Static<in>>, Real<in>>);
  STATIC_REQUIRE(std::is_same_v<OutputOf<Block, Spikes<in>>, Real<in>>);
  using Still = layer::Residual<layer::Sequence<layer::Conv<4, 3>, layer::BatchNorm<>>>;
  STATIC_REQUIRE(std::is_same_v<OutputOf<Still, Static<in>>, Static<in>>);
  STATIC_REQUIRE(std::is_same_v<OutputOf<Still, Real<in>>, Real<in>>);
  STATIC_REQUIRE(std::is_same_v<OutputOf<Doubling, Spikes<in>>, Real<in>>);
}

TEST_CASE("A residual without layers doubles its input", "[layer]") {
  const reference::SpikeBatch spikes{extent, shape, 0.4, 1, 1.5F};
  LayerProbe<Doubling, Spikes<shape>> of_spikes{{}, extent};
  const auto found = values_of(of_spikes.forward(spikes.view()));
  REQUIRE(found.size() == spikes.fired().size());
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == 3.0 * spikes.fired()[i]);
  const auto slopes = reference::integers<float>(extent.frames() * shape.size(), 2);
  const auto back = of_spikes.backward(spikes.view(), slopes);
  for (std::size_t i = 0; i < back.size(); ++i) CHECK(back[i] == 2.0F * slopes[i]);
}

TEST_CASE("A residual lists the tensors of its parts by their places", "[layer]") {
  using Bound = Nested::Bound<Static<Shape{4, 4, 4}>, float>;
  const std::vector<std::string> names{"branch.0.weight",
                                       "branch.1.branch.0.weight",
                                       "branch.1.branch.0.bias",
                                       "branch.1.branch.1.w",
                                       "branch.1.branch.2.weight",
                                       "branch.1.branch.2.bias",
                                       "branch.1.shortcut.0.weight",
                                       "branch.1.shortcut.1.weight",
                                       "branch.1.shortcut.1.bias",
                                       "branch.1.shortcut.1.running_mean",
                                       "branch.1.shortcut.1.running_var"};
  // Itself, a convolution, the inner residual, its branch of three, its shortcut of two.
  const std::vector<int> places{1, 3, 3, 4, 5, 5, 6, 7, 7, 7, 7};
  STATIC_REQUIRE(Nested::places == 8);
  REQUIRE(Bound::parameters.size() == names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    CHECK(Bound::parameters[i].name == names[i]);
    CHECK(Bound::parameters[i].place == places[i]);
  }
  STATIC_REQUIRE(layer::parameter_total(Bound::parameters) ==
                 9 * 16 + 2 * (9 * 16 + 4) + 1 + 16 + 4 * 4);
}

TEST_CASE("A residual is written with both of its parts", "[layer]") {
  CHECK(Nested::notation() == "R(4C3-R(4C3-4C3+4C1-BN))");
  CHECK(Nested::description() == "residual(conv-residual(conv-spiking-conv+conv-batch_norm))");
  STATIC_REQUIRE(Nested::neuron_name() == "plif");
  STATIC_REQUIRE(Doubling::neuron_name().empty());
}

TEST_CASE("The layers within a residual are met in their order, and can be set", "[layer]") {
  std::tuple<Nested, layer::Dropout> layers;
  std::vector<std::string> met;
  layer::for_each_layer(layers, [&](auto& spec, int place) {
    CHECK(place == static_cast<int>(met.size()));
    met.emplace_back(spec.name);
    if constexpr (requires { spec.neuron; }) spec.neuron.threshold = 0.25F;
  });
  CHECK(met == std::vector<std::string>{"residual", "conv", "residual", "conv", "spiking", "conv",
                                        "conv", "batch_norm", "dropout"});
  const auto& block = std::get<0>(layers).branch.layer<1>();
  CHECK(block.branch.layer<1>().neuron.threshold == 0.25F);
}
