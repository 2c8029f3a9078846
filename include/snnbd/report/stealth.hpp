#pragma once

#include <snnbd/metric/event_stealth.hpp>
#include <snnbd/metric/stealth.hpp>
#include <snnbd/report/fields.hpp>

namespace snnbd::inline SNNBD_ISA::report {

/// Sets the figures of a trigger's stealth on frames: `stealth_samples`, `psnr`, `ssim`, ...
void add_stealth(Fields& fields, const metric::Stealth& found);

/// The same of the events of one recording; the names begin with `recording_`.
void add_stealth(Fields& fields, const metric::EventStealth& found);

/// The same of the mean of several recordings, by the same names.
void add_stealth(Fields& fields, const metric::MeanEventStealth& found);

}  // namespace snnbd::inline SNNBD_ISA::report

#if !defined(SNNBD_COMPILED)
#include <snnbd/report/stealth.ipp>
#endif
