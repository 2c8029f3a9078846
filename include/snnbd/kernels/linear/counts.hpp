#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <type_traits>

#include <snnbd/core/signal.hpp>
#include <snnbd/kernels/linear/geometry.hpp>
#include <snnbd/kernels/simd/lanes.hpp>

/// Real values of which few are not zero, such as counts of events, and lists of those. They are
/// found a register at a time: a comparison gives a bit for each value. An entry of a list tells
/// where a value is, and whoever follows the list reads it there, so that a frame is never written
/// a second time. Listing costs one pass over the frames, which memory bounds: as much as one
/// register of outputs does at each value.
namespace snnbd::inline SNNBD_ISA::kernels {

/// A batch of real values whose density decides how they are worked with; never what comes out.
template <class Scalar>
struct CountView {
  RealView<const Scalar> values;
};

/// What the linear kernels take for a signal of kind `In`.
template <Signal In, class View>
auto linear_input(const View& in) {
  if constexpr (CountSignal<In>) {
    return CountView<std::remove_const_t<std::remove_pointer_t<decltype(in.data)>>>{in};
  } else {
    return in;
  }
}

/// The share of the values that are not zero, over all samples and steps.
template <class Scalar>
double density(const CountView<Scalar>& counts);

/// The values of some frames that are not zero, row by row: entry = x * channels + channel,
/// ascending.
struct CountRows {
  Index height = 0;
  Index frame_size = 0;
  std::span<std::int32_t> ends;     ///< [frame, y] -> past the last entry
  std::span<std::int32_t> entries;  ///< [frame, frame_size]

  /// The entries of the rows before `y`, where those of `y` begin.
  [[nodiscard]] const std::int32_t* begin(Index frame, Index y) const {
    return y == 0 ? entries.data() + frame * frame_size : end(frame, y - 1);
  }
  [[nodiscard]] const std::int32_t* end(Index frame, Index y) const {
    return entries.data() + frame * frame_size + ends[static_cast<std::size_t>(frame * height + y)];
  }
};

/// Lists the values of the samples `first` to `last` of a batch by row.
template <class Scalar>
void list_count_rows(RealView<const Scalar> values, Index first, Index last, const CountRows& rows);

/// The same channel by channel: what each value is, and where on their gradient planes it stands,
/// as a place (frame * plane height + y) * plane width + x, ascending.
template <class Scalar>
struct CountChannels {
  Index frames = 0;
  Index pixels = 0;
  std::span<std::int32_t> ends;     ///< [channel, frame] -> how many
  std::span<std::int32_t> entries;  ///< [channel, frame, pixels]
  std::span<Scalar> values;         ///< laid out as the entries
};

/// Lists the values of `channels.frames` frames, from those of the sample `first` on, by channel:
/// for the weight gradient.
template <class Scalar>
void list_count_channels(RealView<const Scalar> values, Index first, const ConvGeometry& geometry,
                         const CountChannels<Scalar>& channels);

namespace detail {

/// Calls `visit(number)` for each value that is not zero, in their order.
template <class Scalar, class Visit>
void for_each_count(const Scalar* values, Index size, const Visit& visit) {
  constexpr int width = lanes::width<Scalar>;
  constexpr int together = word_bits / width;
  const lanes::Batch<Scalar> zero(Scalar{0});
  Index first = 0;
  for (; first + word_bits <= size; first += word_bits) {
    Word found = 0;
    for (int v = 0; v < together; ++v)
      found |= lanes::bits(lanes::Batch<Scalar>::load_unaligned(values + first + v * width) != zero)
               << (v * width);
    for (; found != 0; found &= found - 1) visit(first + std::countr_zero(found));
  }
  for (; first < size; ++first)
    if (values[first] != Scalar{0}) visit(first);
}

}  // namespace detail

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/linear/counts.ipp>
#endif
