#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <snnbd/core/shape.hpp>
#include <snnbd/core/signal.hpp>

namespace snnbd::inline SNNBD_ISA::encode {

/// Which steps of a sequence a view is to have: all of them, unless it says otherwise.
struct Steps {
  Index first = 0;  ///< number of the view's first step in the sequence
  Index total = 0;  ///< steps of the whole sequence; 0 if it ends with the view

  /// The steps of the whole sequence, of which a view of `extent` is a part.
  [[nodiscard]] Index of(const Extent& extent) const {
    return total > 0 ? total : first + extent.steps;
  }
};

/// How images become what a network sees. `Signal<S>` is the signal that the network is bound to
/// for images of shape `S`; `encode` fills a view of it from images [sample, 1, height, width,
/// channel] with values in [0, 1]. `sample_ids` are the samples' places in their set: randomness
/// follows them, so that a sample is encoded alike in any batch. The view may be a window of a
/// longer sequence: the steps from `Steps::first` on, exactly as they are in the whole. `check()`,
/// if there is one, throws `Error` for settings out of range.
template <class Type>
concept Encoder = requires(const Type& encoder, RealView<const float> images,
                           std::span<const std::uint64_t> sample_ids,
                           ViewOf<typename Type::template Signal<Shape{2, 2, 3}>, float> out,
                           const Steps& steps) {
  requires Signal<typename Type::template Signal<Shape{2, 2, 3}>>;
  { Type::name } -> std::convertible_to<std::string_view>;
  encoder.encode(images, sample_ids, out, steps);
};

namespace detail {

/// Refuses images and views that do not belong together.
void check_views(const RealView<const float>& images, std::size_t sample_ids, const Extent& extent,
                 Shape shape);

/// Refuses steps that are not in their sequence.
void check_steps(const Steps& steps, const Extent& extent);

}  // namespace detail

}  // namespace snnbd::inline SNNBD_ISA::encode

#if !defined(SNNBD_COMPILED)
#include <snnbd/encode/encoder.ipp>
#endif
