#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "one_by_one.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using layer::BatchNorm;
using layer::Conv;
using layer::Sequence;
using layer::Spiking;
using reference::at;
using snnbd_tests::values_of;

namespace {

constexpr layer::ConvOptions halving{.stride = 2};
constexpr layer::ConvOptions projecting{.stride = 2, .padding = 0};
constexpr layer::BatchNormOptions to_sum{.threshold_dependent = true, .summed = true};
constexpr Shape image{6, 4, 70};
constexpr Extent extent{3, 4};
using Neuron = neuron::Plif<neuron::SoftReset, neuron::Sigmoid>;

template <class Residual>
using Net = Network<image, Residual, Spiking<Neuron>>;

using Identity = layer::Residual<
    Sequence<Conv<9, 3>, BatchNorm<>, Spiking<Neuron>, Conv<70, 3>, BatchNorm<to_sum>>>;
using Projected = layer::Residual<
    Sequence<Conv<66, 3, halving>, BatchNorm<>, Spiking<Neuron>, Conv<66, 3>, BatchNorm<to_sum>>,
    Sequence<Conv<66, 1, projecting>, BatchNorm<to_sum>>>;
using Plain = layer::Residual<Sequence<Conv<5, 3>>, Sequence<Conv<5, 1>, BatchNorm<>>>;
using Fired = layer::Residual<Sequence<Conv<70, 3>, Spiking<Neuron>>, Sequence<layer::Dropout>>;
using Nested = layer::Residual<Sequence<layer::Dropout, Identity>, Sequence<layer::Dropout>>;

template <class Residual, Signal In>
void check() {
  CAPTURE(Residual::notation(), SpikeSignal<In>, timed<In>);
  Net<Residual> net;
  snnbd_tests::fill_parameters(net, 3);
  net.set_threshold(0.6F);
  net.for_each_layer([](auto& spec, int /*place*/) {
    if constexpr (requires { spec.rate; }) spec.rate = 0.0F;
  });
  const Extent own = layer::extent_of<In>(extent);
  const reference::SpikeBatch spikes{own, image, 0.4, 1, 1.5F};
  const auto values = reference::noise<float>(own.frames() * image.size(), 1);
  const auto in = [&] {
    if constexpr (SpikeSignal<In>) {
      return spikes.view();
    } else {
      return RealView<const float>{values.data(), own, image};
    }
  }();
  for (const bool training : {true, false}) {
    CAPTURE(training);
    Pass<Net<Residual>, In> pass{extent, true};
    auto apart = snnbd_tests::one_by_one<float, In>(net.layers(), extent, {training});
    const auto fired = values_of(pass.forward(net, in, {training}));
    CHECK(fired == values_of(apart.forward(in, net.parameters().data())));
    CHECK(std::count(fired.begin(), fired.end(), 1.0) > 50);
    if (!training) continue;
    const auto noise = reference::noise<float>(static_cast<Index>(fired.size()), 2);
    const std::vector<float> slope(noise.begin(), noise.end());
    const auto carry = [&](std::span<float> input_gradient) {
      std::vector<float> gradient(net.parameters().size());
      pass.backward(net, std::span{slope}.first(fired.size()), gradient, input_gradient);
      return gradient;
    };
    std::vector<float> own_gradient(net.parameters().size());
    auto expected = apart.backward(slope, net.parameters().data(), own_gradient.data());
    expected.resize(reference::at(own.frames() * image.size()));
    std::vector<float> input_gradient(expected.size());
    using Joined = Net<Residual>;
    CHECK(snnbd_tests::agree<Joined>(carry(input_gradient), own_gradient));
    CHECK(snnbd_tests::agree<Joined>(carry({}), own_gradient));
    CHECK(snnbd_tests::close(input_gradient, expected));
    CHECK(std::any_of(own_gradient.begin(), own_gradient.end(),
                      [](float value) { return value != 0.0F; }));
  }
}

}  // namespace

TEST_CASE("Neurons that read a residual's sum fire as those that find it stored", "[layer]") {
  check<Identity, Spikes<image>>();
  check<Identity, Real<image>>();
  check<Identity, Static<image>>();
  check<Projected, Spikes<image>>();
  check<Projected, Static<image>>();
  check<Plain, Spikes<image>>();
  check<Plain, Static<image>>();
  check<Fired, Spikes<image>>();
  check<Fired, Static<image>>();
  check<Nested, Spikes<image>>();
}

TEST_CASE("A residual of batch norms that are never stored is the sum of its parts", "[layer]") {
  using Branch = Sequence<Conv<66, 3, halving>, BatchNorm<to_sum>>;
  using Shortcut = Sequence<Conv<66, 1, projecting>, BatchNorm<>>;
  using Sum = layer::Residual<Branch, Shortcut>;
  Network<image, Sum> net;
  snnbd_tests::fill_parameters(net, 5);
  const auto images = reference::noise<float>(extent.frames() * image.size(), 1);
  const RealView<const float> in{images.data(), extent, image};
  const Sum& spec = net.layer<0>();
  const float* const values = net.parameters().data();
  constexpr Index behind = Branch::BoundTo<float, Real<image>>::parameter_count;
  for (const bool training : {true, false}) {
    CAPTURE(training);
    auto branch =
        snnbd_tests::one_by_one<float, Real<image>>(spec.branch.layers, extent, {training});
    auto shortcut =
        snnbd_tests::one_by_one<float, Real<image>>(spec.shortcut.layers, extent, {training});
    auto expected = values_of(branch.forward(in, values));
    const auto second = values_of(shortcut.forward(in, values + behind));
    for (std::size_t i = 0; i < expected.size(); ++i)
      expected[i] =
          static_cast<double>(static_cast<float>(expected[i]) + static_cast<float>(second[i]));
    Pass<Network<image, Sum>, Real<image>> pass{extent, training};
    CHECK(values_of(pass.forward(net, in, {training})) == expected);
  }
}

TEST_CASE("Neurons behind a residual need no memory for its sum", "[layer]") {
  constexpr Shape shape{8, 8, 64};
  using Block = layer::Residual<
      Sequence<Conv<64, 3>, BatchNorm<>, Spiking<neuron::Lif<>>, Conv<64, 3>, BatchNorm<>>>;
  using Blocks = Network<shape, Block, Spiking<neuron::Lif<>>, Block, Spiking<neuron::Lif<>>>;
  constexpr Extent whole{4, 8};
  const Index signal = whole.frames() * shape.size() * Index{sizeof(float)};
  const auto signals = [&](bool training) {
    return static_cast<double>(Pass<Blocks, Spikes<shape>>::bytes(whole, training)) /
           static_cast<double>(signal);
  };
  // Two for each block; on the way back, a gradient between stages, one of the sum, one within.
  CHECK(signals(true) < 4 + 3 + 0.25);
  CHECK(signals(false) < 0.25);
}
