#pragma once

#include <vector>

#include <snnbd/data/subset.hpp>
#include <snnbd/stage/stealth.hpp>

namespace snnbd::inline SNNBD_ISA::stage {

SNNBD_INLINE metric::Stealth Stealth::measure(const Context& context) const {
  const data::DatasetView clean = context.tests.clean();
  const data::DatasetView triggered = context.tests.triggered();
  if (samples == 0 || samples >= clean.size()) return metric::stealth(clean, triggered);
  return metric::stealth(clean, triggered,
                         data::detail::choose_samples(clean, samples, context.seed, true));
}

SNNBD_INLINE void Stealth::fill(const metric::Stealth& found, report::Cell& cell) {
  cell.extra.set("stealth_samples", found.samples)
      .set("psnr", found.psnr)
      .set("lowest_psnr", found.lowest_psnr)
      .set("ssim", found.ssim)
      .set("lowest_ssim", found.lowest_ssim)
      .set("ssim_window", std::vector<double>{static_cast<double>(found.ssim_rows),
                                              static_cast<double>(found.ssim_columns)})
      .set("changed_frames", found.changed_frames)
      .set("changed_pixels", found.changed_pixels)
      .set("changed_values", found.changed_values)
      .set("largest_change", found.largest_change)
      .set("events_added", found.added)
      .set("events_removed", found.removed)
      .set("mean_rate_change", found.mean_rate_change)
      .set("largest_rate_change", found.largest_rate_change);
}

}  // namespace snnbd::inline SNNBD_ISA::stage
