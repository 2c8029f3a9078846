#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/data/batch.hpp>
#include <snnbd/kernels/conversion/rate_error.hpp>
#include <snnbd/learn/conversion/convert.hpp>
#include <snnbd/network/windowed_run.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// Mean and root mean square over the neurons of a layer and the samples of a set.
struct Spread {
  double mean = 0.0;
  double rms = 0.0;

  bool operator==(const Spread&) const = default;
};

/// Neurons whose activations lie in one interval: how often they fire.
struct RatePoint {
  std::int64_t count = 0;   ///< pairs of a neuron and a sample
  double activation = 0.0;  ///< mean, in thresholds
  double rate = 0.0;        ///< mean

  bool operator==(const RatePoint&) const = default;
};

/// How one layer of a converted network stands for its rectifiers. The rate r of a neuron is its
/// number of spikes over that of the steps, x is the activation in thresholds, and q(x) =
/// clip(floor(x T + start), 0, T) / T is the rate that a constant current would cause. Three errors
/// add up to the difference of each neuron for each sample, and so do their means:
///
/// x - r = (x - min(x, 1)) + (min(x, 1) - q(x)) + (q(x) - r)
///
/// (Bu et al. 2022, "Optimal ANN-SNN Conversion", Sec. 3, tells the same three apart by their
/// causes). Of their squares, the first two add up alone, as what is clipped has no error of
/// quantization.
struct LayerReport {
  ConvertedLayer layer{};
  Index neurons = 0;
  double start = 0.0;       ///< of the membranes, in thresholds
  double activation = 0.0;  ///< mean, in thresholds
  double rate = 0.0;        ///< mean
  Spread error{};           ///< x - r
  Spread clipping{};        ///< x - min(x, 1): a larger threshold takes it away
  Spread quantization{};    ///< min(x, 1) - q(x): more steps or a smaller threshold do
  Spread residual{};     ///< q(x) - r: spikes that come unevenly, and the errors of earlier layers
  double clipped = 0.0;  ///< share of the activations that stand above the threshold
  double relative_error = 0.0;  ///< rms of a - threshold * r over that of a, in real units
  double silent = 0.0;          ///< share of the neurons that fire for no sample
  double idle = 0.0;            ///< share of the rectifiers that are at 0 for all samples
  /// Rates against activations of 0, up to 0.1, up to 0.2, ..., up to 1, and above.
  std::vector<RatePoint> curve{};

  bool operator==(const LayerReport&) const = default;
};

/// Why a converted network gives what it gives.
struct ConversionReport {
  std::string normalizer;
  Index samples = 0;
  Index steps = 0;
  std::vector<LayerReport> layers{};
  Spread output_error{};  ///< outputs of the artificial network less those of the other
  double relative_output_error = 0.0;  ///< its rms over that of the artificial network's outputs
  double agreement = 0.0;              ///< share of the samples with the same prediction
};

namespace detail {

/// Compares what one layer of neurons fires with what its rectifiers give.
class LayerComparison {
 public:
  LayerComparison(ConvertedLayer layer, double start, Index steps);

  /// A window of the steps of a batch.
  ///
  /// @param continues whether it goes on where the last one ended
  void count(SpikeView<const Word> spikes, bool continues);

  /// The activations of the batch whose spikes were counted.
  void compare(const RealView<const float>& activations);

  [[nodiscard]] LayerReport report() const;

 private:
  ConvertedLayer layer_;
  std::vector<double> scales_;
  double start_;
  Index steps_;
  std::vector<float> spikes_;  ///< [sample, unit]
  std::vector<std::uint8_t> fired_;
  std::vector<std::uint8_t> active_;
  kernels::RateErrors sums_;
};

/// Compares the outputs of two networks.
class OutputComparison {
 public:
  explicit OutputComparison(int classes) : classes_{classes} {}

  /// @param expected, found [sample, class]
  void compare(std::span<const float> expected, std::span<const float> found);

  void report(ConversionReport& report) const;

