#pragma once

#include <algorithm>
#include <string>

#include <snnbd/core/error.hpp>
#include <snnbd/data/batch.hpp>
#include <snnbd/network/probe.hpp>

namespace snnbd::inline SNNBD_ISA {

SNNBD_COLD std::string_view network::to_string(Quantity quantity) {
  switch (quantity) {
    case Quantity::voltage:
      return "voltage";
    case Quantity::membrane:
      return "membrane";
    default:
      return "spikes";
  }
}

SNNBD_COLD const std::vector<network::ProbedLayer>& NetworkProbe::layers() const {
  return inside_->layers();
}

SNNBD_COLD int NetworkProbe::last_place() const {
  if (layers().empty())
    reject("network to look into", "at least one layer of neurons or rectifiers", "none");
  return layers().back().place;
}

SNNBD_COLD const network::ProbedLayer& NetworkProbe::layer(int place) const {
  std::string places;
  for (const network::ProbedLayer& one : layers()) {
    if (one.place == place) return one;
    places.append(places.empty() ? "one of " : ", ").append(std::to_string(one.place));
  }
  reject("layer to look at",
         "the place of a layer of neurons or rectifiers, " + (places.empty() ? "none" : places),
         place);
}

SNNBD_COLD std::vector<float> NetworkProbe::look(data::DatasetView set, int place,
                                                 network::Quantity quantity, bool over_time,
                                                 std::size_t values,
                                                 const Observer& observer) const {
  check_set(set);
  std::vector<float> result(set.size() * values);
  const auto most = static_cast<std::size_t>(inside_->most_samples(place));
  data::Batch batch;
  for (std::size_t first = 0; first < set.size(); first += most) {
    batch.fill_from(set, first, most);
    inside_->look(batch.values, batch.ids, place, quantity, over_time,
                  std::span{result}.subspan(first * values, batch.size() * values));
    if (observer) observer(first + batch.size());
  }
  return result;
}

SNNBD_COLD Tensor<float, 2> NetworkProbe::features(data::DatasetView set, int place,
                                                   network::Quantity quantity,
                                                   const Observer& observer) const {
  const Index units = layer(place).shape.size();
  Tensor<float, 2> result{static_cast<Index>(set.size()), units};
  const auto values = look(set, place, quantity, false, static_cast<std::size_t>(units), observer);
  std::copy(values.begin(), values.end(), result.data());
  return result;
}

SNNBD_COLD Tensor<float, 3> NetworkProbe::over_time(data::DatasetView set, int place,
                                                    network::Quantity quantity,
                                                    const Observer& observer) const {
  const Index units = layer(place).shape.size();
  const Index length = layer(place).neurons ? steps() : 1;
  Tensor<float, 3> result{static_cast<Index>(set.size()), length, units};
  const auto values =
      look(set, place, quantity, true, static_cast<std::size_t>(length * units), observer);
  std::copy(values.begin(), values.end(), result.data());
  return result;
}

SNNBD_COLD void NetworkProbe::differentiate(std::span<const float> samples,
                                            const network::OutputSlopes& slopes,
                                            std::span<float> gradient) const {
  const std::size_t each = sample_size();
  if (samples.empty() || samples.size() % each != 0)
    reject("samples to differentiate by", "a multiple of " + std::to_string(each) + " values",
           samples.size());
  if (gradient.size() != samples.size())
    reject("gradient by samples", std::to_string(samples.size()) + " values", gradient.size());
  const std::size_t most = each * static_cast<std::size_t>(batch_size());
  for (std::size_t first = 0; first < samples.size(); first += most) {
    const std::size_t count = std::min(most, samples.size() - first);
    inside_->differentiate(samples.subspan(first, count), first / each, slopes,
                           gradient.subspan(first, count));
  }
}

SNNBD_COLD std::vector<float> NetworkProbe::outputs_with(const network::NeuronFactors& factors,
                                                         data::DatasetView set) const {
  check_set(set);
  factors.check();
  const auto most = static_cast<std::size_t>(batch_size());
  const auto each = static_cast<std::size_t>(classes());
  std::vector<float> result(set.size() * each);
  data::Batch batch;
  for (std::size_t first = 0; first < set.size(); first += most) {
    batch.fill_from(set, first, most);
    inside_->run_with(factors, batch.values, batch.ids,
                      std::span{result}.subspan(first * each, batch.size() * each));
  }
  return result;
}

}  // namespace snnbd::inline SNNBD_ISA
