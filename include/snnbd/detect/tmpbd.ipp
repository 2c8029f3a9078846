#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>

#include <snnbd/core/random.hpp>
#include <snnbd/data/runtime_set.hpp>
#include <snnbd/detect/tmpbd.hpp>
#include <snnbd/detect/trigger_search.hpp>
#include <snnbd/kernels/elementwise/update.hpp>
#include <snnbd/statistics/gamma.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

namespace detail {

/// How far the output of a class lies above the largest other one, and which that is.
inline std::pair<double, std::size_t> margin_of(std::span<const float> outputs, std::size_t label) {
  std::size_t rival = label == 0 ? 1 : 0;
  for (std::size_t i = 0; i < outputs.size(); ++i)
    if (i != label && outputs[i] > outputs[rival]) rival = i;
  return {static_cast<double>(outputs[label]) - static_cast<double>(outputs[rival]), rival};
}

/// Whether the outputs are the rates of the last layer of neurons.
inline bool ends_in_neurons(const NetworkProbe& suspect, data::DatasetView samples) {
  if (suspect.layers().empty() || !suspect.layers().back().neurons ||
      suspect.layers().back().shape.size() != suspect.classes())
    return false;
  const auto rates = suspect.features(samples, suspect.last_place(), network::Quantity::spikes);
  const std::vector<float> outputs = suspect.outputs(samples);
  return std::equal(outputs.begin(), outputs.end(), rates.data(),
                    [](float one, float other) { return std::abs(one - other) < 1e-5F; });
}

/// Climbs from some inputs towards one class.
///
/// @returns the inputs with the largest margins on the way, by the outputs
inline std::vector<float> climb(const MarginSearch& search, const NetworkProbe& suspect,
                                std::vector<float> inputs, std::size_t label, data::Range box) {
  const std::size_t each = suspect.sample_size();
  const auto classes = static_cast<std::size_t>(suspect.classes());
  const auto starts = static_cast<std::size_t>(search.starts);
  std::vector<float> best = inputs;
  std::vector<double> largest(starts, -std::numeric_limits<double>::infinity());
  std::vector<float> gradient(inputs.size());
  std::vector<float> mean(inputs.size());
  std::vector<float> square(inputs.size());
  double before = -std::numeric_limits<double>::infinity();
  for (int step = 1; step <= search.steps; ++step) {
    double sum = 0.0;
    suspect.differentiate(
        inputs,
        [&](std::size_t first, std::span<const float> outputs, std::span<float> slopes) {
          for (std::size_t i = 0; i < outputs.size() / classes; ++i) {
            const auto [margin, rival] = margin_of(outputs.subspan(i * classes, classes), label);
            // Adam goes down, the margin is to rise.
            slopes[i * classes + label] = -1.0F;
            slopes[i * classes + rival] = 1.0F;
            sum += margin / static_cast<double>(starts);
            if (margin <= largest[first + i]) continue;
            largest[first + i] = margin;
            const auto from = static_cast<std::ptrdiff_t>((first + i) * each);
            std::copy_n(inputs.begin() + from, each, best.begin() + from);
          }
        },
        gradient);
    if (std::abs(sum - before) < search.settled * std::abs(before)) break;
    before = sum;
    kernels::adam_update<float>(
        {.rate = search.rate * (static_cast<double>(box.high) - static_cast<double>(box.low)),
         .number = step},
        static_cast<Index>(inputs.size()), gradient.data(), mean.data(), square.data(),
        inputs.data());
    for (float& value : inputs) value = std::clamp(value, box.low, box.high);
  }
  return best;
}

SNNBD_COLD std::vector<double> largest_margins(const MarginSearch& search,
                                               const NetworkProbe& suspect,
                                               const defend::Evidence& evidence) {
  const auto classes = static_cast<std::size_t>(suspect.classes());
  const auto starts = static_cast<std::size_t>(search.starts);
  const data::Range box = pattern_box(evidence.clean);
  const auto observer = evidence.observe("largest margins", classes);
  std::vector<double> result;
  for (std::size_t label = 0; label < classes; ++label) {
    std::vector<float> inputs(starts * suspect.sample_size());
    random::Stream random{search.seed, random::Purpose::defend, label};
    for (float& value : inputs) value = std::lerp(box.low, box.high, random.uniform());
    inputs = climb(search, suspect, std::move(inputs), label, box);
    const data::Samples seen{evidence.clean, inputs,
                             std::vector<int>(starts, static_cast<int>(label))};
    std::vector<float> outputs = suspect.outputs(seen);
    if (ends_in_neurons(suspect, seen)) {
      const auto charge = suspect.features(seen, suspect.last_place(), network::Quantity::voltage);
      std::transform(charge.data(), charge.data() + charge.size(), outputs.begin(),
                     [&](float sum) { return sum / static_cast<float>(suspect.steps()); });
    }
    double margin = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < starts; ++i)
      margin = std::max(margin,
                        margin_of(std::span{outputs}.subspan(i * classes, classes), label).first);
    result.push_back(margin);
    if (observer) observer(label + 1);
  }
  return result;
}

}  // namespace detail

SNNBD_COLD double outlier_chance(std::span<const double> margins) {
  if (margins.size() < 3) reject("margins of classes", "at least 3", margins.size());
  const auto top = std::ranges::max_element(margins);
  const auto others = static_cast<double>(margins.size() - 1);
  double mean = 0.0;
  for (auto it = margins.begin(); it != margins.end(); ++it)
    if (it != top) mean += std::max(*it, 0.0) / others;
  double variance = 0.0;
  for (auto it = margins.begin(); it != margins.end(); ++it)
    if (it != top) variance += std::pow(std::max(*it, 0.0) - mean, 2.0) / (others - 1.0);
  const double largest = std::max(*top, 0.0);
  if (!(variance > 0.0)) return largest > mean ? 0.0 : 1.0;
  const double tail = statistics::gamma_tail(mean * mean / variance, largest * mean / variance);
  // 1 - (1 - tail)^classes, without losing small tails.
  return -std::expm1(static_cast<double>(margins.size()) * std::log1p(-tail));
}

SNNBD_COLD defend::Verdict judge_margins(std::vector<double> margins, double level) {
  const double chance = outlier_chance(margins);
  const auto top = std::ranges::max_element(margins) - margins.begin();
  defend::Verdict verdict{.score = -std::log10(std::max(chance, 1e-300)),
                          .threshold = -std::log10(level)};
  if (verdict.flagged()) verdict.target = static_cast<int>(top);
  verdict.figures = {{"p_value", chance}, {"largest_margin", std::ranges::max(margins)}};
  verdict.by_class = std::move(margins);
  return verdict;
}

}  // namespace snnbd::inline SNNBD_ISA::detect
