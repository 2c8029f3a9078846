#include <algorithm>
#include <cstring>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/pass.hpp>

namespace {

using namespace snnbd;
using Catch::Matchers::Contains;

constexpr Shape image{6, 5, 3};
using Neuron = neuron::Plif<neuron::HardReset, neuron::Triangle>;
using Net = Network<image, layer::Conv<18, 3>, layer::Spiking<Neuron>, layer::MaxPool<2>,
                    layer::Conv<70, 3>, layer::Spiking<Neuron>, layer::Dropout, layer::Flatten,
                    layer::Dense<7>, layer::MeanOverTime>;

std::vector<float> some_values(Index count, std::uint64_t seed, bool binary = false) {
  snnbd::random::Stream stream{seed, snnbd::random::Purpose::synthetic};
  std::vector<float> values;
  for (Index i = 0; i < count; ++i) {
    const float value = stream.uniform();
    values.push_back(binary ? (value > 0.5F ? 1.0F : 0.0F) : value);
  }
  return values;
}

Net made_net() {
  Net net;
  network::initialize(net, 3, network::Initialization::kaiming_normal, 3.0);
  return net;
}

template <class Passing>
std::vector<float> outputs(Passing& pass, const Net& net, const std::vector<float>& images,
                           const layer::PassOptions& options = {}) {
  const auto samples = static_cast<Index>(images.size()) / image.size();
  const auto out = pass.forward(net, {images.data(), {samples, 1}, image}, options);
  return {out.data, out.data + out.size()};
}

/// Outputs and gradients of a batch in training mode.
template <class Passing>
std::vector<float> all_results(Passing& pass, const Net& net, const std::vector<float>& images,
                               bool with_input_gradient = true) {
  std::vector<float> results = outputs(pass, net, images, {true, 5, 7});
  const auto slope = some_values(static_cast<Index>(results.size()), 9);
  std::vector<float> gradient(net.parameters().size());
  std::vector<float> input_gradient(with_input_gradient ? images.size() : 0);
  pass.backward(net, slope, gradient, input_gradient);
  results.insert(results.end(), gradient.begin(), gradient.end());
  results.insert(results.end(), input_gradient.begin(), input_gradient.end());
  return results;
}

bool same_bytes(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

using Direct = Pass<Net, Static<image>>;

}  // namespace

TEST_CASE("No state leaks from one batch into the next", "[network]") {
  const Net net = made_net();
  const auto images = some_values(4 * image.size(), 1);
  const auto others = some_values(4 * image.size(), 2);
  Direct pass{{4, 5}, true};
  const auto first = all_results(pass, net, images);
  CHECK(std::any_of(first.begin(), first.end(), [](float value) { return value != 0.0F; }));
  CHECK(same_bytes(all_results(pass, net, images), first));
  CHECK_FALSE(same_bytes(all_results(pass, net, others), first));
  CHECK(same_bytes(all_results(pass, net, images), first));
  Direct fresh{{4, 5}, true};
  CHECK(same_bytes(all_results(fresh, net, images), first));
}

TEST_CASE("A sample's output depends neither on its batch nor on its place", "[network]") {
  const Net net = made_net();
  const auto images = some_values(5 * image.size(), 1);
  Direct pass{{5, 4}, false};
  const auto together = outputs(pass, net, images);
  REQUIRE(together.size() == 35);
  CHECK_FALSE(std::equal(together.begin(), together.begin() + 7, together.begin() + 7));
  pass.resize({1, 4});
  for (Index sample = 0; sample < 5; ++sample) {
    const auto begin = images.begin() + sample * image.size();
    const auto alone = outputs(pass, net, {begin, begin + image.size()});
    CHECK(same_bytes(alone, {together.begin() + sample * 7, together.begin() + sample * 7 + 7}));
  }
}

TEST_CASE("A pass can be resized up and down and gives what a new one gives", "[network]") {
  const Net net = made_net();
  Direct pass{{2, 3}, true};
  for (const Extent& extent : {Extent{5, 2}, Extent{1, 9}, Extent{3, 1}, Extent{2, 3}}) {
    pass.resize(extent);
    CHECK(pass.extent() == extent);
    Direct fresh{extent, true};
    const auto images = some_values(extent.samples * image.size(), 4);
    CHECK(same_bytes(all_results(pass, net, images), all_results(fresh, net, images)));
  }
  CHECK_THROWS_WITH(pass.resize({0, 3}), Contains("batch: "));
  CHECK_THROWS_WITH(pass.resize({3, 0}), Contains("batch: "));
}

TEST_CASE("Gradients of the parameters do not depend on whether the input's are wanted",
          "[network]") {
  const Net net = made_net();
  const auto images = some_values(3 * image.size(), 1);
  Direct pass{{3, 4}, true};
  auto with = all_results(pass, net, images, true);
  with.resize(with.size() - images.size());
  CHECK(same_bytes(all_results(pass, net, images, false), with));

  using First =
      Network<Shape{2, 2, 3}, layer::Spiking<Neuron>, layer::Dense<2>, layer::MeanOverTime>;
  First first;
  network::initialize(first, 3);
  Pass<First, Static<Shape{2, 2, 3}>> short_pass{{1, 6}, true};
  const auto bright = some_values(12, 5);
  const std::vector<float> slope(2, 1.0F);
  const auto gradient_of_parameters = [&](std::span<float> input_gradient) {
    short_pass.forward(first, {bright.data(), {1, 1}, Shape{2, 2, 3}}, {true});
    std::vector<float> gradient(first.parameters().size());
    short_pass.backward(first, slope, gradient, input_gradient);
    return gradient;
  };
  std::vector<float> input_gradient(12);
  const auto wanted = gradient_of_parameters(input_gradient);
  CHECK(wanted[0] != 0.0F);
  CHECK(same_bytes(gradient_of_parameters({}), wanted));
}

TEST_CASE("Gradients are added to what is there", "[network]") {
  const Net net = made_net();
  const auto images = some_values(2 * image.size(), 1);
  Direct pass{{2, 3}, true};
  outputs(pass, net, images, {true, 5, 7});
  const auto slope = some_values(14, 9);
  std::vector<float> once(net.parameters().size());
  pass.backward(net, slope, once);
  std::vector<float> twice = once;
  pass.backward(net, slope, twice);
  for (std::size_t i = 0; i < once.size(); ++i)
    REQUIRE(twice[i] == Approx(2 * once[i]).epsilon(1e-4).margin(1e-6));
}

TEST_CASE("Dropout follows the draw while training and is idle otherwise", "[network]") {
  const Net net = made_net();
  const auto images = some_values(2 * image.size(), 1);
  Direct pass{{2, 3}, true};
  const auto first = outputs(pass, net, images, {true, 1, 1});
  CHECK(same_bytes(outputs(pass, net, images, {true, 1, 1}), first));
  CHECK_FALSE(same_bytes(outputs(pass, net, images, {true, 1, 2}), first));
  CHECK_FALSE(same_bytes(outputs(pass, net, images, {true, 2, 1}), first));
  const auto idle = outputs(pass, net, images, {false, 1, 1});
  CHECK_FALSE(same_bytes(idle, first));
  Direct inference{{2, 3}, false};
  CHECK(same_bytes(outputs(inference, net, images, {true, 1, 1}), idle));

  Net wrong = made_net();
  wrong.layer<5>().rate = 1.0F;
  CHECK_THROWS_WITH(outputs(pass, wrong, images), Contains("dropout rate"));
}

TEST_CASE("Black and white images give the same as spikes at each step", "[network]") {
  const Net net = made_net();
  const Extent extent{3, 4};
  const auto images = some_values(3 * image.size(), 6, true);
  Direct direct{extent, false};
  const auto expected = outputs(direct, net, images);
  CHECK(std::any_of(expected.begin(), expected.end(), [](float value) { return value != 0.0F; }));

  std::vector<float> repeated;
  for (Index sample = 0; sample < 3; ++sample)
    for (Index step = 0; step < 4; ++step)
      repeated.insert(repeated.end(), images.begin() + sample * image.size(),
                      images.begin() + (sample + 1) * image.size());
  SignalBuffer<Spikes<image>, float> buffer;
  const auto spikes = buffer.view(extent);
  kernels::pack(RealView<const float>{repeated.data(), extent, image}, spikes);
  Pass<Net, Spikes<image>> trains{extent, false};
  const auto out = trains.forward(net, spikes);
  Pass<Net, Real<image>> values{extent, false};
  const auto of_values = values.forward(net, {repeated.data(), extent, image});
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(out.data[i] == Approx(expected[i]).epsilon(1e-5));
    CHECK(of_values.data[i] == Approx(expected[i]).epsilon(1e-5));
  }
}

