#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <snnbd/core/random.hpp>
#include <snnbd/data/batch.hpp>
#include <snnbd/data/batches.hpp>
#include <snnbd/data/runtime_set.hpp>
#include <snnbd/defend/stamped.hpp>
#include <snnbd/detect/trigger_search.hpp>
#include <snnbd/kernels/elementwise/softmax.hpp>
#include <snnbd/kernels/elementwise/update.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

namespace detail {

SNNBD_COLD TriggerObjective::TriggerObjective(const NetworkProbe& suspect, int label, int frames,
                                              int pattern_frames, data::Range box)
    : suspect_{suspect},
      label_{label},
      frames_{frames},
      pattern_frames_{pattern_frames},
      box_{box},
      pixels_{static_cast<std::size_t>(suspect.input().pixels())},
      pattern_size_{static_cast<std::size_t>(suspect.input().size()) *
                    static_cast<std::size_t>(pattern_frames)} {}

SNNBD_INLINE defend::InvertedTrigger TriggerObjective::trigger(
    std::span<const float> variables) const {
  defend::InvertedTrigger result{.label = label_,
                                 .shape = suspect_.input(),
                                 .frames = pattern_frames_,
                                 .mask = std::vector<float>(pixels_),
                                 .pattern = std::vector<float>(pattern_size_)};
  const auto share = [](float variable) { return 0.5F * (std::tanh(variable) + 1.0F); };
  std::ranges::transform(variables.first(pixels_), result.mask.begin(), share);
  std::ranges::transform(variables.subspan(pixels_), result.pattern.begin(), [&](float variable) {
    return std::clamp(box_.low + (box_.high - box_.low) * share(variable), box_.low, box_.high);
  });
  return result;
}

SNNBD_INLINE TriggerObjective::Value TriggerObjective::measure(std::span<const float> variables,
                                                               std::span<const float> samples,
                                                               double cost,
                                                               std::span<float> gradient) {
  const defend::InvertedTrigger now = trigger(variables);
  stamped_.assign(samples.begin(), samples.end());
  defend::stamp(now, frames_, stamped_);
  const auto classes = static_cast<std::size_t>(suspect_.classes());
  const std::size_t count = samples.size() / suspect_.sample_size();
  Value value{.norm = defend::mask_norm(now)};
  slopes_.resize(samples.size());
  suspect_.differentiate(
      stamped_,
      [&](std::size_t, std::span<const float> outputs, std::span<float> slopes) {
        const std::size_t part = outputs.size() / classes;
        const std::vector<int> labels(part, label_);
        const std::vector<double> weights(part, 1.0 / static_cast<double>(count));
        value.loss += kernels::softmax_cross_entropy(outputs.data(), labels, weights,
                                                     suspect_.classes(), slopes.data());
        for (const int given : suspect_.largest(outputs)) value.hits += given == label_ ? 1U : 0U;
      },
      slopes_);

  // The pixels of all samples and frames come together in their order, in double.
  sums_.assign(size(), 0.0);
  const auto channels = static_cast<std::size_t>(now.shape.channels);
  const std::size_t frame_size = pixels_ * channels;
  const std::size_t all = samples.size() / frame_size;
  for (std::size_t frame = 0; frame < all; ++frame) {
    const std::size_t offset = frame % static_cast<std::size_t>(pattern_frames_) * frame_size;
    const float* pattern = now.pattern.data() + offset;
    double* pattern_sums = sums_.data() + pixels_ + offset;
    const float* values = samples.data() + frame * frame_size;
    const float* slopes = slopes_.data() + frame * frame_size;
    for (std::size_t i = 0; i < frame_size; ++i) {
      const auto slope = static_cast<double>(slopes[i]);
      const std::size_t pixel = i / channels;
      sums_[pixel] += slope * static_cast<double>(pattern[i] - values[i]);
      pattern_sums[i] += slope * static_cast<double>(now.mask[pixel]);
    }
  }
  const double reach = static_cast<double>(box_.high) - static_cast<double>(box_.low);
  for (std::size_t i = 0; i < size(); ++i) {
    const double bend = std::tanh(static_cast<double>(variables[i]));
    const double slope = i < pixels_ ? sums_[i] + cost : sums_[i] * reach;
    gradient[i] = static_cast<float>(slope * 0.5 * (1.0 - bend * bend));
  }
  return value;
}

SNNBD_COLD data::Range pattern_box(data::DatasetView clean) {
  float low = 0.0F;
  float high = 1.0F;
  data::Batch batch;
  for (std::size_t first = 0; first < clean.size(); first += 64) {
    batch.fill_from(clean, first, 64);
    const auto [least, most] = std::ranges::minmax(batch.values);
    low = std::min(low, least);
    high = std::max(high, most);
  }
  return {std::max(clean.range().low, low), std::min(clean.range().high, high)};
}

/// Samples of a set, in an order that changes each time that all were seen.
class EndlessBatches {
 public:
  EndlessBatches(std::size_t samples, std::size_t batch_size, std::uint64_t seed)
      : samples_{samples}, settings_{batch_size, seed}, batches_{samples, settings_, 0} {}

  std::span<const std::size_t> next() {
    if (next_ == batches_.size()) {
      batches_ = data::Batches{samples_, settings_, ++epoch_};
      next_ = 0;
    }
    return batches_[next_++];
  }

