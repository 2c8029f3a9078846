#include <algorithm>
#include <cmath>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "one_by_one.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using Catch::Matchers::Contains;
using layer::BatchNorm;
using layer::Conv;
using layer::Dense;
using layer::MaxPool;
using layer::Residual;
using layer::Sequence;
using layer::Spiking;
using snnbd_tests::values_of;

namespace {

constexpr Shape image{6, 5, 3};
constexpr Extent extent{3, 5};
constexpr layer::ConvOptions biased{.bias = true};
constexpr layer::ConvOptions halving{.stride = 2};

/// What reached each layer of neurons, layers run one by one.
struct Apart {
  std::vector<std::vector<double>> currents;
  std::vector<int> places;
};

std::vector<double> over_steps(const std::vector<double>& values, const Extent& of) {
  if (of.steps == extent.steps) return values;
  std::vector<double> repeated;
  const auto frame = static_cast<std::ptrdiff_t>(values.size()) / extent.samples;
  for (Index sample = 0; sample < extent.samples; ++sample)
    for (Index step = 0; step < extent.steps; ++step)
      repeated.insert(repeated.end(), values.begin() + sample * frame,
                      values.begin() + (sample + 1) * frame);
  return repeated;
}

/// @returns the values that the last layer gives
template <class Scalar, Signal In, std::size_t I = 0, class Specs>
std::vector<double> run_apart(const Specs& specs, const ConstViewOf<In, Scalar>& in,
                              const Scalar* values, bool training, int place, Apart& apart) {
  if constexpr (I == std::tuple_size_v<Specs>) {
    return values_of(in);
  } else {
    using Spec = std::tuple_element_t<I, Specs>;
    using Bound = typename Spec::template Bound<In, Scalar>;
    using Output = typename Bound::Output;
    const Spec& spec = std::get<I>(specs);
    const Scalar* const behind = values + layer::parameter_total(Bound::parameters);
    const int next = place + layer::place_count<Spec>();
    const auto go_on = [&](const ConstViewOf<Output, Scalar>& out) {
      return run_apart<Scalar, Output, I + 1>(specs, out, behind, training, next, apart);
    };
    if constexpr (layer::HoldingLayer<Spec>) {
      using Branch = typename Spec::BranchType::template BoundTo<Scalar, In>;
      const auto first = over_steps(
          run_apart<Scalar, In>(spec.branch.layers, in, values, training, place + 1, apart),
          layer::extent_of<typename Branch::Output>(extent));
      using Shortcut = typename Spec::ShortcutType::template BoundTo<Scalar, In>;
      const auto second = over_steps(
          run_apart<Scalar, In>(spec.shortcut.layers, in, values + Branch::parameter_count,
                                training, place + 1 + Spec::BranchType::places, apart),
          layer::extent_of<typename Shortcut::Output>(extent));
      std::vector<Scalar> sum(first.size() + spare_values);
      for (std::size_t i = 0; i < first.size(); ++i)
        sum[i] = static_cast<Scalar>(first[i]) + static_cast<Scalar>(second[i]);
      return go_on({sum.data(), extent, Output::shape});
    } else {
      if constexpr (layer::is_spiking<Spec>) {
        apart.places.push_back(place);
        apart.currents.push_back(over_steps(values_of(in), in.extent));
      }
      snnbd_tests::LayerProbe<Spec, In, Scalar> probe{spec, extent, {training}};
      return go_on(probe.forward(in, values));
    }
  }
}

/// Values of a whole signal with room behind them.
template <class Scalar>
struct Room {
  std::vector<Scalar> values;
  RealView<Scalar> view;
  explicit Room(const Shape& shape)
      : values(reference::at(extent.frames() * shape.size() + spare_values)),
        view{values.data(), extent, shape} {}
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;
  [[nodiscard]] std::vector<double> found() const { return values_of(view); }
};

/// The membranes of a site against the scan that keeps the charge, and against the reset.
template <class Scalar, class Site>
void check_membranes(const Site& site, const Room<Scalar>& currents) {
  using Spec = std::remove_cvref_t<decltype(site.spec)>;
  using Neurons = typename Spec::template Bound<Real<Site::shape>, Scalar>;
  using Cell = typename Neurons::Cell;
  constexpr Shape shape = Site::shape;
  const Cell cell = Neurons::cell(site.spec, site.parameters);
  const auto field = [&](auto* data, Index width) {
    return kernels::field_of(data, shape, extent.steps, width);
  };
  Room<Scalar> kept{shape};
  Room<Scalar> smooth{shape};
  const Index words = words_per_pixel(shape.channels);
  std::vector<Word> fired(reference::at(extent.frames() * shape.pixels() * words));
  const Index channels{shape.channels};
  kernels::scan_forward<Cell, Scalar>(
      cell, extent, shape,
      kernels::Field<const Scalar>{
          field(static_cast<const Scalar*>(currents.values.data()), channels)},
      field(kept.values.data(), channels), field(fired.data(), words),
      field(smooth.values.data(), channels));
  Room<Scalar> charge{shape};
  Room<Scalar> after{shape};
  site.write_membranes(charge.view, after.view);
  CHECK(charge.found() == kept.found());
  if constexpr (Cell::smooth) {
    CHECK(smooth.found() == values_of(site.fired));
  } else {
    const SpikeView<const Word> spikes{fired.data(), extent, shape, site.fired.amplitude};
    CHECK(values_of(spikes) == values_of(site.fired));
    const auto threshold = static_cast<Scalar>(site.spec.neuron.threshold);
    const auto values = values_of(site.fired);
    Index wrong = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Scalar high = charge.values[i];
      Scalar expected = high;
      if (values[i] > 0.0) {
        if constexpr (requires { site.spec.neuron.reset.value; }) {
          expected = static_cast<Scalar>(site.spec.neuron.reset.value);
        } else {
          expected = high - threshold;
        }
      }
      wrong += after.values[i] == expected ? 0 : 1;
    }
    CHECK(wrong == 0);
  }
}

