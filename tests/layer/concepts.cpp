#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>

using namespace snnbd;

namespace {

constexpr Shape shape{4, 4, 2};
using Cell = neuron::Lif<>;

template <class Spec, Signal In = Real<shape>>
using Bound = typename Spec::template Bound<In, float>;

using Block = layer::Residual<layer::Sequence<layer::Conv<2, 3>>>;

template <class Spec, Signal In = Real<shape>>
constexpr bool is_layer = layer::BoundLayer<Bound<Spec, In>, Spec, float>;
template <class Spec, Signal In = Real<shape>>
constexpr bool produces = layer::CurrentProducer<Bound<Spec, In>, float>;
template <class Spec>
constexpr bool consumes = layer::CurrentConsumer<Bound<Spec>, Spec, float>;
template <class Spec>
constexpr bool normalizes = layer::CurrentNormalizer<Bound<Spec>, Spec, float>;
template <class Spec>
constexpr bool sums = layer::CurrentSum<Bound<Spec>, Spec, float>;

template <class Spec, Signal In = MaskedSpikes<shape>>
constexpr bool fuses = layer::FusingPool<Bound<Spec, In>, Spec>;

struct NoName {};

}  // namespace

TEST_CASE("All layers are layers", "[layer]") {
  STATIC_REQUIRE(is_layer<layer::Conv<3, 3>> && is_layer<layer::Conv<3, 3>, Spikes<shape>>);
  STATIC_REQUIRE(is_layer<layer::Dense<3>> && is_layer<layer::Dense<3>, Static<shape>>);
  STATIC_REQUIRE(is_layer<layer::Spiking<Cell>> && is_layer<layer::BatchNorm<>>);
  STATIC_REQUIRE(is_layer<layer::MaxPool<2>, MaskedSpikes<shape>> && is_layer<Block>);
  STATIC_REQUIRE(is_layer<layer::AvgPool<2>> && is_layer<layer::MeanOverTime>);
  STATIC_REQUIRE(layer::LayerSpec<layer::Relu> && !layer::LayerSpec<NoName>);
}

TEST_CASE("Who makes, maps, adds and takes currents is what the page of layers says", "[layer]") {
  STATIC_REQUIRE(produces<layer::Conv<3, 3>> && produces<layer::Dense<3>, Spikes<shape>>);
  STATIC_REQUIRE_FALSE(produces<layer::Spiking<Cell>> || produces<layer::BatchNorm<>> ||
                       produces<Block> || produces<layer::AvgPool<2>>);
  STATIC_REQUIRE(consumes<layer::Spiking<Cell>>);
  STATIC_REQUIRE_FALSE(consumes<layer::Relu> || consumes<layer::Conv<3, 3>> ||
                       consumes<layer::MeanOverTime>);
  STATIC_REQUIRE(normalizes<layer::BatchNorm<>>);
  STATIC_REQUIRE_FALSE(normalizes<layer::Relu> || normalizes<layer::Spiking<Cell>>);
  STATIC_REQUIRE(sums<Block>);
  STATIC_REQUIRE_FALSE(sums<layer::Conv<3, 3>> || sums<layer::AvgPool<2>>);
}

TEST_CASE("A pooling joins neurons if its windows neither overlap nor leave the image", "[layer]") {
  STATIC_REQUIRE(fuses<layer::MaxPool<2>>);
  STATIC_REQUIRE_FALSE(fuses<layer::MaxPool<3, 1>>);
  STATIC_REQUIRE_FALSE(fuses<layer::MaxPool<2, 2, 1>>);
  STATIC_REQUIRE_FALSE(fuses<layer::MaxPool<2>, Real<shape>>);
  STATIC_REQUIRE_FALSE(fuses<layer::AvgPool<2>>);
}
