#pragma once

#include <limits>

#include <snnbd/repair/ndsbm.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

SNNBD_COLD std::vector<std::size_t> leading_classes(std::span<const float> outputs,
                                                    std::size_t classes) {
  std::vector<std::size_t> leading(outputs.size() / classes);
  for (std::size_t sample = 0; sample < leading.size(); ++sample) {
    const auto own = outputs.subspan(sample * classes, classes);
    leading[sample] = static_cast<std::size_t>(std::ranges::max_element(own) - own.begin());
  }
  return leading;
}

SNNBD_COLD double mean_margin(std::span<const float> outputs, std::span<const std::size_t> leading,
                              std::size_t classes) {
  if (classes < 2) reject("classes for a margin", "at least 2", classes);
  if (leading.empty() || outputs.size() != leading.size() * classes)
    reject("outputs for a margin", std::to_string(classes) + " for each of one sample or more",
           outputs.size());
  double sum = 0.0;
  for (std::size_t sample = 0; sample < leading.size(); ++sample) {
    const auto own = outputs.subspan(sample * classes, classes);
    float other = -std::numeric_limits<float>::infinity();
    for (std::size_t i = 0; i < classes; ++i)
      if (i != leading[sample]) other = std::max(other, own[i]);
    sum += static_cast<double>(own[leading[sample]]) - static_cast<double>(other);
  }
  return sum / static_cast<double>(leading.size());
}

}  // namespace snnbd::inline SNNBD_ISA::repair
