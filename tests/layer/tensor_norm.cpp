#include <array>
#include <cmath>
#include <span>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/policy.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/training/tensor_loss.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/pass.hpp>

#include "../network/edge.hpp"

using namespace snnbd;
using Catch::Contains;

// The layers and the loss of docs/concepts/tensor.md, word by word.
namespace {

struct RmsNorm {
  static constexpr std::string_view name = "rms_norm";
  static constexpr bool each_step_alone = true;
  double epsilon = 1e-5;

  template <class Scalar>
  void forward(const ConstTensorView<Scalar, 5>& in, TensorView<Scalar, 5>& out) const {
    out = in / (mean_product(in, in) + Scalar(epsilon)).sqrt();
  }
  template <class Scalar>
  void backward(const ConstTensorView<Scalar, 5>& in, const ConstTensorView<Scalar, 5>& slope,
                TensorView<Scalar, 5>& input_gradient) const {
    const Tensor<Scalar, 5> square = mean_product(in, in) + Scalar(epsilon);
    input_gradient = (slope - in * mean_product(slope, in) / square) / square.sqrt();
  }

 private:  // the mean of a * b over the channels of a pixel, at each of its channels
  template <class Scalar>
  static Tensor<Scalar, 5> mean_product(const ConstTensorView<Scalar, 5>& a,
                                        const ConstTensorView<Scalar, 5>& b) {
    const auto& size = a.dimensions();
    const Tensor<Scalar, 4> mean = (a * b).mean(std::array{4});
    return mean.reshape(tensor::sizes(size[0], size[1], size[2], size[3], 1))
        .broadcast(std::array<Index, 5>{1, 1, 1, 1, size[4]});
  }
};

struct ChannelScale {
  static constexpr std::string_view name = "channel_scale";
  static constexpr bool each_step_alone = true;
  static constexpr std::array<layer::Parameter, 1> parameters(Shape in) {
    return {layer::Parameter{"scale", layer::ParameterKind::norm, {1, 1, 1, in.channels}, 1.0F}};
  }
  void forward(const auto& in, const auto& scale, auto& out) const { out = in * spread(scale, in); }
  void backward(const auto& in, const auto& scale, const auto& slope, auto& input_gradient,
                auto& scale_gradient) const {
    input_gradient = slope * spread(scale, in);
    scale_gradient += (slope * in).sum(std::array{0, 1, 2, 3});
  }

 private:
  static auto spread(const auto& scale, const auto& in) {
    const auto& size = in.dimensions();
    return scale.reshape(tensor::sizes(1, 1, 1, 1, size[4]))
        .broadcast(std::array<Index, 5>{size[0], size[1], size[2], size[3], 1});
  }
};

struct ActivityPenalty {
  static constexpr std::string_view name = "activity_penalty";
  static constexpr bool each_step_alone = true;
  double lambda = 1e-3;

  void check() const { require_not_negative("lambda of an activity penalty", lambda); }
  void forward(const auto& in, auto& out) const { out = in; }
  void backward(const auto& in, const auto& slope, auto& input_gradient) const {
    using Scalar = tensor::ValueOf<decltype(in)>;
    input_gradient = slope + in * Scalar(lambda / double(in.dimension(0)));
  }
};

struct CalmCrossEntropy {
  static constexpr std::string_view name = "calm_cross_entropy";
  double lambda = 1e-2;

  template <class Scalar>
  double measure(const ConstTensorView<Scalar, 3>& outputs, std::span<const int> labels,
                 std::span<const double> weights, TensorView<Scalar, 3>& gradient) const {
    const Extent extent{outputs.dimension(0), outputs.dimension(1)};
    const int classes = int(outputs.dimension(2));
    double loss = learn::CrossEntropy{}.measure<Scalar>({outputs.data(), extent, classes}, labels,
                                                        weights, gradient.data());
    for (Index i = 0; i < extent.samples; ++i) {
      const double factor = lambda * weights[std::size_t(i)] / double(extent.steps * classes);
      const Tensor<Scalar, 0> square = outputs.chip(i, 0).square().sum();
      loss += factor * double(square());
      gradient.chip(i, 0) += outputs.chip(i, 0) * Scalar(2.0 * factor);
    }
    return loss;
  }
};

static_assert(layer::TensorLayer<RmsNorm>::name == "rms_norm");
static_assert(layer::TensorLayer<ChannelScale>::name == "channel_scale");
static_assert(layer::TensorLayer<ActivityPenalty>::name == "activity_penalty");
static_assert(learn::Loss<learn::TensorLoss<CalmCrossEntropy>> &&
              learn::TensorLoss<CalmCrossEntropy>::name == "calm_cross_entropy");

using Smooth = neuron::Smooth<neuron::Lif<neuron::SoftReset, neuron::Sigmoid>>;

}  // namespace

