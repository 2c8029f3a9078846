#pragma once

#include <cmath>
#include <concepts>
#include <numbers>
#include <string_view>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// What the learning rate is multiplied by after `epoch` of `epochs` (fractions count). `check()`,
/// if there is one, throws `Error` for settings out of range.
template <class Type>
concept Schedule = requires(const Type& schedule, double epoch, double epochs) {
  { Type::name } -> std::convertible_to<std::string_view>;
  { schedule.factor(epoch, epochs) } -> std::convertible_to<double>;
};

/// The learning rate stays as it is.
struct Constant {
  static constexpr std::string_view name = "constant";
  [[nodiscard]] double factor(double /*epoch*/, double /*epochs*/) const { return 1.0; }
};

/// Half a cosine from 1 to `floor` (Loshchilov and Hutter 2017, without restarts).
struct Cosine {
  static constexpr std::string_view name = "cosine";
  double floor = 0.0;  ///< the factor at the end

  void check() const { require_share("cosine floor", floor); }
  [[nodiscard]] double factor(double epoch, double epochs) const {
    return floor + (1.0 - floor) * 0.5 * (1.0 + std::cos(std::numbers::pi * epoch / epochs));
  }
};

/// Multiplies by `gamma` every `period` epochs, at the epochs' beginnings.
struct Step {
  static constexpr std::string_view name = "step";
  double period = 30.0;  ///< in epochs
  double gamma = 0.1;

  void check() const {
    if (!(period > 0.0) || !std::isfinite(period))
      reject("step period", "a positive number of epochs", period);
    if (!(gamma > 0.0 && gamma <= 1.0)) reject("step gamma", "a number above 0, at most 1", gamma);
  }
  [[nodiscard]] double factor(double epoch, double /*epochs*/) const {
    return std::pow(gamma, std::floor(epoch / period));
  }
};

}  // namespace snnbd::inline SNNBD_ISA::learn
