#pragma once

#include <cmath>
#include <numbers>

#include <snnbd/core/error.hpp>
#include <snnbd/statistics/normal.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

SNNBD_COLD double normal_tail(double value) {
  return 0.5 * std::erfc(value / std::numbers::sqrt2);
}

SNNBD_COLD double normal_quantile(double share) {
  if (!(share > 0.0 && share < 1.0))
    reject("share of a normal quantile", "a number above 0 and below 1", share);
  if (share < 0.5) {
    // The tail is convex, so Newton's steps from 0 rise to the root and never pass it.
    double quantile = 0.0;
    for (int step = 0; step < 2'000; ++step) {
      const double density =
          std::exp(-0.5 * quantile * quantile) / std::sqrt(2.0 * std::numbers::pi);
      const double next = quantile + (normal_tail(quantile) - share) / density;
      if (!(next > quantile)) break;
      quantile = next;
    }
    return -quantile;
  }
  return share == 0.5 ? 0.0 : -normal_quantile(1.0 - share);
}

}  // namespace snnbd::inline SNNBD_ISA::statistics
