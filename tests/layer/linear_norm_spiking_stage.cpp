#include <algorithm>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "../core/keep_threads.hpp"
#include "one_by_one.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using layer::BatchNorm;
using layer::Conv;
using layer::Spiking;
using snnbd_tests::values_of;

namespace {

constexpr layer::ConvOptions biased{.bias = true};
constexpr layer::ConvOptions halving{.stride = 2};
constexpr layer::BatchNormOptions to_threshold{.threshold_dependent = true};
constexpr Shape image{6, 5, 3};
constexpr Extent extent{3, 4};

/// A convolution whose border the gradient plane keeps, one with a stride, channels beyond a word,
/// a pooling that joins, a dense layer, a batch norm without neurons.
template <class Scalar, class Neuron>
using Net =
    BasicNetwork<Scalar, image, Conv<18, 3, biased>, BatchNorm<to_threshold>, Spiking<Neuron>,
                 Conv<70, 3, halving>, BatchNorm<>, Spiking<Neuron>, Conv<9, 3>, BatchNorm<>,
                 Spiking<Neuron>, layer::MaxPool<2>, layer::Dense<7>, BatchNorm<to_threshold>,
                 Spiking<Neuron>, layer::Dense<4>, BatchNorm<>>;

template <class Scalar>
struct Results {
  std::vector<double> out;
  std::vector<Scalar> gradient;
  std::vector<Scalar> input_gradient;
};

template <class Scalar, class Neuron, Signal In>
struct Trial {
  using Network = Net<Scalar, Neuron>;
  using Output = typename Pass<Network, In>::Output;
  Network net{};
  Extent own = layer::extent_of<In>(extent);
  reference::Values<Scalar> images = reference::noise<Scalar>(own.frames() * image.size(), 1);
  RealView<const Scalar> in{images.data(), own, image};
  std::vector<Scalar> slope = [] {
    const auto noise = reference::noise<Scalar>(extent.frames() * Output::shape.size(), 2);
    return std::vector<Scalar>(noise.begin(), noise.end());
  }();

  explicit Trial(bool detached) {
    snnbd_tests::fill_parameters(net, 3);
    net.for_each_neuron([&](auto& neuron) { neuron.reset.detached = detached; });
    net.set_threshold(0.6F);
  }

  [[nodiscard]] Results<Scalar> joined(bool training) const {
    Pass<Network, In> pass{extent, true};
    Results<Scalar> results;
    results.out = values_of(pass.forward(net, in, {training}));
    if (!training) return results;
    results.gradient.resize(net.parameters().size());
    results.input_gradient.resize(reference::at(own.frames() * image.size()));
    const auto wanted = extent.frames() * Output::shape.size();
    pass.backward(net, std::span{slope}.first(reference::at(wanted)), results.gradient,
                  results.input_gradient);
    return results;
  }
  [[nodiscard]] Results<Scalar> apart(bool training) const {
    auto layers = snnbd_tests::one_by_one<Scalar, In>(net.layers(), extent, {training});
    const Scalar* const values = net.parameters().data();
    Results<Scalar> results;
    results.out = values_of(layers.forward(in, values));
    if (!training) return results;
    results.gradient.resize(net.parameters().size());
    results.input_gradient = layers.backward(slope, values, results.gradient.data());
    results.input_gradient.resize(reference::at(own.frames() * image.size()));
    return results;
  }
};

template <class Scalar, class Neuron, Signal In>
void check(bool detached) {
  INFO(Neuron::name << (detached ? ", detached" : "") << (timed<In> ? ", timed" : ", static"));
  const Trial<Scalar, Neuron, In> trial{detached};
  const auto joined = trial.joined(true);
  const auto apart = trial.apart(true);
  CHECK(joined.out == apart.out);
  CHECK(snnbd_tests::agree<Net<Scalar, Neuron>>(joined.gradient, apart.gradient));
  CHECK(snnbd_tests::close(joined.input_gradient, apart.input_gradient));
  for (const auto& tensor : Net<Scalar, Neuron>::tensors()) {
    // A batch norm takes away what a bias before it adds.
    if (tensor.parameter.kind == layer::ParameterKind::bias) continue;
    CAPTURE(tensor.name());
    const auto first = joined.gradient.begin() + tensor.offset;
    CHECK(std::any_of(first, first + tensor.parameter.size(),
                      [](Scalar value) { return std::abs(value) > Scalar{1e-5F}; }));
  }
  CHECK(trial.joined(false).out == trial.apart(false).out);
  CHECK(trial.joined(false).out != joined.out);
}

template <class Neuron>
void check_signals() {
  for (const bool detached : {false, true}) {
    check<float, Neuron, Static<image>>(detached);
    check<float, Neuron, Real<image>>(detached);
  }
  check<double, Neuron, Real<image>>(false);
}

}  // namespace

TEST_CASE("Batch norms that are joined to their neurons give what each layer gives by itself",
          "[layer]") {
  using namespace neuron;
  check_signals<If<SoftReset, Sigmoid>>();
  check_signals<If<HardReset, Arctangent>>();
  check_signals<Lif<SoftReset, Arctangent>>();
  check_signals<Lif<HardReset, Sigmoid>>();
  check_signals<Plif<SoftReset, Sigmoid>>();
  check_signals<Plif<HardReset, Arctangent>>();
}

TEST_CASE("Joined batch norms give the same bytes for any number of threads", "[layer]") {
  using Neuron = neuron::Plif<neuron::SoftReset, neuron::Sigmoid>;
  const snnbd_tests::KeepThreads keep_threads;
  const Trial<float, Neuron, Real<image>> trial{false};
  set_thread_count(1);
  const auto one = trial.joined(true);
  for (const int threads : {2, 3}) {
    set_thread_count(threads);
    const auto more = trial.joined(true);
    CHECK(more.out == one.out);
    CHECK(more.gradient == one.gradient);
    CHECK(more.input_gradient == one.input_gradient);
  }
}

TEST_CASE(
    "A batch norm between a convolution and neurons stores one real signal to train and none "
    "else",
    "[layer]") {
  constexpr Shape shape{8, 8, 64};
  using Neuron = neuron::Lif<>;
  using Short = Network<shape, Conv<64, 3>, BatchNorm<>, Spiking<Neuron>>;
  using Deep = Network<shape, Conv<64, 3>, BatchNorm<>, Spiking<Neuron>, Conv<64, 3>, BatchNorm<>,
                       Spiking<Neuron>>;
  constexpr Extent whole{4, 8};
  const auto more = [&](bool training) {
    return static_cast<Index>(Pass<Deep, Spikes<shape>>::bytes(whole, training) -
                              Pass<Short, Spikes<shape>>::bytes(whole, training));
  };
  const Index signal = whole.frames() * shape.size() * Index{sizeof(float)};
  const Index fired = whole.frames() * shape.pixels() * Index{sizeof(Word)};
  const Index channels = 3 * (64 + spare_values) * Index{sizeof(float)};
  CHECK(more(false) <= fired + channels);
  // One signal, and the gradient that goes from one stage to the other.
  CHECK(more(true) <= 2 * signal + fired + 2 * channels);
}
