#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "one_by_one.hpp"

using namespace snnbd;
using namespace snnbd::layer;
namespace reference = snnbd_tests::reference;
using snnbd_tests::values_of;

namespace {

constexpr Shape image{6, 5, 3};
using In = Real<image>;
using Lif = Spiking<neuron::Lif<>>;

template <class Spec, Signal Seen = In>
using Bound = typename Spec::template Bound<Seen, float>;

/// A dense layer under another name, of which the library knows nothing.
struct OwnDense : Dense<8> {
  static constexpr std::string_view name = "own_dense";
  template <Signal Seen, class Scalar>
  struct Bound : Dense<8>::Bound<Seen, Scalar> {};
};

/// The same, but it makes no tiles.
struct OwnPlain : Dense<8> {
  static constexpr std::string_view name = "own_plain";
  template <Signal Seen, class Scalar>
  struct Bound {
    using Base = Dense<8>::Bound<Seen, Scalar>;
    using Input = Seen;
    using Output = typename Base::Output;
    using Memory = typename Base::Memory;
    static constexpr auto parameters = Base::parameters;
    static Memory reserve(Arena& arena, const Extent& whole, bool training) {
      return Base::reserve(arena, whole, training);
    }
    static auto forward(const OwnPlain& spec, const Scalar* values, ConstViewOf<Seen, Scalar> in,
                        Memory& memory, LayerContext& context) {
      return Base::forward(spec, values, in, memory, context);
    }
    static const Scalar* backward(const OwnPlain& spec, ParameterSpan<Scalar> own,
                                  const BackwardSignals<Seen, Scalar>& signals, Memory& memory,
                                  LayerContext& context) {
      return Base::backward(spec, own, signals, memory, context);
    }
  };
};

template <class... Specs>
constexpr std::size_t stage_count = Stages<float, In, Specs...>::size;

/// Whether the first stage of a list joins some of its layers.
template <int Count, class... Specs>
constexpr bool joins = Stages<float, In, Specs...>::template At<0>::spec_count == Count;

template <class First>
std::vector<double> results(std::vector<float>& gradient) {
  constexpr Extent extent{2, 3};
  using Net = Network<image, First, Lif, Dense<3>, MeanOverTime>;
  Net net;
  snnbd_tests::fill_parameters(net, 1);
  net.set_threshold(0.5F);
  const auto images = reference::noise<float>(extent.frames() * image.size(), 2);
  Pass<Net, In> pass{extent, true};
  auto out = values_of(pass.forward(net, {images.data(), extent, image}, {true}));
  gradient.assign(net.parameters().size(), 0.0F);
  const std::vector<float> slope{1.0F, -0.5F, 0.25F, 0.5F, -1.0F, 2.0F};
  pass.backward(net, slope, gradient);
  return out;
}

}  // namespace

TEST_CASE("Layers say by concepts what they can take part in", "[layer]") {
  STATIC_REQUIRE(BoundLayer<Bound<Conv<4, 3>>, Conv<4, 3>, float>);
  STATIC_REQUIRE(BoundLayer<Bound<Lif>, Lif, float>);
  STATIC_REQUIRE(!BoundLayer<Bound<Lif>, Lif, double>);
  STATIC_REQUIRE(!BoundLayer<int, Lif, float>);

  STATIC_REQUIRE(CurrentProducer<Bound<Conv<4, 3>>, float>);
  STATIC_REQUIRE(CurrentProducer<Bound<Dense<4>, Spikes<image>>, float>);
  STATIC_REQUIRE(CurrentProducer<Bound<OwnDense>, float>);
  STATIC_REQUIRE(!CurrentProducer<Bound<OwnPlain>, float>);
  STATIC_REQUIRE(!CurrentProducer<Bound<AvgPool<2>>, float>);
  STATIC_REQUIRE(!CurrentProducer<Bound<BatchNorm<>>, float>);

  STATIC_REQUIRE(CurrentConsumer<Bound<Lif>, Lif, float>);
  STATIC_REQUIRE(!CurrentConsumer<Bound<Relu>, Relu, float>);
  STATIC_REQUIRE(CurrentNormalizer<Bound<BatchNorm<>>, BatchNorm<>, float>);
  STATIC_REQUIRE(!CurrentNormalizer<Bound<Lif>, Lif, float>);
  using Sum = Residual<Sequence<Conv<3, 3>>>;
  STATIC_REQUIRE(CurrentSum<Bound<Sum>, Sum, float>);
  STATIC_REQUIRE(!CurrentSum<Bound<Conv<3, 3>>, Conv<3, 3>, float>);

  STATIC_REQUIRE(FusingPool<Bound<MaxPool<2>, Spikes<image>>, MaxPool<2>>);
  STATIC_REQUIRE(!FusingPool<Bound<MaxPool<2>>, MaxPool<2>>);
  STATIC_REQUIRE(!FusingPool<Bound<MaxPool<3, 2, 1>, Spikes<image>>, MaxPool<3, 2, 1>>);
  STATIC_REQUIRE(!FusingPool<Bound<AvgPool<2>, Spikes<image>>, AvgPool<2>>);
}

TEST_CASE("Neighbours run as one if the concepts say so", "[layer]") {
  STATIC_REQUIRE(stage_count<> == 0);
  STATIC_REQUIRE(stage_count<Conv<4, 3>, Lif> == 1);
  STATIC_REQUIRE(joins<2, Conv<4, 3>, Lif>);
  STATIC_REQUIRE(joins<3, Conv<4, 3>, BatchNorm<>, Lif>);
  STATIC_REQUIRE(joins<2, Residual<Sequence<Conv<3, 3>>>, Lif>);
  STATIC_REQUIRE(stage_count<Conv<4, 3>, Lif, MaxPool<2>> == 1);
  STATIC_REQUIRE(stage_count<Conv<4, 3>, BatchNorm<>, Lif, MaxPool<2>, Dense<2>> == 2);
  STATIC_REQUIRE(stage_count<Conv<4, 3>, Lif, AvgPool<2>> == 2);
  STATIC_REQUIRE(stage_count<Conv<4, 3>, BatchNorm<>> == 1);
  STATIC_REQUIRE(stage_count<Conv<4, 3>, Relu> == 2);
  STATIC_REQUIRE(stage_count<AvgPool<2>, Lif> == 2);
  STATIC_REQUIRE(stage_count<OwnDense, Lif> == 1);
  STATIC_REQUIRE(stage_count<OwnPlain, Lif> == 2);
}

TEST_CASE("A producer of one's own runs as one with its neurons and gives the same", "[layer]") {
  std::vector<float> of_library;
  std::vector<float> of_own;
  std::vector<float> of_plain;
  const auto expected = results<Dense<8>>(of_library);
  CHECK(results<OwnDense>(of_own) == expected);
  CHECK(results<OwnPlain>(of_plain) == expected);
  CHECK(of_own == of_library);
  CHECK(snnbd_tests::close(of_plain, of_library));
}

TEST_CASE("Parameters and their gradients move together", "[layer]") {
  const std::vector<double> values{1, 2, 3, 4};
  std::vector<double> gradient(4);
  const ParameterSpan<double> all{values.data(), gradient.data()};
  const auto last = all.from(1).from(2);
  CHECK(*last.values == 4.0);
  *last.gradient += 5.0;
  CHECK(gradient == std::vector<double>{0, 0, 0, 5});
}
