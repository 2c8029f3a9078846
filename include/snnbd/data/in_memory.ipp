#pragma once

#include <algorithm>
#include <utility>

#include <snnbd/core/crc32.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/data/in_memory.hpp>

namespace snnbd::inline SNNBD_ISA::data::detail {

inline std::string images_text(std::string_view source) {
  return "images of " + std::string{source};
}

SNNBD_INLINE void check_image_sizes(const SetLimits& limits, std::span<const std::int64_t> sizes,
                                    std::size_t labels, std::string_view source) {
  const auto samples = static_cast<std::int64_t>(labels);
  const Shape shape = limits.shape;
  const std::int64_t full[] = {samples, shape.height, shape.width, shape.channels};
  const bool in_a_row = sizes.size() == 1 && sizes.front() == samples * shape.size();
  const bool without_channel =
      shape.channels == 1 && std::ranges::equal(sizes, std::span{full}.first(3));
  if (!in_a_row && !without_channel && !std::ranges::equal(sizes, full))
    reject(images_text(source),
           sizes_text(full) + " values for " + std::to_string(samples) +
               " labels, or as many in a row",
           sizes_text(sizes));
}

SNNBD_INLINE void check_label_sizes(std::span<const std::int64_t> sizes, std::string_view source) {
  if (sizes.size() != 1)
    reject("labels of " + std::string{source}, "one size, the number of samples",
           sizes_text(sizes));
  if (sizes.front() == 0) reject(images_text(source), "at least one", "none");
}

SNNBD_INLINE int checked_label(std::int64_t label, std::size_t index, int classes,
                               std::string_view source) {
  if (label < 0 || label >= classes)
    reject("label " + std::to_string(index) + " of " + std::string{source},
           "a number from 0 to " + std::to_string(classes - 1), label);
  return static_cast<int>(label);
}

SNNBD_INLINE StoredSet::StoredSet(const SetLimits& limits, ImageValues images,
                                  std::vector<int> labels, std::string source)
    : images_{std::move(images)}, labels_{std::move(labels)}, source_{std::move(source)} {
  const auto pixels = static_cast<std::size_t>(limits.shape.size());
  const std::size_t values = std::visit([](const auto& all) { return all.size(); }, images_);
  if (labels_.empty()) reject(images_text(source_), "at least one", "none");
  if (values != labels_.size() * pixels)
    reject(images_text(source_),
           std::to_string(labels_.size() * pixels) + " values, " + std::to_string(pixels) +
               " for each label",
           values);
  for (std::size_t i = 0; i < labels_.size(); ++i)
    checked_label(labels_[i], i, limits.classes, source_);
  const Range range = limits.range;
  const auto check_value = [&](float value, std::size_t place) {
    // Written so that what is not a number is refused, too.
    if (!(value >= range.low && value <= range.high))
      reject("image " + std::to_string(place / pixels) + " of " + source_,
             "values from " + number_text(range.low) + " to " + number_text(range.high), value);
  };
  if (const auto* reals = std::get_if<std::vector<float>>(&images_)) {
    for (std::size_t i = 0; i < reals->size(); ++i) check_value((*reals)[i], i);
    const auto bytes = std::as_bytes(std::span{*reals});
    checksum_ = crc32({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  } else {
    const auto& bytes = std::get<std::vector<std::uint8_t>>(images_);
    for (std::size_t i = 0; i < bytes.size(); ++i)
      check_value(static_cast<float>(bytes[i]) / 255.0F, i);
    checksum_ = crc32(bytes);
  }
  const auto bytes = std::as_bytes(std::span{labels_});
  checksum_ = crc32({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, checksum_);
}

SNNBD_INLINE void StoredSet::read(std::size_t index, std::span<float> image) const {
  const std::size_t first = index * image.size();
  if (const auto* reals = std::get_if<std::vector<float>>(&images_))
    std::copy_n(reals->data() + first, image.size(), image.begin());
  else
    std::transform(std::get<std::vector<std::uint8_t>>(images_).data() + first,
                   std::get<std::vector<std::uint8_t>>(images_).data() + first + image.size(),
                   image.begin(),
                   [](std::uint8_t value) { return static_cast<float>(value) / 255.0F; });
}

}  // namespace snnbd::inline SNNBD_ISA::data::detail
