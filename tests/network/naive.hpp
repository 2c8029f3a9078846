#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <tuple>
#include <vector>

#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/neuron/neuron.hpp>

/// Networks written down once more, slowly: one sample at a time, one unit at a time, every signal
/// with all its steps, on numbers that carry a directional derivative. Nothing of the library's
/// loops is used but the numbers of the dropout masks.
namespace snnbd_tests::naive {

using snnbd::Index;
using snnbd::Shape;

/// A number and its derivative along one direction.
struct Dual {
  double value = 0.0;
  double tangent = 0.0;

  friend Dual operator+(Dual a, Dual b) { return {a.value + b.value, a.tangent + b.tangent}; }
  friend Dual operator-(Dual a, Dual b) { return {a.value - b.value, a.tangent - b.tangent}; }
  friend Dual operator*(Dual a, Dual b) {
    return {a.value * b.value, a.value * b.tangent + a.tangent * b.value};
  }
  friend Dual operator/(Dual a, double b) { return {a.value / b, a.tangent / b}; }
};

/// One sample's signal, [step, row, column, channel].
struct Sequence {
  Shape shape;
  Index steps;
  std::vector<Dual> values;

  Sequence(Shape of, Index length)
      : shape{of}, steps{length}, values(static_cast<std::size_t>(of.size() * length)) {}

