#include <array>
#include <numeric>
#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/encode/poisson.hpp>
#include <snnbd/encode/standardized.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/probed_network.hpp>
#include <snnbd/network/recording.hpp>

using namespace snnbd;
using network::Quantity;

namespace {

constexpr Index steps = 5;
constexpr Shape shape{6, 6, 2};

using Cell = neuron::Lif<neuron::SoftReset>;
using Net =
    Network<shape, layer::Conv<4, 3>, layer::BatchNorm<>, layer::Spiking<Cell>, layer::Dropout,
            layer::Dense<7>, layer::Spiking<Cell>, layer::Dense<3>, layer::MeanOverTime>;

template <class Type>
Type trained() {
  Type net;
  network::initialize(net, 5);
  for (auto& value : net.parameters()) value *= 2;
  return net;
}

/// Samples that differ, as a set.
struct Samples {
  static constexpr Shape shape = ::shape;
  static constexpr int classes = 3;
  static constexpr std::string_view name = "samples";
  [[nodiscard]] std::size_t size() const { return 5; }
  [[nodiscard]] int label(std::size_t index) const { return static_cast<int>(index % 3); }
  void read(std::size_t index, std::span<float> values) const {
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<float>((i * 7 + index * 13) % 11) / 10.0F;
  }
};

struct Channels {
  static constexpr Shape shape = ::shape;
  static constexpr std::array mean{0.25F, 0.5F};
  static constexpr std::array deviation{0.5F, 0.25F};
};

std::vector<float> values_of(data::DatasetView set) {
  std::vector<float> values(set.size() * set.sample_size());
  for (std::size_t i = 0; i < set.size(); ++i)
    set.read(i, std::span{values}.subspan(i * set.sample_size(), set.sample_size()));
  return values;
}

}  // namespace

TEST_CASE("a probe sees what a recording shows", "[network]") {
  const Net net = trained<Net>();
  const auto probe = probe_of(net, encode::Direct{}, steps, 2);
  std::vector<float> values = values_of(Samples{});
  const auto record = net.record(
      ConstTensorView<float, 4>{values.data(), 5, shape.height, shape.width, shape.channels},
      {.timesteps = steps});
  REQUIRE(probe.layers().size() == 2);
  CHECK(probe.layers()[0].place == 2);
  CHECK(probe.layers()[0].shape == Shape{6, 6, 4});
  CHECK(probe.layers()[0].neurons);
  CHECK(probe.last_place() == 5);
  const int place = GENERATE(2, 5);
  const auto& layer = record.layer(place);
  const Index units = place == 2 ? 144 : 7;
  const auto compare = [&](Quantity quantity, const Tensor<float, 5>& expected, double scale) {
    const auto each = probe.over_time(Samples{}, place, quantity);
    const auto all = probe.features(Samples{}, place, quantity);
    REQUIRE(each.size() == expected.size());
    CHECK(std::equal(each.data(), each.data() + each.size(), expected.data()));
    REQUIRE(all.dimension(1) == units);
    for (Index sample = 0; sample < 5; ++sample) {
      for (Index unit = 0; unit < units; ++unit) {
        double sum = 0.0;
        for (Index step = 0; step < steps; ++step)
          sum += double{expected.data()[(sample * steps + step) * units + unit]};
        CHECK(double{all(sample, unit)} == Approx(scale * sum).margin(1e-6));
      }
    }
  };
  compare(Quantity::spikes, layer.spikes, 1.0 / steps);
  compare(Quantity::voltage, layer.charge, 1.0);
  compare(Quantity::membrane, layer.membrane, 1.0);
  CHECK_THROWS_WITH(probe.features(Samples{}, 3, Quantity::spikes),
                    "layer to look at: expected the place of a layer of neurons or rectifiers, one "
                    "of 2, 5, found 3");
}

TEST_CASE("a probe gives the outputs of a view, of a set and of values", "[network]") {
  const Net net = trained<Net>();
  const encode::Poisson encoding{.seed = 3};
  const auto probe = probe_of(net, encoding, steps, 2);
  const auto expected = view_of(net, encoding, steps).outputs(Samples{});
  CHECK(probe.outputs(Samples{}) == expected);
  CHECK(probe.outputs(values_of(Samples{})) == expected);
  CHECK(probe.passes().forward == 10);
  CHECK(probe.passes().backward == 0);
  CHECK_THROWS_WITH(probe.outputs(std::vector<float>(71)),
                    "samples for a network: expected a multiple of 72 values, found 71");
}

