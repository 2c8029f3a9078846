#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/statistics/gram.hpp>
#include <snnbd/statistics/robust.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

namespace detail {

inline void check_gram(Index values, Index channels, int orders) {
  if (channels < 1) reject("channels of Gram features", "at least 1", channels);
  if (values < 1 || values % channels != 0)
    reject("values of a sample",
           "a whole number for each of " + std::to_string(channels) + " channels", values);
  if (orders < 1 || orders > 16) reject("orders of Gram features", "1 to 16", orders);
}

inline std::size_t gram_size(Index channels, int orders) {
  return static_cast<std::size_t>(channels * (channels + 1) / 2 * orders);
}

/// Where the features of one channel with those behind it begin.
inline std::size_t gram_place(Index channels, int order, Index channel) {
  return gram_size(channels, order - 1) +
         static_cast<std::size_t>(channel * channels - channel * (channel - 1) / 2);
}

inline double power(double value, int order) {
  double result = value;
  for (int factor = 1; factor < order; ++factor) result *= value;
  return result;
}

/// The features of one channel with itself and those behind it.
inline void gram_row(std::span<const double> maps, Index channels, int order, Index channel,
                     std::span<double> row) {
  std::ranges::fill(row, 0.0);
  const auto width = static_cast<std::size_t>(channels);
  for (std::size_t position = 0; position < maps.size(); position += width) {
    const double own = power(maps[position + static_cast<std::size_t>(channel)], order);
    if (own == 0.0) continue;
    const auto others = maps.subspan(position + width - row.size(), row.size());
    for (std::size_t other = 0; other < row.size(); ++other)
      row[other] += own * power(others[other], order);
  }
  for (double& value : row) value = std::copysign(std::pow(std::abs(value), 1.0 / order), value);
}

inline std::span<const double> row_of(const Samples& samples, Index row) {
  return {samples.data() + row * samples.outerStride(), static_cast<std::size_t>(samples.cols())};
}

}  // namespace detail

SNNBD_INLINE std::vector<double> gram_features(std::span<const double> maps, Index channels,
                                               int orders) {
  detail::check_gram(static_cast<Index>(maps.size()), channels, orders);
  detail::check_values("values of a sample", maps, 1);
  std::vector<double> features(detail::gram_size(channels, orders));
  for (int order = 1; order <= orders; ++order)
    for (Index channel = 0; channel < channels; ++channel)
      detail::gram_row(maps, channels, order, channel,
                       std::span{features}.subspan(detail::gram_place(channels, order, channel),
                                                   static_cast<std::size_t>(channels - channel)));
  return features;
}

SNNBD_INLINE GramBounds::GramBounds(const Samples& maps, Index channels, const GramOptions& options)
    : values_{maps.cols()}, channels_{channels}, options_{options} {
  detail::check_gram(values_, channels, options.orders);
  detail::check_samples("samples", maps, 1);
  if (!(options.width >= 0.0 && std::isfinite(options.width)))
    reject("width of Gram bounds", "a finite number of at least 0", options.width);
  if (!(options.floor > 0.0 && std::isfinite(options.floor)))
    reject("floor of Gram bounds", "a finite number above 0", options.floor);
  low_.resize(detail::gram_size(channels, options.orders));
  high_.resize(low_.size());
  const auto samples = static_cast<std::size_t>(maps.rows());
  // One channel of one order at a time, for all samples.
  parallel_for(options.orders * channels, [&](Index part) {
    const int order = static_cast<int>(part / channels) + 1;
    const Index channel = part % channels;
    const auto width = static_cast<std::size_t>(channels - channel);
    std::vector<double> features(samples * width);
    for (std::size_t sample = 0; sample < samples; ++sample)
      detail::gram_row(detail::row_of(maps, static_cast<Index>(sample)), channels, order, channel,
                       std::span{features}.subspan(sample * width, width));
    const std::size_t place = detail::gram_place(channels, order, channel);
    std::vector<double> column(samples);
    for (std::size_t feature = 0; feature < width; ++feature) {
      for (std::size_t sample = 0; sample < samples; ++sample)
        column[sample] = features[sample * width + feature];
      const double middle = detail::median_in_place(column);
      for (double& value : column) value = std::abs(value - middle);
      const double reach = options.width * detail::median_in_place(column);
      low_[place + feature] = middle - reach;
      high_[place + feature] = middle + reach;
    }
  });
}

SNNBD_INLINE std::vector<double> GramBounds::deviations(const Samples& maps) const {
  detail::check_samples("samples", maps, 0);
  detail::check_features("samples", maps, values_);
  std::vector<double> result(static_cast<std::size_t>(maps.rows()));
  parallel_for(maps.rows(), [&](Index row) {
    const auto features = gram_features(detail::row_of(maps, row), channels_, options_.orders);
    double sum = 0.0;
    for (std::size_t at = 0; at < features.size(); ++at)
      sum += std::max(0.0, low_[at] - features[at]) / (std::abs(low_[at]) + options_.floor) +
             std::max(0.0, features[at] - high_[at]) / (std::abs(high_[at]) + options_.floor);
    result[static_cast<std::size_t>(row)] = sum;
  });
  return result;
}

}  // namespace snnbd::inline SNNBD_ISA::statistics
