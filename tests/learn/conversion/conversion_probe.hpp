#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <snnbd/core/random.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/network.hpp>

namespace snnbd_tests {

/// Images whose values are multiples of 1/8, so that float sums of them are exact.
template <snnbd::Shape S>
struct Eighths {
  static constexpr snnbd::Shape shape = S;
  static constexpr int classes = 2;
  static constexpr std::string_view name = "eighths";
  std::size_t count = 0;
  bool backwards = false;  ///< the same images from the last to the first

  [[nodiscard]] std::size_t size() const { return count; }
  [[nodiscard]] int label(std::size_t index) const { return static_cast<int>(index % 2); }
  void read(std::size_t index, std::span<float> image) const {
    const std::size_t number = backwards ? count - 1 - index : index;
    snnbd::random::Stream stream{7, snnbd::random::Purpose::synthetic, number};
    for (float& value : image) value = static_cast<float>(stream.below(9)) / 8.0F;
  }
};

/// Images with the values 0, 1/(Values - 1), ..., 1.
template <int Values>
struct Ramp {
  static constexpr snnbd::Shape shape{1, 1, Values};
  static constexpr int classes = Values;
  static constexpr std::string_view name = "ramp";
  std::size_t count = 1;

  [[nodiscard]] std::size_t size() const { return count; }
  [[nodiscard]] int label(std::size_t /*index*/) const { return 0; }
  void read(std::size_t /*index*/, std::span<float> image) const {
    for (std::size_t i = 0; i < image.size(); ++i)
      image[i] = static_cast<float>(i) / static_cast<float>(Values - 1);
  }
};

/// One layer of rectifiers, each of which sees one value and is read out by itself.
template <int Values>
using Line =
    snnbd::Network<snnbd::Shape{1, 1, Values}, snnbd::layer::Dense<Values>, snnbd::layer::Relu,
                   snnbd::layer::Dense<Values>, snnbd::layer::MeanOverTime>;

/// Both layers are the identity times `gain`.
template <int Values>
Line<Values> identity(float gain = 1.0F) {
  constexpr std::size_t side{Values};
  Line<Values> ann;
  for (std::size_t layer = 0; layer < 2; ++layer)
    for (std::size_t i = 0; i < side; ++i)
      ann.parameters()[layer * side * side + i * side + i] = gain;
  return ann;
}

/// Weights of -1/4, 0 and 1/4, more of them positive than negative: sums of them stay exact through
/// some layers.
template <class Net>
void draw_quarters(Net& net, std::uint64_t seed = 1) {
  snnbd::random::Stream stream{seed, snnbd::random::Purpose::synthetic};
  for (auto& value : net.parameters())
    value = static_cast<float>((static_cast<int>(stream.below(8)) + 1) / 3 - 1) / 4.0F;
}

/// The activations of each layer over a whole set.
template <class Set>
std::vector<std::vector<float>> activations_of(const Set& calibration) {
  std::vector<std::vector<float>> all(std::size_t{Set::activations});
  calibration.for_each_activation([&](int number, const snnbd::RealView<const float>& values) {
    auto& layer = all[static_cast<std::size_t>(number)];
    layer.insert(layer.end(), values.data, values.data + values.size());
  });
  return all;
}

}  // namespace snnbd_tests
