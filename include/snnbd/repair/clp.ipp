#pragma once

#include <limits>
#include <numeric>

#include <Eigen/Eigenvalues>

#include <snnbd/core/error.hpp>
#include <snnbd/repair/clp.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

SNNBD_COLD double spectral_norm(std::span<const double> values, Index rows, Index columns) {
  if (rows < 1 || columns < 1 || rows * columns != static_cast<Index>(values.size()))
    reject("values of a matrix", std::to_string(rows) + " x " + std::to_string(columns),
           values.size());
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const Matrix> matrix{values.data(), rows, columns};
  // The smaller of the two products with its transpose has the same largest eigenvalue.
  const Eigen::MatrixXd product = rows < columns ? Eigen::MatrixXd{matrix * matrix.transpose()}
                                                 : Eigen::MatrixXd{matrix.transpose() * matrix};
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{product, Eigen::EigenvaluesOnly};
  return std::sqrt(std::max(solver.eigenvalues().maxCoeff(), 0.0));
}

SNNBD_COLD double outlier_bound(const std::vector<double>& values, double u) {
  if (values.size() < 2) return std::numeric_limits<double>::infinity();
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0.0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return mean + u * std::sqrt(squares / (count - 1.0));
}

}  // namespace snnbd::inline SNNBD_ISA::repair
