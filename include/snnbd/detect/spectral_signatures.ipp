#pragma once

#include <algorithm>
#include <numeric>
#include <vector>

#include <snnbd/data/runtime_set.hpp>
#include <snnbd/detect/spectral_signatures.hpp>
#include <snnbd/statistics/principal.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

SNNBD_COLD defend::Suspicion SpectralSignatures::suspect(const NetworkProbe& suspect,
                                                         const defend::Evidence& evidence) const {
  check();
  const data::DatasetView training = detail::training_of(name, evidence);
  const int layer = detail::place_of(suspect, place);
  defend::Suspicion result{std::vector<double>(training.size()),
                           std::vector<bool>(training.size())};
  for (int label = 0; label < training.classes(); ++label) {
    const std::vector<std::size_t> places = data::samples_of_class(training, label);
    if (places.size() < 2) continue;
    const data::Selection samples{training, places};
    const std::vector<double> scores =
        statistics::spectral_scores(detail::features_of(suspect, samples, layer, quantity), seed);
    std::vector<std::size_t> order(places.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order,
                             [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    const auto count = static_cast<std::size_t>(removed * static_cast<double>(places.size()));
    for (std::size_t i = 0; i < order.size(); ++i) {
      result.scores[places[order[i]]] = scores[order[i]];
      result.flagged[places[order[i]]] = i < count;
    }
  }
  return result;
}

}  // namespace snnbd::inline SNNBD_ISA::detect
