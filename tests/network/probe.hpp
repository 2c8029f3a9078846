#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <snnbd/core/random.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/network/pass.hpp>

#include "naive.hpp"

namespace snnbd_tests {

/// A small network with everything fixed that its output depends on: parameters, a batch, the
/// dropout masks. Its loss is a sum of its outputs, each with a coefficient of its own.
template <class Net, snnbd::Signal In>
class Probe {
 public:
  using Scalar = typename Net::ScalarType;
  using Index = snnbd::Index;
  static constexpr bool spiking_input = snnbd::SpikeSignal<In>;

  Net net;

  /// @param scale of the weights, which are uniform in [-scale, scale]
  /// @param grid if not 0, weights and inputs are multiples of it, so that float sums are exact
  explicit Probe(snnbd::Extent extent, double scale, std::uint64_t seed = 1, double grid = 0.0)
      : extent_{extent},
        whole_{snnbd::layer::extent_of<In>(extent)},
        pass_{extent, true},
        stream_{seed, snnbd::random::Purpose::synthetic} {
    const auto draw = [&](double low, double high) {
      const double value = low + (high - low) * static_cast<double>(stream_.uniform());
      return grid > 0.0 ? std::round(value / grid) * grid : value;
    };
    for (Scalar& value : net.parameters()) value = static_cast<Scalar>(draw(-scale, 1.5 * scale));
    net.set_neuron_parameters();
    input_.resize(static_cast<std::size_t>(whole_.frames() * In::shape.size()));
    for (Scalar& value : input_)
      value = static_cast<Scalar>(spiking_input ? draw(0.0, 1.0) > 0.6 ? 1.0 : 0.0 : draw(0, 1));
    const auto outputs = snnbd::layer::extent_of<Output>(extent).frames() * Output::shape.size();
    for (Index i = 0; i < outputs; ++i)
      coefficients_.push_back(static_cast<Scalar>(draw(-1.0, 1.0)));
  }

  std::vector<Scalar>& input() { return input_; }
  snnbd::layer::PassOptions& options() { return options_; }

  /// Runs the network on its present parameters and inputs.
  ///
  /// @returns the outputs, [sample, step, unit]; spikes as 0 or 1
  std::vector<double> forward() {
    const auto out = pass_.forward(net, input_view(), options_);
    std::vector<double> result;
    if constexpr (snnbd::SpikeSignal<Output>) {
      std::vector<Scalar> values(coefficients_.size());
      snnbd::kernels::unpack(out, Index{0}, extent_.samples, values.data());
      result.assign(values.begin(), values.end());
    } else {
      result.assign(out.data, out.data + out.size());
    }
    return result;
  }

  double loss() {
    const std::vector<double> out = forward();
    double sum = 0.0;
    for (std::size_t i = 0; i < out.size(); ++i)
      sum += out[i] * static_cast<double>(coefficients_[i]);
    return sum;
  }

  /// Runs it and keeps the gradients of its loss.
  void run() {
    forward();
    gradient_.assign(net.parameters().size(), Scalar{0});
    input_gradient_.assign(input_.size(), Scalar{0});
    pass_.backward(net, coefficients_, gradient_, input_gradient_);
  }

  /// What the naive network gives, and the derivative of the loss along a direction.
  ///
  /// @param parameter_direction one for each parameter, or empty for none
  /// @param input_direction one for each input value, or empty for none
  struct Reference {
    std::vector<double> outputs;
    double derivative = 0.0;
  };
  Reference reference(const std::vector<double>& parameter_direction = {},
                      const std::vector<double>& input_direction = {}) {
    std::vector<naive::Dual> parameters;
    for (std::size_t i = 0; i < net.parameters().size(); ++i)
      parameters.push_back({static_cast<double>(net.parameters()[i]),
                            parameter_direction.empty() ? 0.0 : parameter_direction[i]});
    Reference result;
    for (Index sample = 0; sample < extent_.samples; ++sample) {
      naive::Sequence signal{In::shape, extent_.steps};
      for (Index step = 0; step < extent_.steps; ++step) {
        for (Index i = 0; i < In::shape.size(); ++i) {
          const Index frame = sample * whole_.steps + (whole_.steps == 1 ? 0 : step);
          const auto from = static_cast<std::size_t>(frame * In::shape.size() + i);
          signal.frame(step)[i] = {static_cast<double>(input_[from]),
                                   input_direction.empty() ? 0.0 : input_direction[from]};
        }
      }
      signal = naive::run(net, parameters, std::move(signal), options_, sample);
      for (std::size_t i = 0; i < signal.values.size(); ++i) {
        result.derivative +=
            signal.values[i].tangent * static_cast<double>(coefficients_[result.outputs.size()]);
        result.outputs.push_back(signal.values[i].value);
      }
    }
    return result;
  }

