#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <snnbd/core/shape.hpp>
#include <snnbd/data/sample.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// Which half of a data set.
enum class Part { train, test };

/// A set of labelled samples. `shape`, `classes` and `name` are known at compile time; `read`
/// writes one sample as values in [0, 1]; labels are 0 to classes - 1. Reading the same index twice
/// gives the same bytes, from any thread. A set whose values are others says so by `static
/// constexpr data::Range range`.
///
/// A sample is an image, [height, width, channel], of `shape`; or several frames of that shape, if
/// the set says how many by `static constexpr int frames`: [frame, height, width, channel]. It may
/// tell when a frame was by `frame_time(index, frame)`, which gives a `data::FrameTime`.
template <class Type>
concept Dataset = requires(const Type& set, std::size_t index, std::span<float> values) {
  requires std::same_as<std::remove_cvref_t<decltype(Type::shape)>, Shape>;
  requires std::convertible_to<decltype(Type::classes), int>;
  requires std::convertible_to<decltype(Type::name), std::string_view>;
  { set.size() } -> std::convertible_to<std::size_t>;
  { set.label(index) } -> std::convertible_to<int>;
  set.read(index, values);
};

/// The values that the images of a set may have: what it declares, or else [0, 1].
template <Dataset Set>
constexpr Range range_of() {
  if constexpr (requires { Set::range; }) {
    static_assert(std::same_as<std::remove_cvref_t<decltype(Set::range)>, Range>,
                  "snnbd: the range of a set is a static constexpr data::Range");
    constexpr Range range = Set::range;
    static_assert(range.low >= std::numeric_limits<float>::lowest() && range.low <= range.high &&
                      range.high <= std::numeric_limits<float>::max(),
                  "snnbd: the range of a set goes from a finite number up to another");
    return range;
  } else {
    return {};
  }
}

/// The frames of each sample of a set: what it declares, or else 1, as of images.
template <Dataset Set>
constexpr int frames_of() {
  if constexpr (requires { Set::frames; }) {
    static_assert(std::same_as<std::remove_cvref_t<decltype(Set::frames)>, int>,
                  "snnbd: the frames of a set are a static constexpr int");
    static_assert(Set::frames >= 1, "snnbd: a sample of a set has at least one frame");
    return Set::frames;
  } else {
    return 1;
  }
}

/// The number of values of one sample, all its frames together.
template <Dataset Set>
constexpr std::size_t sample_size_of() {
  return static_cast<std::size_t>(Set::shape.size()) * static_cast<std::size_t>(frames_of<Set>());
}

/// When a frame of a sample was, see `FrameTime`.
template <Dataset Set>
FrameTime frame_time(const Set& set, std::size_t index, int frame) {
  if constexpr (requires { set.frame_time(index, frame); })
    return set.frame_time(index, frame);
  else
    return {static_cast<double>(frame), 1.0};
}

/// The times of a sample's frames, for a `SampleView`: empty for a set that tells none. A set that
/// knows all of them at once may say so by `frame_times(index)`.
template <Dataset Set>
auto frame_times(const Set& set, std::size_t index) {
  if constexpr (requires { set.frame_times(index); }) {
    return set.frame_times(index);
  } else if constexpr (requires { set.frame_time(index, 0); }) {
    std::array<FrameTime, std::size_t{frames_of<Set>()}> times;
    for (int frame = 0; frame < frames_of<Set>(); ++frame)
      times[static_cast<std::size_t>(frame)] = set.frame_time(index, frame);
    return times;
  } else {
    return std::array<FrameTime, 0>{};
  }
}

/// The label before any attacker touched a sample; the same as `label` for a set that knows no
/// other.
template <Dataset Set>
int original_label(const Set& set, std::size_t index) {
  if constexpr (requires { set.original_label(index); })
    return set.original_label(index);
  else
    return set.label(index);
}

/// Whether an attacker touched a sample; false for a set that knows nothing of it.
template <Dataset Set>
bool is_poisoned([[maybe_unused]] const Set& set, [[maybe_unused]] std::size_t index) {
  if constexpr (requires { set.is_poisoned(index); })
    return set.is_poisoned(index);
  else
    return false;
}

/// The triggers that a sample carries, as reports name them, the first stamped first; empty for
/// none, and for a set that knows nothing of it.
template <Dataset Set>
std::string triggers_on([[maybe_unused]] const Set& set, [[maybe_unused]] std::size_t index) {
  if constexpr (requires { set.triggers_on(index); })
    return set.triggers_on(index);
  else
    return {};
}

}  // namespace snnbd::inline SNNBD_ISA::data
