#pragma once

#include <concepts>
#include <limits>
#include <numbers>
#include <string_view>

#include <snnbd/core/policy.hpp>
#include <snnbd/kernels/simd/lanes.hpp>

/// Surrogate derivatives of the step function, of x = membrane at charge - threshold, each with the
/// primitive g whose derivative it is: with g in place of the step a network is differentiable, and
/// central differences check its gradients.
namespace snnbd::inline SNNBD_ISA::neuron {

/// A derivative used in place of the step's. `check()`, if there is one, throws `Error` for
/// settings out of range.
template <class Type>
concept Surrogate = requires(const Type surrogate, float x) {
  requires std::convertible_to<decltype(Type::name), std::string_view>;
  { surrogate.derivative(x) } -> std::same_as<float>;
};

/// A surrogate that also gives its primitive, from 0 far below the threshold to 1 far above.
template <class Type>
concept SmoothSurrogate = Surrogate<Type> && requires(const Type surrogate, float x) {
  { surrogate.primitive(x) } -> std::same_as<float>;
};

/// A surrogate that tells half the width of the window outside of which its derivative is 0. While
/// training, neurons that have one mark the units inside it, and input gradients are made for those
/// alone where they are few.
template <class Type>
concept CompactSurrogate = Surrogate<Type> && requires(const Type surrogate) {
  { surrogate.support() } -> std::convertible_to<double>;
};

/// A derivative that depends on how long ago a neuron fired: `age` is the number of steps since its
/// last spike before this one, at least 1, and `never` if there was none.
template <class Type>
concept TimedSurrogate = requires(const Type surrogate, float x, float age) {
  requires std::convertible_to<decltype(Type::name), std::string_view>;
  { surrogate.derivative(x, age) } -> std::same_as<float>;
};

/// What a neuron may have in place of the step's derivative.
template <class Type>
concept StepSlope = Surrogate<Type> || TimedSurrogate<Type>;

/// The age of a spike that there was not.
inline constexpr double never = std::numeric_limits<double>::infinity();

/// h1 of STBP (Wu et al. 2018; the paper's Fig. 13): a rectangle of width and of unit area.
/// h(x) = 1/width where |x| < width/2.
struct Rectangular {
  static constexpr std::string_view name = "rectangular";
  float width = 1.0F;

  void check() const { require_positive("rectangular width", width); }

  [[nodiscard]] double support() const { return 0.5 * width; }

  template <class Value>
  Value derivative(Value x) const {
    const Value inside = lanes::constant<Value>(1.0 / width);
    return lanes::select(lanes::absolute(x) < lanes::constant<Value>(0.5 * width), inside,
                         lanes::constant<Value>(0));
  }
  template <class Value>
  Value primitive(Value x) const {
    const Value ramp = x * lanes::constant<Value>(1.0 / width) + lanes::constant<Value>(0.5);
    return lanes::minimum(lanes::maximum(ramp, lanes::constant<Value>(0)),
                          lanes::constant<Value>(1));
  }
};

/// h2 of STBP: h(x) = sqrt(a)/2 - a/4 |x| where |x| < 2/sqrt(a). Note that a larger `a` is a
/// narrower window: it is an inverse width, unlike the others' parameters.
struct Polynomial {
  static constexpr std::string_view name = "polynomial";
  float a = 1.0F;

  void check() const { require_positive("polynomial a", a); }

  [[nodiscard]] double support() const { return 2.0 / std::sqrt(static_cast<double>(a)); }

  template <class Value>
  Value derivative(Value x) const {
    const Value peak = lanes::constant<Value>(0.5 * std::sqrt(static_cast<double>(a)));
    const Value fall = lanes::constant<Value>(0.25 * a);
    return lanes::maximum(peak - fall * lanes::absolute(x), lanes::constant<Value>(0));
  }
  template <class Value>
  Value primitive(Value x) const {
    const double root = std::sqrt(static_cast<double>(a));
    const Value edge = lanes::constant<Value>(support());
    const Value inside = lanes::minimum(lanes::maximum(x, -edge), edge);
    return lanes::constant<Value>(0.5) + lanes::constant<Value>(0.5 * root) * inside -
           lanes::constant<Value>(0.125 * a) * inside * lanes::absolute(inside);
  }
};

/// h3 of STBP: the derivative of the logistic function sigma(steepness * x). STBP's width a is
/// 1/steepness. The default, 4, is what SpikingJelly uses; its peak is 1.
struct Sigmoid {
  static constexpr std::string_view name = "sigmoid";
  float steepness = 4.0F;

  void check() const { require_positive("sigmoid steepness", steepness); }

  template <class Value>
  Value derivative(Value x) const {
    const Value decay = lanes::exponential(-lanes::absolute(x * lanes::constant<Value>(steepness)));
    const Value one = lanes::constant<Value>(1) + decay;
    return lanes::constant<Value>(steepness) * decay / (one * one);
  }
  template <class Value>
  Value primitive(Value x) const {
    return lanes::logistic(x * lanes::constant<Value>(steepness));
  }
};

/// h4 of STBP: the density of a normal distribution with `variance`; its primitive is the
/// Gaussian's cumulative distribution function.
struct GaussianCdf {
  static constexpr std::string_view name = "gaussian_cdf";
  float variance = 1.0F;

