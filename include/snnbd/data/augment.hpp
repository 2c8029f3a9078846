#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/core/shape.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// An augmentation that changes one image, of `shape`, [height, width, channel], in place. Of a
/// sample of several frames, each frame is such an image: all are given the same random numbers, so
/// that all are varied alike.
template <class Type>
concept ImageAugmentation = requires(const Type& policy, std::span<float> image, Shape shape,
                                     random::Stream& stream) {
  { Type::name } -> std::convertible_to<std::string_view>;
  policy.apply(image, shape, stream);
};

/// An augmentation that changes all frames of a sample together, [frame, height, width, channel],
/// in place: what it does to one may depend on which it is.
template <class Type>
concept SampleAugmentation = requires(const Type& policy, std::span<float> sample, int frames,
                                      Shape shape, random::Stream& stream) {
  { Type::name } -> std::convertible_to<std::string_view>;
  policy.apply(sample, frames, shape, stream);
};

/// How whoever trains varies images each time that they are seen. All that is random is drawn from
/// `stream`, which belongs to this sample in this epoch. Optional: `check(shape)`, which throws
/// `Error` before anything is trained, and `describe()`, which gives a `std::string` for reports.
template <class Type>
concept Augmentation = ImageAugmentation<Type> || SampleAugmentation<Type>;

/// Leaves images as they are.
struct NoAugmentation {
  static constexpr std::string_view name = "none";

  void apply(std::span<float> /*image*/, Shape /*shape*/, random::Stream& /*stream*/) const {}
};

/// What is usual for CIFAR-10 (He et al. 2016, Sec. 4.2; Lee et al. 2015): the image gets a border
/// of zeros, a window of the image's own size is cut from a random place of it, and with a
/// probability it is mirrored left to right. The image moves by -padding to padding rows and
/// columns, each as likely as the others.
///
/// A trigger that is on the image moves with it, and may leave it in part. All frames of a sample
/// move alike; mirrored, what moves to the left moves to the right, which may be another class.
struct CropAndFlip {
  static constexpr std::string_view name = "crop and flip";

  int padding = 4;    ///< pixels on each side; at least 0, less than the image's shorter side
  double flip = 0.5;  ///< probability of mirroring, 0 to 1

  /// @throws Error if `padding` or `flip` is out of range
  void check(Shape shape) const;

  /// Draws the row of the window, its column and whether to mirror, in this order.
  ///
  /// @param image [height, width, channel]
  /// @throws Error if a setting is out of range or `image` has another size
  void apply(std::span<float> image, Shape shape, random::Stream& stream) const;

  /// `crop 4, flip 0.5`.
  [[nodiscard]] std::string describe() const;
};

/// Mirrors images left to right with a probability. A trigger at a corner shows up at the other
/// one, and what moves in the frames of a sample goes the other way.
struct RandomFlip {
  static constexpr std::string_view name = "flip";
  double probability = 0.5;  ///< 0 to 1

  /// @throws Error if `probability` is out of range
  void check(Shape shape) const { whole().check(shape); }
  void apply(std::span<float> image, Shape shape, random::Stream& stream) const {
    whole().apply(image, shape, stream);
  }
  /// `crop 0, flip 0.5`.
  [[nodiscard]] std::string describe() const { return whole().describe(); }

 private:
  [[nodiscard]] CropAndFlip whole() const { return {.padding = 0, .flip = probability}; }
};

/// What reports print of an augmentation: what it says of itself, or else its name.
template <Augmentation Policy>
std::string describe(const Policy& policy) {
  if constexpr (requires { std::string{policy.describe()}; })
    return policy.describe();
  else
    return std::string{std::string_view{Policy::name}};
}

/// Varies one sample in place.
///
/// @param sample [frame, height, width, channel]
template <Augmentation Policy>
void vary(const Policy& policy, std::span<float> sample, int frames, Shape shape,
          const random::Stream& stream) {
  if constexpr (SampleAugmentation<Policy>) {
    random::Stream numbers = stream;
    policy.apply(sample, frames, shape, numbers);
  } else {
    const auto image_size = static_cast<std::size_t>(shape.size());
    for (std::size_t frame = 0; frame < static_cast<std::size_t>(frames); ++frame) {
      random::Stream numbers = stream;
      policy.apply(sample.subspan(frame * image_size, image_size), shape, numbers);
    }
  }
}

/// Varies a batch in place, several threads at once. What becomes of an image follows from the seed
/// and its id alone, not from the batch that it is in.
///
/// @param images [sample, frame, height, width, channel], as many samples as ids
/// @param sample_ids below 2^48; training counts them on from epoch to epoch
/// @param frames of each sample, all of which are varied alike
/// @throws Error if the sizes disagree
template <Augmentation Policy>
void augment(const Policy& policy, std::span<float> images, Shape shape, std::uint64_t seed,
             std::span<const std::uint64_t> sample_ids, int frames = 1) {
  const std::size_t sample_size =
      static_cast<std::size_t>(frames) * static_cast<std::size_t>(shape.size());
  if (images.size() != sample_ids.size() * sample_size)
    reject("images to augment", std::to_string(sample_ids.size() * sample_size) + " values",
           images.size());
  if constexpr (!std::same_as<Policy, NoAugmentation>) {
    constexpr Index samples_at_once = 8;
    const auto count = static_cast<Index>(sample_ids.size());
    parallel_ranges(count, samples_at_once, [&](Index from, Index end) {
      for (auto place = static_cast<std::size_t>(from); place < static_cast<std::size_t>(end);
           ++place)
        vary(policy, images.subspan(place * sample_size, sample_size), frames, shape,
             random::Stream{seed, random::Purpose::augment, sample_ids[place]});
    });
  }
}

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/augment.ipp>
#endif
