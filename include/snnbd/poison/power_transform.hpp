#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <snnbd/core/shape.hpp>
#include <snnbd/data/sample.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// A change of tone over the whole image: with u the share of a value from black to white, u' =
/// u ^ `exponent`, in each frame alike. Above 1 it darkens what is between black and white; both of
/// these stay. BadSNN (Miah, Vu and Bi 2026) is tested with a power of this kind; the exponent is
/// one that a re-implementation names.
struct PowerTransform {
  static constexpr std::string_view name = "power_transform";
  static constexpr bool sees_times = false;

  float exponent = 1.5F;
  std::optional<float> white{};  ///< value of white, a count; empty for the top of the set's range

  /// @throws Error if a setting is out of range
  void stamp(const data::SampleView& sample) const;

  /// `power of 1.5`.
  [[nodiscard]] std::string describe(Shape shape) const;
};

}  // namespace snnbd::inline SNNBD_ISA::poison

#if !defined(SNNBD_COMPILED)
#include <snnbd/poison/power_transform.ipp>
#endif
