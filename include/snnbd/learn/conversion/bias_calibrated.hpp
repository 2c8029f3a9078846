#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/members.hpp>
#include <snnbd/kernels/elementwise/normalize.hpp>
#include <snnbd/kernels/neuron/readout.hpp>
#include <snnbd/learn/conversion/normalizer.hpp>
#include <snnbd/network/follow.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

namespace detail {

/// Where the bias stands that is added to what each layer of neurons takes: an offset in the
/// parameters, or -1 if there is none.
template <class Net>
std::vector<Index> biases_before_activations(const Net& net) {
  std::vector<Index> offsets;
  int first = 0;
  network::follow(
      net.layers(), first, Index{-1},
      [&]<class Spec>(const Spec& /*spec*/, int place, Index bias) {
        if constexpr (network::activation_count<Spec> == 1) {
          offsets.push_back(bias);
          return Index{-1};
        } else {
          for (const network::ParameterTensor& tensor : Net::tensors())
            if (tensor.place == place)
              bias = tensor.parameter.kind == layer::ParameterKind::bias ? tensor.offset : -1;
          return bias;
        }
      },
      [](Index branch, Index shortcut) { return branch >= 0 ? branch : shortcut; });
  return offsets;
}

/// The mean of each channel over everything that is added.
class ChannelMeans {
 public:
  void add(const float* values, const kernels::Rows& rows) {
    const auto room = static_cast<std::size_t>(rows.channels + spare_values);
    means_.resize(room);
    variances_.resize(room);
    sums_.resize(static_cast<std::size_t>(rows.channels));
    kernels::channel_moments<float>(values, rows, scratch_, {means_.data(), variances_.data()});
    for (std::size_t i = 0; i < sums_.size(); ++i)
      sums_[i] += static_cast<double>(means_[i]) * static_cast<double>(rows.count);
    count_ += static_cast<double>(rows.count);
  }

  [[nodiscard]] std::size_t size() const { return sums_.size(); }
  [[nodiscard]] double operator[](std::size_t channel) const { return sums_[channel] / count_; }

 private:
  Scratch scratch_;
  std::vector<float> means_;
  std::vector<float> variances_;
  std::vector<double> sums_;
  double count_ = 0.0;
};

}  // namespace detail

/// Any normalizer, with biases that are calibrated after it: layer by layer, each channel's bias
/// takes in by how much the mean activation of the artificial network is above that of the
/// converted one at a number of steps (Li et al. 2021, "A Free Lunch From ANN", Sec. 4.2). The set
/// is run once for each layer. Biases are such as folded batch norms leave; a layer without is left
/// as it is.
///
/// ```cpp
/// learn::BiasCalibrated<learn::MmseNorm> normalizer{{.timesteps = 16}, 16};
/// ```
template <Normalizer Base>
struct BiasCalibrated : Base {
  static constexpr auto name_text = detail::with_suffix<Base>("_bias_calibrated");
  static constexpr std::string_view name{name_text.data(), name_text.size()};
  Index steps = 32;  ///< that the network will run for

  template <class Self, class Visit>
  static constexpr void members(Self& self, const Visit& visit) {
    snnbd::members::of_base<Base>(self, visit);
    visit("steps", self.steps);
  }

  void check() const {
    if constexpr (requires(const Base& base) { base.check(); }) Base::check();
    if (steps < 1) reject("steps of bias_calibrated", "at least 1", steps);
  }

  /// @param net converted, with its thresholds set
  /// @throws Error if no layer of neurons has a bias before it, or a setting is out of range
  template <class Net, class Set>
  void refine(Net& net, const Set& calibration) const {
    check();
    const std::vector<Index> biases = detail::biases_before_activations(net);
    if (std::all_of(biases.begin(), biases.end(), [](Index bias) { return bias < 0; }))
      reject("network for a calibration of biases", "a bias before a layer of neurons", "none");
    std::vector<detail::ChannelMeans> wanted(biases.size());
    calibration.for_each_activation([&](int number, const RealView<const float>& values) {
      wanted[static_cast<std::size_t>(number)].add(
          values.data, {values.extent.frames() * values.shape.pixels(), values.shape.channels});
    });
    for (std::size_t layer = 0; layer < biases.size(); ++layer) {
      if (biases[layer] < 0) continue;
      const detail::ChannelMeans found = fired(net, calibration, layer);
      for (std::size_t channel = 0; channel < found.size(); ++channel)
        net.parameters()[static_cast<std::size_t>(biases[layer]) + channel] +=
            static_cast<typename Net::ScalarType>(wanted[layer][channel] - found[channel]);
    }
  }

 private:
  /// What the channels of one layer of neurons fire in the mean.
  template <class Net, class Set>
  [[nodiscard]] detail::ChannelMeans fired(const Net& net, const Set& calibration,
                                           std::size_t layer) const {
    detail::ChannelMeans means;
    calibration.for_each_firing(net, steps, [&](int number, const SpikeView<const Word>& spikes) {
      if (static_cast<std::size_t>(number) != layer) return;
      std::vector<float> rates(
          static_cast<std::size_t>(spikes.extent.samples * spikes.shape.size() + spare_values));
      kernels::sum_over_time(spikes, 1.0F / static_cast<float>(steps), rates.data());
      means.add(rates.data(),
                {spikes.extent.samples * spikes.shape.pixels(), spikes.shape.channels});
    });
    return means;
  }
};

}  // namespace snnbd::inline SNNBD_ISA::learn
