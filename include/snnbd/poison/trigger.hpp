#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <snnbd/core/shape.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// What an attacker puts on an image. `stamp` changes an image of `shape`, [height, width,
/// channel], in place and throws `Error` if the trigger does not fit; `sample` is the image's place
/// in the clean set, for triggers that differ from sample to sample. The same arguments give the
/// same bytes, from any thread. A member `describe(shape)` that gives a `std::string` is optional.
template <class Type>
concept Trigger = requires(const Type& trigger, std::span<float> image, Shape shape,
                           std::size_t sample) {
  { Type::name } -> std::convertible_to<std::string_view>;
  trigger.stamp(image, shape, sample);
};

/// What reports print of a trigger: what it says of itself, or else its name.
template <Trigger Mark>
std::string describe(const Mark& trigger, Shape shape) {
  if constexpr (requires { std::string{trigger.describe(shape)}; })
    return trigger.describe(shape);
  else
    return std::string{std::string_view{Mark::name}};
}

}  // namespace snnbd::inline SNNBD_ISA::poison
