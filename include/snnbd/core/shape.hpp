#pragma once

#include <cstddef>
#include <string>

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA {

/// Signed, as sizes are subtracted from each other everywhere.
using Index = std::ptrdiff_t;

/// The extent of one sample at one time step: rows, columns, channels, channels fastest in memory.
/// A structural type, so that it can be a template argument: `Network<Shape{28, 28, 1}, ...>`.
struct Shape {
  int height = 1;
  int width = 1;
  int channels = 1;

  /// The number of values of one sample at one step.
  [[nodiscard]] constexpr Index size() const {
    return static_cast<Index>(height) * width * channels;
  }

  /// The number of places, each of which holds `channels` values.
  [[nodiscard]] constexpr Index pixels() const { return static_cast<Index>(height) * width; }

  friend constexpr bool operator==(const Shape&, const Shape&) = default;
};

/// The sizes of a batch that are known at run time only.
struct Extent {
  Index samples = 1;
  Index steps = 1;

  [[nodiscard]] constexpr Index frames() const { return samples * steps; }
  friend constexpr bool operator==(const Extent&, const Extent&) = default;
};

/// `28x28x1`, as reports and errors print it.
inline std::string to_string(const Shape& shape) {
  return std::to_string(shape.height) + 'x' + std::to_string(shape.width) + 'x' +
         std::to_string(shape.channels);
}

}  // namespace snnbd::inline SNNBD_ISA
