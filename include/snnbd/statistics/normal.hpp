#pragma once

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

/// The chance that a normal variable of mean 0 and deviation 1 is larger than `value`.
double normal_tail(double value);

/// The value that such a variable stays below with a chance of `share`: 0.5 gives 0, 0.975 gives
/// 1.959964.
///
/// @throws Error if it is not above 0 and below 1
double normal_quantile(double share);

}  // namespace snnbd::inline SNNBD_ISA::statistics

#if !defined(SNNBD_COMPILED)
#include <snnbd/statistics/normal.ipp>
#endif
