#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <snnbd/statistics/gamma.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

SNNBD_COLD double gamma_tail(double shape, double value) {
  if (!(value > 0.0)) return 1.0;
  const double scale = std::exp(shape * std::log(value) - value - std::lgamma(shape));
  constexpr double least = 1e-15;
  if (value < shape + 1.0) {
    double term = 1.0 / shape;
    double sum = term;
    for (int n = 1; n < 100000 && term > least * sum; ++n) {
      term *= value / (shape + n);
      sum += term;
    }
    return std::clamp(1.0 - scale * sum, 0.0, 1.0);
  }
  double below = value + 1.0 - shape;
  double ratio = 1.0 / std::numeric_limits<double>::min();
  double inverse = 1.0 / below;
  double fraction = inverse;
  for (int n = 1; n < 100000; ++n) {
    const double top = -n * (n - shape);
    below += 2.0;
    const auto away = [](double number) {
      constexpr double tiny = std::numeric_limits<double>::min();
      return std::abs(number) < tiny ? tiny : number;
    };
    inverse = 1.0 / away(top * inverse + below);
    ratio = away(below + top / ratio);
    const double factor = ratio * inverse;
    fraction *= factor;
    if (std::abs(factor - 1.0) < least) break;
  }
  return std::clamp(scale * fraction, 0.0, 1.0);
}

}  // namespace snnbd::inline SNNBD_ISA::statistics
