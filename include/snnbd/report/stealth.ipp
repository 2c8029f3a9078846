#pragma once

#include <vector>

#include <snnbd/report/stealth.hpp>

namespace snnbd::inline SNNBD_ISA::report {

namespace detail {

template <class Count>
void add_event_stealth(Fields& fields, const metric::EventStealthOf<Count>& found) {
  fields.set("recording_clean", found.clean)
      .set("recording_triggered", found.triggered)
      .set("recording_kept", found.kept)
      .set("recording_added", found.added)
      .set("recording_removed", found.removed)
      .set("recording_moved", found.moved)
      .set("recording_total_shift", found.total_shift)
      .set("recording_largest_shift", found.largest_shift)
      .set("recording_changed_pixels", found.changed_pixels)
      .set("recording_mean_count_change", found.mean_count_change)
      .set("recording_largest_count_change", found.largest_count_change)
      .set("recording_mean_rate_change", found.mean_rate_change)
      .set("recording_largest_rate_change", found.largest_rate_change);
}

}  // namespace detail

SNNBD_COLD void add_stealth(Fields& fields, const metric::Stealth& found) {
  const std::vector<double> window{static_cast<double>(found.ssim_rows),
                                   static_cast<double>(found.ssim_columns)};
  fields.set("stealth_samples", found.samples)
      .set("psnr", found.psnr)
      .set("lowest_psnr", found.lowest_psnr)
      .set("ssim", found.ssim)
      .set("lowest_ssim", found.lowest_ssim)
      .set("ssim_window", window)
      .set("changed_frames", found.changed_frames)
      .set("changed_pixels", found.changed_pixels)
      .set("changed_values", found.changed_values)
      .set("largest_change", found.largest_change)
      .set("events_added", found.added)
      .set("events_removed", found.removed)
      .set("mean_rate_change", found.mean_rate_change)
      .set("largest_rate_change", found.largest_rate_change);
}

SNNBD_COLD void add_stealth(Fields& fields, const metric::EventStealth& found) {
  detail::add_event_stealth(fields, found);
}

SNNBD_COLD void add_stealth(Fields& fields, const metric::MeanEventStealth& found) {
  detail::add_event_stealth(fields, found);
}

}  // namespace snnbd::inline SNNBD_ISA::report
