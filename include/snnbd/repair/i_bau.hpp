#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/data/batch.hpp>
#include <snnbd/data/batches.hpp>
#include <snnbd/defend/concepts.hpp>
#include <snnbd/learn/training/interrupt.hpp>
#include <snnbd/learn/training/optimizer.hpp>
#include <snnbd/learn/training/segments.hpp>
#include <snnbd/network/check.hpp>
#include <snnbd/network/probed_network.hpp>
#include <snnbd/repair/perturbed_loss.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

/// I-BAU (Zeng et al. 2022, "Adversarial unlearning of backdoors via implicit hypergradient"): a
/// network that no single perturbation of all samples can lead astray has no backdoor. Round by
/// round,
///
/// 1. inside: d, added to every sample, takes a step of gradient ascent for each batch, on the
/// cross
///    entropy away from what the network says without it, less `penalty` |d|^2; it ends in the ball
///    |d| <= `radius`;
/// 2. outside: for each batch, of which a share carries d, Adam takes a step along the gradient of
///    the cross entropy g(w, d), with what d would do if the parameters w were others:
///    dg/dw - c (d^2 L / dw dd) v, v = sum over k < K of (1 - c d^2 L / dd^2)^k dg/dd,
///
/// with L = penalty |d|^2 - cross entropy on one batch that all carry d, and c = `contraction`.
/// Products with second derivatives are central differences of gradients, `reach` away to both
/// sides of d. Gradients are those of the network as it is used: batch norms by their running
/// moments. In spiking networks they are surrogate gradients, which are derivatives of nothing;
/// their differences say how the surrogate changes over that distance.
///
/// Constants of the authors' program. BackdoorBench leaves the ball out. Perturbed samples may
/// leave the range of values, as there. See `encode::RealValued` for how samples are shown.
///
/// @tparam SlopeRule the surrogate of gradients; void for the network's own
template <class SlopeRule = void>
struct IBau {
  static constexpr std::string_view name = "i_bau";
  int rounds = 5;
  int iterations = 5;        ///< K, terms of v
  double inner_rate = 10.0;  ///< of the ascent of d
  double penalty = 1e-3;     ///< of |d|^2
  double radius = 10.0;      ///< of the ball that d stays in
  double contraction = 0.1;  ///< c
  double share = 0.01;       ///< of a batch that carries d outside; at least one sample does
  double reach = 0.1;        ///< length of the steps of central differences
  learn::Adam optimizer{.rate = 1e-4};
  Index batch_size = 64;
  std::uint64_t seed = 1;  ///< of the batches

  void check() const {
    if (rounds < 0) reject("rounds of i_bau", "at least 0", rounds);
    if (iterations < 1) reject("iterations of i_bau", "at least 1", iterations);
    if (batch_size < 1) reject("batch size of i_bau", "at least 1", batch_size);
    require_positive("inner rate of i_bau", inner_rate);
    require_not_negative("penalty of i_bau", penalty);
    require_positive("radius of i_bau", radius);
    require_positive("contraction of i_bau", contraction);
    require_share("share of i_bau", share);
    require_positive("reach of i_bau", reach);
    optimizer.check();
  }

  /// @param path called before anything and after each round with its number
  /// @throws Error if a setting is out of range, or the samples do not fit the network
  template <class Subject, class Path>
  [[nodiscard]] typename Subject::Net repair(const Subject& subject,
                                             const defend::Evidence& evidence,
                                             const Path& path) const {
    check();
    using Net = typename Subject::Net;
    using Slopes = network::detail::GradientNetwork<Net, SlopeRule>;
    using Twin = typename Slopes::type;
    using Scalar = typename Net::ScalarType;
    Net net = subject.net;
    path(std::as_const(net), 0.0);
    if (rounds == 0) return net;
    const data::DatasetView clean = evidence.clean;
    if (clean.size() == 0) reject("clean samples for i_bau", "at least one", "none");

    Twin twin = Slopes::make(net);
    PerturbedLoss<Twin, typename Subject::Encoding> loss{
        clean, subject.steps, std::min(evidence.batch_size, batch_size), subject.encoding};
    typename learn::Adam::State<Scalar> state{Net::parameter_count};
    const std::vector<learn::Segment> segments = learn::segments_of(Twin::tensors());
    data::Batch first;
    data::Batch batch;
    std::vector<Scalar> gradient;
    const auto observer = evidence.observe(std::string{name}, static_cast<std::size_t>(rounds));
    for (int round = 0; round < rounds; ++round) {
      const data::Batches batches{clean.size(),
                                  {static_cast<std::size_t>(batch_size), seed},
                                  static_cast<std::uint64_t>(round)};
      const std::vector<Scalar> perturbation = perturb(loss, twin, clean, batches);
      first.fill(clean, batches[0]);
      for (std::size_t number = 0; number < batches.size(); ++number) {
        if (learn::interrupt_requested().load())
          throw learn::Interrupted{"interrupted: i_bau, " + std::to_string(round) + " of " +
                                   std::to_string(rounds) + " rounds finished"};
        batch.fill(clean, batches[number]);
        hypergradient<Scalar>(loss, twin, first, batch, perturbation, gradient);
        state.step(optimizer, 1.0, segments, gradient, twin.parameters());
      }
      std::ranges::copy(std::as_const(twin).parameters(), net.parameters().begin());
      network::check_parameters(net, "repair by i_bau, round " + std::to_string(round + 1));
      path(std::as_const(net), round + 1.0);
      if (observer) observer(static_cast<std::size_t>(round) + 1);
    }
    return net;
  }

