#pragma once

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/data/npy.hpp>
#include <snnbd/format/npy.hpp>

namespace snnbd::inline SNNBD_ISA::data::detail {

/// Whether the channels of images of some sizes stand before rows and columns.
inline bool channels_come_first(const SetLimits& limits, ImageOrder order,
                                std::span<const std::int64_t> sizes, const std::string& source) {
  const auto [height, width, channels] = limits.shape;
  const std::int64_t last[] = {height, width, channels};
  const std::int64_t first[] = {channels, height, width};
  const bool has_four = sizes.size() == 4;
  const bool fits_last = (has_four && std::ranges::equal(sizes.subspan(1), last)) ||
                         (sizes.size() == 3 && channels == 1 &&
                          std::ranges::equal(sizes.subspan(1), std::span{last}.first(2)));
  const bool fits_first = has_four && std::ranges::equal(sizes.subspan(1), first);
  const bool by_sizes = order == ImageOrder::by_sizes;
  // With one channel, or one pixel, both orders are the same values in the same places.
  const bool differ = channels > 1 && height * width > 1;
  if (by_sizes && fits_last && fits_first && differ)
    reject(source,
           "images in an order that their sizes tell, or ImageOrder::channel_last or channel_first "
           "among the set's template arguments",
           sizes_text(sizes));
  if (fits_last && (order != ImageOrder::channel_first || !differ)) return false;
  if (fits_first && (order != ImageOrder::channel_last || !differ)) return true;
  const std::string as_last = "[n, " + sizes_text(last).substr(1);
  const std::string as_first = "[n, " + sizes_text(first).substr(1);
  reject(source,
         "images " + (by_sizes                            ? as_last + " or " + as_first
                      : order == ImageOrder::channel_last ? as_last
                                                          : as_first),
         sizes_text(sizes));
}

/// From [image, channel, row, column] to [image, row, column, channel].
template <class Value>
void put_channels_last(std::vector<Value>& values, Shape shape) {
  const auto channels = static_cast<std::size_t>(shape.channels);
  const auto pixels = static_cast<std::size_t>(shape.pixels());
  if (channels == 1 || pixels == 1) return;
  std::vector<Value> image(channels * pixels);
  for (std::size_t first = 0; first < values.size(); first += image.size()) {
    std::copy_n(values.data() + first, image.size(), image.data());
    for (std::size_t pixel = 0; pixel < pixels; ++pixel)
      for (std::size_t channel = 0; channel < channels; ++channel)
        values[first + pixel * channels + channel] = image[channel * pixels + pixel];
  }
}

inline ImageValues images_of(const npy::Array& array, const std::string& source) {
  if (array.dtype == "u1") return npy::values_of<std::uint8_t>(array, source);
  if (array.dtype == "f4") return npy::values_of<float>(array, source);
  if (array.dtype != "f8") reject(source, "images of type u1, f4 or f8", array.dtype);
  const std::vector<double> values = npy::values_of<double>(array, source);
  std::vector<float> rounded(values.size());
  std::ranges::transform(values, rounded.begin(),
                         [](double value) { return static_cast<float>(value); });
  return rounded;
}

/// Puts what was read in the order of the library.
inline NpyContent make_content(const SetLimits& limits, ImageOrder order, const npy::Array& images,
                               const npy::Array& labels, const std::string& images_source,
                               const std::string& labels_source) {
  const bool first = channels_come_first(limits, order, images.shape, images_source);
  if (labels.shape.size() != 1 || labels.shape.front() != images.shape.front())
    reject(labels_source,
           sizes_text(std::span{images.shape}.first(1)) + " labels, one for each image",
           sizes_text(labels.shape));
  NpyContent content{images_of(images, images_source), npy::whole_numbers(labels, labels_source),
                     images_source};
  if (first)
    std::visit([&](auto& values) { put_channels_last(values, limits.shape); }, content.images);
  return content;
}

SNNBD_INLINE NpyContent read_npy_files(const SetLimits& limits, ImageOrder order,
                                       const std::string& images, const std::string& labels) {
  return read_within_memory(images, [&] {
    return make_content(limits, order, npy::read(images, largest_npy),
                        npy::read(labels, largest_npy), images, labels);
  });
}

SNNBD_INLINE NpyContent read_npy_part(const SetLimits& limits, ImageOrder order, Part part,
                                      const std::string& directory) {
  if (directory.empty())
    reject("data (Settings::data, --data)", "the folder that holds the files of NumPy", "none");
  const std::string name = part == Part::train ? "train" : "test";
  const std::filesystem::path root{directory};
  const auto is_there = [](const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
  };
  for (const auto& [images, labels] :
       {std::pair{root / (name + "_images.npy"), root / (name + "_labels.npy")},
        std::pair{root / name / "images.npy", root / name / "labels.npy"}})
    if (is_there(images)) return read_npy_files(limits, order, images.string(), labels.string());

  const std::string path = (root / (name + ".npz")).string();
  if (!is_there(path))
    reject(directory,
           name + "_images.npy and " + name + "_labels.npy, " + name + "/images.npy and " + name +
               "/labels.npy, or " + name + ".npz",
           "no such file");
  return read_within_memory(path, [&] {
    const std::vector<npy::NamedArray> arrays = npy::read_npz(path, largest_npy);
    const npy::Array* const images = npy::find(arrays, "images");
    const npy::Array* const labels = npy::find(arrays, "labels");
    if (images == nullptr || labels == nullptr)
      reject(path, "arrays named images and labels", images == nullptr ? "no images" : "no labels");
    NpyContent content =
        make_content(limits, order, *images, *labels, path + ", images", path + ", labels");
    content.source = path;
    return content;
  });
}

}  // namespace snnbd::inline SNNBD_ISA::data::detail
