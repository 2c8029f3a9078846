#pragma once

#include <vector>

#include <snnbd/experiment/measure.hpp>
#include <snnbd/metric/accuracy.hpp>

namespace snnbd::inline SNNBD_ISA {

SNNBD_INLINE Measurement measure(const NetworkView& model, data::DatasetView clean,
                                 data::DatasetView triggered) {
  std::vector<int> labels(clean.size());
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = clean.label(i);
  std::vector<int> originals(triggered.size());
  std::vector<int> wanted(triggered.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    originals[i] = triggered.original_label(i);
    wanted[i] = triggered.label(i);
  }
  return {metric::accuracy(model.predict(clean), labels),
          metric::attack_success(model.predict(triggered), originals, wanted)};
}

}  // namespace snnbd::inline SNNBD_ISA
