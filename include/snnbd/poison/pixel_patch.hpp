#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <snnbd/core/error.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/poison/area.hpp>
#include <snnbd/poison/corner.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// A patch of white pixels: the "pixel" trigger of Jin et al. 2024, Sec. 3.2.1 and Fig. 15.
struct White {
  static constexpr std::string_view name = "white";

  explicit White(std::uint64_t /*seed*/) {}
  float next() { return 1.0F; }
};

/// A patch of random pixels: the "image" trigger of Jin et al. 2024, Sec. 3.2.1 and Fig. 15. Each
/// channel of each pixel has a value of its own, uniform in [0, 1); the patch is the same on all
/// images and follows from the seed alone.
struct Random {
  static constexpr std::string_view name = "random";

  explicit Random(std::uint64_t seed) : stream_{seed, random::Purpose::trigger} {}
  float next() { return stream_.uniform(); }

 private:
  random::Stream stream_;
};

/// A distance in pixels from where a patch would lie by itself: away from the edges that its corner
/// touches, or to the right and down from the centre.
struct Offset {
  int dx = 0;
  int dy = 0;

  friend bool operator==(const Offset&, const Offset&) = default;

  /// `1,-2`.
  [[nodiscard]] std::string text() const { return std::to_string(dx) + ',' + std::to_string(dy); }
};

namespace detail {

/// @throws Error if the patch does not lie within the image
Area place_patch(Shape shape, Corner corner, int size, Offset offset);

/// Replaces the pixels of an area, row by row, channels fastest.
///
/// @param image [height, width, channel]
/// @param next gives one value after another
template <class Next>
void paint_patch(std::span<float> image, Shape shape, const Area& area, Next&& next) {
  const auto channels = static_cast<std::size_t>(shape.channels);
  for_each_run(area, [&](int row, int left, int width) {
    const Index pixel = static_cast<Index>(row) * shape.width + left;
    for (float& value : image.subspan(static_cast<std::size_t>(pixel) * channels,
                                      static_cast<std::size_t>(width) * channels))
      value = next();
  });
}

/// `2x2`.
std::string side_text(Shape shape, int size);

/// `2x2, bottom right`, with the offset if there is one.
std::string describe_place(Shape shape, Corner corner, int size, Offset offset);

std::string describe_patch(std::string_view ink, Shape shape, Corner corner, int size,
                           Offset offset);

}  // namespace detail

/// The size of a patch that none is given for: 3/32 of the shorter side, rounded down, at least 1.
/// That is the paper's 2 on 28 pixels, 3 on 32 and 12 on 128 (Jin et al. 2024, Sec. 4.1.2). Frames
/// of N-MNIST, 34 x 34 with OFF and ON, count as the digits of 28 x 28 that they show: 2 again.
constexpr int default_patch_size(Shape shape) {
  const bool digits = shape == Shape{34, 34, 2};
  const Index side = digits ? 28 : shape.height < shape.width ? shape.height : shape.width;
  const auto size = static_cast<int>(side * 3 / 32);
  return size < 1 ? 1 : size;
}

/// A square of pixels that replaces what was there, in all channels; in each frame of a sample
/// alike.
///
/// @tparam Ink what it is painted with: `White`, `Random`, or a type of your own that is made from
///   a seed and gives one value after another, row by row, channels fastest
template <class Ink = White, Corner corner = Corner::bottom_right>
struct PixelPatch {
  static constexpr std::string_view name = Ink::name;

  int size = 0;  ///< of a side in pixels; 0 for `default_patch_size`
  Offset offset{};
  std::optional<std::uint64_t> seed{};  ///< of a random patch; empty for the experiment's, else 1

  /// @param image [height, width, channel]
  /// @throws Error if `size` is negative, or the patch or `image` does not fit `shape`
  void stamp(std::span<float> image, Shape shape, std::size_t /*sample*/) const {
    if (image.size() != static_cast<std::size_t>(shape.size()))
      reject("image for a trigger", std::to_string(shape.size()) + " values", image.size());
    const Area area = detail::place_patch(shape, corner, size, offset);
    Ink ink{seed.value_or(1)};
    detail::paint_patch(image, shape, area, [&ink] { return ink.next(); });
  }

  /// `white 2x2, bottom right`, with the offset if there is one.
  [[nodiscard]] std::string describe(Shape shape) const {
    return detail::describe_patch(name, shape, corner, size, offset);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::poison

#if !defined(SNNBD_COMPILED)
#include <snnbd/poison/pixel_patch.ipp>
#endif
