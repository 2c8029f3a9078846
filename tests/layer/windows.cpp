#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/layer/windows.hpp>

using namespace snnbd;

namespace {

using Neurons = layer::Spiking<neuron::Lif<>>;
using layer::Dense;
using layer::MeanOverTime;
using layer::Residual;
using layer::Sequence;

template <class In, class... Specs>
constexpr bool possible = layer::Windows<layer::Stages<float, In, Specs...>>::possible;

constexpr Shape shape{1, 1, 3};
using Still = Static<shape>;
using Fired = Spikes<shape>;

}  // namespace

TEST_CASE("Only where nothing that walks the steps follows a readout can windows be run",
          "[layer]") {
  STATIC_REQUIRE(possible<Still>);
  STATIC_REQUIRE(possible<Still, Dense<3>>);
  STATIC_REQUIRE(possible<Still, Dense<3>, Neurons, Dense<3>>);
  STATIC_REQUIRE(possible<Still, Dense<3>, MeanOverTime, Neurons>);
  STATIC_REQUIRE(possible<Fired, Dense<3>, Neurons, Dense<3>, MeanOverTime>);
  STATIC_REQUIRE(possible<Fired, Dense<3>, MeanOverTime, Dense<3>>);
  STATIC_REQUIRE_FALSE(possible<Fired, Dense<3>, MeanOverTime, Neurons>);
  STATIC_REQUIRE_FALSE(
      possible<Fired, Dense<3>, MeanOverTime, Dense<3>, Neurons, layer::SpikeRate>);
}

TEST_CASE("A readout within a residual leaves a sequence whole unless both parts end in it",
          "[layer]") {
  using Walk = Sequence<Dense<3>, Neurons, Dense<3>>;
  using Sum = Sequence<Dense<3>, Neurons, Dense<3>, MeanOverTime>;
  STATIC_REQUIRE(possible<Fired, Residual<Walk>, Neurons, Dense<3>, MeanOverTime>);
  STATIC_REQUIRE(possible<Fired, Residual<Sum, Sum>, Dense<3>>);
  STATIC_REQUIRE(possible<Still, Residual<Sum>, Dense<3>>);
  STATIC_REQUIRE_FALSE(possible<Fired, Residual<Sum>>);
  STATIC_REQUIRE_FALSE(possible<Still, Residual<Sum, Walk>>);
  STATIC_REQUIRE_FALSE(possible<Still, Residual<Sum>, Neurons>);
  STATIC_REQUIRE_FALSE(possible<Fired, Dense<3>, MeanOverTime, Residual<Sum>>);
  STATIC_REQUIRE_FALSE(possible<Fired, Residual<Sequence<Dense<3>, MeanOverTime, Neurons>>>);
}
