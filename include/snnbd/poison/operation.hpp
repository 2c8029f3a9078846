#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <snnbd/core/number.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/core/random.hpp>

/// The third part of a composed trigger: what it does to what is there.
namespace snnbd::inline SNNBD_ISA::poison {

/// What a trigger does to a value: `apply(old, shown)` gives the new one, where `shown` tells
/// whether the trigger's polarity shows events of this kind. Values are those of frames: counts of
/// events, or whatever the set has. On events it is the number of those at a pixel in the window of
/// a frame, rounded; the first ones stay, unless `replaces` says that all make room for new ones.
template <class Type>
concept Operation = requires(const Type& operation, float old, bool shown) {
  { operation.apply(old, shown) } -> std::same_as<float>;
  { operation.describe() } -> std::convertible_to<std::string>;
};

/// Whether old events make room for new ones.
template <Operation Type>
constexpr bool replaces() {
  if constexpr (requires { Type::replaces; })
    return Type::replaces;
  else
    return false;
}

/// Replaces what was there: `value` where the polarity shows events, 0 elsewhere. This is what
/// Abad et al. 2024 and Jin et al. 2024 do, with a value of 1.
struct SetTo {
  static constexpr bool replaces = true;
  float value = 1.0F;  ///< in the set's own unit: events a frame, where frames are counts

  void check() const { require_not_negative("value of a trigger", value); }
  [[nodiscard]] float apply(float /*old*/, bool shown) const { return shown ? value : 0.0F; }
  [[nodiscard]] std::string describe() const { return ", set to " + number_text(value); }
};

/// Adds to what is there, of the kinds that the polarity shows; up to the range of the set.
struct Add {
  float value = 1.0F;  ///< in the set's own unit

  void check() const { require_not_negative("value of a trigger", value); }
  [[nodiscard]] float apply(float old, bool shown) const { return shown ? old + value : old; }
  [[nodiscard]] std::string describe() const { return ", added " + number_text(value); }
};

/// Erases what is there, of the kinds that the polarity shows.
struct Erase {
  [[nodiscard]] static float apply(float old, bool shown) { return shown ? 0.0F : old; }
  [[nodiscard]] static std::string describe() { return ", erased"; }
};

/// Multiplies what is there, of the kinds that the polarity shows; up to the range of the set.
struct Scale {
  float ratio = 2.0F;

  void check() const { require_not_negative("ratio of a trigger", ratio); }
  [[nodiscard]] float apply(float old, bool shown) const { return shown ? old * ratio : old; }
  [[nodiscard]] std::string describe() const { return ", scaled by " + number_text(ratio); }
};

/// Mixes what is there with what `SetTo` would put there.
struct Blend {
  float ratio = 0.5F;  ///< of the trigger, from 0 to 1
  float value = 1.0F;  ///< in the set's own unit

  void check() const {
    require_share("ratio of a trigger", ratio);
    require_not_negative("value of a trigger", value);
  }
  [[nodiscard]] float apply(float old, bool shown) const {
    return (1.0F - ratio) * old + (shown ? ratio * value : 0.0F);
  }
  [[nodiscard]] std::string describe() const {
    return ", blended by " + number_text(ratio) + " with " + number_text(value);
  }
};

/// An operation on events alone: each covered event of the kinds that the polarity shows is gone if
/// `drops(stream)` says so, in the order of their times. The stream follows from a member `seed`
/// and the sample. The earliest and the latest event of a recording stay, so that it lasts as long.
template <class Type>
concept EventOperation = requires(const Type& operation, random::Stream& stream) {
  { operation.drops(stream) } -> std::convertible_to<bool>;
  { operation.describe() } -> std::convertible_to<std::string>;
  { operation.seed } -> std::convertible_to<std::optional<std::uint64_t>>;
};

/// Loses events at random.
struct Drop {
  float share = 0.5F;                   ///< of the events, from 0 to 1
  std::optional<std::uint64_t> seed{};  ///< empty for the experiment's, else 1

  void check() const { require_share("share of dropped events", share); }
  [[nodiscard]] bool drops(random::Stream& stream) const { return stream.uniform() < share; }
  [[nodiscard]] std::string describe() const {
    return ", " + number_text(share) + " dropped, by seed " + std::to_string(seed.value_or(1));
  }
};

}  // namespace snnbd::inline SNNBD_ISA::poison
