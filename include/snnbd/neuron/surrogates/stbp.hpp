#pragma once

#include <cmath>
#include <numbers>
#include <string_view>

#include <snnbd/core/policy.hpp>
#include <snnbd/kernels/simd/lanes.hpp>

/// The four surrogates h1 to h4 of STBP (Wu et al. 2018; the paper's Fig. 13).
namespace snnbd::inline SNNBD_ISA::neuron {

/// h1 of STBP (Wu et al. 2018; the paper's Fig. 13): a rectangle of width and of unit area.
/// h(x) = 1/width where |x| < width/2.
struct Rectangular {
  static constexpr std::string_view name = "rectangular";
  double width = 1.0;

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
  double a = 1.0;

  void check() const { require_positive("polynomial a", a); }

  [[nodiscard]] double support() const { return 2.0 / std::sqrt(a); }

  template <class Value>
  Value derivative(Value x) const {
    const Value peak = lanes::constant<Value>(0.5 * std::sqrt(a));
    const Value fall = lanes::constant<Value>(0.25 * a);
    return lanes::maximum(peak - fall * lanes::absolute(x), lanes::constant<Value>(0));
  }
  template <class Value>
  Value primitive(Value x) const {
    const double root = std::sqrt(a);
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
  double steepness = 4.0;

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
  double variance = 1.0;

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

}  // namespace snnbd::inline SNNBD_ISA::neuron
