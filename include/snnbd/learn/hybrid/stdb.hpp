#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include <snnbd/learn/training/bptt.hpp>
#include <snnbd/network/neuron_scales.hpp>
#include <snnbd/network/twin.hpp>

/// Spike-timing-dependent backpropagation: how a converted network is trained further.
namespace snnbd::inline SNNBD_ISA::learn {

/// A neuron fires at the step at which its membrane crosses the threshold; the logits are the mean
/// over time, those of the artificial network as far as nothing is clipped.
struct SameStep {
  static constexpr std::string_view name = "same_step";
  template <class Neuron>
  using Fires = Neuron;
  using Readout = layer::MeanOverTime;
};

/// As the code of Rathi et al. (2020) has it: a neuron fires by the membrane of the step before, so
/// that each layer delays by one step, and the logits are the sum over time. A network of L layers
/// of neurons needs more than L steps.
struct Rathi {
  static constexpr std::string_view name = "rathi";
  template <class Neuron>
  using Fires = neuron::Delayed<Neuron>;
  using Readout = layer::AccumulatedMembrane;
};

/// Whether a layer's threshold and leak are trained with the weights (DIET-SNN, Rathi and Roy
/// 2021).
enum class NeuronTraining { fixed, threshold_and_leak };

/// Incremental training of a converted network (Rathi et al. 2020, Sec. 2.3 and 2.4; the paper's
/// Sec. 2.2.3): weights, thresholds and amplitudes of the conversion are where it starts,
/// thresholds times a factor, and the surrogate's slope is taken of H / threshold - 1 and divided
/// by the threshold. Resets pass no gradient.
///
/// ```cpp
/// learn::Stdb<learn::Rathi, neuron::Triangle> stdb{.threshold_factor = 0.8};
/// auto net = stdb.begin(converted);
/// stdb.training.fit(net, encode::Direct{}, set, settings, {}, {});
/// ```
///
/// @tparam Reading `SameStep` or `Rathi`
/// @tparam Surrogate `neuron::SpikeTiming`, its linear form `neuron::Triangle`, or any other
template <class Reading = SameStep, neuron::StepSlope Surrogate = neuron::SpikeTiming,
          NeuronTraining Neurons = NeuronTraining::fixed, class Training = Bptt<>>
struct Stdb {
  static constexpr std::string_view name = Reading::name;
  using Model = std::conditional_t<Neurons == NeuronTraining::fixed,
                                   neuron::Leaky<neuron::SoftReset, Surrogate>,
                                   neuron::Diet<neuron::SoftReset, Surrogate>>;
  using Neuron = typename Reading::template Fires<Model>;
  /// What a converted network becomes.
  template <class Net>
  using Tuned = WithNeurons<Net, Neuron, typename Reading::Readout>;

  double threshold_factor = 0.7;  ///< what thresholds of the conversion are multiplied by
  double decay = 1.0;             ///< of the membranes, for each step
  Surrogate surrogate{};
  Training training = gentle();

  void check() const {
    require_positive("threshold factor", threshold_factor);
    require_share(std::string{Model::name} + " decay", decay);
    check_policy(surrogate);
    check_policy(training);
  }

  /// The network that training starts from.
  ///
  /// @param converted as `learn::convert` gives it
  /// @throws Error if a setting is out of range
  template <class Net>
  [[nodiscard]] Tuned<Net> begin(const Net& converted) const {
    check();
    auto net = network::transfer<Tuned<Net>>(converted);
    network::set_neuron_scales(net, network::neuron_scales(converted));
    net.for_each_neuron([&](auto& neuron) {
      using Scalar = typename Net::ScalarType;
      neuron.threshold =
          static_cast<Scalar>(neuron.threshold) * static_cast<Scalar>(threshold_factor);
      neuron.decay = decay;
      neuron.surrogate = surrogate;
      neuron.normalize_by_threshold = true;
      neuron.reset.detached = true;
      neuron::check(neuron);
    });
    net.set_neuron_parameters();
    return net;
  }

 private:
  /// A converted network is near its goal: a tenth of the usual rate.
  static Training gentle() {
    Training training{};
    if constexpr (requires { training.optimizer.rate; }) training.optimizer.rate *= 0.1;
    return training;
  }
};

/// Stdb with trained thresholds and leaks.
template <class Reading = SameStep, neuron::StepSlope Surrogate = neuron::Triangle>
using DietStdb = Stdb<Reading, Surrogate, NeuronTraining::threshold_and_leak>;

}  // namespace snnbd::inline SNNBD_ISA::learn
