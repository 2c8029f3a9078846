#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <snnbd/core/error.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/data/access.hpp>
#include <snnbd/data/dataset.hpp>

namespace snnbd::inline SNNBD_ISA::data {

namespace detail {

/// Which class a value of an image is bright for: cells of a grid over the image, or, where the
/// image is too small for one, runs of its values. Every class has one; what is left of the grid
/// gives numbers from `classes` on and belongs to none.
constexpr int cell_of(Shape shape, int classes, Index value) {
  int columns = 1;
  while (columns * columns < classes) ++columns;
  const int rows = (classes + columns - 1) / columns;
  if (shape.height < rows || shape.width < columns)
    return static_cast<int>(value * classes / shape.size());
  const Index pixel = value / shape.channels;
  const Index row = pixel / shape.width * rows / shape.height;
  const Index column = pixel % shape.width * columns / shape.width;
  return static_cast<int>(row * columns + column);
}

}  // namespace detail

/// Images that a tiny network can learn: each class has a bright patch of its own, under noise.
/// Labels take turns, so that the classes are balanced. For tests and benches.
template <Shape S, int Classes>
class Blobs {
 public:
  static_assert(Classes >= 1 && S.size() >= Classes, "snnbd: each class needs a value of its own");

  static constexpr Shape shape = S;
  static constexpr int classes = Classes;
  static constexpr std::string_view name = "blobs";

  /// @param count the number of images
  /// @param seed of the noise: another seed, another set of the same kind
  /// @param noise its share of each value, from 0 to 1
  /// @throws Error if `noise` is out of range
  explicit Blobs(std::size_t count, std::uint64_t seed = 1, float noise = 0.5F)
      : count_{count}, seed_{seed}, noise_{noise} {
    if (!(noise >= 0.0F && noise <= 1.0F)) reject("blobs: noise", "a number from 0 to 1", noise);
  }

  [[nodiscard]] std::size_t size() const { return count_; }

  [[nodiscard]] int label(std::size_t index) const {
    check_index(name, index, count_);
    return static_cast<int>(index % static_cast<std::size_t>(Classes));
  }

  void read(std::size_t index, std::span<float> image) const {
    const int own = label(index);
    check_image_size(name, image.size(), static_cast<std::size_t>(S.size()));
    random::Stream stream{seed_, random::Purpose::synthetic, index};
    Index value = 0;
    for (float& pixel : image) {
      const float bright = detail::cell_of(S, Classes, value++) == own ? 1.0F : 0.0F;
      pixel = std::clamp(bright + noise_ * (stream.uniform() - bright), 0.0F, 1.0F);
    }
  }

 private:
  std::size_t count_;
  std::uint64_t seed_;
  float noise_;
};

/// Images whose values are all the same. Labels take turns. For tests and benches.
template <Shape S, int Classes>
class Constant {
 public:
  static_assert(Classes >= 1, "snnbd: a set has at least one class");

  static constexpr Shape shape = S;
  static constexpr int classes = Classes;
  static constexpr std::string_view name = "constant";

  /// @param value of each pixel and channel, from 0 to 1
  /// @throws Error if `value` is out of range
  explicit Constant(std::size_t count, float value = 0.0F) : count_{count}, value_{value} {
    if (!(value >= 0.0F && value <= 1.0F)) reject("constant: value", "a number from 0 to 1", value);
  }

  [[nodiscard]] std::size_t size() const { return count_; }

  [[nodiscard]] int label(std::size_t index) const {
    check_index(name, index, count_);
    return static_cast<int>(index % static_cast<std::size_t>(Classes));
  }

  void read(std::size_t index, std::span<float> image) const {
    check_index(name, index, count_);
    check_image_size(name, image.size(), static_cast<std::size_t>(S.size()));
    std::fill(image.begin(), image.end(), value_);
  }

 private:
  std::size_t count_;
  float value_;
};

}  // namespace snnbd::inline SNNBD_ISA::data
