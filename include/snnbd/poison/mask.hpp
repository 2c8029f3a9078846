#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <snnbd/core/shape.hpp>
#include <snnbd/poison/area.hpp>
#include <snnbd/poison/corner.hpp>
#include <snnbd/poison/pixel_patch.hpp>

/// The first part of a composed trigger: which pixels it covers.
namespace snnbd::inline SNNBD_ISA::poison {

/// Which pixels a trigger covers before anything moves it: `area(shape, sample)`, the same for the
/// same arguments, and `describe(shape)` for reports. `sample` is the sample's place in the clean
/// set.
template <class Type>
concept Mask = requires(const Type& mask, Shape shape, std::size_t sample) {
  { mask.area(shape, sample) } -> std::same_as<Area>;
  { mask.describe(shape) } -> std::convertible_to<std::string>;
};

/// A square at a corner or in the middle, as that of a `PixelPatch`.
template <Corner corner = Corner::top_left>
struct Block {
  int size = 0;  ///< of a side in pixels; 0 for `default_patch_size`
  Offset offset{};

  /// @throws Error if `size` is negative or the block leaves the frame
  [[nodiscard]] Area area(Shape shape, std::size_t /*sample*/) const {
    return detail::place_patch(shape, corner, size, offset);
  }

  /// `2x2, top left`, with the offset if there is one.
  [[nodiscard]] std::string describe(Shape shape) const {
    return detail::describe_place(shape, corner, size, offset);
  }
};

/// How often a random place is drawn.
enum class Draw { once, each_sample };

namespace detail {

/// @param draw the number of the draw, 0 for the only one
Area place_anywhere(Shape shape, int size, std::uint64_t seed, std::size_t draw);

std::string describe_anywhere(Shape shape, int size, std::uint64_t seed, bool each_sample);

/// @throws Error if the width is not positive or the border leaves no room within
Area place_border(Shape shape, int width);

}  // namespace detail

/// A square anywhere, each place as likely as any other: one place for all samples, or one of its
/// own for each.
template <Draw draw = Draw::once>
struct RandomBlock {
  int size = 0;                         ///< of a side in pixels; 0 for `default_patch_size`
  std::optional<std::uint64_t> seed{};  ///< of the place; empty for the experiment's, else 1

  /// @throws Error if `size` is negative or above a side of the frame
  [[nodiscard]] Area area(Shape shape, std::size_t sample) const {
    return detail::place_anywhere(shape, size, seed.value_or(1),
                                  draw == Draw::once ? 0 : sample + 1);
  }

  /// `2x2, anywhere, by seed 1`.
  [[nodiscard]] std::string describe(Shape shape) const {
    return detail::describe_anywhere(shape, size, seed.value_or(1), draw == Draw::each_sample);
  }
};

/// The rim of the frame, as of the trigger that is called framed.
struct Border {
  int width = 1;  ///< in pixels

  /// @throws Error if `width` is not from 1 to half of the shorter side, rounded up
  [[nodiscard]] Area area(Shape shape, std::size_t /*sample*/) const {
    return detail::place_border(shape, width);
  }

  /// `border of 1`.
  [[nodiscard]] std::string describe(Shape /*shape*/) const {
    return "border of " + std::to_string(width);
  }
};

/// All pixels.
struct WholeFrame {
  [[nodiscard]] Area area(Shape shape, std::size_t /*sample*/) const {
    return {0, 0, shape.height, shape.width, 0};
  }
  [[nodiscard]] std::string describe(Shape /*shape*/) const { return "whole frame"; }
};

}  // namespace snnbd::inline SNNBD_ISA::poison

#if !defined(SNNBD_COMPILED)
#include <snnbd/poison/mask.ipp>
#endif
