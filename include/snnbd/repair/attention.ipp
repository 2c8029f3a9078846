#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <snnbd/core/error.hpp>
#include <snnbd/repair/attention.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

namespace detail {

inline void check_attention(std::size_t found, Index wanted) {
  if (found != static_cast<std::size_t>(wanted))
    reject("values for attention maps", std::to_string(wanted), found);
}

/// Writes a of a sample and gives its length.
inline double raw_attention(std::span<const double> features, Index channels, double power,
                            std::span<double> map) {
  double squares = 0.0;
  for (std::size_t pixel = 0; pixel < map.size(); ++pixel) {
    map[pixel] = 0.0;
    for (Index channel = 0; channel < channels; ++channel)
      map[pixel] += std::pow(std::abs(features[pixel * static_cast<std::size_t>(channels) +
                                               static_cast<std::size_t>(channel)]),
                             power);
    squares += map[pixel] * map[pixel];
  }
  return std::sqrt(squares);
}

}  // namespace detail

SNNBD_INLINE std::vector<double> attention_maps(std::span<const double> features,
                                                const AttentionSize& size, double power) {
  detail::check_attention(features.size(), size.samples * size.pixels * size.channels);
  const auto pixels = static_cast<std::size_t>(size.pixels);
  const auto each = pixels * static_cast<std::size_t>(size.channels);
  std::vector<double> maps(static_cast<std::size_t>(size.samples) * pixels);
  for (std::size_t sample = 0; sample < static_cast<std::size_t>(size.samples); ++sample) {
    const auto map = std::span{maps}.subspan(sample * pixels, pixels);
    const double length =
        detail::raw_attention(features.subspan(sample * each, each), size.channels, power, map);
    for (double& value : map) value = length > 0.0 ? value / length : 0.0;
  }
  return maps;
}

SNNBD_INLINE double attention_distance(std::span<const double> features,
                                       std::span<const double> maps, const AttentionSize& size,
                                       double power, double weight, std::span<double> gradient) {
  detail::check_attention(features.size(), size.samples * size.pixels * size.channels);
  detail::check_attention(gradient.size(), size.samples * size.pixels * size.channels);
  detail::check_attention(maps.size(), size.samples * size.pixels);
  std::ranges::fill(gradient, 0.0);
  const auto pixels = static_cast<std::size_t>(size.pixels);
  const auto channels = static_cast<std::size_t>(size.channels);
  const double scale = weight / static_cast<double>(size.pixels);
  std::vector<double> map(pixels);
  double distance = 0.0;
  for (std::size_t sample = 0; sample < static_cast<std::size_t>(size.samples); ++sample) {
    const std::size_t first = sample * pixels * channels;
    const auto wanted = maps.subspan(sample * pixels, pixels);
    const double length = detail::raw_attention(features.subspan(first, pixels * channels),
                                                size.channels, power, map);
    double along = 0.0;  // of the slopes, in the direction of the map
    for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
      if (length > 0.0) map[pixel] /= length;
      const double error = map[pixel] - wanted[pixel];
      distance += scale * error * error;
      along += 2.0 * scale * error * map[pixel];
    }
    if (!(length > 0.0)) continue;
    for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
      const double slope =
          (2.0 * scale * (map[pixel] - wanted[pixel]) - along * map[pixel]) / length;
      for (std::size_t channel = 0; channel < channels; ++channel) {
        const std::size_t at = first + pixel * channels + channel;
        if (features[at] == 0.0) continue;
        gradient[at] = slope * power * std::pow(std::abs(features[at]), power - 1.0) *
                       (features[at] > 0.0 ? 1.0 : -1.0);
      }
    }
  }
  return distance;
}

}  // namespace snnbd::inline SNNBD_ISA::repair
