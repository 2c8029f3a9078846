#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/data/runtime_set.hpp>
#include <snnbd/detect/reference_comparison.hpp>
#include <snnbd/statistics/mmd.hpp>
#include <snnbd/statistics/moments.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

namespace detail {

/// Some samples and what a network shows of them.
struct DescribedSamples {
  statistics::Matrix features;
  std::vector<int> labels;

  DescribedSamples(const NetworkProbe& probe, data::DatasetView set, std::optional<int> place,
                   bool aligned)
      : features{features_of(probe, set, place_of(probe, place), network::Quantity::voltage)},
        labels{data::labels_of(set)} {
    if (!aligned) features = distances_from_means(features, labels, set.classes());
  }

  /// The root of the variance within classes, all features together.
  ///
  /// @throws Error if there is none
  [[nodiscard]] double deviation(const statistics::Matrix& means) const {
    double squares = 0.0;
    for (Index i = 0; i < features.rows(); ++i)
      squares += (features.row(i) - means.row(labels[static_cast<std::size_t>(i)])).squaredNorm();
    if (!(squares > 0.0))
      reject("features of the reference", "samples that differ from the mean of their class",
             "none");
    return std::sqrt(squares / static_cast<double>(features.rows() - means.rows()));
  }

  /// At most as many of them, spread over all.
  [[nodiscard]] statistics::Matrix some(std::size_t most) const {
    const std::size_t count = std::min(most, labels.size());
    statistics::Matrix result(static_cast<Index>(count), features.cols());
    for (std::size_t i = 0; i < count; ++i)
      result.row(static_cast<Index>(i)) =
          features.row(static_cast<Index>(i * labels.size() / count));
    return result;
  }
};

}  // namespace detail

SNNBD_COLD void ReferenceComparison::check() const {
  if (mmd_samples < 2) reject("MMD samples of reference_comparison", "at least 2", mmd_samples);
  if (!(judged_rate > 0.0 && judged_rate < 1.0))
    reject("judged rate of reference_comparison", "a number above 0 and below 1", judged_rate);
}

SNNBD_COLD defend::Verdict ReferenceComparison::judge(const NetworkProbe& suspect,
                                                      const defend::Evidence& evidence) const {
  check();
  if (evidence.reference == nullptr)
    reject("reference of reference_comparison", "a clean network", "none");
  const data::DatasetView clean = evidence.clean;
  detail::check_clean(name, clean, 4);
  auto halves = detail::halves_of(clean);
  const detail::DescribedSamples expected{
      *evidence.reference, data::Selection{clean, std::move(halves[0])}, place, aligned};
  const detail::DescribedSamples found{suspect, data::Selection{clean, std::move(halves[1])}, place,
                                       aligned};
  const statistics::Matrix before =
      statistics::class_means(expected.features, expected.labels, clean.classes());
  const statistics::Matrix after =
      statistics::class_means(found.features, found.labels, clean.classes());
  const double deviation = expected.deviation(before);
  std::vector<double> moved;
  moved.reserve(static_cast<std::size_t>(clean.classes()));
  for (int label = 0; label < clean.classes(); ++label)
    moved.push_back((after.row(label) - before.row(label)).norm() / deviation);
  defend::Verdict verdict{.threshold = left_out_threshold(clean.classes(), judged_rate),
                          .by_class = left_out_scores(moved)};
  const auto most = std::ranges::max_element(verdict.by_class);
  verdict.score = *most;
  if (verdict.flagged()) verdict.target = static_cast<int>(most - verdict.by_class.begin());
  const statistics::MmdTest test =
      statistics::mmd_test(expected.some(mmd_samples), found.some(mmd_samples),
                           {.permutations = permutations, .seed = seed});
  verdict.figures = {{"distance", std::accumulate(moved.begin(), moved.end(), 0.0) /
                                      static_cast<double>(moved.size())},
                     {"squared_mmd", test.squared_mmd},
                     {"p_value", test.p_value}};
  return verdict;
}

}  // namespace snnbd::inline SNNBD_ISA::detect