TEST_CASE("Memory of a pass grows with samples and steps, and more for training", "[network]") {
  const auto bytes = [](Index samples, Index steps, bool training) {
    return Direct::bytes({samples, steps}, training);
  };
  // What the two layers of neurons and the pooling alone must keep: one word a pixel and step.
  CHECK(bytes(10, 8, false) >= 10 * 8 * (30 + 6 + 6 * 2) * sizeof(Word));
  CHECK(bytes(10, 8, true) > 2 * bytes(10, 8, false));
  CHECK(bytes(20, 8, true) > bytes(10, 8, true) * 19 / 10);
  CHECK(bytes(20, 8, true) < bytes(10, 8, true) * 21 / 10);
  CHECK(bytes(10, 16, true) > bytes(10, 8, true));
}

TEST_CASE("Layers run as one give what they give one by one", "[network]") {
  using Spec = layer::Conv<18, 3, layer::ConvOptions{.bias = true}>;
  using Fused = Network<image, Spec, layer::Spiking<Neuron>>;
  using In = Static<image>;
  using ConvBound = Spec::Bound<In, float>;
  using NeuronBound = layer::Spiking<Neuron>::Bound<ConvBound::Output, float>;
  const Extent extent{3, 5};
  Fused net;
  network::initialize(net, 4, network::Initialization::pytorch_default);
  net.for_each_neuron([](auto& neuron) { neuron.threshold = 0.1F; });
  const auto images = some_values(3 * image.size(), 1);
  const RealView<const float> in{images.data(), {3, 1}, image};

  Pass<Fused, In> pass{extent, true};
  const auto spikes = pass.forward(net, in, {true});
  const auto slope = some_values(extent.frames() * 30 * 18, 2);
  std::vector<float> gradient(net.parameters().size());
  std::vector<float> input_gradient(images.size());
  pass.backward(net, slope, gradient, input_gradient);

  Arena arena{std::size_t{1} << 22U};
  Scratch scratch;
  layer::LayerContext context{scratch, {true}};
  auto conv_memory = ConvBound::reserve(arena, extent, true);
  auto neuron_memory = NeuronBound::reserve(arena, extent, true);
  const float* const values = net.parameters().data();
  const Index weights = layer::parameter_total(ConvBound::parameters);
  const auto currents = ConvBound::forward(net.layer<0>(), values, in, conv_memory, context);
  const auto apart =
      NeuronBound::forward(net.layer<1>(), values + weights, currents, neuron_memory, context);
  REQUIRE(apart.size() == spikes.size());
  CHECK(std::equal(spikes.words, spikes.words + spikes.size(), apart.words));
  CHECK(kernels::count_spikes(spikes) > 100);

  std::vector<float> own_gradient(gradient.size());
  std::vector<float> current_gradient(static_cast<std::size_t>(currents.size() + spare_values));
  std::vector<float> own_input_gradient(input_gradient.size() + spare_values);
  auto padded_slope = slope;
  padded_slope.resize(slope.size() + spare_values);
  const layer::ParameterSpan<float> own{values, own_gradient.data()};
  NeuronBound::backward(net.layer<1>(), own.from(weights),
                        {currents, padded_slope.data(), current_gradient.data()}, neuron_memory,
                        context);
  ConvBound::backward(net.layer<0>(), own, {in, current_gradient.data(), own_input_gradient.data()},
                      conv_memory, context);
  CHECK(same_bytes(own_gradient, gradient));
  own_input_gradient.resize(input_gradient.size());
  CHECK(same_bytes(own_input_gradient, input_gradient));
}

