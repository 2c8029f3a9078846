#include <cstdint>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/encode/encode.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/forward.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/view.hpp>

#include "edge.hpp"

using namespace snnbd;
using Catch::Contains;

namespace {

constexpr Shape shape{6, 5, 2};
using Cell = neuron::Lif<neuron::SoftReset, neuron::Sigmoid>;

template <class Scalar>
using Small = BasicNetwork<Scalar, shape, layer::Conv<3, 3>, layer::Spiking<Cell>,
                           layer::MaxPool<2>, layer::Dense<4>, layer::MeanOverTime>;

/// A network may be named by a shape that depends on a parameter of a template.
template <class Set>
Index parameters_for() {
  Network<Set::shape, layer::Dense<3>> net;
  return std::ssize(net.parameters());
}
struct OfShape {
  static constexpr Shape shape{2, 3, 1};
};

}  // namespace

TEMPLATE_TEST_CASE("Images as a tensor give what a pass gives", "[network]", float, double) {
  Small<TestType> net;
  network::initialize(net, 2);
  const auto images = snnbd_tests::images<TestType>(7, shape);
  const auto logits = net.forward(images, {.timesteps = 5});
  REQUIRE(tensor::sizes_text(logits) == "7x4");
  PassOf<Small<TestType>> pass{{7, 5}, false};
  const auto out = pass.forward(net, tensor::signal(images));
  CHECK(std::equal(out.data, out.data + out.size(), logits.data()));
  snnbd_tests::check_equal(net.forward(images, {.timesteps = 5, .batch_size = 3}), logits);
  pass.forward(net, images);
  snnbd_tests::check_equal(pass.logits(), logits);
}

TEST_CASE("Images as a tensor are encoded as their places say", "[network]") {
  Small<float> net;
  network::initialize(net, 2);
  const auto images = snnbd_tests::images<float>(5, shape);
  const encode::Poisson poisson{.seed = 3};
  const auto logits = net.forward(images, {.timesteps = 6, .batch_size = 2}, poisson);
  PassOf<Small<float>, encode::Poisson> pass{{5, 6}, false};
  const std::vector<std::uint64_t> ids{0, 1, 2, 3, 4};
  poisson.encode(tensor::signal(images), ids, pass.input());
  const auto out = pass.forward(net, pass.input());
  CHECK(std::equal(out.data, out.data + out.size(), logits.data()));
}

TEST_CASE("Spikes as a tensor give what packed spikes give", "[network]") {
  Small<double> net;
  network::initialize(net, 2);
  Tensor<double, 5> values{3, 4, 6, 5, 2};
  values.setRandom();
  values = (values > values.constant(0.6)).cast<double>();
  PassOf<Small<double>, encode::Poisson> pass{{3, 4}, true};
  pass.forward(net, values, {.training = true});
  const Tensor<double, 2> logits = pass.logits();
  const auto out = pass.forward(net, tensor::pack(values).view(), {.training = true});
  CHECK(std::equal(out.data, out.data + out.size(), logits.data()));
  network::Gradient<Small<double>> gradient;
  CHECK(tensor::sizes_text(pass.backward_to_input(net, logits, gradient)) == "3x4x6x5x2");
}

TEST_CASE("What is no batch of images is refused", "[network]") {
  const Small<float> net;
  const Tensor<float, 4> turned{2, 5, 6, 2};
  CHECK_THROWS_WITH(net.forward(turned),
                    Contains("images to run: expected images of 6x5x2, found 5x6x2"));
  const Tensor<float, 4> none{0, 6, 5, 2};
  CHECK_THROWS_WITH(net.forward(none), Contains("expected at least one sample"));
  const auto images = snnbd_tests::images<float>(2, shape);
  CHECK_THROWS_WITH(net.forward(images, {.timesteps = 0}),
                    Contains("timesteps: expected at least 1"));
  CHECK_THROWS_WITH(net.forward(images, {.batch_size = 0}),
                    Contains("batch size: expected at least 1"));
  CHECK_THROWS_WITH(net.forward(images, {}, encode::Poisson{.scale = -1.0F}),
                    Contains("scale of the rates"));
}

TEST_CASE("A network may be named by a shape that depends on a type", "[network]") {
  CHECK(parameters_for<OfShape>() == 18);
}

TEST_CASE("Gradients at the edge are those of central differences", "[network]") {
  using Hard = neuron::Smooth<neuron::Plif<neuron::HardReset, neuron::Arctangent>>;
  using Soft = neuron::Smooth<neuron::If<neuron::SoftReset, neuron::Arctangent>>;
  using Block = layer::Residual<layer::Sequence<layer::Conv<3, 3>, layer::BatchNorm<>,
                                                layer::Spiking<Soft>, layer::Conv<3, 3>>>;
  SECTION("convolution, batch norm, residual, pooling, trained neurons") {
    snnbd_tests::check_gradients<
        BasicNetwork<double, Shape{4, 5, 2}, layer::Conv<3, 3>, layer::BatchNorm<>,
                     layer::Spiking<Hard>, Block, layer::Spiking<Soft>, layer::AvgPool<2>,
                     layer::Flatten, layer::Dense<4, layer::DenseOptions{.bias = true}>,
                     layer::Spiking<Hard>, layer::Dense<3>, layer::AccumulatedMembrane>>(
        {.samples = 2, .steps = 3});
  }
  SECTION("an autoencoder: strides, and upsampling of spikes and of values") {
    constexpr layer::ConvOptions halving{.stride = 2, .padding = 1};
    snnbd_tests::check_gradients<
        BasicNetwork<double, Shape{2, 4, 2}, layer::Conv<2, 4, halving>, layer::Spiking<Hard>,
                     layer::Upsample<2>, layer::Conv<2, 3>, layer::Upsample<2>,
                     layer::Spiking<Soft>, layer::Conv<2, 4, halving>>>({.samples = 2, .steps = 2});
  }
  SECTION("borders, dropout, real outputs at each step") {
    snnbd_tests::check_gradients<BasicNetwork<
        double, Shape{3, 4, 1}, layer::ZeroPad<1>,
        layer::Conv<2, 3, layer::ConvOptions{.padding = 0, .bias = true}>,
        layer::Spiking<neuron::Smooth<neuron::Lif<neuron::HardReset, neuron::Sigmoid>>>,
        layer::Dropout, layer::Dense<3>>>({.samples = 2, .steps = 4});
  }
}
