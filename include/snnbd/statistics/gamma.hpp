#pragma once

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

/// The regularized upper incomplete gamma function Q(a, x): by the power series of 1 - Q below
/// a + 1, else by its continued fraction (Abramowitz and Stegun 6.5.29 and 6.5.31).
///
/// @param shape a, above 0
/// @param value x; 1 is the result for one that is not above 0
double gamma_tail(double shape, double value);

}  // namespace snnbd::inline SNNBD_ISA::statistics

#if !defined(SNNBD_COMPILED)
#include <snnbd/statistics/gamma.ipp>
#endif
