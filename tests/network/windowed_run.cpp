#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/encode/encode.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/windowed_run.hpp>

#include "../core/keep_threads.hpp"

namespace {

using namespace snnbd;
using Catch::Matchers::Contains;

constexpr Shape image{8, 6, 3};
constexpr Index samples = 5;
constexpr Index steps = 9;

template <class Neuron>
using Pooled =
    Network<image, layer::Conv<18, 3>, layer::Spiking<Neuron>, layer::AvgPool<2>,
            layer::Conv<70, 3>, layer::Spiking<Neuron>, layer::MaxPool<2>, layer::Dropout,
            layer::Dense<20>, layer::Spiking<Neuron>, layer::Dense<7>, layer::MeanOverTime>;

template <class Neuron>
using Gated = Network<image, layer::Conv<18, 3>, layer::Spiking<Neuron>, layer::GatedMaxPool<2>,
                      layer::Conv<70, 3>, layer::GatedMaxPool<3, 2, 1>, layer::Spiking<Neuron>,
                      layer::Dense<7>, layer::MeanOverTime>;

template <class Neuron>
using Residual = Network<
    image, layer::Conv<8, 3>, layer::BatchNorm<>, layer::Spiking<Neuron>,
    layer::Residual<layer::Sequence<layer::Conv<8, 3>, layer::BatchNorm<>, layer::Spiking<Neuron>,
                                    layer::Conv<8, 3>, layer::BatchNorm<>>>,
    layer::Spiking<Neuron>, layer::GlobalAvgPool, layer::Dense<7>, layer::AccumulatedMembrane>;

template <class Neuron>
using Rates =
    Network<image, layer::Spiking<Neuron>, layer::Conv<8, 3>, layer::BatchNorm<>,
            layer::Spiking<Neuron>, layer::Dense<7>, layer::Spiking<Neuron>, layer::SpikeRate>;

template <class Neuron>
using Open = Network<image, layer::Conv<8, 3>, layer::Spiking<Neuron>, layer::Dense<7>,
                     layer::Spiking<Neuron>>;

/// With weights that let all layers fire, and moments that batch norms have after training.
template <class Net>
Net lively() {
  Net net;
  network::initialize(net, 3, network::Initialization::kaiming_normal, 3.0);
  net.set_threshold(0.3F);
  random::Stream stream{8, random::Purpose::synthetic};
  for (const auto& tensor : Net::tensors()) {
    if (tensor.parameter.kind != layer::ParameterKind::statistic) continue;
    for (Index i = 0; i < tensor.parameter.size(); ++i)
      net.parameters()[static_cast<std::size_t>(tensor.offset + i)] = 0.05F + stream.uniform();
  }
  return net;
}

struct Batch {
  std::vector<float> images;
  std::vector<std::uint64_t> ids;

  Batch() {
    random::Stream stream{1, random::Purpose::synthetic};
    for (Index i = 0; i < samples * image.size(); ++i) images.push_back(stream.uniform());
    for (Index i = 0; i < samples; ++i) ids.push_back(static_cast<std::uint64_t>(10 + i));
  }
};

/// Outputs [step count, sample, class] of a run.
template <class Net, class Encoding>
std::vector<float> outputs(const Net& net, const Encoding& encoding, Index length, Index window,
                           const std::vector<Index>& step_counts) {
  const Batch batch;
  WindowedRun<Net, Encoding> run{net, encoding, length, samples, window};
  std::vector<float> result(step_counts.size() * static_cast<std::size_t>(samples) * 7);
  run(batch.images, batch.ids, step_counts, result);
  const std::vector<float> once = result;
  run(batch.images, batch.ids, step_counts, result);
  CHECK(result == once);
  return result;
}

/// The windows of a run do not show: in its outputs, nor in those of a shorter run.
template <class Net, class Encoding>
void check(const Encoding& encoding) {
  INFO(Net::notation() << ", " << Encoding::name);
  const Net net = lively<Net>();
  const auto whole = outputs(net, encoding, steps, steps, {steps});
  CHECK(std::count(whole.begin(), whole.end(), 0.0F) < samples * 7);
  for (const Index window : {Index{1}, Index{3}, steps - 1, steps + 5, Index{0}})
    CHECK(outputs(net, encoding, steps, window, {steps}) == whole);

  const std::vector<Index> step_counts{2, 3, 7, steps};
  std::vector<float> expected;
  for (const Index count : step_counts) {
    const auto alone = outputs(net, encoding, count, count, {count});
    expected.insert(expected.end(), alone.begin(), alone.end());
  }
  for (const Index window : {Index{1}, Index{3}, steps})
    CHECK(outputs(net, encoding, steps, window, step_counts) == expected);
}

using HardIf = neuron::If<neuron::HardReset, neuron::Sigmoid>;
using SoftIf = neuron::If<neuron::SoftReset, neuron::Sigmoid>;
using HardLif = neuron::Lif<neuron::HardReset, neuron::Sigmoid>;
using SoftLif = neuron::Lif<neuron::SoftReset, neuron::Sigmoid>;

}  // namespace

