#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/linear/masked_input_gradient.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/network.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "../core/keep_threads.hpp"
#include "probe.hpp"

namespace {

using namespace snnbd;
using snnbd_tests::Probe;

/// A surrogate that does not tell its support: gradients are made at all units.
template <class Surrogate>
struct Unmarked : Surrogate {
  double support() const = delete;
};
static_assert(neuron::CompactSurrogate<neuron::Rectangular>);
static_assert(neuron::Surrogate<Unmarked<neuron::Rectangular>> &&
              !neuron::CompactSurrogate<Unmarked<neuron::Rectangular>>);

template <class Surrogate>
using Hard = neuron::Lif<neuron::HardReset, Surrogate>;
template <class Surrogate>
using Soft = neuron::If<neuron::SoftReset, Surrogate>;
template <class Surrogate>
using Trained = neuron::Plif<neuron::HardReset, Surrogate>;

/// Marks go through pooling, dropout, upsampling and a flattening that moves bits, to convolutions
/// of both strides and to dense layers.
template <class Neuron>
using Deep =
    BasicNetwork<double, Shape{8, 8, 2}, layer::Conv<5, 3>, layer::Spiking<Neuron>,
                 layer::MaxPool<2>, layer::Conv<70, 3>, layer::Spiking<Neuron>, layer::Dropout,
                 layer::Conv<6, 3, layer::ConvOptions{.stride = 2}>, layer::Spiking<Neuron>,
                 layer::Dropout, layer::Upsample<2>, layer::Flatten, layer::Dense<40>,
                 layer::Spiking<Neuron>, layer::Dense<3>, layer::MeanOverTime>;

/// The input's gradient of a block is the sum of those of its two parts, one of them x itself.
template <class Neuron>
using Blocks = BasicNetwork<
    double, Shape{6, 6, 2}, layer::Conv<6, 3>, layer::BatchNorm<>, layer::Spiking<Neuron>,
    layer::Residual<layer::Sequence<layer::ZeroPad<1>, layer::Conv<6, 3>, layer::BatchNorm<>,
                                    layer::Spiking<Neuron>, layer::MaxPool<3, 1>, layer::Conv<6, 3>,
                                    layer::BatchNorm<>>>,
    layer::Spiking<Neuron>,
    layer::Residual<
        layer::Sequence<layer::Conv<8, 3, layer::ConvOptions{.stride = 2}>, layer::BatchNorm<>>,
        layer::Sequence<layer::Conv<8, 1, layer::ConvOptions{.stride = 2}>, layer::BatchNorm<>>>,
    layer::Spiking<Neuron>, layer::GlobalAvgPool, layer::Dense<3>, layer::MeanOverTime>;

/// Surrogates whose window is so narrow that few units are masked, or so wide that many are.
struct Window {
  bool detached = false;
  bool wide = false;

  void operator()(auto& neuron) const {
    neuron.threshold = 0.5F;
    neuron.reset.detached = detached;
    auto& surrogate = neuron.surrogate;
    if constexpr (requires { surrogate.width; }) surrogate.width = wide ? 3.0F : 0.1F;
    if constexpr (requires { surrogate.height; }) surrogate.height = 3.0F;
    if constexpr (requires { surrogate.a; }) surrogate.a = wide ? 1.0F : 1600.0F;
  }
};

/// Currents of the size of the threshold in every layer.
template <class Net>
void settle(Net& net, const Window& window) {
  net.for_each_neuron(window);
  network::initialize(net, 7);
  net.set_neuron_parameters();
}

/// The gradients of a sum of a network's outputs, and the share of masked units of each marked
/// signal.
struct Found {
  std::vector<double> gradient;
  std::vector<double> input_gradient;
  std::vector<double> mask;
};

template <class Net>
Found gradients(const Window& window) {
  using In = Static<Net::input_shape>;
  const Extent extent{3, 4};
  random::Stream stream{7, random::Purpose::synthetic};
  Net net;
  settle(net, window);
  std::vector<double> input(static_cast<std::size_t>(extent.samples * In::shape.size()));
  for (double& value : input) value = static_cast<double>(stream.uniform());
  Pass<Net, In> pass{extent, true};
  const auto out = pass.forward(net, {input.data(), {extent.samples, 1}, In::shape}, {true, 5, 3});
  std::vector<double> slopes(static_cast<std::size_t>(out.size()));
  for (double& value : slopes) value = static_cast<double>(stream.uniform()) - 0.5;
  Found found{std::vector<double>(net.parameters().size()), std::vector<double>(input.size()), {}};
  pass.backward(net, slopes, found.gradient, found.input_gradient);
  const auto look = [&](const auto& signal) {
    const auto mask = gradient_mask(signal);
    if (mask.words != nullptr) found.mask.push_back(kernels::density(mask));
  };
  [&]<std::size_t... I>(std::index_sequence<I...> /*stages*/) {
    (look(pass.template signal<I>()), ...);
  }
  (std::make_index_sequence<Net::template BoundTo<In>::size>{});
  return found;
}

void check_alike(const std::vector<double>& found, const std::vector<double>& expected) {
  double largest = 0.0;
  double error = 0.0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    error = std::max(error, std::abs(found[i] - expected[i]));
  }
  CHECK(largest > 1e-4);
  CHECK(error <= 1e-12 * largest);
}

