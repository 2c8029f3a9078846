#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/learn/training/loss.hpp>
#include <snnbd/tensor/concepts.hpp>

/// Losses and Eigen tensors.
namespace snnbd::inline SNNBD_ISA::learn {

/// A loss of a batch and its gradient by the outputs.
template <class Scalar, int Rank>
struct LossAndSlope {
  double loss = 0.0;
  Tensor<Scalar, Rank> slope;  ///< sized as the outputs
};

/// The mean loss of a batch and its gradient, as a trainer has it.
///
/// @param outputs [sample, class], or [sample, step, class] if the network has no readout
/// @param labels one for each sample, 0 to classes - 1
/// @throws Error if a label is out of range or missing
template <Loss Rule, tensor::InMemory Values>
LossAndSlope<tensor::ValueOf<Values>, tensor::rank_of<Values>> measure(
    const Rule& loss, const Values& outputs, std::span<const int> labels) {
  constexpr int rank = tensor::rank_of<Values>;
  using Scalar = tensor::ValueOf<Values>;
  static_assert(rank == 2 || rank == 3,
                "snnbd: a loss takes outputs [sample, class] or [sample, step, class]");
  check_policy(loss);
  const auto seen = tensor::const_view<Scalar, rank>(outputs);
  const Index steps = rank == 3 ? static_cast<Index>(seen.dimension(1)) : 1;
  const auto classes = static_cast<int>(seen.dimension(rank - 1));
  const std::size_t samples = labels.size();
  if (static_cast<Index>(samples) != seen.dimension(0))
    reject("labels of a batch", std::to_string(seen.dimension(0)) + ", one for each sample",
           samples);
  for (const int label : labels)
    if (label < 0 || label >= classes)
      reject("label of a sample", "a number from 0 to below " + std::to_string(classes), label);
  const std::vector<double> weights(samples, 1.0 / static_cast<double>(samples));
  LossAndSlope<Scalar, rank> result{0.0, Tensor<Scalar, rank>{seen.dimensions()}};
  result.loss =
      loss.template measure<Scalar>({seen.data(), {static_cast<Index>(samples), steps}, classes},
                                    labels, weights, result.slope.data());
  return result;
}

/// A loss of one's own, written with Eigen expressions. `Own` has a `name` and
///
/// ```cpp
/// template <class Scalar>
/// double measure(const ConstTensorView<Scalar, 3>& outputs, std::span<const int> labels,
///                std::span<const double> weights, TensorView<Scalar, 3>& gradient) const;
/// ```
///
/// with outputs and gradient [sample, step, class]; it gives the sum over the samples of weight *
/// loss, and overwrites the gradient. Its members are set through `own`.
template <class Own>
struct TensorLoss {
  static constexpr std::string_view name = Own::name;
  Own own{};

  void check() const { check_policy(own); }

  template <class Scalar>
  double measure(const Outputs<Scalar>& outputs, std::span<const int> labels,
                 std::span<const double> weights, Scalar* gradient) const {
    const auto sizes = tensor::sizes(outputs.extent.samples, outputs.extent.steps, outputs.classes);
    TensorView<Scalar, 3> slopes{gradient, sizes};
    return own.template measure<Scalar>(ConstTensorView<Scalar, 3>{outputs.data, sizes}, labels,
                                        weights, slopes);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::learn
