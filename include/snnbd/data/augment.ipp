#pragma once

#include <algorithm>

#include <snnbd/core/number.hpp>
#include <snnbd/data/access.hpp>
#include <snnbd/data/augment.hpp>

namespace snnbd::inline SNNBD_ISA::data {

namespace detail {

/// Makes the value `distance` places further on in `values` the one of each place, and 0 where
/// there is none; backwards for a negative distance.
inline void move_by(std::span<float> values, Index distance) {
  const auto count = static_cast<Index>(values.size());
  const auto begin = values.begin();
  if (distance >= 0) {
    const Index kept = std::max<Index>(count - distance, 0);
    std::copy(begin + (count - kept), values.end(), begin);
    std::fill(begin + kept, values.end(), 0.0F);
  } else {
    const Index kept = std::max<Index>(count + distance, 0);
    std::copy_backward(begin, begin + kept, values.end());
    std::fill(begin, values.end() - kept, 0.0F);
  }
}

inline void mirror_row(std::span<float> row, std::size_t channels) {
  for (std::size_t left = 0, right = row.size() - channels; left < right;
       left += channels, right -= channels)
    std::swap_ranges(row.begin() + static_cast<Index>(left),
                     row.begin() + static_cast<Index>(left + channels),
                     row.begin() + static_cast<Index>(right));
}

}  // namespace detail

SNNBD_INLINE void CropAndFlip::check(Shape shape) const {
  const int side = std::min(shape.height, shape.width);
  if (padding < 0 || padding >= side)
    reject("padding of a crop", "a number of pixels from 0 to below " + std::to_string(side),
           padding);
  if (!(flip >= 0.0 && flip <= 1.0)) reject("probability of a flip", "a number from 0 to 1", flip);
}

SNNBD_INLINE void CropAndFlip::apply(std::span<float> image, Shape shape,
                                     random::Stream& stream) const {
  check(shape);
  check_image_size(name, image.size(), static_cast<std::size_t>(shape.size()));
  const auto places = static_cast<std::uint32_t>(2 * padding + 1);
  const Index down = static_cast<Index>(stream.below(places)) - padding;
  const Index right = static_cast<Index>(stream.below(places)) - padding;
  const bool mirrored = static_cast<double>(stream.uniform()) < flip;

  const auto row_size = static_cast<Index>(shape.width) * shape.channels;
  // First whole rows, all of them in one move, and then each row by itself.
  detail::move_by(image, down * row_size);
  for (Index row = 0; row < shape.height; ++row) {
    const auto values =
        image.subspan(static_cast<std::size_t>(row * row_size), static_cast<std::size_t>(row_size));
    detail::move_by(values, right * shape.channels);
    if (mirrored) detail::mirror_row(values, static_cast<std::size_t>(shape.channels));
  }
}

SNNBD_INLINE std::string CropAndFlip::describe() const {
  return "crop " + std::to_string(padding) + ", flip " + rounded_text(flip, 6);
}

}  // namespace snnbd::inline SNNBD_ISA::data
