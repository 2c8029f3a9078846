#pragma once

#include <cmath>
#include <string_view>

#include <snnbd/core/policy.hpp>
#include <snnbd/kernels/simd/lanes.hpp>
#include <snnbd/neuron/surrogates/stbp.hpp>

/// Surrogates that are put together from pieces around the threshold.
namespace snnbd::inline SNNBD_ISA::neuron {

/// A triangle (Bellec et al. 2018; the linear form of STDB): h(x) = height * max(0, 1 - |x| /
/// width). The default height 0.3 is the usual damping; its area is height * width.
struct Triangle {
  static constexpr std::string_view name = "triangle";
  double height = 0.3;
  double width = 1.0;

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

/// Two exponentials (SpikingJelly's `PiecewiseExp`; Shrestha and Orchard 2018): h(x) = s/2
/// exp(-s|x|), of unit area.
struct PiecewiseExponential {
  static constexpr std::string_view name = "piecewise_exponential";
  double steepness = 1.0;

  void check() const { require_positive("piecewise_exponential steepness", steepness); }

  template <class Value>
  Value derivative(Value x) const {
    return lanes::constant<Value>(0.5 * steepness) * decay(x);
  }
  template <class Value>
  Value primitive(Value x) const {
    const Value tail = lanes::constant<Value>(0.5) * decay(x);
    return lanes::select(x < lanes::constant<Value>(0), tail, lanes::constant<Value>(1) - tail);
  }

 private:
  template <class Value>
  Value decay(Value x) const {
    return lanes::exponential(-lanes::absolute(x * lanes::constant<Value>(steepness)));
  }
};

/// A ramp that goes on with a gentle slope (SpikingJelly's `PiecewiseLeakyReLU`; Yin et al. 2017;
/// Huh and Sejnowski 2018): h(x) = 1 / (2 width) where |x| < width, and `leak` elsewhere. Units far
/// from the threshold pass gradient, too, so that it has no support.
struct PiecewiseLeakyRelu {
  static constexpr std::string_view name = "piecewise_leaky_relu";
  double width = 1.0;
  double leak = 0.01;

  void check() const {
    require_positive("piecewise_leaky_relu width", width);
    require_not_negative("piecewise_leaky_relu leak", leak);
  }

  template <class Value>
  Value derivative(Value x) const {
    return lanes::select(lanes::absolute(x) < lanes::constant<Value>(width),
                         lanes::constant<Value>(0.5 / width), lanes::constant<Value>(leak));
  }
  template <class Value>
  Value primitive(Value x) const {
    const Value edge = lanes::constant<Value>(width);
    const Value inside = lanes::minimum(lanes::maximum(x, -edge), edge);
    return lanes::constant<Value>(0.5) + inside * lanes::constant<Value>(0.5 / width) +
           (x - inside) * lanes::constant<Value>(leak);
  }
};

/// S2NN (Suetake et al. 2022, as in SpikingJelly): below the threshold the derivative of the
/// logistic function sigma(s x), from it on height / (1 + x), that of height ln(1 + x) + 1/2. It is
/// not even, and its primitive grows without bounds. It is continuous where height = s/4, as by
/// default.
struct S2nn {
  static constexpr std::string_view name = "s2nn";
  double steepness = 4.0;
  double height = 1.0;

  void check() const {
    require_positive("s2nn steepness", steepness);
    require_positive("s2nn height", height);
  }

  template <class Value>
  Value derivative(Value x) const {
    const Value below = Sigmoid{steepness}.derivative(x);
    const Value above = lanes::constant<Value>(height) / (lanes::constant<Value>(1) + positive(x));
    return lanes::select(x < lanes::constant<Value>(0), below, above);
  }
  template <class Value>
  Value primitive(Value x) const {
    const Value below = Sigmoid{steepness}.primitive(x);
    const Value above = lanes::constant<Value>(0.5) +
                        lanes::constant<Value>(height) * lanes::log_one_plus(positive(x));
    return lanes::select(x < lanes::constant<Value>(0), below, above);
  }

 private:
  template <class Value>
  static Value positive(Value x) {
    return lanes::maximum(x, lanes::constant<Value>(0));
  }
};

}  // namespace snnbd::inline SNNBD_ISA::neuron
