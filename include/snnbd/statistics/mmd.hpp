#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include <snnbd/statistics/matrix.hpp>

/// Whether two sets of samples are of the same kind: the maximum mean discrepancy under the kernel
/// k(x, y) = exp(-|x - y|^2 / (2 bandwidth^2)) (Gretton et al. 2012).
namespace snnbd::inline SNNBD_ISA::statistics {

/// The squared distance of each pair, [row of one, row of other].
///
/// @throws Error if a feature is not finite, or the features differ in number
Matrix squared_distances(const Samples& one, const Samples& other);

/// The median heuristic: the median distance of two different samples of both sets together. If
/// that is 0, the median of those above 0; 1 if there are none.
///
/// @throws Error as `squared_distances`, or if there are fewer than 2 samples or more than 16,384
double median_bandwidth(const Samples& one, const Samples& other);

/// The unbiased estimate of MMD^2, which may be below 0:
///
///     1/(n(n-1)) sum_{i != j} k(x_i, x_j) + 1/(m(m-1)) sum_{i != j} k(y_i, y_j)
///         - 2/(n m) sum k(x_i, y_j)
///
/// @throws Error as `squared_distances`, for fewer than 2 samples of a set or more than 16,384 of
///         both, or if the bandwidth is not above 0
double squared_mmd(const Samples& one, const Samples& other, double bandwidth);

struct MmdOptions {
  std::size_t permutations = 1'000;  ///< 1 to 1,000,000
  std::uint64_t seed = 1;
  std::optional<double> bandwidth{};  ///< above 0; empty for `median_bandwidth`
};

/// What a permutation test found.
struct MmdTest {
  double squared_mmd = 0.0;
  double bandwidth = 0.0;
  /// (1 + permutations whose MMD^2 is at least as large) / (1 + permutations): the chance of such a
  /// value, or a smaller one than that chance, if both sets are of the same kind (Phipson and Smyth
  /// 2010). Never 0.
  double p_value = 1.0;
};

/// Tests whether two sets are of the same kind, by samples that change sides at random.
///
/// The same for any number of threads. Needs memory for a number for each pair of samples, and
/// time for that times the permutations.
///
/// @throws Error as `squared_mmd`, or if an option is outside
MmdTest mmd_test(const Samples& one, const Samples& other, const MmdOptions& options = {});

}  // namespace snnbd::inline SNNBD_ISA::statistics

#if !defined(SNNBD_COMPILED)
#include <snnbd/statistics/mmd.ipp>
#endif
