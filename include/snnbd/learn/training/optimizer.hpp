#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/kernels/elementwise/add.hpp>
#include <snnbd/kernels/elementwise/update.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// What an optimizer does with a parameter.
enum class SegmentKind {
  decaying,   ///< trains it, with weight decay
  constant,   ///< trains it, without
  statistic,  ///< adds its gradient, which is the change that it wants
};

/// A stretch of the flat parameter vector.
struct Segment {
  Index offset = 0;
  Index count = 0;
  SegmentKind kind = SegmentKind::decaying;
};

/// A rule that changes parameters by their gradient. `State<Scalar>` is made from the number of
/// parameters; `step(rule, scale, segments, gradient, parameters)` takes one step with the learning
/// rate multiplied by `scale`, see `SegmentKind`; `buffers()` and `steps` are what a checkpoint
/// keeps. `check()` throws `Error` for settings out of range.
template <class Type>
concept Optimizer = requires(const Type& rule, typename Type::template State<float> state,
                             std::span<const Segment> segments, std::span<const float> gradient,
                             std::span<float> parameters) {
  { Type::name } -> std::convertible_to<std::string_view>;
  { rule.rate } -> std::convertible_to<double>;
  rule.check();
  state.step(rule, 1.0, segments, gradient, parameters);
  { state.steps } -> std::convertible_to<Index>;
  state.buffers();
};

namespace detail {

/// The largest rate or decay that an optimizer takes.
inline void check_rate(std::string_view setting, double value) {
  if (!(value >= 0.0 && value < 1e6)) reject(setting, "a number from 0 to below 1000000", value);
}

/// Vectors of the size of the parameters, zero at first.
template <class Scalar, std::size_t Count>
struct Buffers {
  explicit Buffers(Index parameters) {
    for (auto& values : vectors) values.resize(static_cast<std::size_t>(parameters));
  }
  [[nodiscard]] std::vector<std::span<Scalar>> buffers() {
    return {vectors.begin(), vectors.end()};
  }
  std::array<AlignedVector<Scalar>, Count> vectors;
  Index steps = 0;
};

}  // namespace detail

/// Calls `body(segment, decays)` for each segment that is trained, and changes the statistics.
///
/// @throws Error if a segment does not lie in both vectors
template <class Scalar, class Body>
void for_each_trained(std::span<const Segment> segments, std::span<const Scalar> gradient,
                      std::span<Scalar> parameters, const Body& body) {
  const auto size = static_cast<Index>(std::min(gradient.size(), parameters.size()));
  for (const Segment& part : segments)
    if (part.offset < 0 || part.count < 0 || part.offset > size - part.count)
      reject("gradient and parameters of a step",
             "at least " + std::to_string(part.offset + part.count) + " values in each",
             std::to_string(gradient.size()) + " and " + std::to_string(parameters.size()));
  for (const Segment& part : segments) {
    if (part.kind == SegmentKind::statistic)
      kernels::add(gradient.data() + part.offset, part.count, parameters.data() + part.offset);
    else
      body(part, part.kind == SegmentKind::decaying);
  }
}

/// Stochastic gradient descent with momentum, as PyTorch defines it:
/// g += decay w; b = momentum b + g; w -= rate b, or with `nesterov` w -= rate (g + momentum b).
struct Sgd {
  static constexpr std::string_view name = "sgd";
  double rate = 0.01;
  double momentum = 0.9;
  double weight_decay = 0.0;
  bool nesterov = false;

  void check() const {
    detail::check_rate("learning rate", rate);
    require_part("momentum", momentum);
    detail::check_rate("weight decay", weight_decay);
  }

  template <class Scalar>
  struct State : detail::Buffers<Scalar, 1> {
    using detail::Buffers<Scalar, 1>::Buffers;

    void step(const Sgd& rule, double scale, std::span<const Segment> segments,
              std::span<const Scalar> gradient, std::span<Scalar> parameters) {
      ++this->steps;
      for_each_trained(segments, gradient, parameters, [&](const Segment& part, bool decays) {
        kernels::sgd_update<Scalar>(
            {rule.rate * scale, rule.momentum, decays ? rule.weight_decay : 0.0, rule.nesterov},
            part.count, gradient.data() + part.offset, this->vectors[0].data() + part.offset,
            parameters.data() + part.offset);
      });
    }
  };
};

namespace detail {

/// The settings of Adam and AdamW, which have the same ones.
template <class Rule>
void check_adam(const Rule& rule) {
  check_rate("learning rate", rule.rate);
  require_part("beta1", rule.beta1);
  require_part("beta2", rule.beta2);
  if (!(rule.epsilon > 0.0 && rule.epsilon < 1.0))
    reject("epsilon", "a number above 0, below 1", rule.epsilon);
  check_rate("weight decay", rule.weight_decay);
}

/// The state of Adam and AdamW: they differ in where the weight decay acts.
template <class Rule, class Scalar, bool Decoupled>
struct AdamState : Buffers<Scalar, 2> {
  using Buffers<Scalar, 2>::Buffers;

  void step(const Rule& rule, double scale, std::span<const Segment> segments,
            std::span<const Scalar> gradient, std::span<Scalar> parameters) {
    ++this->steps;
    for_each_trained(segments, gradient, parameters, [&](const Segment& part, bool decays) {
      kernels::adam_update<Scalar>(
          {rule.rate * scale, rule.beta1, rule.beta2, rule.epsilon,
           decays ? rule.weight_decay : 0.0, Decoupled, this->steps},
          part.count, gradient.data() + part.offset, this->vectors[0].data() + part.offset,
          this->vectors[1].data() + part.offset, parameters.data() + part.offset);
    });
  }
};

}  // namespace detail

/// Adam (Kingma and Ba 2015, Algorithm 1) with PyTorch's bias correction and, if any, L2 decay:
/// m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
/// w -= rate (m / (1 - beta1^n)) / (sqrt(v / (1 - beta2^n)) + epsilon) at step n.
struct Adam {
  static constexpr std::string_view name = "adam";
  double rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.0;

  void check() const { detail::check_adam(*this); }

  template <class Scalar>
  using State = detail::AdamState<Adam, Scalar, false>;
};

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019): w -= rate decay w before the
/// step.
struct AdamW {
  static constexpr std::string_view name = "adamw";
  double rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;

  void check() const { detail::check_adam(*this); }

  template <class Scalar>
  using State = detail::AdamState<AdamW, Scalar, true>;
};

}  // namespace snnbd::inline SNNBD_ISA::learn