template <class Scalar, Signal In, class Net>
void check(Net& net, bool training) {
  snnbd_tests::fill_parameters(net, 3);
  net.set_threshold(0.6F);
  const Extent own = layer::extent_of<In>(extent);
  const auto images = reference::noise<Scalar>(own.frames() * image.size(), 1);
  const RealView<const Scalar> in{images.data(), own, image};
  Apart apart;
  run_apart<Scalar, In>(net.layers(), in, net.parameters().data(), training, 0, apart);
  Pass<Net, In> pass{extent, true};
  pass.forward(net, in, {training});
  std::vector<std::vector<double>> firing;
  pass.for_each_firing(
      [&](const SpikeView<const Word>& spikes) { firing.push_back(values_of(spikes)); });
  std::size_t number = 0;
  pass.for_each_neurons(net, [&](const auto& site) {
    CAPTURE(training, timed<In>, number);
    REQUIRE(number < apart.currents.size());
    CHECK(site.place == apart.places[number]);
    CHECK(site.extent == extent);
    CHECK(values_of(site.fired) == firing[number]);
    CHECK(std::count_if(firing[number].begin(), firing[number].end(),
                        [](double value) { return value > 0.0; }) > 20);
    Room<Scalar> currents{site.shape};
    site.write_currents(currents.view);
    CHECK(currents.found() == apart.currents[number]);
    check_membranes<Scalar>(site, currents);
    ++number;
  });
  CHECK(number == apart.currents.size());
  CHECK(number == firing.size());
}

template <class Scalar, class... Specs>
void check_both() {
  BasicNetwork<Scalar, image, Specs...> net;
  for (const bool training : {true, false}) {
    check<Scalar, Static<image>>(net, training);
    check<Scalar, Real<image>>(net, training);
  }
}

}  // namespace

