#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <snnbd/core/random.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/data/augment.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// How many steps of random numbers an augmentation takes: one for each that it consists of.
template <class Policy>
inline constexpr std::uint16_t augmentation_steps = 1;

/// Two augmentations, one after the other; each of them may be two itself. `first` does what it
/// would do alone. The numbers of `second` are those of later steps, so that neither depends on how
/// many the other draws.
///
/// ```cpp
/// using ForEvents = data::InTurn<data::CropAndFlip, data::EventDrop>;
/// ```
template <Augmentation First, Augmentation Second>
struct InTurn {
  static constexpr std::string_view name = "in turn";

  First first{};
  Second second{};

  /// @throws Error if one of them refuses the shape or its own settings
  void check([[maybe_unused]] Shape shape) const {
    if constexpr (requires { first.check(shape); }) first.check(shape);
    if constexpr (requires { second.check(shape); }) second.check(shape);
  }

  /// @param sample [frame, height, width, channel]
  void apply(std::span<float> sample, int frames, Shape shape, random::Stream& stream) const {
    vary(first, sample, frames, shape, stream);
    vary(second, sample, frames, shape, stream.later(augmentation_steps<First>));
  }

  /// `crop 4, flip 0.5; drop time 0.9, area 0.25, chance 0.9`.
  [[nodiscard]] std::string describe() const {
    return data::describe(first) + "; " + data::describe(second);
  }
};

template <Augmentation First, Augmentation Second>
inline constexpr std::uint16_t augmentation_steps<InTurn<First, Second>> =
    augmentation_steps<First> + augmentation_steps<Second>;

}  // namespace snnbd::inline SNNBD_ISA::data
