#pragma once

#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/kernels/elementwise/softmax.hpp>
#include <snnbd/kernels/neuron/readout.hpp>
#include <snnbd/learn/training/loss.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

namespace detail {

inline void check_batch(const Extent& extent, int classes, std::span<const int> labels,
                        std::span<const double> weights) {
  const auto samples = static_cast<std::size_t>(extent.samples);
  if (labels.size() != samples) reject("labels of a batch", std::to_string(samples), labels.size());
  if (weights.size() != samples)
    reject("weights of a batch", std::to_string(samples), weights.size());
  for (const int label : labels)
    if (label < 0 || label >= classes)
      reject("label", "a number from 0 to " + std::to_string(classes - 1), label);
}

/// [sample, class]: the mean over the steps.
template <class Scalar>
std::vector<Scalar> mean_over_time(const Outputs<Scalar>& outputs) {
  std::vector<Scalar> mean(static_cast<std::size_t>(outputs.extent.samples * outputs.classes));
  kernels::sum_over_time(
      RealView<const Scalar>{outputs.data, outputs.extent, Shape{1, 1, outputs.classes}},
      static_cast<Scalar>(1.0 / static_cast<double>(outputs.extent.steps)), mean.data());
  return mean;
}

template <class Scalar>
void spread(const Outputs<Scalar>& outputs, const std::vector<Scalar>& slope, Scalar* gradient) {
  kernels::spread_over_time(slope.data(), outputs.extent, Index{outputs.classes},
                            static_cast<Scalar>(1.0 / static_cast<double>(outputs.extent.steps)),
                            gradient);
}

}  // namespace detail

template <class Scalar>
double CrossEntropy::measure(const Outputs<Scalar>& outputs, std::span<const int> labels,
                             std::span<const double> weights, Scalar* gradient) const {
  detail::check_batch(outputs.extent, outputs.classes, labels, weights);
  const std::vector<Scalar> mean = detail::mean_over_time(outputs);
  std::vector<Scalar> slope(mean.size());
  const double loss =
      kernels::softmax_cross_entropy(mean.data(), labels, weights, outputs.classes, slope.data());
  detail::spread(outputs, slope, gradient);
  return loss;
}

template <class Scalar>
double RateError::measure(const Outputs<Scalar>& outputs, std::span<const int> labels,
                          std::span<const double> weights, Scalar* gradient) const {
  detail::check_batch(outputs.extent, outputs.classes, labels, weights);
  const std::vector<Scalar> rates = detail::mean_over_time(outputs);
  std::vector<Scalar> slope(rates.size());
  const auto classes = static_cast<std::size_t>(outputs.classes);
  double loss = 0.0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const std::size_t sample = i / classes;
    const bool wanted = static_cast<std::size_t>(labels[sample]) == i % classes;
    const double distance = static_cast<double>(rates[i]) - (wanted ? 1.0 : 0.0);
    const double share = weights[sample] / outputs.classes;
    loss += share * distance * distance;
    slope[i] = static_cast<Scalar>(2.0 * share * distance);
  }
  detail::spread(outputs, slope, gradient);
  return loss;
}

template <class Scalar>
double Tet::measure(const Outputs<Scalar>& outputs, std::span<const int> labels,
                    std::span<const double> weights, Scalar* gradient) const {
  detail::check_batch(outputs.extent, outputs.classes, labels, weights);
  check();
  const auto steps = static_cast<std::size_t>(outputs.extent.steps);
  std::vector<int> step_labels;
  std::vector<double> step_weights;
  for (std::size_t sample = 0; sample < labels.size(); ++sample) {
    step_labels.insert(step_labels.end(), steps, labels[sample]);
    step_weights.insert(step_weights.end(), steps,
                        (1.0 - share) * weights[sample] / static_cast<double>(steps));
  }
  double loss = kernels::softmax_cross_entropy(outputs.data, step_labels, step_weights,
                                               outputs.classes, gradient);
  const Index sample_size = outputs.extent.steps * outputs.classes;
  for (Index i = 0; i < outputs.size(); ++i) {
    const double distance = static_cast<double>(outputs.data[i]) - level;
    const double part = share * weights[static_cast<std::size_t>(i / sample_size)] /
                        static_cast<double>(sample_size);
    loss += part * distance * distance;
    gradient[i] += static_cast<Scalar>(2.0 * part * distance);
  }
  return loss;
}

template <class Scalar>
void predict(const Outputs<Scalar>& outputs, std::span<int> classes) {
  const std::vector<Scalar> mean = detail::mean_over_time(outputs);
  kernels::first_largest(mean.data(), outputs.classes, classes);
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                             \
  template double CrossEntropy::measure<Scalar>(const Outputs<Scalar>&, std::span<const int>, \
                                                std::span<const double>, Scalar*) const;      \
  template double RateError::measure<Scalar>(const Outputs<Scalar>&, std::span<const int>,    \
                                             std::span<const double>, Scalar*) const;         \
  template double Tet::measure<Scalar>(const Outputs<Scalar>&, std::span<const int>,          \
                                       std::span<const double>, Scalar*) const;               \
  template void predict<Scalar>(const Outputs<Scalar>&, std::span<int>);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::learn