TEST_CASE("Currents of neurons behind linear layers are those of layers run one by one",
          "[layer]") {
  using Lif = Spiking<neuron::Lif<neuron::HardReset>>;
  using If = Spiking<neuron::If<neuron::SoftReset, neuron::Triangle>>;
  check_both<float, Conv<18, 3, biased>, Lif, Conv<70, 3, halving>, If, Dense<40>, Lif>();
  check_both<double, Conv<18, 3, biased>, Lif, Conv<7, 3>, If, MaxPool<2>, Dense<70>, If>();
}

TEST_CASE("Currents of neurons behind batch norms are those of layers run one by one", "[layer]") {
  using Lif = Spiking<neuron::Lif<neuron::HardReset>>;
  using Plif = Spiking<neuron::Plif<neuron::SoftReset, neuron::Arctangent>>;
  check_both<float, Conv<18, 3>, BatchNorm<>, Lif, MaxPool<2>, Conv<70, 3>, BatchNorm<>, Plif>();
  check_both<double, Conv<9, 3>, BatchNorm<>, Plif, MaxPool<2>, Dense<40>, BatchNorm<>, Lif>();
}

TEST_CASE("Currents of neurons that stand alone are what reaches them", "[layer]") {
  using If = Spiking<neuron::If<>>;
  check_both<float, If, layer::AvgPool<2>, If, Dense<50>, layer::Flatten, BatchNorm<>, If>();
}

TEST_CASE("Currents of neurons behind and within residuals are those of layers run one by one",
          "[layer]") {
  using Lif = Spiking<neuron::Lif<neuron::SoftReset>>;
  using If = Spiking<neuron::If<neuron::HardReset>>;
  using Normed = Residual<Sequence<Conv<20, 3>, BatchNorm<>, If, Conv<20, 3>, BatchNorm<>>,
                          Sequence<Conv<20, 1>, BatchNorm<>>>;
  using Plain = Residual<Sequence<Conv<20, 3>, Lif, Conv<20, 3>>>;
  using Fired = Residual<Sequence<Conv<20, 3>, If>, Sequence<Conv<20, 1>, Lif>>;
  check_both<float, Conv<20, 3>, If, Normed, Lif, Plain, If>();
  check_both<double, Normed, Lif, MaxPool<2>, Conv<20, 3>, Lif, Fired, If, Dense<30>, If>();
  check_both<float, Conv<20, 3>, If, Normed, layer::AvgPool<2>, Lif>();
  using Nested = Residual<Sequence<Normed, Lif, Conv<20, 3>>, Sequence<Conv<20, 1>>>;
  check_both<float, Nested, Lif>();
  // Neither part of this sum has steps.
  check_both<float, Residual<Sequence<Conv<20, 3>, BatchNorm<>>, Sequence<Conv<20, 1>>>, If>();
}

TEST_CASE("Smooth neurons show their currents and real values", "[layer]") {
  using Smooth = neuron::Smooth<neuron::Lif<>>;
  using Net = BasicNetwork<double, image, Conv<18, 3>, Spiking<Smooth>>;
  Net net;
  snnbd_tests::fill_parameters(net, 3);
  const auto images = reference::noise<double>(extent.samples * image.size(), 1);
  const RealView<const double> in{images.data(), {extent.samples, 1}, image};
  Apart apart;
  run_apart<double, Static<image>>(net.layers(), in, net.parameters().data(), true, 0, apart);
  Pass<Net, Static<image>> pass{extent, true};
  const auto out = pass.forward(net, in, {true});
  int number = 0;
  pass.for_each_neurons(net, [&](const auto& site) {
    ++number;
    CHECK(values_of(site.fired) == values_of(out));
    Room<double> currents{site.shape};
    site.write_currents(currents.view);
    CHECK(currents.found() == apart.currents.at(0));
    check_membranes<double>(site, currents);
  });
  CHECK(number == 1);
  pass.for_each_firing([&](const auto& /*spikes*/) { ++number; });
  CHECK(number == 1);
}