template <template <class> class Net, template <class> class Neuron, class Surrogate>
void check_marks(std::size_t masked_signals) {
  for (const bool detached : {false, true}) {
    for (const bool wide : {false, true}) {
      CAPTURE(Neuron<Surrogate>::name, Surrogate::name, detached, wide);
      const Window window{detached, wide};
      const Found marked = gradients<Net<Neuron<Surrogate>>>(window);
      const Found unmarked = gradients<Net<Neuron<Unmarked<Surrogate>>>>(window);
      CHECK(unmarked.mask.empty());
      REQUIRE(marked.mask.size() == masked_signals);
      const auto range = std::minmax_element(marked.mask.begin(), marked.mask.end());
      CAPTURE(*range.first, *range.second);
      CHECK(*range.first > 0.0);
      if (wide)
        CHECK(*range.second > kernels::dense_input_from_density);
      else
        CHECK(*range.second < kernels::dense_input_from_density);
      check_alike(marked.gradient, unmarked.gradient);
      check_alike(marked.input_gradient, unmarked.input_gradient);
    }
  }
}

}  // namespace

TEST_CASE("Gradients are the same whether or not a surrogate tells its support", "[network]") {
  check_marks<Deep, Hard, neuron::Rectangular>(8);
  check_marks<Deep, Soft, neuron::Polynomial>(8);
  check_marks<Deep, Trained, neuron::Triangle>(8);
}

TEST_CASE("Gradients of residuals are the same whether or not a surrogate tells its support",
          "[network]") {
  check_marks<Blocks, Soft, neuron::Rectangular>(3);
  check_marks<Blocks, Hard, neuron::Polynomial>(3);
}

TEST_CASE("Gradients that are made at mask units only are the derivatives", "[network]") {
  for (const bool wide : {false, true}) {
    Probe<Deep<Hard<neuron::Rectangular>>, Static<Shape{8, 8, 2}>> firing{{2, 3}, 0.4, 2};
    settle(firing.net, Window{false, wide});
    CHECK(firing.output_error() < 1e-12);
    CHECK(firing.weakest_tensor() > 1e-4);
    CHECK(firing.direction_error() < 1e-11);
  }
  Probe<Deep<neuron::Smooth<Soft<neuron::Polynomial>>>, Static<Shape{8, 8, 2}>> smooth{
      {2, 3}, 0.2, 3};
  settle(smooth.net, Window{false, true});
  CHECK(smooth.direction_error() < 1e-11);
}

TEST_CASE("Evaluation marks nothing, and marks cost nothing where a surrogate never ends",
          "[network]") {
  using Net = Deep<Hard<neuron::Rectangular>>;
  using In = Static<Net::input_shape>;
  const Extent extent{2, 3};
  Net net;
  const std::vector<double> input(static_cast<std::size_t>(extent.samples * In::shape.size()), 1.0);
  Pass<Net, In> pass{extent, true};
  const auto forward = [&](bool training) {
    pass.forward(net, {input.data(), {extent.samples, 1}, In::shape}, {training});
    return pass.signal<1>().gradient_mask != nullptr;
  };
  CHECK(forward(true));
  CHECK_FALSE(forward(false));

  using Endless = Pass<Deep<Hard<neuron::Sigmoid>>, In>;
  using Without = Pass<Deep<Hard<Unmarked<neuron::Rectangular>>>, In>;
  CHECK(Endless::bytes(extent, true) == Without::bytes(extent, true));
  CHECK(Endless::bytes(extent, true) < Pass<Net, In>::bytes(extent, true));
  CHECK(Endless::bytes(extent, false) == Pass<Net, In>::bytes(extent, false));
}

TEST_CASE("Gradients at mask units have the same bytes for any number of threads in a network",
          "[network]") {
  const snnbd_tests::KeepThreads keep_threads;
  const auto with = [](int threads) {
    set_thread_count(threads);
    return gradients<Deep<Hard<neuron::Rectangular>>>(Window{});
  };
  const Found alone = with(1);
  for (const int threads : {2, 3}) {
    const Found shared = with(threads);
    CHECK(alone.gradient == shared.gradient);
    CHECK(alone.input_gradient == shared.input_gradient);
  }
}
