#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/number.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/data/batches.hpp>
#include <snnbd/data/runtime_set.hpp>
#include <snnbd/defend/concepts.hpp>
#include <snnbd/learn/training/interrupt.hpp>
#include <snnbd/network/channel_scales.hpp>
#include <snnbd/repair/divided.hpp>
#include <snnbd/repair/frozen_gradient.hpp>
#include <snnbd/repair/pruning.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

/// Adversarial neuron pruning (Wu and Wang 2021): finds channels that a small change makes harmful.
/// Each channel has a mask m in [0, 1] on what leads to it. In each iteration the worst changes
/// |delta| of what leads to channels and |xi| of their biases, up to `epsilon`, are looked for;
/// then the masks take a step down alpha L(m, 0) + (1 - alpha) L(m + delta, 1 + xi). Channels whose
/// masks end below a threshold are pruned: what leads to them is 0, the bias stays, as the masks
/// saw it. The threshold goes up as long as the accuracy on held-out samples stands, which the
/// masks were not trained on.
///
/// The worst changes begin at 0. Batch norms go by their running moments, and their weights and
/// biases are what is masked. Constants are BackdoorBench's, which chooses its threshold by the
/// test set.
struct Anp {
  static constexpr std::string_view name = "anp";
  double epsilon = 0.4;   ///< the largest change of a scale
  int inner_steps = 1;    ///< steps of the search for the worst changes, each epsilon / steps long
  double alpha = 0.2;     ///< share of the loss without changes
  int iterations = 2000;  ///< batches that the masks are trained on; 0 prunes nothing
  double rate = 0.2;      ///< of the masks' gradient descent
  double momentum = 0.9;
  Index batch_size = 128;
  double first_threshold = 0.05;
  double last_threshold = 0.9;
  double threshold_step = 0.05;
  double tolerance = 0.1;   ///< by how much of itself the accuracy may fall
  double validation = 0.2;  ///< share of the clean samples that the threshold is chosen by
  std::uint64_t seed = 1;

  void check() const {
    require_not_negative("epsilon of ANP", epsilon);
    if (inner_steps < 1) reject("inner steps of ANP", "at least 1", inner_steps);
    require_share("alpha of ANP", alpha);
    if (iterations < 0) reject("iterations of ANP", "at least 0", iterations);
    require_not_negative("rate of ANP", rate);
    require_part("momentum of ANP", momentum);
    if (batch_size < 1) reject("batch size of ANP", "at least 1", batch_size);
    require_share("first threshold of ANP", first_threshold);
    require_share("last threshold of ANP", last_threshold);
    require_positive("step of the threshold of ANP", threshold_step);
    require_share("tolerance of ANP", tolerance);
    require_share("share of validation of ANP", validation);
  }

  /// Trains the masks, one for each channel of `scales`.
  ///
  /// @throws Error if a setting is out of range or the loss is not finite
  template <class Subject>
  [[nodiscard]] std::vector<double> masks(const Subject& subject,
                                          const network::ChannelScales& scales,
                                          data::DatasetView training,
                                          const defend::Evidence& evidence) const {
    using Net = typename Subject::Net;
    using Scalar = typename Net::ScalarType;
    check();
    const std::vector<double> ones(scales.size(), 1.0);
    std::vector<double> mask = ones;
    if (iterations == 0) return mask;
    const std::span<const Scalar> base = subject.net.parameters();
    Net trial = subject.net;
    std::vector<Scalar> gradient(base.size());
    std::vector<double> by_weight(scales.size());
    std::vector<double> by_bias(scales.size());
    FrozenGradient<Net, typename Subject::Encoding> loss{subject.encoding, subject.steps,
                                                         batch_size};
    // The gradient by the scales where the channels are scaled so.
    const auto differentiate = [&](std::span<const double> weights,
                                   std::span<const double> biases) {
      scales.apply<Scalar>(base, weights, biases, trial.parameters());
      const double value = loss(trial, gradient);
      if (!std::isfinite(value)) reject("loss of ANP", "a finite number", rounded_text(value, 6));
      scales.gather<Scalar>(base, gradient, by_weight, by_bias);
    };
    std::vector<double> velocity(scales.size());
    std::vector<double> weights;
    std::vector<double> biases;
    const auto observe =
        evidence.observe("masks of ANP, iterations", static_cast<std::size_t>(iterations));
    for_each_batch(training.size(), [&](std::span<const std::size_t> indices, int iteration) {
      loss.load(training, indices);
      weights = mask;
      biases = ones;
      for (int step = 0; step < inner_steps; ++step) {
        differentiate(weights, biases);
        for (std::size_t i = 0; i < mask.size(); ++i) {
          climb(by_weight[i], mask[i], weights[i]);
          climb(by_bias[i], 1.0, biases[i]);
        }
      }
      differentiate(weights, biases);
      std::vector<double> slope(by_weight);
      differentiate(mask, ones);
      for (std::size_t i = 0; i < mask.size(); ++i) {
        velocity[i] = momentum * velocity[i] + alpha * by_weight[i] + (1.0 - alpha) * slope[i];
        mask[i] = std::clamp(mask[i] - rate * velocity[i], 0.0, 1.0);
      }
      if (observe) observe(static_cast<std::size_t>(iteration) + 1);
    });
    return mask;
  }

