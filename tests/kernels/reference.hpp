#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/kernels/linear/geometry.hpp>

/// What the kernels are held against: plain loops, written from the definitions.
namespace snnbd_tests::reference {

using snnbd::Extent;
using snnbd::Index;
using snnbd::Shape;
using snnbd::Word;
using snnbd::kernels::ConvGeometry;

inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

inline std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// Values with what the library asks for behind them: room that registers read and must drop. It
/// holds no numbers, so that one which gets into a result shows.
template <class Scalar>
using Values = std::vector<Scalar>;

template <class Scalar, class Draw>
Values<Scalar> drawn(Index count, const Draw& draw) {
  Values<Scalar> values;
  for (Index i = 0; i < count; ++i) values.push_back(static_cast<Scalar>(draw()));
  values.resize(at(count + snnbd::spare_values), static_cast<Scalar>(not_a_number));
  return values;
}

/// Uniform in [-1, 1).
template <class Scalar>
Values<Scalar> noise(Index count, std::uint64_t seed) {
  snnbd::random::Stream stream{seed, snnbd::random::Purpose::synthetic};
  return drawn<Scalar>(count, [&] { return 2.0F * stream.uniform() - 1.0F; });
}

/// Whole numbers from -4 to 4: their sums and products are exact in any order.
template <class Scalar>
Values<Scalar> integers(Index count, std::uint64_t seed) {
  snnbd::random::Stream stream{seed, snnbd::random::Purpose::synthetic};
  return drawn<Scalar>(count, [&] { return static_cast<int>(stream.below(9)) - 4; });
}

/// A place for results between two fences. What is not written is no number.
template <class Scalar>
class Fenced {
 public:
  explicit Fenced(Index count, Scalar start = static_cast<Scalar>(not_a_number))
      : values_(at(count + 2 * snnbd::spare_values), fence) {
    for (Scalar& value : inside()) value = start;
  }
  [[nodiscard]] Scalar* data() { return inside().data(); }
  [[nodiscard]] std::span<Scalar> inside() {
    return std::span<Scalar>{values_}.subspan(at(snnbd::spare_values),
                                              values_.size() - 2 * at(snnbd::spare_values));
  }
  [[nodiscard]] bool intact() const {
    for (std::size_t i = 0; i < at(snnbd::spare_values); ++i)
      if (values_[i] != fence || values_[values_.size() - 1 - i] != fence) return false;
    return true;
  }

 private:
  static constexpr Scalar fence{77};
  std::vector<Scalar> values_;
};

/// How many values are not as expected; what is no number never is.
template <class Found, class Expected>
Index differences(const Found& found, const Expected& expected, double tolerance = 0.0) {
  Index count = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double distance = static_cast<double>(found[i]) - static_cast<double>(expected[i]);
    if (!(std::abs(distance) <= tolerance)) ++count;
  }
  return count;
}

/// Spikes drawn with a probability, packed by the definition of the layout.
class SpikeBatch {
 public:
  SpikeBatch(Extent extent, Shape shape, double density, std::uint64_t seed, float amplitude = 1.0F)
      : extent_{extent}, shape_{shape}, amplitude_{amplitude} {
    const Index words = (shape.channels + 63) / 64;
    words_.resize(at(extent.frames() * shape.pixels() * words));
    snnbd::random::Stream stream{seed, snnbd::random::Purpose::synthetic};
    for (Index unit = 0; unit < extent.frames() * shape.size(); ++unit) {
      const bool fires = stream.uniform() < density;
      fired_.push_back(fires ? 1 : 0);
      const Index channel = unit % shape.channels;
      if (fires)
        words_[at(unit / shape.channels * words + channel / 64)] |= Word{1} << channel % 64;
    }
  }

  [[nodiscard]] snnbd::SpikeView<const Word> view() const {
    return {words_.data(), extent_, shape_, amplitude_};
  }
  [[nodiscard]] const std::vector<Word>& words() const { return words_; }
  [[nodiscard]] const std::vector<int>& fired() const { return fired_; }

  /// The amplitude where a unit fired.
  template <class Scalar>
  [[nodiscard]] Values<Scalar> values() const {
    std::size_t next = 0;
    return drawn<Scalar>(static_cast<Index>(fired_.size()),
                         [&] { return amplitude_ * static_cast<float>(fired_[next++]); });
  }

 private:
  Extent extent_;
  Shape shape_;
  float amplitude_;
  std::vector<Word> words_;
  std::vector<int> fired_;
};

/// The geometry of a convolution with a square kernel; its output size is PyTorch's formula.
inline ConvGeometry convolution(Shape in, int outputs, int kernel, int stride, int padding) {
  const auto side = [&](int length) {
    return static_cast<int>(std::floor((length + 2.0 * padding - kernel) / stride + 1.0));
  };
  return {in, {side(in.height), side(in.width), outputs}, kernel, kernel, stride, padding};
}

/// Calls `body(place of the input, place of the output, place of the weights)` for every output
/// pixel and tap that meets the input; a place is that of the first channel, and of the weights'
/// row of the first input channel.
template <class Body>
void for_each_tap(const ConvGeometry& geometry, Index frames, const Body& body) {
  const Shape in = geometry.in;
  const Shape out = geometry.out;
  for (Index frame = 0; frame < frames; ++frame)
    for (Index y = 0; y < out.height; ++y)
      for (Index x = 0; x < out.width; ++x)
        for (Index ky = 0; ky < geometry.kernel_height; ++ky)
          for (Index kx = 0; kx < geometry.kernel_width; ++kx) {
            const Index from_y = y * geometry.stride + ky - geometry.padding;
            const Index from_x = x * geometry.stride + kx - geometry.padding;
            if (from_y < 0 || from_y >= in.height || from_x < 0 || from_x >= in.width) continue;
            body(((frame * in.height + from_y) * in.width + from_x) * in.channels,
                 ((frame * out.height + y) * out.width + x) * out.channels,
                 (ky * geometry.kernel_width + kx) * in.channels * out.channels);
          }
}