  /// The largest difference between the outputs of the two.
  double output_error() {
    const std::vector<double> ours = forward();
    const std::vector<double> theirs = reference().outputs;
    if (ours.size() != theirs.size()) return INFINITY;
    double error = 0.0;
    for (std::size_t i = 0; i < ours.size(); ++i)
      error = std::max(error, std::abs(ours[i] - theirs[i]));
    return error;
  }

  /// The largest error of the gradients against the naive network's derivatives, each relative to
  /// the largest gradient of its tensor: every parameter, every input value.
  double reference_error() {
    run();
    return largest_error([&](bool of_input, std::size_t i) {
      std::vector<double> direction(of_input ? input_.size() : net.parameters().size());
      direction[i] = 1.0;
      return of_input ? reference({}, direction).derivative : reference(direction).derivative;
    });
  }

  /// The same against central differences of the library's own loss.
  double difference_error(double step = 1e-5) {
    run();
    return largest_error([&](bool of_input, std::size_t i) {
      Scalar& value = of_input ? input_[i] : net.parameters()[i];
      const Scalar at = value;
      value = at + static_cast<Scalar>(step);
      const double above = loss();
      value = at - static_cast<Scalar>(step);
      const double below = loss();
      value = at;
      return (above - below) / (2.0 * step);
    });
  }

  /// The largest relative error of <gradient, direction> over some directions that change all
  /// parameters and inputs at once: for networks with too many of them to try each.
  double direction_error(int directions = 4) {
    run();
    double worst = 0.0;
    for (int number = 0; number < directions; ++number) {
      std::vector<double> parameters(net.parameters().size());
      std::vector<double> inputs(input_.size());
      double ours = 0.0;
      double size = 0.0;
      const auto choose = [&](std::vector<double>& direction, const std::vector<Scalar>& gradient) {
        for (std::size_t i = 0; i < direction.size(); ++i) {
          direction[i] = 2.0 * static_cast<double>(stream_.uniform()) - 1.0;
          const double part = direction[i] * static_cast<double>(gradient[i]);
          ours += part;
          size += part * part;
        }
      };
      choose(parameters, gradient_);
      choose(inputs, input_gradient_);
      const double theirs = reference(parameters, inputs).derivative;
      worst = std::max(worst, std::abs(ours - theirs) / std::sqrt(size));
    }
    return worst;
  }

  /// The smallest of the tensors' largest gradients, the input's among them: above zero if there is
  /// something to compare in each.
  double weakest_tensor() {
    run();
    double weakest = INFINITY;
    for_each_tensor([&](bool of_input, std::size_t first, std::size_t count) {
      weakest = std::min(weakest, largest_gradient(of_input, first, count));
    });
    return weakest;
  }

 private:
  using Output = typename snnbd::Pass<Net, In>::Output;

  snnbd::ConstViewOf<In, Scalar> input_view() {
    if constexpr (spiking_input) {
      const auto view = packed_.view(extent_);
      snnbd::kernels::pack(snnbd::RealView<const Scalar>{input_.data(), whole_, In::shape}, view);
      return view;
    } else {
      return {input_.data(), whole_, In::shape};
    }
  }

  template <class Body>
  void for_each_tensor(const Body& body) {
    for (const auto& tensor : Net::tensors()) {
      // The gradient of a statistic is no derivative.
      if (tensor.parameter.kind == snnbd::layer::ParameterKind::statistic) continue;
      body(false, static_cast<std::size_t>(tensor.offset),
           static_cast<std::size_t>(tensor.parameter.size()));
    }
    body(true, std::size_t{0}, input_.size());
  }

  double largest_gradient(bool of_input, std::size_t first, std::size_t count) const {
    double largest = 0.0;
    for (std::size_t i = first; i < first + count; ++i)
      largest = std::max(
          largest, std::abs(static_cast<double>(of_input ? input_gradient_[i] : gradient_[i])));
    return largest;
  }

  template <class Derivative>
  double largest_error(const Derivative& derivative) {
    double worst = 0.0;
    for_each_tensor([&](bool of_input, std::size_t first, std::size_t count) {
      const double largest = largest_gradient(of_input, first, count);
      for (std::size_t i = first; i < first + count; ++i) {
        const auto ours = static_cast<double>(of_input ? input_gradient_[i] : gradient_[i]);
        const double error = std::abs(ours - derivative(of_input, i)) / largest;
        worst = std::isnan(error) ? INFINITY : std::max(worst, error);
      }
    });
    return worst;
  }

  snnbd::Extent extent_;
  snnbd::Extent whole_;
  snnbd::Pass<Net, In> pass_;
  snnbd::random::Stream stream_;
  snnbd::SignalBuffer<In, Scalar> packed_;
  snnbd::layer::PassOptions options_{true, 5, 3};
  std::vector<Scalar> input_;
  std::vector<Scalar> coefficients_;
  std::vector<Scalar> gradient_;
  std::vector<Scalar> input_gradient_;
};

}  // namespace snnbd_tests
