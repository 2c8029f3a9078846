#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/statistics/mmd.hpp>
#include <snnbd/statistics/robust.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

namespace detail {

inline void check_pair(const Samples& one, const Samples& other, Index least) {
  check_samples("first samples", one, least);
  check_samples("second samples", other, least);
  check_features("second samples", other, one.cols());
  if (one.rows() + other.rows() > 16'384)
    reject("samples of both sets", "at most 16384", one.rows() + other.rows());
}

/// The samples of both, one set below the other.
inline Matrix stacked(const Samples& one, const Samples& other) {
  Matrix both(one.rows() + other.rows(), one.cols());
  both << one, other;
  return both;
}

inline double bandwidth_of(const Matrix& squares) {
  std::vector<double> distances;
  distances.reserve(static_cast<std::size_t>(squares.rows() * (squares.rows() - 1) / 2));
  for (Index row = 0; row < squares.rows(); ++row)
    for (Index column = row + 1; column < squares.cols(); ++column)
      distances.push_back(std::sqrt(squares(row, column)));
  if (const double middle = median_in_place(distances); middle > 0.0) return middle;
  std::erase(distances, 0.0);
  return distances.empty() ? 1.0 : median_in_place(distances);
}

inline void check_bandwidth(double bandwidth) {
  if (!(bandwidth > 0.0 && std::isfinite(bandwidth)))
    reject("bandwidth", "a finite number above 0", bandwidth);
}

/// Values of the kernel, with zeros on the diagonal.
inline Matrix kernel_of(Matrix squares, double bandwidth) {
  squares = (squares.array() / (-2.0 * bandwidth * bandwidth)).exp();
  squares.diagonal().setZero();
  return squares;
}

/// MMD^2 from the sums over the pairs, in either order, of the first set, and of one of each.
inline double mmd_from(double within_first, double across, double total, Index first,
                       Index second) {
  const auto n = static_cast<double>(first);
  const auto m = static_cast<double>(second);
  const double within_second = total - within_first - 2.0 * across;
  return within_first / (n * (n - 1.0)) + within_second / (m * (m - 1.0)) - 2.0 * across / (n * m);
}

/// MMD^2 for each column of `sides`, which is 1 for samples of the first set, else 0.
inline std::vector<double> mmd_of_sides(const Matrix& kernel, const Eigen::MatrixXd& sides,
                                        Index first) {
  const OneThread alone;
  const double total = kernel.sum();
  const Eigen::MatrixXd sums = kernel * sides;
  std::vector<double> result;
  for (Index column = 0; column < sides.cols(); ++column) {
    const double within = sums.col(column).dot(sides.col(column));
    result.push_back(
        mmd_from(within, sums.col(column).sum() - within, total, first, kernel.rows() - first));
  }
  return result;
}

/// As many ones at random places as there are samples in the first set.
inline void draw_side(Eigen::Ref<Eigen::VectorXd> side, Index first, random::Stream stream) {
  std::vector<Index> order(static_cast<std::size_t>(side.size()));
  std::iota(order.begin(), order.end(), Index{0});
  side.setZero();
  for (std::size_t at = 0; at < static_cast<std::size_t>(first); ++at) {
    const auto left = static_cast<std::uint32_t>(order.size() - at);
    std::swap(order[at], order[at + stream.below(left)]);
    side(order[at]) = 1.0;
  }
}

inline Eigen::MatrixXd true_side(Index first, Index both) {
  Eigen::MatrixXd side = Eigen::MatrixXd::Zero(both, 1);
  side.topRows(first).setOnes();
  return side;
}

}  // namespace detail

SNNBD_INLINE Matrix squared_distances(const Samples& one, const Samples& other) {
  detail::check_samples("first samples", one, 0);
  detail::check_samples("second samples", other, 0);
  detail::check_features("second samples", other, one.cols());
  Matrix result(one.rows(), other.rows());
  parallel_for(one.rows(), [&](Index row) {
    // By differences: equal samples are exactly 0 apart.
    for (Index column = 0; column < other.rows(); ++column)
      result(row, column) = (one.row(row) - other.row(column)).squaredNorm();
  });
  return result;
}

SNNBD_INLINE double median_bandwidth(const Samples& one, const Samples& other) {
  detail::check_pair(one, other, 1);
  const Matrix both = detail::stacked(one, other);
  return detail::bandwidth_of(squared_distances(both, both));
}

SNNBD_INLINE double squared_mmd(const Samples& one, const Samples& other, double bandwidth) {
  detail::check_pair(one, other, 2);
  detail::check_bandwidth(bandwidth);
  const Matrix both = detail::stacked(one, other);
  const Matrix kernel = detail::kernel_of(squared_distances(both, both), bandwidth);
  return detail::mmd_of_sides(kernel, detail::true_side(one.rows(), both.rows()), one.rows())[0];
}

SNNBD_INLINE MmdTest mmd_test(const Samples& one, const Samples& other, const MmdOptions& options) {
  detail::check_pair(one, other, 2);
  if (options.permutations < 1 || options.permutations > 1'000'000)
    reject("permutations", "1 to 1000000", options.permutations);
  const Matrix both = detail::stacked(one, other);
  Matrix squares = squared_distances(both, both);
  const double bandwidth = options.bandwidth ? *options.bandwidth : detail::bandwidth_of(squares);
  detail::check_bandwidth(bandwidth);
  const Matrix kernel = detail::kernel_of(std::move(squares), bandwidth);
  const Index first = one.rows();
  const double found =
      detail::mmd_of_sides(kernel, detail::true_side(first, both.rows()), first)[0];

  std::vector<double> permuted(options.permutations);
  parallel_ranges(static_cast<Index>(permuted.size()), 32, [&](Index begin, Index end) {
    Eigen::MatrixXd sides(both.rows(), end - begin);
    for (Index at = begin; at < end; ++at)
      detail::draw_side(sides.col(at - begin), first,
                        {options.seed, random::Purpose::permute, static_cast<std::uint64_t>(at)});
    std::ranges::copy(detail::mmd_of_sides(kernel, sides, first), permuted.begin() + begin);
  });
  // A permutation that leaves the sets as they are must count, however its sum was rounded.
  const auto as_large =
      std::ranges::count_if(permuted, [&](double value) { return value >= found - 1e-12; });
  return {found, bandwidth,
          static_cast<double>(1 + as_large) / static_cast<double>(1 + permuted.size())};
}

}  // namespace snnbd::inline SNNBD_ISA::statistics