TEST_CASE("a probe looks at rectifiers", "[network]") {
  using Ann = Network<shape, layer::Conv<4, 3>, layer::Relu, layer::Dense<3>>;
  const Ann net = trained<Ann>();
  const auto probe = probe_of(net, encode::Direct{}, 1);
  REQUIRE(probe.layers().size() == 1);
  CHECK_FALSE(probe.layers()[0].neurons);
  const auto seen = probe.features(Samples{}, 1, Quantity::voltage);
  CHECK(seen.dimension(1) == 144);
  Pass<Ann, Static<shape>> pass{{5, 1}, false};
  const auto values = values_of(Samples{});
  (void)pass.forward(net, RealView<const float>{values.data(), {5, 1}, shape});
  pass.for_each_activation([&](const auto& given) {
    CHECK(std::equal(given.data, given.data + given.size(), seen.data()));
  });
}

TEMPLATE_TEST_CASE("a probe gives the gradient of the network in evaluation", "[network]",
                   encode::Direct, encode::Standardized<Channels>, encode::Poisson) {
  using Smooth = neuron::Smooth<neuron::Lif<neuron::SoftReset>>;
  using Soft =
      BasicNetwork<double, shape, layer::Conv<4, 3>, layer::BatchNorm<>, layer::Spiking<Smooth>,
                   layer::Dropout, layer::Dense<3>, layer::MeanOverTime>;
  Soft net = trained<Soft>();
  for (auto& moment : net.parameter("1.running_mean").values()) moment = 0.2;
  for (auto& moment : net.parameter("1.running_var").values()) moment = 0.6;
  const auto probe = probe_of(net, TestType{}, steps, 2);
  const auto values = values_of(Samples{});
  // Something with a gradient that depends on outputs and samples: sum of (number + 1) * output^2.
  std::vector<float> gradient(values.size());
  probe.differentiate(
      values,
      [](std::size_t first, std::span<const float> outputs, std::span<float> slopes) {
        for (std::size_t i = 0; i < outputs.size(); ++i)
          slopes[i] = 2.0F * static_cast<float>(first + i / 3 + 1) * outputs[i];
      },
      gradient);
  CHECK(probe.passes().backward == 5);

  PassOf<Soft> pass{{5, steps}, false};
  const auto loss = [&](std::size_t changed, double by) {
    std::vector<double> in(values.begin(), values.end());
    in[changed] += by;
    if constexpr (std::is_same_v<TestType, encode::Standardized<Channels>>)
      for (std::size_t at = 0; at < in.size(); ++at)
        in[at] = (in[at] - double{Channels::mean[at % 2]}) / double{Channels::deviation[at % 2]};
    const auto out = pass.forward(net, RealView<const double>{in.data(), {5, 1}, shape});
    double sum = 0.0;
    for (Index i = 0; i < 15; ++i)
      sum += static_cast<double>(i / 3 + 1) * out.data[i] * out.data[i];
    return sum;
  };
  for (std::size_t i = 0; i < values.size(); i += 17) {
    const double expected = (loss(i, 1e-5) - loss(i, -1e-5)) / 2e-5;
    CHECK(double{gradient[i]} == Approx(expected).epsilon(1e-4).margin(1e-5));
  }
}

TEST_CASE("another surrogate changes gradients and no outputs", "[network]") {
  Net net = trained<Net>();
  net.layer<2>().neuron.threshold = 0.7;
  net.layer<5>().neuron.tau = 3.0;
  const auto probe = probe_of(net, encode::Direct{}, steps);
  const auto other = probe_of<neuron::Triangle>(net, encode::Direct{}, steps);
  CHECK(probe.outputs(Samples{}) == other.outputs(Samples{}));
  const auto values = values_of(Samples{});
  const auto gradient = [&](const NetworkProbe& of, std::vector<float>& outputs) {
    std::vector<float> result(values.size());
    of.differentiate(
        values,
        [&](std::size_t, std::span<const float> given, std::span<float> slopes) {
          outputs.assign(given.begin(), given.end());
          std::fill(slopes.begin(), slopes.end(), 1.0F);
        },
        result);
    return result;
  };
  std::vector<float> first;
  std::vector<float> second;
  CHECK(gradient(probe, first) != gradient(other, second));
  CHECK(first == second);
}

TEST_CASE("a frozen pass gives the outputs of evaluation, and moves no running moments",
          "[network]") {
  const Net net = trained<Net>();
  const auto values = values_of(Samples{});
  const RealView<const float> in{values.data(), {5, 1}, shape};
  PassOf<Net> evaluation{{5, steps}, false};
  PassOf<Net> frozen{{5, steps}, true};
  const auto expected = evaluation.forward(net, in);
  const auto found = frozen.forward(net, in, {.training = true, .frozen = true});
  CHECK(std::equal(found.data, found.data + found.size(), expected.data));
  network::Gradient<Net> gradient;
  frozen.backward(net, std::vector<float>(15, 1.0F), gradient.values());
  for (const network::ParameterTensor& tensor : Net::tensors())
    if (tensor.parameter.kind == layer::ParameterKind::statistic)
      for (const float value :
           gradient.values().subspan(static_cast<std::size_t>(tensor.offset), 4))
        CHECK(value == 0.0F);
}
