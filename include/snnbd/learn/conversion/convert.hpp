#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/learn/conversion/calibration.hpp>
#include <snnbd/learn/conversion/normalizer.hpp>
#include <snnbd/network/check.hpp>
#include <snnbd/network/fold.hpp>
#include <snnbd/network/normalize_channels.hpp>
#include <snnbd/network/twin.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// One layer of neurons of a converted network.
struct ConvertedLayer {
  int number = 0;          ///< among the layers of neurons
  int place = 0;           ///< among all layers, those within layers counted too
  double threshold = 0.0;  ///< and the real value of one spike; if channels differ, the largest
  std::vector<double> channels{};  ///< what a spike of each counts, if they differ

  bool operator==(const ConvertedLayer&) const = default;
};

/// How a network was converted.
struct ConversionRecord {
  std::string normalizer;
  Index samples = 0;   ///< of the calibration set
  double start = 0.0;  ///< of the membranes, in thresholds
  std::vector<ConvertedLayer> layers;
};

/// A converted network and how it came about.
template <class Net>
struct ConversionResult {
  Net net;
  ConversionRecord record;
};

/// Gives each layer of neurons its scale as threshold and amplitude: threshold balancing.
///
/// @param scales one for each layer of neurons
/// @param start of the membranes, in thresholds
/// @param zero_cause what else may have made a scale 0, see `Normalizer`
/// @throws Error that names the layer if a scale is not a positive number, or if there is not one
///   for each layer
template <class Net>
std::vector<ConvertedLayer> set_scales(Net& net, const std::vector<double>& scales, double start,
                                       const std::string& zero_cause = {}) {
  constexpr auto wanted = std::size_t{network::activation_count<Net>};
  if (scales.size() != wanted)
    reject("scales of a normalizer", std::to_string(wanted) + ", one for each activation layer",
           std::to_string(scales.size()));
  std::vector<ConvertedLayer> layers;
  net.for_each_layer([&]<class Spec>(Spec& spec, int place) {
    if constexpr (layer::is_spiking<Spec>) {
      const auto number = static_cast<int>(layers.size());
      const double scale = scales[layers.size()];
      if (!(scale > 0.0) || !std::isfinite(scale))
        reject("scale of activation layer " + std::to_string(number),
               "a positive number; the calibration set must activate it" + zero_cause, scale);
      spec.neuron.threshold = static_cast<typename Net::ScalarType>(scale);
      spec.amplitude = spec.neuron.threshold;
      spec.start = start;
      layers.push_back({number, place, scale});
    }
  });
  return layers;
}

/// Gives each channel of neurons its scale; see `network::normalize_channels`.
///
/// @param scales of the channels of each layer of neurons
/// @param start of the membranes, in thresholds
/// @param zero_cause what else may have made a scale 0, see `Normalizer`
/// @throws Error that names the layer if a scale is not a positive number
template <class Net>
std::vector<ConvertedLayer> set_channel_scales(Net& net,
                                               const std::vector<std::vector<double>>& scales,
                                               double start, const std::string& zero_cause = {}) {
  std::vector<double> largest(scales.size());
  std::transform(scales.begin(), scales.end(), largest.begin(),
                 [](const auto& layer) { return *std::max_element(layer.begin(), layer.end()); });
  std::vector<ConvertedLayer> layers = set_scales(net, largest, start, zero_cause);
  net = network::normalize_channels(std::move(net), scales);
  for (std::size_t i = 0; i < layers.size(); ++i) layers[i].channels = scales[i];
  return layers;
}

/// Converts an artificial network to a spiking one (Jin et al. 2024, Sec. 2.2.2): batch norms are
/// folded, rectifiers become integrate-and-fire neurons with soft reset, and a normalizer finds
/// their thresholds. Weights stay as they are: a layer of threshold lambda fires spikes that count
/// lambda (threshold balancing; `network::normalize_weights` gives the other form). Biases are
/// currents of each step. What flows between layers is in real units, so the outputs approach those
/// of the artificial network as the number of steps grows, as far as no activation is clipped.
///
/// ```cpp
/// auto [snn, record] = learn::convert(ann, learn::RobustNorm{}, samples, encode::Direct{});
/// const NetworkView model = view_of(snn, encode::Direct{}, 64);
/// ```
///
/// @param ann trained, with rectifiers; what cannot be converted is refused when it is compiled
/// @param set what the normalizer looks at: clean, poisoned, or any part of either
/// @param encoding how the spiking network will see images
/// @param batch_size samples that are in memory at a time
/// @throws Error if a setting is out of range, a parameter is not finite, or the set does not fit
/// the
///   network or leaves a layer without activation
template <class Ann, Normalizer Rule, encode::Encoder Encoding>
[[nodiscard]] ConversionResult<Converted<Folded<Ann>>> convert(const Ann& ann, const Rule& rule,
                                                               data::DatasetView set,
                                                               const Encoding& encoding,
                                                               Index batch_size = 64) {
  static_assert(
      !Ann::spikes,
      "snnbd: an artificial network is converted, one with Relu in place of neurons, such "
      "as AnnTwin<Net>");
  check_policy(rule);
  network::check(ann);
  network::check_parameters(ann, "network to convert");
  const Folded<Ann> folded = network::fold(ann);
  const Calibration<Folded<Ann>, Encoding> calibration{folded, encoding, set, batch_size};
  ConversionResult<Converted<Folded<Ann>>> result{network::transfer<Converted<Folded<Ann>>>(folded),
                                                  {}};
  double start = 0.0;
  if constexpr (requires { rule.start; }) start = rule.start;
  std::string zero_cause;
  if constexpr (requires { rule.zero_cause(); }) zero_cause = rule.zero_cause();
  result.record = {std::string{Rule::name}, calibration.samples(), start, {}};
  constexpr bool refines = requires {
    rule.refine(result.net, calibration);
  };
  if constexpr (requires { Rule::per_channel; }) {
    static_assert(!refines,
                  "snnbd: what is refined behind a normalizer has one scale for each layer; leave "
                  "PerChannel or the refinement out");
    result.record.layers =
        set_channel_scales(result.net, rule.channel_scales(calibration), start, zero_cause);
  } else {
    result.record.layers = set_scales(result.net, rule.scales(calibration), start, zero_cause);
  }
  if constexpr (refines) rule.refine(result.net, calibration);
  return result;
}

}  // namespace snnbd::inline SNNBD_ISA::learn
