#pragma once

#include <utility>

#include <snnbd/data/runtime_set.hpp>
#include <snnbd/metric/accuracy.hpp>
#include <snnbd/stage/measurement.hpp>

namespace snnbd::inline SNNBD_ISA {

SNNBD_INLINE TestSets::TestSets(data::DatasetView clean, data::DatasetView triggered)
    : clean_{clean},
      triggered_{triggered},
      labels_{data::labels_of(clean)},
      wanted_{data::labels_of(triggered)} {
  for (std::size_t i = 0; i < triggered.size(); ++i)
    originals_.push_back(triggered.original_label(i));
}

SNNBD_INLINE std::vector<Predictions> TestSets::predict(
    const NetworkView& model, std::span<const Index> step_counts,
    const NetworkView::Observer& observer) const {
  auto clean = model.predict_after(clean_, step_counts, observer);
  const auto behind_clean = [&](std::size_t samples) {
    if (observer) observer(labels_.size() + samples);
  };
  auto triggered = model.predict_after(triggered_, step_counts, behind_clean);
  std::vector<Predictions> result;
  for (std::size_t i = 0; i < step_counts.size(); ++i)
    result.push_back({std::move(clean[i]), std::move(triggered[i])});
  return result;
}

SNNBD_INLINE Measurement TestSets::measure(const Predictions& predictions) const {
  return {metric::accuracy(predictions.clean, labels_),
          metric::attack_success(predictions.triggered, originals_, wanted_)};
}

SNNBD_INLINE Measurement measure(const NetworkView& model, data::DatasetView clean,
                                 data::DatasetView triggered) {
  const TestSets tests{clean, triggered};
  return tests.measure({model.predict(clean), model.predict(triggered)});
}

}  // namespace snnbd::inline SNNBD_ISA
