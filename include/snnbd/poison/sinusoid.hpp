#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <snnbd/core/shape.hpp>
#include <snnbd/data/sample.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// Upright waves over the whole image, "SIG": v(x) = delta sin(2 pi f x / width) is added to all
/// rows and channels, with x the column, 0 at the left (Barni, Kallas, Tondi 2019, "A New Backdoor
/// Attack in CNNs by Training Set Corruption Without Label Poisoning", Eq. 3 of a sinusoidal
/// signal); in each frame alike. What leaves the set's range is cut off.
///
/// The paper trains with a delta of 20/255 and keeps the labels (`CleanLabel`); a stronger wave at
/// test time is another `Sinusoid` for the triggered set.
struct Sinusoid {
  static constexpr std::string_view name = "sinusoid";
  static constexpr bool sees_times = false;

  float delta = 20.0F / 255.0F;  ///< its height, as a share from black to white
  float frequency = 6.0F;        ///< waves in the width of the image
  std::optional<float> white{};  ///< value of white, a count; empty for the top of the set's range

  /// @throws Error if a setting is out of range
  void stamp(const data::SampleView& sample) const;

  /// `sinusoid of 0.078431375, 6 waves`.
  [[nodiscard]] std::string describe(Shape shape) const;
};

}  // namespace snnbd::inline SNNBD_ISA::poison

#if !defined(SNNBD_COMPILED)
#include <snnbd/poison/sinusoid.ipp>
#endif
