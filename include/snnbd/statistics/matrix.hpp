#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <Eigen/Core>

#include <snnbd/core/config.hpp>
#include <snnbd/core/shape.hpp>

/// What is computed of scores, features and spike trains, whatever they come from: pure functions
/// on Eigen matrices, a row for each sample, and on lists of numbers.
namespace snnbd::inline SNNBD_ISA::statistics {

/// Samples of one's own: a row for each, a column for each feature.
using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// One sample, or a value for each feature.
using Row = Eigen::RowVectorXd;

/// Samples that are only looked at, as functions take them. A `Matrix` or rows of it are not
/// copied; a matrix in another order or an expression is.
using Samples = Eigen::Ref<const Matrix>;

/// Samples from values in memory, such as those of a row-major tensor, [sample, feature].
///
/// @throws Error if there are no samples, or the values are no whole number for each
Matrix matrix_of(std::span<const float> values, Index samples);
Matrix matrix_of(std::span<const double> values, Index samples);

/// The samples that have one label, in their order.
///
/// @throws Error if there are more or fewer labels than samples
Matrix rows_with_label(const Samples& samples, std::span<const int> labels, int label);

namespace detail {

/// While it lives, this thread starts no others, neither do Eigen's products: they cut their sums
/// by the number of threads, which would show in the last bits.
class OneThread {
 public:
  OneThread();
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;
  ~OneThread();

 private:
  int before_;
};

/// left * right^T, in pieces of rows that do not depend on the number of threads.
Matrix product_with_transposed(const Samples& left, const Samples& right);

/// left * right, in the same way.
Matrix product(const Samples& left, const Samples& right);

/// samples^T * samples, in the same way.
Matrix squares(const Samples& samples);

/// Rows less a row.
Matrix centred(const Samples& samples, const Row& centre);

/// @throws Error if there are fewer samples than that, no features, or a value that is not finite
void check_samples(std::string_view subject, const Samples& samples, Index least);

/// @throws Error if there are fewer values than that, or one that is not finite
void check_values(std::string_view subject, std::span<const double> values, std::size_t least);

/// @throws Error if the samples have another number of features
void check_features(std::string_view subject, const Samples& samples, Index features);

/// @throws Error if there are more or fewer labels than samples
void check_labels(std::span<const int> labels, Index samples);

/// @throws Error if it is not from 0 to 1
void check_share(std::string_view subject, double share);

}  // namespace detail

}  // namespace snnbd::inline SNNBD_ISA::statistics

#if !defined(SNNBD_COMPILED)
#include <snnbd/statistics/matrix.ipp>
#endif
