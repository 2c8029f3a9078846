#pragma once

#include <cmath>
#include <concepts>
#include <string_view>

#include <snnbd/core/error.hpp>

/// Policies are types whose members are settings. Whoever takes one calls `check_policy`; these say
/// what a setting must be. Each throws an `Error` that names the setting.
namespace snnbd::inline SNNBD_ISA {

/// Calls the policy's own `check()`, which throws `Error` for settings out of range, if it has one.
template <class Policy>
void check_policy(const Policy& policy) {
  if constexpr (requires { policy.check(); }) policy.check();
}

template <std::floating_point Number>
void require_finite(std::string_view setting, Number value) {
  if (!std::isfinite(value)) reject(setting, "a finite number", value);
}

template <std::floating_point Number>
void require_positive(std::string_view setting, Number value) {
  if (!(value > Number{0}) || !std::isfinite(value)) reject(setting, "a number above 0", value);
}

template <std::floating_point Number>
void require_not_negative(std::string_view setting, Number value) {
  if (!(value >= Number{0}) || !std::isfinite(value))
    reject(setting, "a number of at least 0", value);
}

/// From 0 to 1, both among them.
template <std::floating_point Number>
void require_share(std::string_view setting, Number value) {
  if (!(value >= Number{0} && value <= Number{1})) reject(setting, "a number from 0 to 1", value);
}

/// From 0 to below 1.
template <std::floating_point Number>
void require_part(std::string_view setting, Number value) {
  if (!(value >= Number{0} && value < Number{1}))
    reject(setting, "a number from 0 to below 1", value);
}

}  // namespace snnbd::inline SNNBD_ISA