/// [frame, y, x, out], with a bias for each output channel if there is one.
template <class Scalar>
std::vector<double> convolve(const ConvGeometry& geometry, Index frames,
                             const Values<Scalar>& input, const Values<Scalar>& weights,
                             const Scalar* bias) {
  const Index outputs = geometry.out.channels;
  std::vector<double> result(at(frames * geometry.out.size()));
  for (std::size_t i = 0; i < result.size() && bias != nullptr; ++i)
    result[i] = static_cast<double>(bias[i % at(outputs)]);
  for_each_tap(geometry, frames, [&](Index from, Index to, Index weight) {
    for (Index i = 0; i < geometry.in.channels; ++i) {
      const auto x = static_cast<double>(input[at(from + i)]);
      if (x == 0.0) continue;
      for (Index o = 0; o < outputs; ++o)
        result[at(to + o)] += x * static_cast<double>(weights[at(weight + i * outputs + o)]);
    }
  });
  return result;
}

/// [kernel_y, kernel_x, in, out], from the gradient of each output.
template <class Scalar>
std::vector<double> weight_gradient(const ConvGeometry& geometry, Index frames,
                                    const Values<Scalar>& input,
                                    const Values<Scalar>& output_gradient) {
  const Index outputs = geometry.out.channels;
  std::vector<double> result(at(geometry.weight_rows() * outputs));
  for_each_tap(geometry, frames, [&](Index from, Index to, Index weight) {
    for (Index i = 0; i < geometry.in.channels; ++i) {
      const auto x = static_cast<double>(input[at(from + i)]);
      if (x == 0.0) continue;
      for (Index o = 0; o < outputs; ++o)
        result[at(weight + i * outputs + o)] +=
            x * static_cast<double>(output_gradient[at(to + o)]);
    }
  });
  return result;
}

/// [frame, y, x, in], from the gradient of each output.
template <class Scalar>
std::vector<double> input_gradient(const ConvGeometry& geometry, Index frames,
                                   const Values<Scalar>& weights,
                                   const Values<Scalar>& output_gradient) {
  const Index outputs = geometry.out.channels;
  std::vector<double> result(at(frames * geometry.in.size()));
  for_each_tap(geometry, frames, [&](Index from, Index to, Index weight) {
    for (Index i = 0; i < geometry.in.channels; ++i)
      for (Index o = 0; o < outputs; ++o)
        result[at(from + i)] += static_cast<double>(weights[at(weight + i * outputs + o)]) *
                                static_cast<double>(output_gradient[at(to + o)]);
  });
  return result;
}

/// The gradient of each output on its place on the gradient plane, zeros elsewhere.
template <class Scalar>
Values<Scalar> on_plane(const ConvGeometry& geometry, Index frames,
                        const Values<Scalar>& output_gradient) {
  const Shape out = geometry.out;
  const Shape plane{geometry.in.height + geometry.kernel_height - 1,
                    geometry.in.width + geometry.kernel_width - 1, out.channels};
  auto result = drawn<Scalar>(frames * plane.size(), [] { return 0; });
  std::size_t next = 0;
  for (Index frame = 0; frame < frames; ++frame)
    for (Index y = 0; y < out.height; ++y)
      for (Index x = 0; x < out.width; ++x)
        for (Index o = 0; o < out.channels; ++o) {
          const Index row = y * geometry.stride + geometry.kernel_height - 1 - geometry.padding;
          const Index column = x * geometry.stride + geometry.kernel_width - 1 - geometry.padding;
          result[at(((frame * plane.height + row) * plane.width + column) * out.channels + o)] =
              output_gradient[next++];
        }
  return result;
}

/// Places, channels, steps and densities that between them meet every branch of the kernels.
struct Case {
  ConvGeometry geometry;
  Extent extent;
  double density;
};

/// Every kernel with every stride and padding at every density, and every number of input channels
/// with every number of outputs.
inline std::vector<Case> cases() {
  const std::vector<int> channels{1, 3, 10, 32, 64, 65, 130};
  const std::vector<int> outputs{1, 10, 32, 64, 100};
  const std::vector<double> densities{0.0, 0.04, 0.5, 1.0};
  std::vector<Case> result;
  const auto add = [&](int in, int out, int kernel, int stride, int padding, double density) {
    const auto number = static_cast<int>(result.size());
    const int spare = padding == 0 ? 1 : 0;
    const Shape shape{kernel + number % 2 + spare, kernel + number % 3, in};
    result.push_back({convolution(shape, out, kernel, stride, padding),
                      {1 + number % 2, 1 + number / 2 % 3},
                      density});
  };
  std::size_t turn = 0;
  for (const int kernel : {1, 2, 3, 5})
    for (const int stride : {1, 2})
      for (int padding = 0; padding < kernel; ++padding)
        for (const double density : densities) {
          add(channels[turn % 7], outputs[turn % 5], kernel, stride, padding, density);
          ++turn;
        }
  for (const int in : channels)
    for (const int out : outputs) add(in, out, 3, 1, 1, densities[turn++ % 4]);
  return result;
}

}  // namespace snnbd_tests::reference
