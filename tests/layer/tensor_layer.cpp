#include <array>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/forward.hpp>
#include <snnbd/network/initialize.hpp>

#include "../network/edge.hpp"

using namespace snnbd;
using Catch::Contains;

namespace tensor_layers {

/// The same as layer::Relu.
struct Rectified {
  static constexpr std::string_view name = "rectified";
  static constexpr bool each_step_alone = true;
  void forward(const auto& in, auto& out) const { out = in.cwiseMax(in.constant(0)); }
  void backward(const auto& in, const auto& output_gradient, auto& input_gradient) const {
    input_gradient = (in > in.constant(0)).select(output_gradient, output_gradient.constant(0));
  }
};

/// Each step's values less their mean over the sequence: needs all of it.
struct Centred {
  static constexpr std::string_view name = "centred";
  void forward(const auto& in, auto& out) const { out = in - means(in); }
  void backward(const auto& /*in*/, const auto& output_gradient, auto& input_gradient) const {
    input_gradient = output_gradient - means(output_gradient);
  }

 private:
  static auto means(const auto& values) {
    using Values = std::remove_cvref_t<decltype(values)>;
    const auto sizes = values.dimensions();
    Tensor<tensor::ValueOf<Values>, 5> mean =
        values.mean(std::array{1})
            .reshape(tensor::sizes(sizes[0], 1, sizes[2], sizes[3], sizes[4]))
            .broadcast(std::array<Index, 5>{1, sizes[1], 1, 1, 1});
    return mean;
  }
};

/// The sum over the channels, weighed by one parameter each: another shape.
struct Weighed {
  static constexpr std::string_view name = "weighed";
  static constexpr bool each_step_alone = true;
  static constexpr Shape output(Shape in) { return {in.height, in.width, 1}; }
  static constexpr std::array<layer::Parameter, 1> parameters(Shape in) {
    return {layer::Parameter{"scale", layer::ParameterKind::norm, {1, 1, 1, in.channels}, 0.75F}};
  }
  void forward(const auto& in, const auto& scale, auto& out) const {
    out = (in * spread(scale, in.dimensions())).sum(std::array{4}).reshape(out.dimensions());
  }
  void backward(const auto& in, const auto& scale, const auto& output_gradient,
                auto& input_gradient, auto& gradient) const {
    const auto sizes = in.dimensions();
    const auto slopes = output_gradient.broadcast(std::array<Index, 5>{1, 1, 1, 1, sizes[4]});
    input_gradient = slopes * spread(scale, sizes);
    gradient += (in * slopes).sum(std::array{0, 1, 2, 3});
  }

 private:
  static auto spread(const auto& scale, const auto& sizes) {
    using Values = std::remove_cvref_t<decltype(scale)>;
    Tensor<tensor::ValueOf<Values>, 5> result =
        scale.reshape(tensor::sizes(1, 1, 1, 1, sizes[4]))
            .broadcast(std::array<Index, 5>{sizes[0], sizes[1], sizes[2], sizes[3], 1});
    return result;
  }
};

template <class Activation>
using Small = Network<Shape{4, 5, 2}, layer::Conv<3, 3, layer::ConvOptions{.bias = true}>,
                      Activation, layer::AvgPool<2>, layer::Dense<3>>;

}  // namespace tensor_layers

using namespace tensor_layers;

TEST_CASE("A rectifier on tensors is the built-in one, bit for bit", "[layer]") {
  Small<layer::TensorLayer<Rectified>> own;
  Small<layer::Relu> built_in;
  network::initialize(own, 3);
  network::initialize(built_in, 3);
  const auto images = snnbd_tests::images<float>(6, Shape{4, 5, 2});
  PassOf<decltype(own)> first{{6, 1}, true};
  PassOf<decltype(built_in)> second{{6, 1}, true};
  first.forward(own, images, {.training = true});
  second.forward(built_in, images, {.training = true});
  snnbd_tests::check_equal(first.outputs(), second.outputs());
  network::Gradient<decltype(own)> first_gradient;
  network::Gradient<decltype(built_in)> second_gradient;
  const Tensor<float, 5> slopes = first.outputs() * 0.5F;
  snnbd_tests::check_equal(first.backward_to_input(own, slopes, first_gradient),
                           second.backward_to_input(built_in, slopes, second_gradient));
  CHECK(std::ranges::equal(first_gradient.values(), second_gradient.values()));
}

TEST_CASE("A layer on tensors that looks across steps is not run in windows", "[layer]") {
  using Cell = neuron::If<neuron::SoftReset, neuron::Arctangent>;
  using Across = Network<Shape{3, 3, 1}, layer::Dense<4>, layer::Spiking<Cell>,
                         layer::TensorLayer<Centred>, layer::Dense<2>, layer::MeanOverTime>;
  using Alone = Network<Shape{3, 3, 1}, layer::Dense<4>, layer::Spiking<Cell>,
                        layer::TensorLayer<Weighed>, layer::Dense<2>, layer::MeanOverTime>;
  STATIC_REQUIRE_FALSE(PassOf<Across>::windowed);
  STATIC_REQUIRE(PassOf<Alone>::windowed);
}

TEST_CASE("Layers on tensors have the gradients of central differences", "[layer]") {
  using Cell = neuron::Smooth<neuron::Lif<neuron::SoftReset, neuron::Sigmoid>>;
  using Net = BasicNetwork<double, Shape{4, 4, 2}, layer::Conv<3, 3>, layer::Spiking<Cell>,
                           layer::TensorLayer<Centred>, layer::Conv<2, 3>, layer::Spiking<Cell>,
                           layer::TensorLayer<Weighed>, layer::Dense<3>, layer::MeanOverTime>;
  snnbd_tests::check_gradients<Net>({.samples = 2, .steps = 3});
}

TEST_CASE("Spikes come to a layer on tensors as their amplitudes", "[layer]") {
  using Cell = neuron::If<neuron::SoftReset, neuron::Arctangent>;
  using Net = BasicNetwork<double, Shape{3, 3, 1}, layer::Conv<2, 3>, layer::Spiking<Cell>,
                           layer::TensorLayer<Weighed>, layer::Dense<2>, layer::MeanOverTime>;
  using Plain = BasicNetwork<double, Shape{3, 3, 1}, layer::Conv<2, 3>, layer::Spiking<Cell>,
                             layer::Conv<1, 1>, layer::Dense<2>, layer::MeanOverTime>;
  Net own;
  Plain plain;
  network::initialize(plain, 4);
  own.layer<1>().amplitude = plain.layer<1>().amplitude = 0.25F;
  own.for_each_neuron([](auto& neuron) { neuron.threshold = 0.25F; });
  plain.for_each_neuron([](auto& neuron) { neuron.threshold = 0.25F; });
  // A convolution of one pixel to one channel is a weighed sum over the channels.
  REQUIRE(own.parameters().size() == plain.parameters().size());
  std::ranges::copy(plain.parameters(), own.parameters().begin());
  const auto images = snnbd_tests::images<double>(5, Shape{3, 3, 1});
  const auto expected = plain.forward(images, {.timesteps = 6});
  const auto found = own.forward(images, {.timesteps = 6});
  double largest = 0.0;
  for (Index i = 0; i < found.size(); ++i) {
    CHECK(found.data()[i] == Approx(expected.data()[i]).epsilon(1e-12));
    largest = std::max(largest, std::abs(found.data()[i]));
  }
  CHECK(largest > 0.01);
}
