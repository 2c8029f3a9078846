#pragma once

#include <concepts>
#include <string_view>

#include <snnbd/neuron/surrogates/heavy_tailed.hpp>
#include <snnbd/neuron/surrogates/piecewise.hpp>
#include <snnbd/neuron/surrogates/spike_timing.hpp>
#include <snnbd/neuron/surrogates/stbp.hpp>

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

/// A surrogate that also gives its primitive. Most run from 0 far below the threshold to 1 far
/// above; some have no bounds, and say so.
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
/// last spike before this one, at least 1, and `never` if there was none. `unfired_age()`, if there
/// is one, is the age at the first step in place of `never`.
template <class Type>
concept TimedSurrogate = requires(const Type surrogate, float x, float age) {
  requires std::convertible_to<decltype(Type::name), std::string_view>;
  { surrogate.derivative(x, age) } -> std::same_as<float>;
};

/// What a neuron may have in place of the step's derivative.
template <class Type>
concept StepSlope = Surrogate<Type> || TimedSurrogate<Type>;

}  // namespace snnbd::inline SNNBD_ISA::neuron