TEST_CASE("A window goes on only where the one before it ended", "[network]") {
  const Net net = made_net();
  const auto images = some_values(2 * image.size(), 1);
  Direct pass{{2, 4}, false};
  const auto run = [&](Index samples, Index steps, Index first_step, bool last) {
    pass.resize({samples, steps});
    const std::vector<float> some(images.begin(), images.begin() + samples * image.size());
    return outputs(pass, net, some, {.window = {first_step, last}});
  };
  const auto whole = run(2, 7, 0, true);
  CHECK_THROWS_WITH(run(2, 3, 7, true), Contains("first step of a window: expected 0"));
  run(2, 4, 0, false);
  CHECK(same_bytes(run(2, 3, 4, true), whole));
  CHECK_THROWS_WITH(run(2, 3, 7, true), Contains("first step of a window: expected 0"));
  run(2, 4, 0, false);
  CHECK_THROWS_WITH(run(2, 3, 5, true),
                    Contains("expected 4, where the window before it ended, found 5"));
  run(2, 4, 0, false);
  CHECK_THROWS_WITH(run(1, 3, 4, true),
                    Contains("batch of a window: expected 2 samples") && Contains("found 1"));
  run(2, 4, 0, false);
  CHECK(same_bytes(run(2, 7, 0, true), whole));
  CHECK_THROWS_WITH(run(2, 3, 4, true), Contains("expected 0"));
}

