#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <snnbd/core/error.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/data/dataset_view.hpp>
#include <snnbd/data/sample.hpp>
#include <snnbd/poison/event_trigger.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// A trigger that changes one image of `shape`, [height, width, channel], in place. Of a sample of
/// several frames it is given one after another. `sample` is the sample's place in the clean set.
template <class Type>
concept ImageTrigger = requires(const Type& trigger, std::span<float> image, Shape shape,
                                std::size_t sample) {
  trigger.stamp(image, shape, sample);
};

/// A trigger that sees the whole sample, with all its frames and their times.
template <class Type>
concept SampleTrigger = requires(const Type& trigger, const data::SampleView& sample) {
  trigger.stamp(sample);
};

/// What an attacker puts on a sample: `stamp` changes it in place, as an image, as a whole, or as
/// events before frames are made of them, and throws `Error` if the trigger does not fit. The same
/// arguments give the same bytes, from any thread.
///
/// Optional members: `describe(shape)`, which gives a `std::string`; `static constexpr bool
/// sees_times = false` for a trigger on samples that never looks at their times, which then need
/// not be found; `fit(training)`, which takes a
/// `data::DatasetView` of the clean training set and learns from it what the trigger needs. An
/// experiment calls it once, before anything is poisoned.
template <class Type>
concept Trigger = requires {
  { Type::name } -> std::convertible_to<std::string_view>;
  requires ImageTrigger<Type> || SampleTrigger<Type> || EventTrigger<Type>;
};

/// A trigger that learns from the clean training set.
template <class Type>
concept FittedTrigger = Trigger<Type> && requires(Type& trigger, data::DatasetView training) {
  trigger.fit(training);
};

/// Whether a trigger looks at the times of frames.
template <Trigger Mark>
constexpr bool sees_times() {
  if constexpr (requires { Mark::sees_times; })
    return Mark::sees_times;
  else
    return SampleTrigger<Mark>;
}

/// Puts a trigger on a sample: on the whole of it, or on each of its frames alike.
///
/// @throws Error if the view's sizes disagree or the trigger does not fit
template <Trigger Mark>
void stamp(const Mark& trigger, const data::SampleView& sample) {
  const auto frames = static_cast<std::size_t>(sample.frames);
  const std::size_t size = frames * static_cast<std::size_t>(sample.shape.size());
  if (sample.values.size() != size)
    reject("sample for a trigger", std::to_string(size) + " values", sample.values.size());
  if (!sample.times.empty() && sample.times.size() != frames)
    reject("times of frames", std::to_string(frames), sample.times.size());
  static_assert(ImageTrigger<Mark> || SampleTrigger<Mark>,
                "snnbd: a trigger on events needs a set that offers its events, see "
                "data::EventDataset");
  if constexpr (SampleTrigger<Mark>)
    trigger.stamp(sample);
  else if constexpr (ImageTrigger<Mark>)
    for (int frame = 0; frame < sample.frames; ++frame)
      trigger.stamp(sample.frame(frame), sample.shape, sample.index);
}

/// What reports print of a trigger: what it says of itself, or else its name.
template <Trigger Mark>
std::string describe(const Mark& trigger, Shape shape) {
  if constexpr (requires { std::string{trigger.describe(shape)}; })
    return trigger.describe(shape);
  else
    return std::string{std::string_view{Mark::name}};
}

}  // namespace snnbd::inline SNNBD_ISA::poison
