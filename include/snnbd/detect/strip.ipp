#pragma once

#include <span>

#include <snnbd/detect/strip.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

namespace detail {

/// The entropy of softmax(outputs / temperature), in bits.
inline double softmax_entropy(std::span<const float> outputs, double temperature) {
  const double largest = static_cast<double>(std::ranges::max(outputs));
  double sum = 0.0;
  double weighted = 0.0;
  for (const float output : outputs) {
    const double logit = (static_cast<double>(output) - largest) / temperature;
    sum += std::exp(logit);
    weighted += logit * std::exp(logit);
  }
  return (std::log(sum) - weighted / sum) / std::log(2.0);
}

}  // namespace detail

SNNBD_COLD FittedStrip::FittedStrip(const Strip& strip, const NetworkProbe& suspect,
                                    const defend::Evidence& evidence)
    : strip_{strip}, suspect_{suspect}, clean_{evidence.clean}, temperature_{strip.temperature} {
  strip_.check();
  if (clean_.size() == 0) reject("clean samples for strip", "at least one", "none");
  if (temperature_ > 0.0) return;
  const std::vector<float> outputs = suspect.outputs(clean_);
  const auto count = static_cast<double>(outputs.size());
  double sum = 0.0;
  double squares = 0.0;
  for (const float output : outputs) {
    sum += static_cast<double>(output);
    squares += static_cast<double>(output) * static_cast<double>(output);
  }
  temperature_ = std::sqrt(std::max(squares / count - sum * sum / (count * count), 0.0));
  // All outputs alike: nothing can be told apart, at any temperature.
  if (!(temperature_ > 0.0)) temperature_ = 1.0;
}

SNNBD_COLD std::vector<double> FittedStrip::scores(data::DatasetView set) const {
  const std::size_t each = set.sample_size();
  const auto [low, high] = set.range();
  const auto classes = static_cast<std::size_t>(suspect_.classes());
  const auto share = static_cast<float>(strip_.weight);
  std::vector<double> scores(set.size());
  std::vector<float> mixed(strip_.overlays * each);
  data::Batch batch;
  for (std::size_t index = 0; index < set.size(); ++index) {
    batch.fill_from(set, index, 1);
    random::Stream random{strip_.seed, random::Purpose::defend, index};
    for (std::size_t overlay = 0; overlay < strip_.overlays; ++overlay) {
      const std::size_t other = random.below(static_cast<std::uint32_t>(clean_.size()));
      const auto under = clean_.values().subspan(other * each, each);
      const auto target = std::span{mixed}.subspan(overlay * each, each);
      for (std::size_t i = 0; i < each; ++i)
        target[i] = strip_.blends ? share * batch.values[i] + (1.0F - share) * under[i]
                                  : std::clamp(batch.values[i] + under[i], low, high);
    }
    const std::vector<float> outputs = suspect_.outputs(mixed, index * strip_.overlays);
    double sum = 0.0;
    for (std::size_t overlay = 0; overlay < strip_.overlays; ++overlay)
      sum += detail::softmax_entropy(std::span{outputs}.subspan(overlay * classes, classes),
                                     temperature_);
    scores[index] = -sum / static_cast<double>(strip_.overlays);
  }
  return scores;
}

}  // namespace snnbd::inline SNNBD_ISA::detect
