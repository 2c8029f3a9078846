#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/policy.hpp>
#include <snnbd/defend/concepts.hpp>
#include <snnbd/repair/pruning.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

/// The largest singular value of a matrix [row, column].
///
/// @throws Error if the values are not as many
[[nodiscard]] double spectral_norm(std::span<const double> values, Index rows, Index columns);

/// The mean of some numbers plus `u` times their standard deviation, n - 1 in its denominator; of
/// less than two numbers, infinity.
[[nodiscard]] double outlier_bound(const std::vector<double>& values, double u);

/// How much each channel of a layer can stretch what reaches it, at most: the spectral norm of its
/// kernel as a matrix [pixel, input channel], with the batch norm behind it folded in: |gamma|
/// alpha theta / sqrt(variance + epsilon) times as much. In units of the threshold of the neurons
/// that it drives, for each spike with its amplitude: of a converted network, whose amplitudes and
/// thresholds are lambda, W lambda_before / lambda.
template <class Scalar>
[[nodiscard]] std::vector<double> channel_lipschitz(const network::ChannelLayer& layer,
                                                    std::span<const Scalar> parameters) {
  const auto value = [&](Index offset) {
    return static_cast<double>(parameters[static_cast<std::size_t>(offset)]);
  };
  const Index inputs = layer.weight.parameter.dims[2];
  std::vector<double> bounds;
  std::vector<double> kernel;
  for (Index channel = 0; channel < layer.channels(); ++channel) {
    kernel.clear();
    layer.for_each_weight(channel, [&](Index offset) { kernel.push_back(value(offset)); });
    double factor = layer.input_amplitude / layer.threshold;
    if (layer.norm)
      factor *= std::abs(value(layer.norm->weight.offset + channel)) * layer.norm->scale /
                std::sqrt(value(layer.norm->variance.offset + channel) + layer.norm->epsilon);
    bounds.push_back(factor *
                     spectral_norm(kernel, static_cast<Index>(kernel.size()) / inputs, inputs));
  }
  return bounds;
}

/// Channel Lipschitz pruning (Zheng et al. 2022): silences the channels of each convolution whose
/// Lipschitz constant lies more than `u` standard deviations above the layer's mean. It needs no
/// data: what is held out is not looked at. Amplitudes and thresholds are those of whole layers,
/// so that they change no choice.
struct Clp {
  static constexpr std::string_view name = "clp";
  double u = 3.0;             ///< standard deviations above the mean that are left alone
  double sweep_from = 10.0;   ///< the path comes down from here to `u`, 1 at a time
  bool prunes_dense = false;  ///< hidden dense layers, too

  void check() const {
    require_not_negative("standard deviations of CLP", u);
    require_not_negative("sweep of CLP", sweep_from);
  }

  /// @param path called with the share of the channels looked at that is silent
  /// @throws Error if a setting is out of range
  template <class Subject, class Path>
  [[nodiscard]] typename Subject::Net repair(const Subject& subject,
                                             const defend::Evidence& /*evidence*/,
                                             const Path& path) const {
    check();
    typename Subject::Net net = subject.net;
    path(std::as_const(net), 0.0);
    std::vector<network::ChannelLayer> layers = network::channel_layers(net);
    std::erase_if(layers, [&](const network::ChannelLayer& layer) {
      return !prunes_dense && !layer.is_convolution();
    });
    std::vector<std::vector<double>> bounds;
    std::size_t channels = 0;
    for (const network::ChannelLayer& layer : layers) {
      bounds.push_back(channel_lipschitz(layer, std::span{subject.net.parameters()}));
      channels += bounds.back().size();
    }
    std::size_t before = 0;
    for (double level = std::max(u, sweep_from);; level = std::max(u, level - 1.0)) {
      std::size_t silent = 0;
      for (std::size_t i = 0; i < layers.size(); ++i) {
        const double bound = outlier_bound(bounds[i], level);
        for (std::size_t channel = 0; channel < bounds[i].size(); ++channel) {
          if (!(bounds[i][channel] > bound)) continue;
          network::silence(layers[i], static_cast<Index>(channel), net.parameters());
          ++silent;
        }
      }
      if (silent > before)
        path(std::as_const(net), static_cast<double>(silent) / static_cast<double>(channels));
      before = silent;
      if (!(level > u)) return net;
    }
  }
};

}  // namespace snnbd::inline SNNBD_ISA::repair

#if !defined(SNNBD_COMPILED)
#include <snnbd/repair/clp.ipp>
#endif
