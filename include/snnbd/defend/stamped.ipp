#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/defend/stamped.hpp>

namespace snnbd::inline SNNBD_ISA::defend {

SNNBD_COLD double mask_norm(const InvertedTrigger& trigger) {
  double sum = 0.0;
  for (const float value : trigger.mask) sum += std::abs(static_cast<double>(value));
  return sum;
}

SNNBD_INLINE void stamp(const InvertedTrigger& trigger, int frames, std::span<float> samples) {
  const auto channels = static_cast<std::size_t>(trigger.shape.channels);
  const auto frame_size = static_cast<std::size_t>(trigger.shape.size());
  if (trigger.mask.size() * channels != frame_size ||
      trigger.pattern.size() != frame_size * static_cast<std::size_t>(trigger.frames))
    reject("inverted trigger", "a mask and a pattern for frames of " + to_string(trigger.shape),
           std::to_string(trigger.mask.size()) + " and " + std::to_string(trigger.pattern.size()) +
               " values");
  if (trigger.frames != 1 && trigger.frames != frames)
    reject("frames of an inverted trigger", "1 or " + std::to_string(frames), trigger.frames);
  if (frames < 1 || samples.size() % (frame_size * static_cast<std::size_t>(frames)) != 0)
    reject("samples for an inverted trigger",
           "some of " + std::to_string(frames) + " frames of " + to_string(trigger.shape),
           std::to_string(samples.size()) + " values");
  const std::size_t all = samples.size() / frame_size;
  for (std::size_t frame = 0; frame < all; ++frame) {
    const std::size_t shown = frame % static_cast<std::size_t>(trigger.frames);
    const float* pattern = trigger.pattern.data() + shown * frame_size;
    float* values = samples.data() + frame * frame_size;
    for (std::size_t i = 0; i < frame_size; ++i)
      values[i] += trigger.mask[i / channels] * (pattern[i] - values[i]);
  }
}

SNNBD_COLD Stamped::Stamped(data::DatasetView set, InvertedTrigger trigger, double share,
                            std::uint64_t seed)
    : RuntimeSet{set}, set_{set}, trigger_{std::move(trigger)}, stamped_(set.size(), false) {
  require_share("share of stamped samples", share);
  if (trigger_.shape != set.shape())
    reject("inverted trigger for a set", to_string(set.shape()), to_string(trigger_.shape));
  std::vector<float> nothing(set.sample_size());
  stamp(trigger_, set.frames(), nothing);
  std::vector<std::size_t> places(set.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  random::Stream random{seed, random::Purpose::defend};
  const auto count =
      static_cast<std::size_t>(std::llround(share * static_cast<double>(places.size())));
  for (std::size_t i = 0; i < count; ++i) {
    const auto left = static_cast<std::uint32_t>(places.size() - i);
    std::swap(places[i], places[i + random.below(left)]);
    stamped_[places[i]] = true;
  }
}

SNNBD_COLD void Stamped::read(std::size_t index, std::span<float> values) const {
  set_.read(index, values);
  if (!stamped_.at(index)) return;
  stamp(trigger_, set_.frames(), values);
  // Rounding may lead a hair out of the range.
  const auto [low, high] = set_.range();
  for (float& value : values) value = std::clamp(value, low, high);
}

SNNBD_COLD std::string Stamped::triggers_on(std::size_t index) const {
  std::string below = set_.triggers_on(index);
  if (!stamped_.at(index)) return below;
  return below.empty() ? "inverted" : below + ", inverted";
}

}  // namespace snnbd::inline SNNBD_ISA::defend