  /// @param path called with the thresholds of the masks
  /// @throws Error if a setting is out of range, or there are too few clean samples to divide
  template <class Subject, class Path>
  [[nodiscard]] typename Subject::Net repair(const Subject& subject,
                                             const defend::Evidence& evidence,
                                             const Path& path) const {
    using Scalar = typename Subject::Net::ScalarType;
    check();
    typename Subject::Net net = subject.net;
    path(std::as_const(net), 0.0);
    if (iterations == 0) return net;
    const Divided parts{evidence.clean, validation, seed};
    const network::ChannelScales scales{network::channel_layers(net)};
    const std::vector<double> mask = masks(subject, scales, parts.training, evidence);
    const std::vector<double> ones(mask.size(), 1.0);
    typename Subject::Net trial = net;
    const NetworkView view =
        view_of(std::as_const(trial), subject.encoding, subject.steps, evidence.batch_size);
    const double least = (1.0 - tolerance) * accuracy(view, parts.validation);
    std::vector<double> kept = ones;
    for (int number = 0;; ++number) {
      const double threshold = first_threshold + number * threshold_step;
      if (threshold > last_threshold + 1e-9) return net;
      const std::vector<double> before = kept;
      for (std::size_t i = 0; i < mask.size(); ++i) kept[i] = mask[i] > threshold ? 1.0 : 0.0;
      if (kept == before) continue;
      scales.apply<Scalar>(subject.net.parameters(), kept, ones, trial.parameters());
      if (accuracy(view, parts.validation) < least) return net;
      net = trial;
      path(std::as_const(net), threshold);
    }
  }

 private:
  /// A step towards a larger loss, no further than epsilon from where the scale began.
  void climb(double slope, double begin, double& scale) const {
    const double sign = slope > 0.0 ? 1.0 : slope < 0.0 ? -1.0 : 0.0;
    scale = std::clamp(scale + epsilon / inner_steps * sign, begin - epsilon, begin + epsilon);
  }

  /// Calls `body(indices, iteration)` as many times as there are iterations, epoch after epoch.
  template <class Body>
  void for_each_batch(std::size_t samples, const Body& body) const {
    int iteration = 0;
    for (std::uint64_t epoch = 0;; ++epoch) {
      const data::Batches batches{samples, {static_cast<std::size_t>(batch_size), seed}, epoch};
      for (std::size_t batch = 0; batch < batches.size(); ++batch) {
        if (iteration == iterations) return;
        if (learn::interrupt_requested().load())
          throw learn::Interrupted{"interrupted: ANP, " + std::to_string(iteration) + " of " +
                                   std::to_string(iterations) + " iterations finished"};
        body(batches[batch], iteration++);
      }
    }
  }
};

}  // namespace snnbd::inline SNNBD_ISA::repair
