#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include <snnbd/core/error.hpp>
#include <snnbd/core/number.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/metric/check.hpp>
#include <snnbd/metric/stealth.hpp>

namespace snnbd::inline SNNBD_ISA::metric {

namespace detail {

inline double length_of(data::Range range) {
  const double length = static_cast<double>(range.high) - static_cast<double>(range.low);
  if (!(length > 0.0) || !std::isfinite(length))
    reject("range of the values of two samples", "a finite one, not empty",
           number_text(range.low) + " to " + number_text(range.high));
  return length;
}

inline std::size_t values_of(Shape shape, int frames) {
  if (shape.height < 1 || shape.width < 1 || shape.channels < 1)
    reject("shape of two samples", "at least one row, column and channel", to_string(shape));
  if (frames < 1) reject("frames of two samples", "at least 1", frames);
  return static_cast<std::size_t>(shape.size()) * static_cast<std::size_t>(frames);
}

/// The weights of a window, which sum to 1.
inline std::vector<double> gaussian(int window) {
  constexpr double deviation = 1.5;
  std::vector<double> weights;
  const int middle = window / 2;
  for (int at = 0; at < window; ++at) {
    const double distance = at - middle;
    weights.push_back(std::exp(-0.5 * distance * distance / (deviation * deviation)));
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight /= sum;
  return weights;
}

/// The weighted means under a window, of the values, squares and products of two frames.
struct WindowMeans {
  double clean = 0.0;
  double triggered = 0.0;
  double clean_square = 0.0;
  double triggered_square = 0.0;
  double product = 0.0;

  void add(double weight, const WindowMeans& other) {
    clean += weight * other.clean;
    triggered += weight * other.triggered;
    clean_square += weight * other.clean_square;
    triggered_square += weight * other.triggered_square;
    product += weight * other.product;
  }

  [[nodiscard]] double ssim(double c1, double c2) const {
    const double mean_product = clean * triggered;
    const double mean_squares = clean * clean + triggered * triggered;
    return (2.0 * mean_product + c1) * (2.0 * (product - mean_product) + c2) /
           ((mean_squares + c1) * (clean_square + triggered_square - mean_squares + c2));
  }
};

/// The sum of SSIM over all places of one channel.
inline double channel_ssim(const float* clean, const float* triggered, Shape shape, double length) {
  const auto down = gaussian(ssim_window(shape.height));
  const auto across = gaussian(ssim_window(shape.width));
  const auto rows = static_cast<std::size_t>(shape.height);
  const auto columns = static_cast<std::size_t>(shape.width) - across.size() + 1;
  const auto channels = static_cast<std::size_t>(shape.channels);
  const double c1 = (0.01 * length) * (0.01 * length);
  const double c2 = (0.03 * length) * (0.03 * length);

  // The window is a product: first along the rows, then down the columns.
  std::vector<WindowMeans> lines(rows * columns);
  for (std::size_t y = 0; y < rows; ++y)
    for (std::size_t x = 0; x < columns; ++x)
      for (std::size_t tap = 0; tap < across.size(); ++tap) {
        const std::size_t at = (y * static_cast<std::size_t>(shape.width) + x + tap) * channels;
        const double one = clean[at];
        const double other = triggered[at];
        lines[y * columns + x].add(across[tap],
                                   {one, other, one * one, other * other, one * other});
      }
  double sum = 0.0;
  for (std::size_t y = 0; y + down.size() <= rows; ++y)
    for (std::size_t x = 0; x < columns; ++x) {
      WindowMeans means;
      for (std::size_t tap = 0; tap < down.size(); ++tap)
        means.add(down[tap], lines[(y + tap) * columns + x]);
      sum += means.ssim(c1, c2);
    }
  return sum / static_cast<double>((rows - down.size() + 1) * columns);
}

/// What a value, a pixel and a unit's rate changed.
inline void add_changes(std::span<const float> clean, std::span<const float> triggered, Shape shape,
                        SampleStealth& found) {
  const auto units = static_cast<std::size_t>(shape.size());
  const auto channels = static_cast<std::size_t>(shape.channels);
  std::vector<double> of_units(units);
  std::size_t values = 0;
  std::size_t pixels = 0;
  for (std::size_t first = 0; first < clean.size(); first += channels) {
    bool differs = false;
    for (std::size_t i = first; i < first + channels; ++i) {
      const double change = static_cast<double>(triggered[i]) - static_cast<double>(clean[i]);
      if (!std::isfinite(change)) reject("value of a sample", "a finite number", change);
      if (change == 0.0) continue;
      ++values;
      differs = true;
      (change > 0.0 ? found.added : found.removed) += std::abs(change);
      found.largest_change = std::max(found.largest_change, std::abs(change));
      of_units[i % units] += change;
    }
    pixels += differs ? 1 : 0;
  }
  const auto size = static_cast<double>(clean.size());
  const double frames = size / static_cast<double>(units);
  found.changed_values = static_cast<double>(values) / size;
  found.changed_pixels = static_cast<double>(pixels * channels) / size;
  for (const double change : of_units) {
    found.mean_rate_change += std::abs(change) / size;
    found.largest_rate_change = std::max(found.largest_rate_change, std::abs(change) / frames);
  }
}

inline void check_alike(data::DatasetView clean, data::DatasetView triggered) {
  if (triggered.shape() != clean.shape() || triggered.frames() != clean.frames())
    reject("triggered set",
           std::to_string(clean.frames()) + " frames of " + to_string(clean.shape()) +
               ", as the clean one has",
           std::to_string(triggered.frames()) + " frames of " + to_string(triggered.shape()));
  if (triggered.range() != clean.range())
    reject("range of the triggered set", "that of the clean one", "another");
  check_size("samples of the triggered set", triggered.size(), clean.size(),
             "samples of the clean one");
}

}  // namespace detail

SNNBD_INLINE double ssim(std::span<const float> clean, std::span<const float> triggered,
                         Shape shape, data::Range range) {
  const double length = detail::length_of(range);
  const std::size_t size = detail::values_of(shape, 1);
  detail::check_size("values of a clean frame", clean.size(), size, "the shape has");
  detail::check_size("values of a triggered frame", triggered.size(), size, "the shape has");
  // Exactly 1, whatever is rounded.
  if (std::ranges::equal(clean, triggered)) return 1.0;
  double sum = 0.0;
  for (int channel = 0; channel < shape.channels; ++channel)
    sum += detail::channel_ssim(clean.data() + channel, triggered.data() + channel, shape, length);
  return sum / shape.channels;
}

SNNBD_INLINE double psnr(std::span<const float> clean, std::span<const float> triggered,
                         data::Range range) {
  const double length = detail::length_of(range);
  if (clean.empty()) reject("values of a clean frame", "at least one", "none");
  detail::check_size("values of a triggered frame", triggered.size(), clean.size(),
                     "values of the clean one");
  double squares = 0.0;
  for (std::size_t i = 0; i < clean.size(); ++i) {
    const double change = static_cast<double>(triggered[i]) - static_cast<double>(clean[i]);
    squares += change * change;
  }
  if (squares == 0.0) return std::numeric_limits<double>::infinity();
  return 10.0 * std::log10(length * length * static_cast<double>(clean.size()) / squares);
}

SNNBD_INLINE SampleStealth sample_stealth(std::span<const float> clean,
                                          std::span<const float> triggered, Shape shape, int frames,
                                          data::Range range) {
  const std::size_t size = detail::values_of(shape, frames);
  detail::check_size("values of a clean sample", clean.size(), size, "its frames have");
  detail::check_size("values of a triggered sample", triggered.size(), size, "its frames have");
  SampleStealth found;
  detail::add_changes(clean, triggered, shape, found);
  const auto units = static_cast<std::size_t>(shape.size());
  for (std::size_t first = 0; first < size; first += units) {
    const auto before = clean.subspan(first, units);
    const auto after = triggered.subspan(first, units);
    found.psnr.push_back(psnr(before, after, range));
    found.ssim.push_back(ssim(before, after, shape, range));
  }
  return found;
}

SNNBD_INLINE Stealth stealth(data::DatasetView clean, data::DatasetView triggered,
                             std::span<const std::size_t> indices) {
  detail::check_alike(clean, triggered);
  if (indices.empty()) reject("samples to compare", "at least one", "none");
  for (const std::size_t index : indices)
    if (index >= clean.size())
      reject("sample to compare", "one of " + std::to_string(clean.size()), index);

  // Each sample by itself, then summed in their order: the same bits for any number of threads.
  std::vector<SampleStealth> of_samples(indices.size());
  parallel_for(static_cast<Index>(indices.size()), [&](Index at) {
    const std::size_t index = indices[static_cast<std::size_t>(at)];
    std::vector<float> before(clean.sample_size());
    std::vector<float> after(clean.sample_size());
    clean.read(index, before);
    triggered.read(index, after);
    data::Range range = clean.range();
    if (clean.frames() > 1)
      range.high =
          std::min(range.high, std::max(range.low + 1.0F, *std::ranges::max_element(before)));
    of_samples[static_cast<std::size_t>(at)] =
        sample_stealth(before, after, clean.shape(), clean.frames(), range);
  });

  Stealth mean;
  mean.samples = indices.size();
  mean.ssim_rows = ssim_window(clean.shape().height);
  mean.ssim_columns = ssim_window(clean.shape().width);
  double psnr_sum = 0.0;
  double ssim_sum = 0.0;
  std::size_t changed = 0;
  for (const SampleStealth& one : of_samples) {
    for (const double value : one.psnr) {
      if (!std::isfinite(value)) continue;
      ++changed;
      psnr_sum += value;
      mean.lowest_psnr = std::min(mean.lowest_psnr.value_or(value), value);
    }
    for (const double value : one.ssim) {
      ssim_sum += value;
      mean.lowest_ssim = std::min(mean.lowest_ssim, value);
    }
    mean.changed_values += one.changed_values;
    mean.changed_pixels += one.changed_pixels;
    mean.added += one.added;
    mean.removed += one.removed;
    mean.mean_rate_change += one.mean_rate_change;
    mean.largest_change = std::max(mean.largest_change, one.largest_change);
    mean.largest_rate_change = std::max(mean.largest_rate_change, one.largest_rate_change);
  }
  const auto samples = static_cast<double>(indices.size());
  const double frames = samples * clean.frames();
  if (changed > 0) mean.psnr = psnr_sum / static_cast<double>(changed);
  mean.ssim = ssim_sum / frames;
  mean.changed_frames = static_cast<double>(changed) / frames;
  for (double* sum : {&mean.changed_values, &mean.changed_pixels, &mean.added, &mean.removed,
                      &mean.mean_rate_change})
    *sum /= samples;
  return mean;
}

SNNBD_INLINE Stealth stealth(data::DatasetView clean, data::DatasetView triggered) {
  std::vector<std::size_t> all(clean.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return stealth(clean, triggered, all);
}

}  // namespace snnbd::inline SNNBD_ISA::metric
