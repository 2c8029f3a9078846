#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/number.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/data/sample.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

namespace detail {

/// The values that a set may have, for a trigger that goes over all of them: what the trigger calls
/// black and white.
///
/// @param white the value of white; empty for the top of the range
/// @throws Error if white is empty and the range has no bounds, or white is out of the range
data::Range tones_of(data::Range range, std::optional<float> white);

/// `, white of 5`, or nothing.
std::string describe_white(std::optional<float> white);

}  // namespace detail

/// A pattern of random values, uniform in [0, 1), one for each channel of each pixel: the "random
/// pattern" of Chen et al. 2017.
struct NoisePattern {
  std::optional<std::uint64_t> seed{};  ///< empty for the experiment's, else 1

  /// @returns [height, width, channel]
  [[nodiscard]] std::vector<float> values(Shape shape) const;
  [[nodiscard]] std::string describe() const;
};

/// A picture of one's own: the "image" that Chen et al. 2017 blend.
struct PicturePattern {
  std::vector<float> picture{};  ///< [height, width, channel], values in [0, 1]

  /// @throws Error if the picture has another size or values out of range
  [[nodiscard]] std::vector<float> values(Shape shape) const;
  [[nodiscard]] std::string describe() const;
};

/// A pattern that shines through the whole image: x' = (1 - alpha) x + alpha p (Chen et al. 2017,
/// "Targeted Backdoor Attacks on Deep Learning Systems Using Data Poisoning", the blended injection
/// strategy); in each frame alike.
///
/// The pattern's values, 0 to 1, go from the bottom of the set's range to its top.
///
/// @tparam Pattern `NoisePattern`, `PicturePattern`, or a type with `values(shape)` and
/// `describe()`
template <class Pattern = NoisePattern>
struct Blended {
  static constexpr std::string_view name = "blended";
  static constexpr bool sees_times = false;

  Pattern pattern{};
  float alpha = 0.2F;            ///< share of the pattern, from 0 to 1
  std::optional<float> white{};  ///< value of white, a count; empty for the top of the set's range

  /// @throws Error if a setting is out of range or the pattern does not fit
  void stamp(const data::SampleView& sample) const {
    require_share("alpha of a blended trigger", alpha);
    const data::Range tones = detail::tones_of(sample.range, white);
    const std::vector<float> values = pattern.values(sample.shape);
    for (int frame = 0; frame < sample.frames; ++frame) {
      const std::span<float> image = sample.frame(frame);
      for (std::size_t place = 0; place < image.size(); ++place) {
        const float tone = tones.low + values[place] * (tones.high - tones.low);
        image[place] = (1.0F - alpha) * image[place] + alpha * tone;
      }
    }
  }

  /// `blended by 0.2 with noise, by seed 1`.
  [[nodiscard]] std::string describe(Shape /*shape*/) const {
    return "blended by " + number_text(alpha) + " with " + pattern.describe() +
           detail::describe_white(white);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::poison

#if !defined(SNNBD_COMPILED)
#include <snnbd/poison/blended.ipp>
#endif
