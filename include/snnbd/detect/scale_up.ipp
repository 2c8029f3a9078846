#pragma once

#include <algorithm>
#include <span>

#include <snnbd/data/batch.hpp>
#include <snnbd/detect/scale_up.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

namespace detail {

/// How far an output is ahead of the largest other one, as a part of what outputs differ by: -1 to
/// 1; 0 if they are all equal.
inline double lead_of(std::span<const float> outputs, std::size_t label) {
  float other = 0.0F;
  bool any = false;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (i == label || (any && outputs[i] <= other)) continue;
    other = outputs[i];
    any = true;
  }
  const auto [low, high] = std::ranges::minmax(outputs);
  if (!any || !(high > low)) return 0.0;
  return static_cast<double>(outputs[label] - other) / static_cast<double>(high - low);
}

}  // namespace detail

SNNBD_COLD FittedScaleUp::FittedScaleUp(const ScaleUp& settings, const NetworkProbe& suspect,
                                        const defend::Evidence& evidence)
    : settings_{settings}, suspect_{suspect} {
  settings_.check();
  if (evidence.clean.size() == 0) reject("clean samples for scale_up", "at least one", "none");
  const auto classes = static_cast<std::size_t>(suspect.classes());
  means_.assign(classes, 0.0);
  deviations_.assign(classes, 1.0);
  if (!settings_.by_class) return;
  const Kept known = kept(evidence.clean);
  // A class that no clean sample is given has the mean of all, and so has its deviation.
  const auto measure = [&](const auto& counts, double& mean, double& deviation) {
    double number = 0.0;
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t i = 0; i < known.share.size(); ++i) {
      if (!counts(known.label[i])) continue;
      number += 1.0;
      sum += known.share[i];
      squares += known.share[i] * known.share[i];
    }
    if (number == 0.0) return;
    mean = sum / number;
    deviation = std::max(std::sqrt(std::max(squares / number - mean * mean, 0.0)),
                         settings_.least_deviation);
  };
  for (std::size_t label = 0; label < classes; ++label) {
    measure([](int) { return true; }, means_[label], deviations_[label]);
    measure([&](int given) { return given == static_cast<int>(label); }, means_[label],
            deviations_[label]);
  }
}

SNNBD_COLD FittedScaleUp::Kept FittedScaleUp::kept(data::DatasetView set) const {
  const auto classes = static_cast<std::size_t>(suspect_.classes());
  const auto most = static_cast<std::size_t>(suspect_.batch_size());
  const auto [low, high] = set.range();
  const auto turns = static_cast<double>(settings_.factors.size());
  Kept result{std::vector<double>(set.size()), suspect_.predict(set)};
  data::Batch batch;
  std::vector<float> scaled;
  for (std::size_t first = 0; first < set.size(); first += most) {
    batch.fill_from(set, first, most);
    scaled.resize(batch.values.size());
    for (const double factor : settings_.factors) {
      std::ranges::transform(batch.values, scaled.begin(), [&, low = low, high = high](float v) {
        return std::min(low + static_cast<float>(factor) * (v - low), high);
      });
      const std::vector<float> outputs = suspect_.outputs(scaled, first);
      const std::vector<int> labels = suspect_.largest(outputs);
      for (std::size_t i = 0; i < labels.size(); ++i) {
        const int label = result.label[first + i];
        const double lead = detail::lead_of(std::span{outputs}.subspan(i * classes, classes),
                                            static_cast<std::size_t>(label));
        result.share[first + i] += ((labels[i] == label ? 1.0 : 0.0) + 0.5 * lead / turns) / turns;
      }
    }
  }
  return result;
}

SNNBD_COLD std::vector<double> FittedScaleUp::scores(data::DatasetView set) const {
  Kept found = kept(set);
  for (std::size_t i = 0; i < found.share.size(); ++i) {
    const auto label = static_cast<std::size_t>(found.label[i]);
    found.share[i] = (found.share[i] - means_[label]) / deviations_[label];
  }
  return found.share;
}

}  // namespace snnbd::inline SNNBD_ISA::detect
