#include <string_view>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "edge.hpp"

using namespace snnbd;
using snnbd_tests::check_gradients;

/// Every layer and neuron as a program sees them, by tensors, with a layer of its own in the midst.
namespace tensor_gradients {

/// x + x^3 / 4.
struct Cubic {
  static constexpr std::string_view name = "cubic";
  static constexpr bool each_step_alone = true;
  void forward(const auto& in, auto& out) const { out = in + in.cube() * in.constant(0.25); }
  void backward(const auto& in, const auto& output_gradient, auto& input_gradient) const {
    input_gradient = output_gradient * (in.square() * in.constant(0.75) + in.constant(1.0));
  }
};
using Own = layer::TensorLayer<Cubic>;

constexpr Shape shape{3, 4, 1};

/// Real values at each step reach `Middle`, and its own layer follows it.
template <class Middle, class Neuron = neuron::If<neuron::SoftReset, neuron::Arctangent>>
using Around =
    BasicNetwork<double, shape, layer::Conv<2, 3, layer::ConvOptions{.bias = true}>,
                 layer::Spiking<neuron::Smooth<Neuron>>, Middle, Own,
                 layer::Spiking<neuron::Smooth<Neuron>>, layer::Dense<3>, layer::MeanOverTime>;

template <class Middle>
void check_layer() {
  check_gradients<Around<Middle>>({.samples = 2, .steps = 3});
}

template <class Neuron>
void check_neuron() {
  INFO(Neuron::name);
  snnbd_tests::EdgeGradients<Around<layer::Conv<2, 3>, Neuron>> edge{{.samples = 2, .steps = 3}};
  // Trained decays are held below 1, where they begin.
  edge.net.for_each_neuron([](auto& neuron) {
    if constexpr (requires { neuron.decay; }) neuron.decay = 0.875;
  });
  edge.net.set_neuron_parameters();
  edge.check();
}

}  // namespace tensor_gradients

using namespace tensor_gradients;

TEST_CASE("Gradients through tensors are the derivatives for each layer", "[network]") {
  SECTION("convolution") {
    check_layer<layer::Conv<2, 3, layer::ConvOptions{.stride = 2}>>();
  }
  SECTION("dense layer") {
    check_layer<layer::Dense<4, layer::DenseOptions{.bias = true}>>();
  }
  SECTION("max pooling") {
    check_layer<layer::MaxPool<2>>();
  }
  SECTION("mean pooling") {
    check_layer<layer::AvgPool<2>>();
  }
  SECTION("mean over the image") {
    check_layer<layer::GlobalAvgPool>();
  }
  SECTION("border") {
    check_layer<layer::ZeroPad<1>>();
  }
  SECTION("flattening") {
    check_layer<layer::Flatten>();
  }
  SECTION("dropout") {
    check_layer<layer::Dropout>();
  }
  SECTION("rectifier") {
    check_layer<layer::Relu>();
  }
  SECTION("batch norm") {
    check_layer<layer::BatchNorm<>>();
  }
  SECTION("residual") {
    check_layer<layer::Residual<layer::Sequence<layer::Conv<2, 3>, Own, layer::BatchNorm<>>,
                                layer::Sequence<layer::Conv<2, 1>>>>();
  }
}

TEST_CASE("Gradients through tensors are the derivatives for each readout", "[network]") {
  using Cell = neuron::Smooth<neuron::Lif<neuron::SoftReset, neuron::Sigmoid>>;
  SECTION("membrane") {
    check_gradients<BasicNetwork<double, shape, layer::Conv<2, 3>, layer::Spiking<Cell>, Own,
                                 layer::Dense<3>, layer::AccumulatedMembrane>>(
        {.samples = 2, .steps = 3});
  }
  SECTION("firing rate") {
    check_gradients<BasicNetwork<double, shape, layer::Conv<2, 3>, Own, layer::Spiking<Cell>,
                                 layer::Dense<3>, layer::Spiking<Cell>, layer::SpikeRate>>(
        {.samples = 2, .steps = 3});
  }
  SECTION("none") {
    check_gradients<
        BasicNetwork<double, shape, layer::Conv<2, 3>, layer::Spiking<Cell>, Own, layer::Dense<3>>>(
        {.samples = 2, .steps = 3});
  }
}

TEST_CASE("Gradients through tensors are the derivatives for each neuron", "[network]") {
  check_neuron<neuron::If<neuron::SoftReset, neuron::Arctangent>>();
  check_neuron<neuron::If<neuron::HardReset, neuron::Sigmoid>>();
  check_neuron<neuron::Lif<neuron::SoftReset, neuron::Sigmoid>>();
  check_neuron<neuron::Lif<neuron::HardReset, neuron::GaussianCdf>>();
  check_neuron<neuron::Plif<neuron::SoftReset, neuron::Arctangent>>();
  check_neuron<neuron::Leaky<neuron::SoftReset, neuron::GaussianCdf>>();
  check_neuron<neuron::Diet<neuron::SoftReset, neuron::Sigmoid>>();
  check_neuron<neuron::Delayed<neuron::Diet<neuron::SoftReset, neuron::Sigmoid>>>();
}