  Dual& at(Index step, Index y, Index x, Index c) {
    return values[static_cast<std::size_t>(
        ((step * shape.height + y) * shape.width + x) * shape.channels + c)];
  }
  Dual* frame(Index step) { return values.data() + step * shape.size(); }
};

/// What a layer sees beside its input.
struct Place {
  const Dual* parameters = nullptr;  ///< moves on from layer to layer
  snnbd::layer::PassOptions options{};
  int layer = 0;
  Index sample = 0;
  std::vector<double>* currents = nullptr;  ///< gets the largest of each layer of neurons
};

template <class Spec, class Body>
Sequence for_each_output(Sequence& in, Shape out, const Spec& /*spec*/, const Body& body) {
  Sequence result{out, in.steps};
  for (Index step = 0; step < in.steps; ++step)
    for (Index y = 0; y < out.height; ++y)
      for (Index x = 0; x < out.width; ++x)
        for (Index c = 0; c < out.channels; ++c) result.at(step, y, x, c) = body(step, y, x, c);
  return result;
}

template <int Channels, int Kernel, snnbd::layer::ConvOptions Options>
Sequence apply(const snnbd::layer::Conv<Channels, Kernel, Options>& spec, Sequence in,
               Place& place) {
  const int padding = Options.padding < 0 ? Kernel / 2 : Options.padding;
  const Shape out{(in.shape.height + 2 * padding - Kernel) / Options.stride + 1,
                  (in.shape.width + 2 * padding - Kernel) / Options.stride + 1, Channels};
  const Dual* const weight = place.parameters;
  const Dual* const bias = weight + Index{Kernel} * Kernel * in.shape.channels * Channels;
  place.parameters = bias + (Options.bias ? Channels : 0);
  return for_each_output(in, out, spec, [&](Index step, Index y, Index x, Index c) {
    Dual sum = Options.bias ? bias[c] : Dual{};
    for (Index ky = 0; ky < Kernel; ++ky) {
      for (Index kx = 0; kx < Kernel; ++kx) {
        const Index row = y * Options.stride + ky - padding;
        const Index column = x * Options.stride + kx - padding;
        if (row < 0 || row >= in.shape.height || column < 0 || column >= in.shape.width) continue;
        for (Index i = 0; i < in.shape.channels; ++i)
          sum = sum + in.at(step, row, column, i) *
                          weight[((ky * Kernel + kx) * in.shape.channels + i) * Channels + c];
      }
    }
    return sum;
  });
}

template <int Units, snnbd::layer::DenseOptions Options>
Sequence apply(const snnbd::layer::Dense<Units, Options>& spec, Sequence in, Place& place) {
  const Dual* const weight = place.parameters;
  const Dual* const bias = weight + in.shape.size() * Units;
  place.parameters = bias + (Options.bias ? Units : 0);
  return for_each_output(in, Shape{1, 1, Units}, spec, [&](Index step, Index, Index, Index unit) {
    Dual sum = Options.bias ? bias[unit] : Dual{};
    for (Index i = 0; i < in.shape.size(); ++i)
      sum = sum + in.frame(step)[i] * weight[i * Units + unit];
    return sum;
  });
}

template <int Size, int Stride, int Padding>
Sequence apply(const snnbd::layer::MaxPool<Size, Stride, Padding>& spec, Sequence in,
               Place& /*place*/) {
  const Shape out{(in.shape.height + 2 * Padding - Size) / Stride + 1,
                  (in.shape.width + 2 * Padding - Size) / Stride + 1, in.shape.channels};
  return for_each_output(in, out, spec, [&](Index step, Index y, Index x, Index c) {
    Dual best{-INFINITY, 0.0};
    for (Index row = y * Stride - Padding; row < y * Stride - Padding + Size; ++row) {
      for (Index column = x * Stride - Padding; column < x * Stride - Padding + Size; ++column) {
        if (row < 0 || row >= in.shape.height || column < 0 || column >= in.shape.width) continue;
        if (in.at(step, row, column, c).value > best.value) best = in.at(step, row, column, c);
      }
    }
    return best;
  });
}

template <int Size, int Stride, int Padding>
Sequence apply(const snnbd::layer::GatedMaxPool<Size, Stride, Padding>& spec, Sequence in,
               Place& /*place*/) {
  const Shape out{(in.shape.height + 2 * Padding - Size) / Stride + 1,
                  (in.shape.width + 2 * Padding - Size) / Stride + 1, in.shape.channels};
  return for_each_output(in, out, spec, [&](Index step, Index y, Index x, Index c) {
    double best = -INFINITY;
    Dual passed;
    for (Index row = y * Stride - Padding; row < y * Stride - Padding + Size; ++row) {
      for (Index column = x * Stride - Padding; column < x * Stride - Padding + Size; ++column) {
        if (row < 0 || row >= in.shape.height || column < 0 || column >= in.shape.width) continue;
        double sum = 0.0;
        for (Index earlier = 0; earlier <= step; ++earlier)
          sum += in.at(earlier, row, column, c).value;
        if (sum > best) {
          best = sum;
          passed = in.at(step, row, column, c);
        }
      }
    }
    return passed;
  });
}

template <int Size, int Stride>
Sequence apply(const snnbd::layer::AvgPool<Size, Stride>& spec, Sequence in, Place& /*place*/) {
  const Shape out{(in.shape.height - Size) / Stride + 1, (in.shape.width - Size) / Stride + 1,
                  in.shape.channels};
  return for_each_output(in, out, spec, [&](Index step, Index y, Index x, Index c) {
    Dual sum;
    for (Index row = 0; row < Size; ++row)
      for (Index column = 0; column < Size; ++column)
        sum = sum + in.at(step, y * Stride + row, x * Stride + column, c);
    return sum / (Size * Size);
  });
}

inline Sequence apply(const snnbd::layer::GlobalAvgPool& spec, Sequence in, Place& /*place*/) {
  const Shape out{1, 1, in.shape.channels};
  return for_each_output(in, out, spec, [&](Index step, Index, Index, Index c) {
    Dual sum;
    for (Index y = 0; y < in.shape.height; ++y)
      for (Index x = 0; x < in.shape.width; ++x) sum = sum + in.at(step, y, x, c);
    return sum / static_cast<double>(in.shape.pixels());
  });
}

template <int Border>
Sequence apply(const snnbd::layer::ZeroPad<Border>& spec, Sequence in, Place& /*place*/) {
  const Shape out{in.shape.height + 2 * Border, in.shape.width + 2 * Border, in.shape.channels};
  return for_each_output(in, out, spec, [&](Index step, Index y, Index x, Index c) {
    const bool inside =
        y >= Border && y < in.shape.height + Border && x >= Border && x < in.shape.width + Border;
    return inside ? in.at(step, y - Border, x - Border, c) : Dual{};
  });
}

template <int Factor>
Sequence apply(const snnbd::layer::Upsample<Factor>& spec, Sequence in, Place& /*place*/) {
  const Shape out{in.shape.height * Factor, in.shape.width * Factor, in.shape.channels};
  return for_each_output(in, out, spec, [&](Index step, Index y, Index x, Index c) {
    return in.at(step, y / Factor, x / Factor, c);
  });
}

inline Sequence apply(const snnbd::layer::Dropout& spec, Sequence in, Place& place) {
  if (!place.options.training) return in;
  const Index words = in.shape.pixels() * snnbd::words_per_pixel(in.shape.channels);
  std::vector<snnbd::Word> mask(static_cast<std::size_t>(words * (place.sample + 1)));
  snnbd::kernels::draw_mask(place.options.seed, place.options.draw,
                            static_cast<std::uint16_t>(place.layer), 1.0 - spec.rate, in.shape,
                            place.sample + 1, mask.data());
  return for_each_output(in, in.shape, spec, [&](Index step, Index y, Index x, Index c) {
    const Index word = place.sample * words +
                       (y * in.shape.width + x) * snnbd::words_per_pixel(in.shape.channels) +
                       c / snnbd::word_bits;
    const bool kept = (mask[static_cast<std::size_t>(word)] >> (c % snnbd::word_bits) & 1U) != 0;
    return kept ? in.at(step, y, x, c) / (1.0 - spec.rate) : Dual{};
  });
}

inline Sequence apply(const snnbd::layer::Flatten& /*spec*/, Sequence in, Place& /*place*/) {
  in.shape = Shape{1, 1, static_cast<int>(in.shape.size())};
  return in;
}

inline Sequence apply(const snnbd::layer::Relu& /*spec*/, Sequence in, Place& /*place*/) {
  for (Dual& value : in.values)
    if (!(value.value > 0.0)) value = Dual{};
  return in;
}

inline Sequence sum_over_time(Sequence& in, double scale) {
  Sequence sum{in.shape, 1};
  for (Index step = 0; step < in.steps; ++step)
    for (Index i = 0; i < in.shape.size(); ++i)
      sum.frame(0)[i] = sum.frame(0)[i] + in.frame(step)[i] * Dual{scale};
  return sum;
}
inline Sequence apply(const snnbd::layer::MeanOverTime& /*spec*/, Sequence in, Place& /*place*/) {
  return sum_over_time(in, 1.0 / static_cast<double>(in.steps));
}
inline Sequence apply(const snnbd::layer::SpikeRate& spec, Sequence in, Place& /*place*/) {
  return sum_over_time(in, static_cast<double>(spec.factor) / static_cast<double>(in.steps));
}
inline Sequence apply(const snnbd::layer::AccumulatedMembrane& spec, Sequence in,
                      Place& /*place*/) {
  return sum_over_time(in, spec.divide_by_steps ? 1.0 / static_cast<double>(in.steps) : 1.0);
}

inline double resting(const snnbd::neuron::HardReset& reset) {
  return reset.value;
}
inline double resting(const snnbd::neuron::SoftReset& /*reset*/) {
  return 0.0;
}

/// The paper's Eq. 1: H = V + X.
template <class Reset, class Surrogate>
Dual charge(const snnbd::neuron::If<Reset, Surrogate>& /*neuron*/, Dual membrane, Dual current,
            Dual /*own*/) {
  return membrane + current;
}
/// The paper's Eq. 2, and its form without decay of the input.
inline Dual leaky(Dual membrane, Dual current, Dual inverse_tau, double rest, bool decay_input) {
  const Dual decay = inverse_tau * (membrane - Dual{rest});
  return membrane - decay + (decay_input ? inverse_tau * current : current);
}
template <class Reset, class Surrogate>
Dual charge(const snnbd::neuron::Lif<Reset, Surrogate>& neuron, Dual membrane, Dual current,
            Dual /*own*/) {
  return leaky(membrane, current, Dual{1.0 / static_cast<double>(neuron.tau)},
               resting(neuron.reset), neuron.decay_input);
}
template <class Reset, class Surrogate>
Dual charge(const snnbd::neuron::Plif<Reset, Surrogate>& neuron, Dual membrane, Dual current,
            Dual own) {
  const double rate = 1.0 / (1.0 + std::exp(-own.value));
  return leaky(membrane, current, {rate, rate * (1.0 - rate) * own.tangent}, resting(neuron.reset),
               neuron.decay_input);
}

inline Dual after(const snnbd::neuron::HardReset& reset, Dual charge, Dual spike, double) {
  return (Dual{1.0} - spike) * charge + spike * Dual{static_cast<double>(reset.value)};
}
inline Dual after(const snnbd::neuron::SoftReset& /*reset*/, Dual charge, Dual spike,
                  double threshold) {
  return charge - spike * Dual{threshold};
}

/// The step, or the surrogate's primitive in its place; the derivative is the surrogate's.
template <class Neuron>
Dual fire(const Neuron& neuron, Dual charge) {
  const double threshold = static_cast<double>(neuron.threshold);
  Dual above = charge - Dual{threshold};
  if (neuron.normalize_by_threshold) above = above / threshold;
  const double slope = neuron.surrogate.template derivative<double>(above.value);
  double value = charge.value >= threshold ? 1.0 : 0.0;
  if constexpr (requires { Neuron::is_smooth; })
    value = neuron.surrogate.template primitive<double>(above.value);
  return {value, slope * above.tangent};
}

template <class Neuron>
Sequence apply(const snnbd::layer::Spiking<Neuron>& spec, Sequence in, Place& place) {
  Dual own;
  if (Neuron::parameter_count > 0) own = *place.parameters++;
  Sequence out{in.shape, in.steps};
  if (place.currents != nullptr) {
    place.currents->push_back(0.0);
    for (const Dual& current : in.values)
      place.currents->back() = std::max(place.currents->back(), current.value);
  }
  for (Index unit = 0; unit < in.shape.size(); ++unit) {
    Dual membrane{resting(spec.neuron.reset) +
                  static_cast<double>(spec.start) * static_cast<double>(spec.neuron.threshold)};
    for (Index step = 0; step < in.steps; ++step) {
      const Dual high = charge(spec.neuron, membrane, in.frame(step)[unit], own);
      const Dual spike = fire(spec.neuron, high);
      out.frame(step)[unit] = Dual{static_cast<double>(spec.amplitude)} * spike;
      const Dual seen = spec.neuron.reset.detached ? Dual{spike.value} : spike;
      membrane = after(spec.neuron.reset, high, seen, static_cast<double>(spec.neuron.threshold));
    }
  }
  return out;
}

/// Its layers are numbered behind it, those of the branch first.
template <class Branch, class Shortcut>
Sequence apply(const snnbd::layer::Residual<Branch, Shortcut>& spec, Sequence in, Place& place) {
  Sequence sum = in;
  Sequence other = std::move(in);
  std::apply(
      [&](const auto&... inner) {
        ((++place.layer, sum = apply(inner, std::move(sum), place)), ...);
      },
      spec.branch.layers);
  std::apply(
      [&](const auto&... inner) {
        ((++place.layer, other = apply(inner, std::move(other), place)), ...);
      },
      spec.shortcut.layers);
  for (std::size_t i = 0; i < sum.values.size(); ++i)
    sum.values[i] = sum.values[i] + other.values[i];
  return sum;
}

/// One sample's way through a network.
///
/// @param parameters in the network's order, with their tangents
template <class Net>
Sequence run(const Net& net, std::span<const Dual> parameters, Sequence signal,
             const snnbd::layer::PassOptions& options, Index sample) {
  Place place{parameters.data(), options, 0, sample};
  std::apply(
      [&](const auto&... spec) {
        ((signal = apply(spec, std::move(signal), place), ++place.layer), ...);
      },
      net.layers());
  return signal;
}

}  // namespace snnbd_tests::naive
