#pragma once

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include <xtensor/xtensor.hpp>

#include <snnbd/core/crc32.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/data/access.hpp>
#include <snnbd/data/embedded.hpp>
#include <snnbd/data/idx.hpp>
#include <snnbd/data/mnist.hpp>

namespace snnbd::inline SNNBD_ISA::data {

struct Mnist::Content {
  xt::xtensor<std::uint8_t, 3> images;
  xt::xtensor<std::uint8_t, 1> labels;
  std::string source;
  std::uint32_t checksum = 0;
  bool embedded = false;
};

namespace detail {

/// `folder/stem`, plain if it is there, otherwise compressed; empty if there is neither.
inline std::string find_idx(const std::filesystem::path& folder, const std::string& stem) {
  for (const auto* ending : {"", ".gz"}) {
    std::error_code ignored;
    const auto path = folder / (stem + ending);
    if (std::filesystem::exists(path, ignored)) return path.string();
  }
  return {};
}

}  // namespace detail

SNNBD_INLINE Mnist::Mnist(Part part, const std::string& directory) {
  auto content = std::make_shared<Content>();
  content->embedded = directory.empty();
  const std::filesystem::path root{content->embedded ? embedded_directory() : directory};
  const std::string prefix = part == Part::train ? "train" : "t10k";
  const std::string image_stem = prefix + "-images-idx3-ubyte";
  const std::string label_stem = prefix + "-labels-idx1-ubyte";

  std::filesystem::path folder;
  for (const auto& candidate : {root / "MNIST", root / "MNIST" / "raw", root}) {
    content->source = detail::find_idx(candidate, image_stem);
    folder = candidate;
    if (!content->source.empty()) break;
  }
  if (content->source.empty())
    reject(root.string(), "MNIST/" + image_stem + " with or without .gz", "no such file");
  const std::string label_path = detail::find_idx(folder, label_stem);
  if (label_path.empty())
    reject(folder.string(), label_stem + " with or without .gz beside the images", "no such file");

  content->images = read_idx<3>(content->source);
  content->labels = read_idx<1>(label_path);
  const auto& sizes = content->images.shape();
  if (sizes[1] != static_cast<std::size_t>(shape.height) ||
      sizes[2] != static_cast<std::size_t>(shape.width))
    reject(content->source, "images of 28x28",
           std::to_string(sizes[1]) + 'x' + std::to_string(sizes[2]));
  if (sizes[0] == 0) reject(content->source, "at least one image", "none");
  if (content->labels.size() != sizes[0])
    reject(label_path, std::to_string(sizes[0]) + " labels, one for each image",
           content->labels.size());
  for (const std::uint8_t label : content->labels.storage())
    if (label >= classes) reject(label_path, "labels from 0 to 9", static_cast<unsigned>(label));

  content->checksum = crc32({content->images.data(), content->images.size()});
  content->checksum = crc32({content->labels.data(), content->labels.size()}, content->checksum);
  content_ = std::move(content);
}

SNNBD_INLINE std::size_t Mnist::size() const {
  return content_->labels.size();
}

SNNBD_INLINE int Mnist::label(std::size_t index) const {
  check_index(name, index, size());
  return content_->labels.data()[index];
}

SNNBD_INLINE void Mnist::read(std::size_t index, std::span<float> image) const {
  constexpr auto pixels = static_cast<std::size_t>(shape.size());
  check_index(name, index, size());
  check_image_size(name, image.size(), pixels);
  const std::uint8_t* first = content_->images.data() + index * pixels;
  std::transform(first, first + pixels, image.begin(),
                 [](std::uint8_t value) { return static_cast<float>(value) / 255.0F; });
}

SNNBD_INLINE std::uint32_t Mnist::checksum() const {
  return content_->checksum;
}

SNNBD_INLINE const std::string& Mnist::source() const {
  return content_->source;
}

SNNBD_INLINE bool Mnist::is_embedded() const {
  return content_->embedded;
}

}  // namespace snnbd::inline SNNBD_ISA::data
