#pragma once

#include <concepts>
#include <span>
#include <string_view>

#include <snnbd/core/policy.hpp>
#include <snnbd/core/shape.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// What a network gives for a batch, [sample, step, class]; one step after a readout.
template <class Scalar>
struct Outputs {
  const Scalar* data = nullptr;
  Extent extent{};
  int classes = 0;

  [[nodiscard]] Index size() const { return extent.frames() * classes; }
};

/// A loss of a batch: `measure` gives sum over the samples of weight * loss and writes its
/// gradient. `check()`, if there is one, throws `Error` for settings out of range.
template <class Type>
concept Loss = requires(const Type& loss, const Outputs<float>& outputs,
                        std::span<const int> labels, std::span<const double> weights,
                        float* gradient) {
  { Type::name } -> std::convertible_to<std::string_view>;
  { loss.template measure<float>(outputs, labels, weights, gradient) } -> std::same_as<double>;
};

/// Cross entropy of the softmax of the mean over the steps:
/// L = -ln softmax(z)_y with z_c = 1/T sum_t o_c[t].
struct CrossEntropy {
  static constexpr std::string_view name = "cross_entropy";

  /// @param weights what each sample counts; 1/batch each for the mean
  /// @param gradient [sample, step, class], overwritten
  /// @returns sum over the samples of weight * L
  template <class Scalar>
  double measure(const Outputs<Scalar>& outputs, std::span<const int> labels,
                 std::span<const double> weights, Scalar* gradient) const;
};

/// Mean squared error between the rates and the one-hot label, over the classes:
/// L = 1/C sum_c (r_c - y_c)^2 with r the mean over the steps.
struct RateError {
  static constexpr std::string_view name = "rate_mse";

  template <class Scalar>
  double measure(const Outputs<Scalar>& outputs, std::span<const int> labels,
                 std::span<const double> weights, Scalar* gradient) const;
};

/// Temporal efficient training (Deng et al. 2022, Eq. 10 and 11): the mean over the steps of each
/// step's cross entropy, (1 - share) of it plus `share` of the mean squared distance of all outputs
/// from `level`. Needs a network whose output has steps.
struct Tet {
  static constexpr std::string_view name = "tet";
  double share = 0.05;
  double level = 1.0;

  void check() const {
    require_share("TET share", share);
    require_finite("TET level", level);
  }

  template <class Scalar>
  double measure(const Outputs<Scalar>& outputs, std::span<const int> labels,
                 std::span<const double> weights, Scalar* gradient) const;
};

/// The class with the largest mean over the steps, the first one among equals.
template <class Scalar>
void predict(const Outputs<Scalar>& outputs, std::span<int> classes);

}  // namespace snnbd::inline SNNBD_ISA::learn

#if !defined(SNNBD_COMPILED)
#include <snnbd/learn/training/loss.ipp>
#endif
