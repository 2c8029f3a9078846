#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/learn/training/loss.hpp>
#include <snnbd/learn/training/optimizer.hpp>
#include <snnbd/learn/training/segments.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/neuron/neuron.hpp>

/// What the programs that run networks share.
namespace bench {

/// LIF neurons as the peers have them: tau 2, hard reset, a sigmoid surrogate of steepness 4.
using PeersLif = snnbd::neuron::Lif<snnbd::neuron::HardReset, snnbd::neuron::Sigmoid>;

/// A network in training on images, or on frames if its signal has steps: what one iteration of the
/// trainer's loop does, without the reading.
template <class Net, snnbd::Signal In = snnbd::Static<Net::input_shape>>
class Training {
 public:
  using Input = In;
  using Pass = snnbd::Pass<Net, Input>;

  /// @param net outlives this
  Training(Net& net, const snnbd::Extent& extent)
      : net_{net},
        pass_{extent, true},
        predicted_(static_cast<std::size_t>(extent.samples)),
        sample_weights_(predicted_.size(), 1.0 / static_cast<double>(extent.samples)) {}

  /// Forward, loss, backward, Adam.
  ///
  /// @param rate_scale what the learning rate is multiplied by; with 0 the work is the same and the
  ///   network stays as it is, so that all repetitions see the same spikes
  void step(snnbd::RealView<const float> images, std::span<const int> labels, double rate_scale) {
    snnbd::parallel_fill(std::span{gradient_}, 0.0F);
    const auto out = pass_.forward(net_, images, {.training = true, .seed = 1, .draw = number_++});
    const snnbd::learn::Outputs<float> outputs{out.data, out.extent,
                                               static_cast<int>(out.frame_size())};
    slope_.resize(static_cast<std::size_t>(outputs.size()));
    snnbd::learn::CrossEntropy{}.measure<float>(outputs, labels, sample_weights_, slope_.data());
    snnbd::learn::predict(outputs, predicted_);
    pass_.backward(net_, slope_, gradient_);
    optimizer_.step(snnbd::learn::Adam{}, rate_scale, segments_, gradient_, net_.parameters());
  }

  [[nodiscard]] Pass& pass() { return pass_; }

 private:
  Net& net_;
  Pass pass_;
  snnbd::learn::Adam::State<float> optimizer_{Net::parameter_count};
  std::vector<snnbd::learn::Segment> segments_ = snnbd::learn::segments_of(Net::tensors());
  snnbd::AlignedVector<float> gradient_ =
      snnbd::AlignedVector<float>(std::size_t{Net::parameter_count});
  std::vector<float> slope_;
  std::vector<int> predicted_;
  std::vector<double> sample_weights_;
  std::uint64_t number_ = 0;
};

/// Frames of counts from 1 to 4 where there are any.
///
/// @param share of the values that are not zero
inline std::vector<float> event_frames(snnbd::Index count, double share) {
  std::vector<float> values(static_cast<std::size_t>(count + snnbd::spare_values));
  snnbd::random::Stream stream{1, snnbd::random::Purpose::synthetic};
  for (float& value : values)
    if (stream.uniform() < share) value = static_cast<float>(1 + stream.below(4));
  return values;
}

/// The share of the neurons that fired in a pass, for each layer of them.
template <class Pass>
std::vector<double> firing_rates(const Pass& pass) {
  std::vector<double> rates;
  pass.for_each_firing([&](snnbd::SpikeView<const snnbd::Word> spikes) {
    rates.push_back(snnbd::kernels::density(spikes));
  });
  return rates;
}

/// Looks, layer by layer, for the threshold at which the wanted share of the neurons fires. It
/// scales the currents as weights would. If the pass is a training one, units are dropped out and
/// batch norms have the moments of this batch, as in the steps that are timed; else neither.
template <class Net, class Pass, class View>
void calibrate(Net& net, Pass& pass, const View& input, double wanted_rate) {
  constexpr int rounds = 14;  // then the threshold is known to 0.2 %
  const auto run = [&] { pass.forward(net, input, {.training = true}); };
  run();
  const std::size_t layers = firing_rates(pass).size();
  for (std::size_t layer = 0; layer < layers; ++layer) {
    double low = 1e-4;
    double high = 1e4;
    for (int round = 0; round < rounds; ++round) {
      const double threshold = std::sqrt(low * high);
      std::size_t number = 0;
      net.for_each_neuron([&](auto& neuron) {
        if (number++ == layer) neuron.threshold = static_cast<float>(threshold);
      });
      run();
      (firing_rates(pass)[layer] > wanted_rate ? low : high) = threshold;
    }
  }
}

}  // namespace bench
