#pragma once

#include <span>
#include <string>
#include <string_view>

#include <snnbd/core/random.hpp>
#include <snnbd/core/shape.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// Drops events of a sample whose frames are counts of events, in one of four ways that are equally
/// likely (EventDrop, Gu et al. 2021): none; those of some successive frames; those in a rectangle,
/// the same in all frames; or each by itself, with a probability. How much is dropped is drawn
/// anew for each sample: one of nine shares (of five for the rectangle), equally spaced, up to the
/// largest.
///
/// A trigger may be dropped with the events. What is no whole number, such as a logarithm of a
/// count, is kept or dropped as a whole.
struct EventDrop {
  static constexpr std::string_view name = "event drop";

  double time = 0.9;    ///< largest share of the frames, rounded down to whole frames; below 1
  double area = 0.25;   ///< largest share of each side of the image, of the rectangle; below 1
  double chance = 0.9;  ///< largest probability with which an event is dropped; below 1

  /// @throws Error if a share is not from 0 to below 1
  void check(Shape shape) const;

  /// Draws the way and the share; then the first frame, or the rectangle's row and column, or for
  /// each event whether it is dropped, in the order of the values.
  ///
  /// @param sample [frame, height, width, channel]
  /// @throws Error if a setting is out of range or `sample` has another size
  void apply(std::span<float> sample, int frames, Shape shape, random::Stream& stream) const;

  /// `drop time 0.9, area 0.25, chance 0.9`.
  [[nodiscard]] std::string describe() const;
};

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/event_drop.ipp>
#endif
