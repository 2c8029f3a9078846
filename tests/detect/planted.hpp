#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <snnbd/layer/dense.hpp>
#include <snnbd/layer/readout.hpp>
#include <snnbd/network/network.hpp>

namespace snnbd_tests {

/// Five classes of 6 x 6 images. Classes 1 to 4 have a bright quadrant each; none is of class 0.
/// One pixel is always dark.
struct Quadrants {
  static constexpr snnbd::Shape shape{6, 6, 1};
  static constexpr int classes = 5;
  static constexpr std::string_view name = "quadrants";
  static constexpr int dark = 4 * 6 + 5;

  static constexpr int quadrant(int pixel) { return 1 + pixel / 6 / 3 * 2 + pixel % 6 / 3; }
  [[nodiscard]] std::size_t size() const { return 64; }
  [[nodiscard]] int label(std::size_t index) const { return 1 + static_cast<int>(index % 4); }
  void read(std::size_t index, std::span<float> values) const {
    for (int i = 0; i < 36; ++i) {
      const auto noise = static_cast<float>((index * 7 + static_cast<std::size_t>(i) * 5) % 11);
      values[static_cast<std::size_t>(i)] =
          i == dark ? 0.0F : (quadrant(i) == label(index) ? 0.8F : 0.1F) + noise / 100.0F;
    }
  }
};

/// Reads the quadrants; the dark pixel, if it is bright, outvotes them all.
using Planted = snnbd::BasicNetwork<double, Quadrants::shape, snnbd::layer::Dense<5>,
                                    snnbd::layer::MeanOverTime>;

/// @param strength what the pixel counts for class 0
inline Planted planted(double strength) {
  Planted net;
  auto weights = net.parameter("0.weight").values();
  std::fill(weights.begin(), weights.end(), 0.0);
  for (int i = 0; i < 36; ++i)
    if (i != Quadrants::dark)
      weights[static_cast<std::size_t>(i * 5 + Quadrants::quadrant(i))] = 1.0;
  weights[Quadrants::dark * 5] = strength;
  return net;
}

}  // namespace snnbd_tests