TEST_CASE("A run in windows is the whole run behind poolings", "[network]") {
  check<Pooled<SoftIf>>(encode::Direct{});
  check<Pooled<SoftIf>>(encode::Poisson{.seed = 2});
  check<Pooled<HardLif>>(encode::Poisson{.seed = 2});
}

TEST_CASE("A run in windows is the whole run behind gates of spikes and of currents", "[network]") {
  check<Gated<SoftIf>>(encode::Direct{});
  check<Gated<SoftIf>>(encode::Poisson{.seed = 2});
}

TEST_CASE("A run in windows is the whole run behind batch norms and residuals", "[network]") {
  check<Residual<HardIf>>(encode::Direct{});
  check<Residual<SoftLif>>(encode::Poisson{.seed = 2});
}

TEST_CASE("A run in windows is the whole run in rates and without a readout", "[network]") {
  check<Rates<SoftIf>>(encode::Direct{});
  check<Rates<HardLif>>(encode::Direct{});
  check<Open<SoftLif>>(encode::Poisson{.seed = 2});
}

TEST_CASE("A run in windows is the same for any number of threads", "[network]") {
  using Net = Pooled<SoftIf>;
  const Net net = lively<Net>();
  const encode::Poisson encoding{.seed = 4};
  const snnbd_tests::KeepThreads keep_threads;
  set_thread_count(1);
  const auto expected = outputs(net, encoding, steps, 4, {3, steps});
  for (const int count : {2, 3}) {
    set_thread_count(count);
    CHECK(outputs(net, encoding, steps, 4, {3, steps}) == expected);
  }
}

TEST_CASE("Memory of a run grows with its window, not with its steps", "[network]") {
  using Net = Pooled<SoftIf>;
  const Net net = lively<Net>();
  const auto bytes = [&](Index length, Index window) {
    return WindowedRun<Net, encode::Poisson>{net, {}, length, samples, window}.bytes();
  };
  CHECK(bytes(4000, 8) == bytes(40, 8));
  CHECK(bytes(4000, 0) == bytes(40, 0));
  CHECK(bytes(4000, 0) == bytes(4000, automatic_window));
  CHECK(bytes(4000, 16) > bytes(4000, 8));
  CHECK(bytes(4000, 4000) > 50 * bytes(4000, 0));
  CHECK(bytes(4, 0) < bytes(40, 4));
}

TEST_CASE("A network with neurons behind a readout runs whole sequences only", "[network]") {
  using Net = Network<image, layer::Conv<8, 3>, layer::Spiking<SoftLif>, layer::SpikeRate,
                      layer::Dense<7>, layer::Spiking<SoftLif>, layer::SpikeRate>;
  const Net net = lively<Net>();
  const encode::Direct encoding{};
  constexpr Index length = automatic_window + 3;
  CHECK(outputs(net, encoding, length, 0, {length}) ==
        outputs(net, encoding, length, length, {length}));
  CHECK_THROWS_WITH(outputs(net, encoding, length, 4, {length}),
                    Contains("needs the whole sequence"));
  CHECK_THROWS_WITH(outputs(net, encoding, length, 0, {4, length}),
                    Contains("needs the whole sequence"));
}
