#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "nets.hpp"

/// A network so small that repairs of it are worked out by hand.
namespace snnbd_tests {

/// One pixel, two channels, two classes, rectified.
using Hand = snnbd::Network<snnbd::Shape{1, 1, 1}, snnbd::layer::Conv<2, 1>, snnbd::layer::Relu,
                            snnbd::layer::Dense<2>, snnbd::layer::MeanOverTime>;

/// Ten samples of one pixel, all 1 and of class 0.
struct Ones {
  static constexpr snnbd::Shape shape{1, 1, 1};
  static constexpr int classes = 2;
  static constexpr std::string_view name = "ones";
  [[nodiscard]] std::size_t size() const { return 10; }
  [[nodiscard]] int label(std::size_t /*index*/) const { return 0; }
  void read(std::size_t /*index*/, std::span<float> values) const { values[0] = 1.0F; }
};

/// @param parameters the weights of both channels, then of each channel for both classes
inline Given<Hand> hand_made(const std::array<float, 6>& parameters) {
  Given<Hand> given;
  std::ranges::copy(parameters, given.net.parameters().begin());
  return given;
}

/// Channel 0 speaks for class 0 by 1, channel 1, which sees -x, for class 1 by 3.
inline Given<Hand> opposed() {
  return hand_made({1.0F, -2.0F, 1.0F, 0.0F, 0.0F, 3.0F});
}

}  // namespace snnbd_tests