TEST_CASE("Neurons that integrate lose a threshold for each spike and nothing else", "[layer]") {
  using If = Spiking<neuron::If<neuron::SoftReset>>;
  using Net = BasicNetwork<double, image, Conv<18, 3, biased>, If, Conv<9, 3>, BatchNorm<>, If,
                           Residual<Sequence<Conv<9, 3>, If, Conv<9, 3>>>, If>;
  Net net;
  snnbd_tests::fill_parameters(net, 7);
  net.set_threshold(0.6F);
  net.template layer<1>().start = 0.5F;
  const auto images = reference::noise<double>(extent.frames() * image.size(), 1);
  Pass<Net, Real<image>> pass{extent, true};
  for (const bool training : {true, false}) {
    pass.forward(net, {images.data(), extent, image}, {training});
    int sites = 0;
    pass.for_each_neurons(net, [&](const auto& site) {
      CAPTURE(site.place);
      Room<double> currents{site.shape};
      Room<double> charge{site.shape};
      Room<double> after{site.shape};
      site.write_currents(currents.view);
      site.write_membranes(charge.view, after.view);
      const auto fired = values_of(site.fired);
      const auto threshold = static_cast<double>(site.spec.neuron.threshold);
      const double first = static_cast<double>(site.spec.start) * threshold;
      double worst = 0.0;
      for (Index sample = 0; sample < extent.samples; ++sample) {
        for (Index unit = 0; unit < site.shape.size(); ++unit) {
          double input = 0.0;
          double spikes = 0.0;
          std::size_t at = 0;
          for (Index step = 0; step < extent.steps; ++step) {
            at = reference::at((sample * extent.steps + step) * site.shape.size() + unit);
            input += currents.values[at];
            spikes += fired[at] > 0.0 ? 1.0 : 0.0;
          }
          worst =
              std::max(worst, std::abs(input - (after.values[at] - first + threshold * spikes)));
        }
      }
      CHECK(worst < 1e-12);
      ++sites;
    });
    CHECK(sites == 4);
  }
}

TEST_CASE("Neurons are shown after a forward pass of the whole sequence only", "[layer]") {
  using Net = Network<image, Conv<4, 3>, Spiking<neuron::If<>>>;
  const Net net;
  const Net other;
  const auto images = reference::noise<float>(extent.samples * image.size(), 1);
  const RealView<const float> in{images.data(), {extent.samples, 1}, image};
  Pass<Net, Static<image>> pass{extent, false};
  const auto nothing = [](const auto& /*site*/) {};
  CHECK_THROWS_WITH(pass.for_each_neurons(net, nothing), Contains("neurons of a pass"));
  CHECK_THROWS_WITH(pass.for_each_firing(nothing), Contains("signals of a pass"));
  CHECK_THROWS_WITH(pass.for_each_activation(nothing), Contains("signals of a pass"));
  pass.forward(net, in);
  CHECK_THROWS_WITH(pass.for_each_neurons(other, nothing), Contains("one of another network"));
  pass.for_each_neurons(net, [&](const auto& site) {
    Room<float> room{site.shape};
    auto wrong = room.view;
    wrong.extent.steps = 1;
    CHECK_THROWS_WITH(site.write_currents(wrong), Contains("room for the currents"));
    CHECK_THROWS_WITH(site.write_membranes(room.view, wrong), Contains("room for the membranes"));
    CHECK_THROWS_WITH(site.write_currents({nullptr, extent, site.shape}),
                      Contains("a null pointer"));
  });
  pass.forward(net, in, {.window = {.first_step = 0, .last = false}});
  CHECK_THROWS_WITH(pass.for_each_neurons(net, nothing), Contains("a window of steps"));
  int windows = 0;
  pass.for_each_firing([&](const auto& /*spikes*/) { ++windows; });
  CHECK(windows == 1);
}
