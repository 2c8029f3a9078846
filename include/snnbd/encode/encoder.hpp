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

/// How samples become what a network sees. `Signal<S>` is the signal that the network is bound to
/// for frames of shape `S`; `encode` fills a view of it from images [sample, 1, height, width,
/// channel] with values in [0, 1], or from frames [sample, frame, height, width, channel] if a
/// member `static constexpr bool passes_frames = true` says that it takes samples of several frames
/// and makes a step of each. `sample_ids` are the samples' places in their set: randomness
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

/// Whether an encoder takes samples of several frames and makes a step of each.
template <class Encoding>
inline constexpr bool passes_frames = false;
template <class Encoding>
requires requires {
  Encoding::passes_frames;
}
inline constexpr bool passes_frames<Encoding> = Encoding::passes_frames;

/// What an encoder makes of frames, without its type.
struct FrameRule {
  std::string_view encoder;  ///< its name
  bool passes = false;       ///< see `passes_frames`

  template <class Encoding>
  static constexpr FrameRule of() {
    return {Encoding::name, passes_frames<Encoding>};
  }

  /// The steps of the sequences that the encoder makes of a set's samples: as many as a sample has
  /// frames, if it passes them on, or else those that were asked for.
  ///
  /// @param set its name
  /// @param frames of each of its samples
  /// @param given whether `timesteps` were asked for, and are not a default
  /// @throws Error if other steps were asked for than there are frames, or the encoder takes images
  ///   and a sample has several frames
  [[nodiscard]] Index steps(std::string_view set, int frames, Index timesteps, bool given) const;
};

namespace detail {

/// Refuses samples and views that do not belong together.
void check_samples(const RealView<const float>& images, std::size_t sample_ids,
                   const Extent& extent, Shape shape);

/// The same for images, which have one frame.
void check_views(const RealView<const float>& images, std::size_t sample_ids, const Extent& extent,
                 Shape shape);

/// Refuses samples and views that do not belong together, and steps that are not the frames.
void check_frames(const RealView<const float>& samples, std::size_t sample_ids,
                  const Extent& extent, Shape shape, const Steps& steps);

/// Refuses steps that are not in their sequence.
void check_steps(const Steps& steps, const Extent& extent);

}  // namespace detail

}  // namespace snnbd::inline SNNBD_ISA::encode

#if !defined(SNNBD_COMPILED)
#include <snnbd/encode/encoder.ipp>
#endif
