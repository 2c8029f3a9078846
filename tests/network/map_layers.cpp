#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/map_layers.hpp>
#include <snnbd/neuron/leaky.hpp>

using namespace snnbd;

namespace {

using Plain = neuron::Lif<>;
using Trained = neuron::Diet<>;

/// Neurons with two parameters of their own in place of those that have none.
template <class Spec>
struct Change {
  using type = Spec;
};
template <>
struct Change<layer::Spiking<Plain>> {
  using type = layer::Spiking<Trained>;
};

template <class Cell>
using Block = layer::Residual<layer::Sequence<layer::Conv<3, 3>, layer::BatchNorm<>,
                                              layer::Spiking<Cell>, layer::Conv<3, 3>>>;
template <class Cell>
using Net = Network<Shape{4, 4, 2}, layer::Conv<3, 3, layer::ConvOptions{.bias = true}>,
                    layer::Spiking<Cell>, Block<Cell>, layer::Spiking<Cell>, layer::Dropout,
                    layer::Dense<2>, layer::MeanOverTime>;

}  // namespace

TEST_CASE("Layers are replaced wherever they stand", "[network]") {
  STATIC_REQUIRE(std::is_same_v<network::MapLayers<Change, Net<Plain>>::type, Net<Trained>>);
  STATIC_REQUIRE(std::is_same_v<network::MapLayers<Change, Net<Trained>>::type, Net<Trained>>);
}

TEST_CASE("Parameters and settings go over, neurons' own start where their settings say",
          "[network]") {
  Net<Plain> from;
  network::initialize(from, 3);
  from.layer<2>().branch.layer<1>().momentum = 0.05;
  from.layer<4>().rate = 0.25F;
  const auto to = network::transfer<Net<Trained>>(from);
  CHECK(to.layer<2>().branch.layer<1>().momentum == 0.05);
  CHECK(to.layer<4>().rate == 0.25F);
  std::vector<float> shared;
  for (const auto& tensor : Net<Trained>::tensors()) {
    const float* values = to.parameters().data() + tensor.offset;
    if (tensor.parameter.kind == layer::ParameterKind::neuron)
      CHECK(values[0] == 1.0F);  // the default of threshold and decay alike
    else
      shared.insert(shared.end(), values, values + tensor.parameter.size());
  }
  CHECK(std::ranges::equal(shared, from.parameters()));
  CHECK(Net<Trained>::parameter_count == Net<Plain>::parameter_count + 3 * 2);
}

TEST_CASE("Neurons' own parameters go over between networks that have as many", "[network]") {
  Net<Trained> from;
  network::initialize(from, 3);
  from.parameter("1.w").values()[0] = 0.75F;
  const auto to = network::transfer<Net<Trained>>(from);
  CHECK(std::ranges::equal(to.parameters(), from.parameters()));
}
