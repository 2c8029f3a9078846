#pragma once

#include <optional>
#include <span>
#include <vector>

#include <Eigen/Cholesky>

#include <snnbd/statistics/matrix.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

/// Of which samples a covariance is.
enum class CovarianceOf {
  all,         ///< one for all classes, of the samples less the means of their classes (Lee et al.)
  each_class,  ///< one for each class
};

struct MahalanobisOptions {
  CovarianceOf covariance = CovarianceOf::all;
  /// From 0 to 1, see `Shrinkage`; empty for that of Ledoit and Wolf.
  std::optional<double> shrinkage{};
};

/// How far samples are from the classes of others, in deviations along each axis: the squared
/// Mahalanobis distance to class c is (x - mean_c)^T C^-1 (x - mean_c) (Lee et al. 2018), with the
/// covariance C shrunk towards a sphere. Of samples like those it was made from, it is about the
/// number of features.
///
/// With more features than samples, C^-1 is applied by way of a matrix [sample, sample] (Woodbury),
/// so that the memory is that of the samples.
class Mahalanobis {
 public:
  /// @param samples clean ones
  /// @param labels from 0 to `classes` - 1, each at least once, or twice for a covariance each
  /// @throws Error if they are others, if a feature is not finite, if no feature varies, or if the
  ///         covariance has no inverse, as happens without shrinkage
  Mahalanobis(const Samples& samples, std::span<const int> labels, int classes,
              const MahalanobisOptions& options = {});

  /// To each class, [sample, class].
  ///
  /// @throws Error if the samples have another number of features, or one that is not finite
  [[nodiscard]] Matrix squared_distances(const Samples& samples) const;

  /// To the nearest class: a score of samples whose class is not known.
  [[nodiscard]] std::vector<double> squared_to_nearest(const Samples& samples) const;

  /// To one class each, such as that which a network predicts.
  ///
  /// @throws Error as `squared_distances`, or if the labels are none of the classes
  [[nodiscard]] std::vector<double> squared_to_class(const Samples& samples,
                                                     std::span<const int> labels) const;

  /// The means of the classes, [class, feature].
  [[nodiscard]] const Matrix& means() const { return means_; }

  /// Of the covariance of a class.
  [[nodiscard]] double shrinkage(int label) const;

 private:
  /// What multiplies by the inverse of a covariance.
  struct Inverse {
    double shrinkage = 0.0;
    double floor = 0.0;  ///< shrinkage * scale, the variance along axes without samples
    Matrix rows{};       ///< samples, if there are fewer than features; else empty
    Eigen::LLT<Eigen::MatrixXd> root{};

    Inverse(Matrix centred, std::optional<double> asked);
    [[nodiscard]] Eigen::VectorXd squares(const Samples& samples, const Row& centre) const;
  };

  Matrix means_;
  std::vector<Inverse> inverses_;  ///< one, or one for each class
};

}  // namespace snnbd::inline SNNBD_ISA::statistics

#if !defined(SNNBD_COMPILED)
#include <snnbd/statistics/mahalanobis.ipp>
#endif
