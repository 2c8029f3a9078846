#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/shape.hpp>
#include <snnbd/data/dataset.hpp>
#include <snnbd/data/in_memory.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// How images of a folder become samples.
struct ImageFolderOptions {
  /// Whether images of other sizes are scaled to the set's, by `image::resize`; otherwise they are
  /// refused.
  bool resize = false;

  friend constexpr bool operator==(const ImageFolderOptions&, const ImageFolderOptions&) = default;
};

namespace detail {

/// One part of a folder of images, decoded.
struct ImageFolderContent {
  std::vector<std::uint8_t> pixels;  ///< [image, row, column, channel]
  std::vector<int> labels;
  std::vector<std::string> class_names;
  std::string source;
};

ImageFolderContent read_image_folder(const SetLimits& limits, const ImageFolderOptions& options,
                                     Part part, const std::string& directory);

}  // namespace detail

/// PNG and JPEG files in one folder for each class: `DIR/train/CLASS/FILE.png` and
/// `DIR/test/CLASS/FILE.png`. Classes are numbered in the order of their names, images come in the
/// order of their classes and of the names of their files, byte by byte. With one channel images
/// are grey, with three red, green and blue, whatever the file has. Files and folders whose names
/// begin with a dot are left out. All images are decoded at once and kept; copies of the set share
/// them.
///
/// ```cpp
/// using Signs = data::ImageFolder<Shape{32, 32, 3}, 43, data::ImageFolderOptions{.resize = true}>;
/// const Signs train{data::Part::train, "signs"};
/// train.class_names()[train.label(0)];  // "00000"
/// ```
///
/// @tparam Extent shape of an image, with 1 or 3 channels
/// @tparam Classes the number of folders
template <Shape Extent, int Classes, ImageFolderOptions Options = ImageFolderOptions{}>
class ImageFolder {
  static_assert(Extent.channels == 1 || Extent.channels == 3,
                "snnbd: images of a folder have 1 channel (grey) or 3 (red, green, blue)");

 public:
  static constexpr Shape shape = Extent;
  static constexpr int classes = Classes;
  static constexpr std::string_view name = "image_folder";

  /// @param directory holds `train/` and `test/`
  /// @throws Error if a part is missing, has more or fewer classes, or other ones than the other
  ///   part; if a class has no image; if a file is no image, damaged, too large, or of another size
  ///   and `Options.resize` is false
  ImageFolder(Part part, const std::string& directory)
      : ImageFolder{detail::read_image_folder(limits(), Options, part, directory)} {}

  [[nodiscard]] std::size_t size() const { return set_.size(); }

  /// @throws Error if there is no such image
  [[nodiscard]] int label(std::size_t index) const { return set_.label(index); }

  /// Writes one image as values in [0, 1], bytes as 1/255 of themselves.
  ///
  /// @throws Error if there is no such image or `image` has another size
  void read(std::size_t index, std::span<float> image) const { set_.read(index, image); }

  /// The names of the folders, by label.
  [[nodiscard]] const std::vector<std::string>& class_names() const { return *class_names_; }

  /// CRC-32 of the decoded bytes [image, row, column, channel], followed by the labels.
  [[nodiscard]] std::uint32_t checksum() const { return set_.checksum(); }

  /// The folder of the part.
  [[nodiscard]] const std::string& source() const { return set_.source(); }

 private:
  explicit ImageFolder(detail::ImageFolderContent content)
      : class_names_{std::make_shared<const std::vector<std::string>>(
            std::move(content.class_names))},
        set_{std::move(content.pixels), content.labels, std::move(content.source)} {}

  static constexpr detail::SetLimits limits() { return {name, Extent, Classes, Range{}}; }

  std::shared_ptr<const std::vector<std::string>> class_names_;
  InMemory<Extent, Classes> set_;
};

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/image_folder.ipp>
#endif