 private:
  int classes_;
  std::int64_t samples_ = 0;
  std::int64_t same_ = 0;
  kernels::PowerSums expected_;
  kernels::PowerSums error_;
};

/// The layers of neurons of a converted network, ready to be compared.
template <class Net>
std::vector<LayerComparison> comparisons(const ConversionResult<Net>& converted, Index steps) {
  std::vector<LayerComparison> layers;
  layer::for_each_layer(converted.net.layers(), [&]<class Spec>(const Spec& spec, int /*place*/) {
    if constexpr (layer::is_spiking<Spec>)
      layers.emplace_back(converted.record.layers[layers.size()], spec.start, steps);
  });
  return layers;
}

}  // namespace detail

/// Runs an artificial network and what it was converted to over a set, and tells layer by layer how
/// far they are apart, and of which errors that comes. One batch is in memory at a time, and of a
/// sequence at most `automatic_window` steps. Sums are in double, in the order of the samples: the
/// same bytes for any number of threads and any batch size.
///
/// ```cpp
/// const auto converted = learn::convert(ann, learn::RobustNorm{}, samples, encode::Direct{});
/// const auto found = learn::conversion_report(ann, converted, test, encode::Direct{}, 64);
/// std::puts(report::to_text(found).c_str());
/// ```
///
/// @param ann what was converted, its batch norms folded or not
/// @param converted from `convert`
/// @param set what both look at: the calibration set or another
/// @param encoding how the spiking network sees images
/// @param steps of each sequence
/// @param batch_size samples that are in memory at a time
/// @throws Error if the set does not fit the network, or there are no steps
template <class Ann, class Net, encode::Encoder Encoding>
[[nodiscard]] ConversionReport conversion_report(const Ann& ann,
                                                 const ConversionResult<Net>& converted,
                                                 data::DatasetView set, const Encoding& encoding,
                                                 Index steps, Index batch_size = 64) {
  using Rectified = Folded<Ann>;
  static_assert(std::is_same_v<Net, Converted<Rectified>>,
                "snnbd: a conversion report compares an artificial network with what it was "
                "converted to");
  using Seen = Calibration<Rectified, Encoding>;
  if (steps < 1) reject("steps of a conversion report", "at least 1", steps);
  const Rectified folded = network::fold(ann);
  const Seen checked{folded, encoding, set, batch_size};
  typename Seen::RealEncoding real{};
  if constexpr (StaticSignal<typename Seen::In>) real = encoding;

  const auto most = std::min(set.size(), static_cast<std::size_t>(batch_size));
  WindowedRun<Rectified, typename Seen::RealEncoding> rectifying{folded, real, 1,
                                                                 static_cast<Index>(most), 1};
  WindowedRun<Net, Encoding> firing{converted.net, encoding, steps, static_cast<Index>(most), 0};
  auto layers = detail::comparisons(converted, steps);
  detail::OutputComparison outputs{static_cast<int>(Net::output_shape.size())};
  data::Batch batch;
  std::vector<float> expected;
  std::vector<float> found;
  for (std::size_t first = 0; first < set.size(); first += most) {
    batch.fill_from(set, first, most);
    expected.resize(batch.size() * static_cast<std::size_t>(Net::output_shape.size()));
    found.resize(expected.size());
    firing(batch.values, batch.ids, std::span{&steps, 1}, found,
           [&](const auto& pass, Index first_step) {
             auto layer = layers.begin();
             pass.for_each_firing([&](const SpikeView<const Word>& spikes) {
               (layer++)->count(spikes, first_step > 0);
             });
           });
    constexpr Index once = 1;
    detail::SinglePrecision<typename Ann::ScalarType> single;
    rectifying(
        batch.values, batch.ids, std::span{&once, 1}, expected,
        [&](const auto& pass, Index /*first*/) {
          auto layer = layers.begin();
          pass.for_each_activation([&](const RealView<const typename Ann::ScalarType>& values) {
            (layer++)->compare(single(values));
          });
        });
    outputs.compare(expected, found);
  }

  ConversionReport report{converted.record.normalizer, checked.samples(), steps, {}};
  for (const detail::LayerComparison& layer : layers) report.layers.push_back(layer.report());
  outputs.report(report);
  return report;
}

}  // namespace snnbd::inline SNNBD_ISA::learn

#if !defined(SNNBD_COMPILED)
#include <snnbd/learn/conversion/conversion_report.ipp>
#endif