TEST_CASE("A pass in training takes whole sequences only", "[network]") {
  const Net net = made_net();
  const auto images = some_values(2 * image.size(), 1);
  Direct pass{{2, 3}, true};
  CHECK_THROWS_WITH(outputs(pass, net, images, {.training = true, .window = {0, false}}),
                    Contains("a pass without training, found one in training"));
  const auto whole = [&] {
    Direct other{{2, 6}, false};
    return outputs(other, net, images);
  }();
  outputs(pass, net, images, {.window = {0, false}});
  CHECK(same_bytes(outputs(pass, net, images, {.window = {3, true}}), whole));
}

TEST_CASE("What windows leave for the next grows with the samples, not with the steps",
          "[network]") {
  // The membranes of two layers of neurons and the sums of seven classes.
  const std::size_t units = 30 * 18 + 6 * 70 + 7;
  CHECK(Direct::state_bytes(10) >= 10 * units * sizeof(float));
  CHECK(Direct::state_bytes(10) < 10 * units * sizeof(float) + 3 * (spare_values + 16) * 4);
}

TEST_CASE("An input of another size than the pass is refused before it is read", "[network]") {
  const Net net = made_net();
  Pass<Net, Static<image>> pass{{2, 3}, false};
  const auto images = some_values(3 * image.size(), 1);
  CHECK_THROWS_WITH(pass.forward(net, {images.data(), {3, 1}, image}),
                    Contains("input of a pass") && Contains("2 samples") && Contains("3 samples"));
  CHECK_THROWS_WITH(pass.forward(net, {images.data(), {2, 3}, image}), Contains("steps"));
  CHECK_THROWS_WITH(pass.forward(net, {images.data(), {2, 1}, {5, 6, 3}}), Contains("5x6x3"));
}