TEST_CASE("A norm of one's own divides a pixel's channels by their root mean square", "[layer]") {
  using Net = BasicNetwork<double, Shape{1, 2, 2}, layer::TensorLayer<RmsNorm>>;
  Net net;
  net.layer<0>().own.epsilon = 0.5;
  Tensor<double, 4> image{1, 1, 2, 2};
  image.setValues({{{{3.0, -4.0}, {1.0, 0.0}}}});
  PassOf<Net> pass{{1, 1}, false};
  pass.forward(net, image);
  const double first = std::sqrt(12.5 + 0.5);
  CHECK(pass.outputs()(0, 0, 0, 0, 0) == Approx(3.0 / first).epsilon(1e-14));
  CHECK(pass.outputs()(0, 0, 0, 0, 1) == Approx(-4.0 / first).epsilon(1e-14));
  CHECK(pass.outputs()(0, 0, 0, 1, 0) == Approx(1.0).epsilon(1e-14));
  CHECK(pass.outputs()(0, 0, 0, 1, 1) == 0.0);
}

TEST_CASE("A norm and a scale of one's own have the gradients of central differences", "[layer]") {
  using Net = BasicNetwork<double, Shape{4, 5, 2}, layer::Conv<3, 3>, layer::TensorLayer<RmsNorm>,
                           layer::TensorLayer<ChannelScale>, layer::Spiking<Smooth>,
                           layer::Conv<4, 3>, layer::TensorLayer<RmsNorm>, layer::Spiking<Smooth>,
                           layer::TensorLayer<ChannelScale>, layer::Dense<3>, layer::MeanOverTime>;
  STATIC_REQUIRE(PassOf<Net>::windowed);
  snnbd_tests::check_gradients<Net>({.samples = 2, .steps = 3});
}

TEST_CASE("An activity penalty adds the gradient of lambda / 2n times the sum of squares",
          "[layer]") {
  constexpr double lambda = 0.3;
  using Plain = BasicNetwork<double, Shape{3, 4, 1}, layer::Conv<2, 3>, layer::Spiking<Smooth>>;
  using Net =
      BasicNetwork<double, Shape{3, 4, 1}, layer::Conv<2, 3>, layer::Spiking<Smooth>,
                   layer::TensorLayer<ActivityPenalty>, layer::Dense<2>, layer::MeanOverTime>;
  Net net;
  network::initialize(net, 5);
  net.layer<2>().own.lambda = lambda;
  Plain plain;
  std::copy_n(net.parameters().begin(), plain.parameters().size(), plain.parameters().begin());
  Tensor<double, 4> images = snnbd_tests::images<double>(2, Shape{3, 4, 1});
  PassOf<Net> pass{{2, 3}, true};
  pass.forward(net, images, {.training = true});
  Tensor<double, 2> slope{2, 2};
  slope.setZero();  // of the loss: all gradient is the penalty's
  network::Gradient<Net> gradient;
  const Tensor<double, 5> found = pass.backward_to_input(net, slope, gradient);

  PassOf<Plain> before{{2, 3}, false};
  const auto penalty = [&] {
    before.forward(plain, images);
    const Tensor<double, 0> sum = before.outputs().square().sum();
    return lambda / (2.0 * 2.0) * sum();
  };
  constexpr double step = 1e-5;
  for (Index i = 0; i < images.size(); ++i) {
    const double value = images.data()[i];
    images.data()[i] = value + step;
    const double above = penalty();
    images.data()[i] = value - step;
    const double below = penalty();
    images.data()[i] = value;
    CHECK(found.data()[i] == Approx((above - below) / (2.0 * step)).margin(1e-9));
  }
}

TEST_CASE("A penalty below zero is refused", "[layer]") {
  Network<Shape{2, 2, 1}, layer::Dense<2>, layer::TensorLayer<ActivityPenalty>> net;
  net.layer<1>().own.lambda = -1.0;
  PassOf<decltype(net)> pass{{1, 1}, false};
  CHECK_THROWS_WITH(pass.forward(net, snnbd_tests::images<float>(1, Shape{2, 2, 1})),
                    Contains("lambda of an activity penalty: expected a number of at least 0"));
}

TEST_CASE("A loss with a penalty has the gradient of central differences", "[layer]") {
  const learn::TensorLoss<CalmCrossEntropy> loss{.own = {.lambda = 0.7}};
  Tensor<double, 3> outputs{2, 3, 4};
  outputs.setRandom();
  const std::array labels{3, 0};
  const auto [value, slope] = learn::measure(loss, outputs, labels);
  const Tensor<double, 0> square = outputs.square().mean();
  CHECK(value ==
        Approx(learn::measure(learn::CrossEntropy{}, outputs, labels).loss + 0.7 * square())
            .epsilon(1e-12));
  constexpr double step = 1e-6;
  for (Index i = 0; i < outputs.size(); ++i) {
    Tensor<double, 3> moved = outputs;
    moved.data()[i] += step;
    const double above = learn::measure(loss, moved, labels).loss;
    moved.data()[i] -= 2.0 * step;
    const double below = learn::measure(loss, moved, labels).loss;
    CHECK(slope.data()[i] == Approx((above - below) / (2.0 * step)).margin(1e-8));
  }
}
