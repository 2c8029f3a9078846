#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/shape.hpp>
#include <snnbd/data/dataset.hpp>
#include <snnbd/data/in_memory.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// Where the channels of an image stand in a file.
enum class ImageOrder {
  by_sizes,      ///< as the sizes say; refused if both others fit
  channel_last,  ///< [image, height, width, channel]
  channel_first  ///< [image, channel, height, width], as PyTorch has them
};

/// The largest `.npy` or `.npz` file of a data set that is read, unpacked, in bytes.
inline constexpr std::uint64_t largest_npy = std::uint64_t{1} << 34U;

namespace detail {

/// Images [image, row, column, channel] and labels out of NumPy's files.
struct NpyContent {
  ImageValues images;
  std::vector<std::int64_t> labels;
  std::string source;
};

/// Reads one part of a set from a folder, as `Npy` describes it.
NpyContent read_npy_part(const SetLimits& limits, ImageOrder order, Part part,
                         const std::string& directory);

/// Reads images and labels from a file each.
NpyContent read_npy_files(const SetLimits& limits, ImageOrder order, const std::string& images,
                          const std::string& labels);

}  // namespace detail

/// Images and labels that NumPy saved. Of the part `train` they are in the folder
///
/// - `train_images.npy` and `train_labels.npy`, or
/// - `train/images.npy` and `train/labels.npy`, or
/// - `train.npz` with the arrays `images` and `labels`;
///
/// for the part `test` the same with its name. Images are [n, h, w, c] or [n, c, h, w], or [n, h,
/// w] if they have one channel; of type `u1`, which is read as 1/255 of itself, or `f4` or `f8`,
/// which are taken as they are. Labels are [n] whole numbers of any width. Copies share the values.
///
/// ```cpp
/// using Set = data::Npy<Shape{28, 28, 1}, 10>;
/// const Set train{data::Part::train, "folder"};
/// const Set some{"images.npy", "labels.npy"};
/// ```
///
/// @tparam Extent shape of an image
/// @tparam Classes labels are 0 to `Classes - 1`
/// @tparam Order where channels stand in the file; has to be named if the sizes fit both orders
/// @tparam Values the range of the values
template <Shape Extent, int Classes, ImageOrder Order = ImageOrder::by_sizes,
          Range Values = Range{}>
class Npy {
  using Kept = InMemory<Extent, Classes, Values>;

 public:
  static constexpr Shape shape = Extent;
  static constexpr int classes = Classes;
  static constexpr std::string_view name = "npy";
  static constexpr Range range = Values;

  /// @param directory holds the files of both parts
  /// @throws Error if files are missing or damaged, or their arrays of other sizes, types or values
  Npy(Part part, const std::string& directory)
      : set_{make(detail::read_npy_part(limits(), Order, part, directory))} {}

  /// @throws Error if a file is missing or damaged, or its array of other sizes, type or values
  Npy(const std::string& images, const std::string& labels)
      : set_{make(detail::read_npy_files(limits(), Order, images, labels))} {}

  [[nodiscard]] std::size_t size() const { return set_.size(); }

  /// @throws Error if there is no such image
  [[nodiscard]] int label(std::size_t index) const { return set_.label(index); }

  /// @throws Error if there is no such image or `image` has another size
  void read(std::size_t index, std::span<float> image) const { set_.read(index, image); }

  /// CRC-32 of the values [image, row, column, channel] as they are kept, bytes or `float`,
  /// followed by the labels.
  [[nodiscard]] std::uint32_t checksum() const { return set_.checksum(); }

  /// The file of the images.
  [[nodiscard]] const std::string& source() const { return set_.source(); }

 private:
  static constexpr detail::SetLimits limits() { return {name, Extent, Classes, Values}; }

  static Kept make(detail::NpyContent content) {
    return std::visit(
        [&](auto& images) {
          return Kept{std::move(images), content.labels, std::move(content.source)};
        },
        content.images);
  }

  Kept set_;
};

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/npy.ipp>
#endif