 private:
  std::size_t samples_;
  data::BatchSettings settings_;
  std::uint64_t epoch_ = 0;
  std::size_t next_ = 0;
  data::Batches batches_;
};

/// Variables between which masks and patterns are uniform in their boxes.
inline std::vector<float> first_variables(std::size_t count, std::uint64_t seed, int label) {
  random::Stream random{seed, random::Purpose::defend, static_cast<std::uint64_t>(label)};
  std::vector<float> variables(count);
  for (float& variable : variables) variable = std::atanh(1.98F * random.uniform() - 0.99F);
  return variables;
}

}  // namespace detail

SNNBD_COLD void TriggerSearch::check() const {
  const auto at_least_one = [](const char* setting, auto value) {
    if (value < 1) reject(setting, "at least 1", value);
  };
  at_least_one("rounds of a trigger search", rounds);
  at_least_one("batches of a trigger search", batches);
  at_least_one("batch size of a trigger search", batch_size);
  at_least_one("patience of a trigger search", patience);
  at_least_one("rounds without a smaller mask of a trigger search", stop_after);
  require_positive("rate of a trigger search", rate);
  require_part("beta1 of a trigger search", beta1);
  require_part("beta2 of a trigger search", beta2);
  require_positive("cost of a trigger search", cost);
  if (!(cost_up > 1.0) || !std::isfinite(cost_up))
    reject("cost_up of a trigger search", "a number above 1", cost_up);
  if (!(cost_down > 1.0) || !std::isfinite(cost_down))
    reject("cost_down of a trigger search", "a number above 1", cost_down);
  require_share("success of a trigger search", success);
  require_share("stop_share of a trigger search", stop_share);
}

SNNBD_COLD defend::InvertedTrigger TriggerSearch::find(const NetworkProbe& suspect,
                                                       const defend::Evidence& evidence,
                                                       int label) const {
  check();
  const data::DatasetView clean = evidence.clean;
  if (label < 0 || label >= suspect.classes())
    reject("class of a trigger search", "one from 0 to " + std::to_string(suspect.classes() - 1),
           label);
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < clean.size(); ++i)
    if (clean.label(i) != label) others.push_back(i);
  if (others.empty())
    reject("clean samples for a trigger search",
           "at least one of another class than " + std::to_string(label), "none");
  const data::Selection from{clean, others};

  detail::TriggerObjective objective{suspect, label, clean.frames(), per_frame ? clean.frames() : 1,
                                     detail::pattern_box(clean)};
  std::vector<float> variables = detail::first_variables(objective.size(), seed, label);
  std::vector<float> gradient(objective.size());
  std::vector<float> mean(objective.size());
  std::vector<float> square(objective.size());
  detail::EndlessBatches order{others.size(), static_cast<std::size_t>(batch_size), seed};
  detail::MaskCost price{*this};
  data::Batch batch;
  std::vector<float> best;
  std::vector<float> measured;
  double smallest = std::numeric_limits<double>::infinity();
  double stopped_at = smallest;
  int idle = 0;
  Index step = 0;
  const auto observer = evidence.observe("trigger to class " + std::to_string(label),
                                         static_cast<std::size_t>(rounds));
  for (int round = 0; round < rounds; ++round) {
    std::size_t hits = 0;
    std::size_t seen = 0;
    double norm = 0.0;
    for (int turn = 0; turn < batches; ++turn) {
      batch.fill(from, order.next());
      measured = variables;
      const auto value = objective.measure(variables, batch.values, price.value(), gradient);
      hits += value.hits;
      seen += batch.size();
      norm = value.norm;
      kernels::adam_update<float>({.rate = rate, .beta1 = beta1, .beta2 = beta2, .number = ++step},
                                  static_cast<Index>(objective.size()), gradient.data(),
                                  mean.data(), square.data(), variables.data());
    }
    const bool succeeded = static_cast<double>(hits) >= success * static_cast<double>(seen);
    if (succeeded && norm < smallest) {
      smallest = norm;
      best = measured;
    }
    if (observer) observer(static_cast<std::size_t>(round) + 1);
    if (!best.empty()) {
      idle = smallest < stop_share * stopped_at ? 0 : idle + 1;
      stopped_at = std::min(stopped_at, smallest);
      if (price.settled() && idle >= stop_after) break;
    }
    price.follow(succeeded);
  }
  defend::InvertedTrigger found = objective.trigger(best.empty() ? variables : best);
  const defend::Stamped stamped{from, found, 1.0, seed};
  std::size_t hits = 0;
  for (const int given : suspect.predict(stamped)) hits += given == label ? 1U : 0U;
  found.success = static_cast<double>(hits) / static_cast<double>(others.size());
  return found;
}

SNNBD_COLD std::vector<defend::InvertedTrigger> TriggerSearch::find_all(
    const NetworkProbe& suspect, const defend::Evidence& evidence) const {
  std::vector<defend::InvertedTrigger> found;
  found.reserve(static_cast<std::size_t>(suspect.classes()));
  for (int label = 0; label < suspect.classes(); ++label)
    found.push_back(find(suspect, evidence, label));
  return found;
}

}  // namespace snnbd::inline SNNBD_ISA::detect
