#pragma once

#include <snnbd/core/error.hpp>
#include <snnbd/metric/accuracy.hpp>
#include <snnbd/metric/check.hpp>

namespace snnbd::inline SNNBD_ISA::metric {

SNNBD_INLINE Rate accuracy(std::span<const int> predictions, std::span<const int> labels) {
  detail::check_size("predictions", predictions.size(), labels.size(), "labels");
  Rate rate{0, labels.size()};
  for (std::size_t at = 0; at < labels.size(); ++at)
    if (predictions[at] == labels[at]) ++rate.hits;
  return rate;
}

SNNBD_INLINE Confusion::Confusion(std::span<const int> predictions, std::span<const int> labels,
                                  int classes)
    : classes_{classes} {
  if (classes < 1 || classes > 10'000) reject("classes", "a number from 1 to 10000", classes);
  detail::check_size("predictions", predictions.size(), labels.size(), "labels");
  const auto side = static_cast<std::size_t>(classes);
  counts_.resize(side * side);
  for (std::size_t at = 0; at < labels.size(); ++at) {
    detail::check_class("label", labels[at], classes);
    detail::check_class("prediction", predictions[at], classes);
    ++counts_[static_cast<std::size_t>(labels[at]) * side +
              static_cast<std::size_t>(predictions[at])];
  }
}

SNNBD_INLINE std::size_t Confusion::count(int label, int prediction) const {
  detail::check_class("label", label, classes_);
  detail::check_class("prediction", prediction, classes_);
  return counts_[static_cast<std::size_t>(label) * static_cast<std::size_t>(classes_) +
                 static_cast<std::size_t>(prediction)];
}

SNNBD_INLINE Rate Confusion::of_class(int label) const {
  Rate rate{count(label, label), 0};
  for (int prediction = 0; prediction < classes_; ++prediction)
    rate.total += count(label, prediction);
  return rate;
}

SNNBD_INLINE Rate Confusion::overall() const {
  Rate sum;
  for (int label = 0; label < classes_; ++label) {
    const Rate one = of_class(label);
    sum.hits += one.hits;
    sum.total += one.total;
  }
  return sum;
}

}  // namespace snnbd::inline SNNBD_ISA::metric
