#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include <snnbd/core/shape.hpp>
#include <snnbd/data/dataset.hpp>
#include <snnbd/data/dataset_view.hpp>

namespace snnbd::inline SNNBD_ISA::metric {

/// The pixels along a side of the window of SSIM, for a frame with that many pixels along that
/// side: 11; of a smaller frame the largest odd number that fits. The Gaussian has a deviation of
/// 1.5 pixels in either case, and weights that sum to 1.
constexpr int ssim_window(int side) {
  if (side >= 11) return 11;
  return side % 2 == 1 ? side : side - 1;
}

/// How alike two frames look: 1 for equal ones.
///
/// SSIM as in Wang et al. (2004), "Image quality assessment: from error visibility to structural
/// similarity", Eq. 13: with the means, variances and covariance under a Gaussian window,
///
///     (2 m_x m_y + C1) (2 s_xy + C2) / ((m_x^2 + m_y^2 + C1) (s_x^2 + s_y^2 + C2)),
///
/// C1 = (0.01 L)^2, C2 = (0.03 L)^2, L the length of the range. Its mean over all places where the
/// window lies within the frame, as there is nothing behind the borders, and over the channels.
///
/// @param clean, triggered one frame, [height, width, channel]
/// @param range that the values may have
/// @throws Error if there are more or fewer values than the shape has, or the range is empty
double ssim(std::span<const float> clean, std::span<const float> triggered, Shape shape,
            data::Range range = {});

/// How small a change is beside the range of the values, in decibels: 10 log10(L^2 / MSE), L the
/// length of the range; infinite for equal frames.
///
/// @throws Error if the sizes differ, there is no value, or the range is empty
double psnr(std::span<const float> clean, std::span<const float> triggered, data::Range range = {});

/// How visible a trigger is on one sample. What is said of events holds for frames of counts.
struct SampleStealth {
  std::vector<double> psnr;          ///< of each frame in decibels; infinite where nothing changed
  std::vector<double> ssim;          ///< of each frame
  double changed_values = 0.0;       ///< share of the values
  double changed_pixels = 0.0;       ///< share of the pixels of all frames, in any channel
  double largest_change = 0.0;       ///< of a value
  double added = 0.0;                ///< sum of what values gained: events that are new
  double removed = 0.0;              ///< sum of what values lost: events that are gone
  double mean_rate_change = 0.0;     ///< of a unit's mean over the frames, mean of all units
  double largest_rate_change = 0.0;  ///< of a unit's mean over the frames
};

/// @param clean, triggered the same sample, [frame, height, width, channel]
/// @param shape of one frame
/// @param range that the values may have
/// @throws Error if the sizes disagree, a value is not finite, or the range is empty
SampleStealth sample_stealth(std::span<const float> clean, std::span<const float> triggered,
                             Shape shape, int frames, data::Range range = {});

/// How visible a trigger is on average over samples.
struct Stealth {
  std::size_t samples = 0;
  /// Mean of the frames that changed, in decibels; empty if none did. Those that did not have none.
  std::optional<double> psnr{};
  std::optional<double> lowest_psnr{};  ///< of the frame that changed most
  double ssim = 1.0;                    ///< mean of all frames
  double lowest_ssim = 1.0;             ///< of the frame that changed most
  int ssim_rows = 11;                   ///< of the window, see `ssim_window`
  int ssim_columns = 11;
  double changed_frames = 0.0;       ///< share of the frames
  double changed_pixels = 0.0;       ///< share of the pixels of all frames
  double changed_values = 0.0;       ///< share of the values
  double largest_change = 0.0;       ///< of any value
  double added = 0.0;                ///< a sample
  double removed = 0.0;              ///< a sample
  double mean_rate_change = 0.0;     ///< of a unit's mean over the frames
  double largest_rate_change = 0.0;  ///< of any unit
};

/// Compares samples of a set with the same samples triggered. The length of the range is that of
/// the set's; for samples of several frames, whose counts stay far below what a count may be, its
/// top is the largest value of the clean sample, at least 1 above the bottom.
///
/// @param indices of the samples, in both sets
/// @throws Error if the sets differ in shape, frames or range, lack a sample, or none is named
Stealth stealth(data::DatasetView clean, data::DatasetView triggered,
                std::span<const std::size_t> indices);

/// The same of all samples.
Stealth stealth(data::DatasetView clean, data::DatasetView triggered);

}  // namespace snnbd::inline SNNBD_ISA::metric

#if !defined(SNNBD_COMPILED)
#include <snnbd/metric/stealth.ipp>
#endif
