#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>

#include <snnbd/core/error.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/statistics/moments.hpp>
#include <snnbd/statistics/principal.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

namespace detail {

inline Eigenpairs eigenpairs(const Eigen::MatrixXd& symmetric) {
  const OneThread alone;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{symmetric};
  return {solver.eigenvectors().rowwise().reverse(), solver.eigenvalues().reverse()};
}

/// An orthonormal basis of what the columns span.
inline Eigen::MatrixXd orthonormal(const Eigen::MatrixXd& columns) {
  const OneThread alone;
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr{columns};
  return qr.householderQ() * Eigen::MatrixXd::Identity(columns.rows(), columns.cols());
}

SNNBD_COLD Eigenpairs all_axes(const Matrix& centred, Index count) {
  const Eigenpairs found = eigenpairs(smaller_product(centred));
  Eigen::MatrixXd axes = found.vectors.leftCols(count);
  if (centred.cols() > centred.rows()) {
    // From the other side: axes without variance may be any; QR keeps the others as they are.
    const OneThread alone;
    axes = orthonormal(centred.transpose() * axes);
  }
  return {axes, found.values.head(count)};
}

SNNBD_COLD Eigenpairs iterated_axes(const Matrix& centred, Index count, std::uint64_t seed) {
  // More columns than asked for let the first ones settle sooner.
  const Index width = std::min(std::min(centred.rows(), centred.cols()), 2 * count + 16);
  random::Stream stream{seed, random::Purpose::axes};
  Eigen::MatrixXd axes(centred.cols(), width);
  for (double& value : axes.reshaped()) value = stream.normal();
  axes = orthonormal(axes);
  const Matrix transposed = centred.transpose();
  Eigen::VectorXd before = Eigen::VectorXd::Zero(count);
  for (int turn = 0; turn < 1'000; ++turn) {
    const Matrix seen = product(centred, Matrix{axes});
    const Eigenpairs found = eigenpairs(squares(seen));
    const Eigen::VectorXd values = found.values.head(count);
    const bool settled =
        ((values - before).array().abs() <= 1e-12 * values.array().abs().maxCoeff()).all();
    if (settled || turn == 999) {
      const OneThread alone;
      return {axes * found.vectors.leftCols(count), values};
    }
    before = values;
    axes = orthonormal(product(transposed, seen));
  }
  return {};
}

}  // namespace detail

SNNBD_INLINE Matrix PrincipalAxes::coordinates(const Samples& samples) const {
  detail::check_samples("samples", samples, 0);
  detail::check_features("samples", samples, mean.size());
  return detail::product_with_transposed(detail::centred(samples, mean), axes);
}

SNNBD_INLINE PrincipalAxes principal_axes(const Samples& samples, Index count, std::uint64_t seed) {
  detail::check_samples("samples", samples, 2);
  const Index most = std::min(samples.rows(), samples.cols());
  if (count < 1 || count > most)
    reject("principal axes", "1 to " + std::to_string(most) + ", as samples and features allow",
           count);
  PrincipalAxes result;
  result.mean = mean(samples);
  const Matrix centred = detail::centred(samples, result.mean);
  const detail::Eigenpairs found =
      most <= 256 ? detail::all_axes(centred, count) : detail::iterated_axes(centred, count, seed);
  result.axes = found.vectors.transpose();
  for (Index axis = 0; axis < count; ++axis) {
    Index largest = 0;
    result.axes.row(axis).cwiseAbs().maxCoeff(&largest);
    if (result.axes(axis, largest) < 0.0) result.axes.row(axis) *= -1.0;
  }
  result.variances = found.values.cwiseMax(0.0) / static_cast<double>(samples.rows() - 1);
  return result;
}

SNNBD_INLINE std::vector<double> spectral_scores(const Samples& samples, std::uint64_t seed) {
  const Matrix along = principal_axes(samples, 1, seed).coordinates(samples);
  std::vector<double> scores;
  for (Index row = 0; row < along.rows(); ++row) scores.push_back(along(row, 0) * along(row, 0));
  return scores;
}

}  // namespace snnbd::inline SNNBD_ISA::statistics
