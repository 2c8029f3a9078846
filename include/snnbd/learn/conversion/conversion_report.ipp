#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

#include <snnbd/kernels/elementwise/softmax.hpp>
#include <snnbd/kernels/neuron/readout.hpp>
#include <snnbd/learn/conversion/conversion_report.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

namespace detail {

inline double ratio(double part, double whole) {
  return whole > 0.0 ? part / whole : 0.0;
}

inline Spread spread_of(const kernels::PowerSums& sums, std::int64_t count) {
  const auto all = static_cast<double>(count);
  return {ratio(sums.first, all), std::sqrt(ratio(sums.second, all))};
}

inline double share_without(const std::vector<std::uint8_t>& marks) {
  const auto marked = std::count(marks.begin(), marks.end(), std::uint8_t{0});
  return ratio(static_cast<double>(marked), static_cast<double>(marks.size()));
}

SNNBD_INLINE LayerComparison::LayerComparison(ConvertedLayer layer, double start, Index steps)
    : layer_{std::move(layer)},
      scales_{layer_.channels.empty() ? std::vector{layer_.threshold} : layer_.channels},
      start_{start},
      steps_{steps} {}

SNNBD_INLINE void LayerComparison::count(SpikeView<const Word> spikes, bool continues) {
  spikes.amplitude = 1.0F;
  spikes_.resize(static_cast<std::size_t>(spikes.extent.samples * spikes.shape.size()));
  kernels::sum_window(spikes, continues, 1.0F, spikes_.data(), spikes_.data());
}

SNNBD_INLINE void LayerComparison::compare(const RealView<const float>& activations) {
  const Index samples = activations.extent.samples;
  const Index units = activations.shape.size();
  fired_.resize(static_cast<std::size_t>(units));
  active_.resize(static_cast<std::size_t>(units));
  kernels::mark_positive(spikes_.data(), samples, fired_);
  kernels::mark_positive(activations.data, samples, active_);
  kernels::add_rate_errors(activations.data, spikes_.data(), samples, units, {steps_, start_},
                           scales_, sums_);
}

SNNBD_INLINE LayerReport LayerComparison::report() const {
  LayerReport report;
  report.layer = layer_;
  report.neurons = static_cast<Index>(fired_.size());
  report.start = start_;
  report.activation = spread_of(sums_.activation, sums_.count).mean;
  report.rate = spread_of(sums_.rate, sums_.count).mean;
  report.error = spread_of(sums_.error, sums_.count);
  report.clipping = spread_of(sums_.clipping, sums_.count);
  report.quantization = spread_of(sums_.quantization, sums_.count);
  report.residual = spread_of(sums_.residual, sums_.count);
  report.clipped = ratio(static_cast<double>(sums_.clipped), static_cast<double>(sums_.count));
  report.relative_error = std::sqrt(ratio(sums_.real_error, sums_.real_activation));
  report.silent = share_without(fired_);
  report.idle = share_without(active_);
  for (const kernels::RateBin& bin : sums_.curve) {
    const auto count = static_cast<double>(bin.count);
    report.curve.push_back({bin.count, ratio(bin.activation, count), ratio(bin.rate, count)});
  }
  return report;
}

SNNBD_INLINE void OutputComparison::compare(std::span<const float> expected,
                                            std::span<const float> found) {
  const auto samples = static_cast<std::int64_t>(expected.size()) / classes_;
  std::vector<int> wanted(static_cast<std::size_t>(samples));
  std::vector<int> predicted(wanted.size());
  kernels::first_largest(expected.data(), classes_, wanted);
  kernels::first_largest(found.data(), classes_, predicted);
  for (std::size_t i = 0; i < wanted.size(); ++i) same_ += wanted[i] == predicted[i] ? 1 : 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto value = static_cast<double>(expected[i]);
    expected_.add(value);
    error_.add(value - static_cast<double>(found[i]));
  }
  samples_ += samples;
}

SNNBD_INLINE void OutputComparison::report(ConversionReport& report) const {
  report.output_error = spread_of(error_, samples_ * classes_);
  report.relative_output_error = std::sqrt(ratio(error_.second, expected_.second));
  report.agreement = ratio(static_cast<double>(same_), static_cast<double>(samples_));
}

}  // namespace detail

}  // namespace snnbd::inline SNNBD_ISA::learn