  void check() const { require_positive("gaussian_cdf variance", variance); }

  template <class Value>
  Value derivative(Value x) const {
    const Value peak = lanes::constant<Value>(1.0 / std::sqrt(2.0 * std::numbers::pi * variance));
    return peak * lanes::exponential(x * x * lanes::constant<Value>(-0.5 / variance));
  }
  template <class Value>
  Value primitive(Value x) const {
    const Value scaled = x * lanes::constant<Value>(1.0 / std::sqrt(2.0 * variance));
    return lanes::constant<Value>(0.5) *
           (lanes::constant<Value>(1) + lanes::error_function(scaled));
  }
};

/// Derivative of an arctangent (Fang et al. 2021): h(x) = s / (2 (1 + (pi s x / 2)^2)).
struct Arctangent {
  static constexpr std::string_view name = "arctangent";
  float steepness = 2.0F;

  void check() const { require_positive("arctangent steepness", steepness); }

  template <class Value>
  Value derivative(Value x) const {
    const Value scaled = x * lanes::constant<Value>(0.5 * std::numbers::pi * steepness);
    return lanes::constant<Value>(0.5 * steepness) / (lanes::constant<Value>(1) + scaled * scaled);
  }
  template <class Value>
  Value primitive(Value x) const {
    const Value scaled = x * lanes::constant<Value>(0.5 * std::numbers::pi * steepness);
    return lanes::arctangent(scaled) * lanes::constant<Value>(std::numbers::inv_pi) +
           lanes::constant<Value>(0.5);
  }
};

/// Derivative of a fast sigmoid (Zenke and Ganguli 2018, as in snnTorch): h(x) = 1 / (1 + s|x|)^2.
/// Its primitive x / (1 + s|x|) + 1/2 runs from 1/2 - 1/s to 1/2 + 1/s: unit area only for s = 2.
struct FastSigmoid {
  static constexpr std::string_view name = "fast_sigmoid";
  float steepness = 25.0F;

  void check() const { require_positive("fast_sigmoid steepness", steepness); }

  template <class Value>
  Value derivative(Value x) const {
    const Value one =
        lanes::constant<Value>(1) + lanes::absolute(x) * lanes::constant<Value>(steepness);
    return lanes::constant<Value>(1) / (one * one);
  }
  template <class Value>
  Value primitive(Value x) const {
    const Value one =
        lanes::constant<Value>(1) + lanes::absolute(x) * lanes::constant<Value>(steepness);
    return x / one + lanes::constant<Value>(0.5);
  }
};

/// A triangle (Bellec et al. 2018; the linear form of STDB): h(x) = height * max(0, 1 - |x| /
/// width). The default height 0.3 is the usual damping; its area is height * width.
struct Triangle {
  static constexpr std::string_view name = "triangle";
  float height = 0.3F;
  float width = 1.0F;

  void check() const {
    require_positive("triangle height", height);
    require_positive("triangle width", width);
  }

  [[nodiscard]] double support() const { return width; }

  template <class Value>
  Value derivative(Value x) const {
    const Value fall =
        lanes::constant<Value>(1) - lanes::absolute(x) * lanes::constant<Value>(1.0 / width);
    return lanes::constant<Value>(height) * lanes::maximum(fall, lanes::constant<Value>(0));
  }
  template <class Value>
  Value primitive(Value x) const {
    const Value edge = lanes::constant<Value>(width);
    const Value inside = lanes::minimum(lanes::maximum(x, -edge), edge);
    const Value bend = lanes::constant<Value>(0.5 / width) * inside * lanes::absolute(inside);
    return lanes::constant<Value>(0.5) + lanes::constant<Value>(height) * (inside - bend);
  }
};

/// Spike-timing-dependent backpropagation (Rathi et al. 2020, Eq. 6; the paper's Sec. 2.2.3): a
/// spike passes gradient back the better the less time went by since the one before it,
/// h = alpha exp(-beta age), whatever the membrane. A neuron that has not fired yet passes none.
/// The linear form is `Triangle`, of a membrane in thresholds.
struct SpikeTiming {
  static constexpr std::string_view name = "spike_timing";
  float alpha = 0.3F;
  float beta = 0.01F;  ///< for each step

  void check() const {
    require_positive("spike_timing alpha", alpha);
    require_not_negative("spike_timing beta", beta);
  }

  template <class Value>
  Value derivative(Value /*x*/, Value age) const {
    const Value fresh =
        lanes::constant<Value>(alpha) * lanes::exponential(lanes::constant<Value>(-beta) * age);
    return lanes::select(age < lanes::constant<Value>(never), fresh, lanes::constant<Value>(0));
  }
};

}  // namespace snnbd::inline SNNBD_ISA::neuron