  /// The perturbation that one pass through some batches comes to.
  template <class Loss, class Net>
  [[nodiscard]] std::vector<typename Net::ScalarType> perturb(Loss& loss, const Net& net,
                                                              data::DatasetView clean,
                                                              const data::Batches& batches) const {
    using Scalar = typename Net::ScalarType;
    std::vector<Scalar> perturbation(clean.sample_size());
    std::vector<Scalar> ignored;
    std::vector<Scalar> slopes;
    data::Batch batch;
    for (std::size_t number = 0; number < batches.size(); ++number) {
      batch.fill(clean, batches[number]);
      batch.labels = loss.predict(net, batch.values);
      loss.measure(net, batch, perturbation, batch.size(), ignored, slopes);
      for (std::size_t i = 0; i < perturbation.size(); ++i)
        perturbation[i] += static_cast<Scalar>(inner_rate) *
                           (slopes[i] - static_cast<Scalar>(2.0 * penalty) * perturbation[i]);
    }
    const double norm = detail::length<Scalar>(perturbation);
    if (norm > radius)
      for (Scalar& value : perturbation) value *= static_cast<Scalar>(radius / norm);
    return perturbation;
  }

  /// The gradient of the outer loss by the parameters, through the perturbation.
  ///
  /// @param inner the batch that all carry it
  /// @param outer the batch of which a share carries it
  /// @param gradient overwritten
  /// @returns the outer loss
  template <class Scalar, class Loss, class Net>
  double hypergradient(Loss& loss, const Net& net, const data::Batch& inner,
                       const data::Batch& outer, const std::vector<Scalar>& perturbation,
                       std::vector<Scalar>& gradient) const {
    const auto carrying = std::max<std::size_t>(
        1, static_cast<std::size_t>(std::llround(share * static_cast<double>(outer.size()))));
    std::vector<Scalar> direct;
    const double value = loss.measure(net, outer, perturbation, carrying, gradient, direct);
    std::vector<Scalar> sum = direct;
    std::vector<Scalar> mixed;
    std::vector<Scalar> curved;
    const auto c = static_cast<Scalar>(contraction);
    for (int k = 1; k < iterations; ++k) {
      differences<Scalar>(loss, net, inner, perturbation, sum, mixed, curved);
      // Of L = penalty |d|^2 - cross entropy.
      for (std::size_t i = 0; i < sum.size(); ++i)
        sum[i] = direct[i] + sum[i] - c * (static_cast<Scalar>(2.0 * penalty) * sum[i] - curved[i]);
    }
    differences<Scalar>(loss, net, inner, perturbation, sum, mixed, curved);
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] += c * mixed[i];
    return value;
  }

 private:
  /// The products of a direction with the second derivatives of the inner cross entropy, by
  /// parameters and perturbation (`mixed`), and by the perturbation twice (`curved`).
  template <class Scalar, class Loss, class Net>
  void differences(Loss& loss, const Net& net, const data::Batch& inner,
                   const std::vector<Scalar>& perturbation, const std::vector<Scalar>& direction,
                   std::vector<Scalar>& mixed, std::vector<Scalar>& curved) const {
    const double norm = detail::length<Scalar>(direction);
    if (!(norm > 0.0)) {
      mixed.assign(static_cast<std::size_t>(Net::parameter_count), Scalar{0});
      curved.assign(direction.size(), Scalar{0});
      return;
    }
    const auto step = static_cast<Scalar>(reach / norm);
    std::vector<Scalar> moved = perturbation;
    std::vector<Scalar> mixed_below;
    std::vector<Scalar> curved_below;
    for (std::size_t i = 0; i < moved.size(); ++i) moved[i] = perturbation[i] + step * direction[i];
    loss.measure(net, inner, moved, inner.size(), mixed, curved);
    for (std::size_t i = 0; i < moved.size(); ++i) moved[i] = perturbation[i] - step * direction[i];
    loss.measure(net, inner, moved, inner.size(), mixed_below, curved_below);
    const Scalar scale = Scalar{1} / (Scalar{2} * step);
    for (std::size_t i = 0; i < mixed.size(); ++i) mixed[i] = scale * (mixed[i] - mixed_below[i]);
    for (std::size_t i = 0; i < curved.size(); ++i)
      curved[i] = scale * (curved[i] - curved_below[i]);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::repair
