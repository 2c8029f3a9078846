#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/tensor/tensor.hpp>

/// Networks as a program sees them: by Eigen tensors alone.
namespace snnbd_tests {

/// Images [sample, height, width, channel] with values in [0, 1).
template <class Scalar>
snnbd::Tensor<Scalar, 4> images(snnbd::Index count, const snnbd::Shape& shape,
                                std::uint64_t seed = 1) {
  snnbd::Tensor<Scalar, 4> result{count, shape.height, shape.width, shape.channels};
  snnbd::random::Stream stream{seed, snnbd::random::Purpose::synthetic};
  for (snnbd::Index i = 0; i < result.size(); ++i)
    result.data()[i] = static_cast<Scalar>(stream.uniform());
  return result;
}

template <class First, class Second>
void check_equal(const First& first, const Second& second) {
  REQUIRE(snnbd::tensor::sizes_text(first) == snnbd::tensor::sizes_text(second));
  CHECK(std::equal(first.data(), first.data() + first.size(), second.data()));
}

/// The largest difference between a gradient and central differences, relative to the largest
/// gradient; both are of sum over the outputs of coefficient * output.
template <class Net>
class EdgeGradients {
 public:
  explicit EdgeGradients(const snnbd::Extent& extent)
      : pass_{extent, true}, images_{images<double>(extent.samples, Net::input_shape)} {
    snnbd::random::Stream stream{7, snnbd::random::Purpose::synthetic};
    for (double& value : net.parameters())
      value = 1.6 * static_cast<double>(stream.uniform()) - 0.6;
    net.set_neuron_parameters();
    pass_.forward(net, images_, {.training = true});
    slopes_ = pass_.outputs();
    for (snnbd::Index i = 0; i < slopes_.size(); ++i)
      slopes_.data()[i] = 2.0 * static_cast<double>(stream.uniform()) - 1.0;
  }

  Net net;

  void check() {
    pass_.forward(net, images_, {.training = true});
    snnbd::network::Gradient<Net> gradient;
    const snnbd::Tensor<double, 5> input = pass_.backward_to_input(net, slopes_, gradient);
    for (const auto& tensor : Net::tensors()) {
      if (tensor.parameter.kind == snnbd::layer::ParameterKind::statistic) continue;
      INFO(tensor.name());
      compare(net.parameter(tensor.name()).values().data(), gradient(tensor.name()).values().data(),
              tensor.parameter.size());
    }
    INFO("input");
    compare(images_.data(), input.data(), images_.size());
  }

 private:
  double loss() {
    pass_.forward(net, images_, {.training = true});
    const snnbd::Tensor<double, 0> sum = (pass_.outputs() * slopes_).sum();
    return sum();
  }

  void compare(double* values, const double* gradient, snnbd::Index count) {
    constexpr double step = 1e-5;
    double largest = 0.0;
    double error = 0.0;
    for (snnbd::Index i = 0; i < count; ++i) {
      const double before = values[i];
      values[i] = before + step;
      const double above = loss();
      values[i] = before - step;
      const double below = loss();
      values[i] = before;
      largest = std::max(largest, std::abs(gradient[i]));
      error = std::max(error, std::abs((above - below) / (2.0 * step) - gradient[i]));
    }
    CHECK(largest > 1e-5);
    CHECK(error < 1e-6 * std::max(largest, 1.0));
  }

  snnbd::PassOf<Net> pass_;
  snnbd::Tensor<double, 4> images_;
  snnbd::Tensor<double, 5> slopes_;
};

template <class Net>
void check_gradients(const snnbd::Extent& extent) {
  EdgeGradients<Net> edge{extent};
  edge.check();
}

}  // namespace snnbd_tests
