#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <snnbd/core/shape.hpp>
#include <snnbd/data/access.hpp>
#include <snnbd/data/dataset.hpp>
#include <snnbd/format/number_array.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// What a set in memory is made of: values as they are, or bytes that are read as 1/255 of
/// themselves.
using ImageValues = std::variant<std::vector<float>, std::vector<std::uint8_t>>;

namespace detail {

/// `[60000, 28, 28]`.
inline std::string sizes_text(std::span<const std::int64_t> sizes) {
  std::string text;
  for (const std::int64_t size : sizes)
    text.append(text.empty() ? "" : ", ").append(std::to_string(size));
  return '[' + text + ']';
}

/// What must hold for the images and labels of a set in memory.
struct SetLimits {
  std::string_view name;
  Shape shape;
  int classes;
  Range range;
};

/// Images and labels that were looked at. Never changes, so that copies of a set share it.
class StoredSet {
 public:
  /// @param source what reports and errors say of where it came from
  /// @throws Error if sizes do not match, or a value or a label is out of range
  StoredSet(const SetLimits& limits, ImageValues images, std::vector<int> labels,
            std::string source);

  [[nodiscard]] std::size_t size() const { return labels_.size(); }
  [[nodiscard]] int label(std::size_t index) const { return labels_[index]; }
  void read(std::size_t index, std::span<float> image) const;
  [[nodiscard]] std::uint32_t checksum() const { return checksum_; }
  [[nodiscard]] const std::string& source() const { return source_; }

 private:
  ImageValues images_;
  std::vector<int> labels_;
  std::string source_;
  std::uint32_t checksum_ = 0;
};

/// Refuses sizes that are neither [sample, height, width, channel], nor without the channel for
/// images of one, nor one row of all values.
void check_image_sizes(const SetLimits& limits, std::span<const std::int64_t> sizes,
                       std::size_t labels, std::string_view source);

/// Refuses labels that are no list, or none.
void check_label_sizes(std::span<const std::int64_t> sizes, std::string_view source);

/// Refuses a label that is no class.
int checked_label(std::int64_t label, std::size_t index, int classes, std::string_view source);

}  // namespace detail

/// A labelled set from arrays that a program has: Eigen tensors, arrays of xtensor's, spans,
/// vectors. Copies of the set share the values.
///
/// Images are [sample, height, width, channel], or all values in a row. Numbers of type `float` and
/// `double` are taken as they are (`double` is rounded to `float`), `std::uint8_t` as 1/255 of
/// itself.
///
/// ```cpp
/// const Tensor<float, 4> images = ...;
/// const data::InMemory<Shape{28, 28, 1}, 10> set{images, labels};              // copies
/// const data::InMemory<Shape{28, 28, 1}, 10> moved{std::move(values), labels}; // takes a vector
/// ```
///
/// A set for an `Experiment` derives from it and has a constructor from a part and a folder; see
/// docs/concepts/dataset.md.
///
/// @tparam Extent shape of an image
/// @tparam Classes labels are 0 to `Classes - 1`
/// @tparam Values the range of the values, both ends included
template <Shape Extent, int Classes, Range Values = Range{}>
class InMemory {
  static_assert(Extent.height > 0 && Extent.width > 0 && Extent.channels > 0,
                "snnbd: images of a set have at least one value");
  static_assert(Classes > 0, "snnbd: a set has at least one class");

 public:
  static constexpr Shape shape = Extent;
  static constexpr int classes = Classes;
  static constexpr std::string_view name = "in_memory";
  static constexpr Range range = Values;

  /// Copies images and labels; a vector of `float` or bytes that is moved is taken over instead.
  ///
  /// @param labels whole numbers, one for each image
  /// @param source what manifests and errors say of where they came from
  /// @throws Error if there is no image, sizes do not match, a value is not finite or out of range,
  ///   or a label is not below `Classes`
  template <class Images, class Labels>
  requires NumberArray<std::remove_cvref_t<Images>> && NumberArray<Labels> InMemory(
      Images&& images, const Labels& labels, std::string source = "memory") {
    using Array = std::remove_cvref_t<Images>;
    using Value = NumberOf<Array>;
    static_assert(std::same_as<Value, float> || std::same_as<Value, double> ||
                      std::same_as<Value, std::uint8_t>,
                  "snnbd: images of a set in memory are float, double or std::uint8_t");
    static_assert(std::integral<NumberOf<Labels>> && !std::same_as<NumberOf<Labels>, bool>,
                  "snnbd: labels of a set in memory are whole numbers");
    detail::check_label_sizes(sizes_of(labels), source);
    std::vector<NumberOf<Labels>> numbers;
    copy_row_major(labels, std::back_inserter(numbers));
    detail::check_image_sizes(limits(), sizes_of(images), numbers.size(), source);
    std::vector<int> checked;
    checked.reserve(numbers.size());
    for (const auto number : numbers) {
      // What fits no 64 bits with a sign is refused as the largest that does.
      const bool fits = std::in_range<std::int64_t>(number);
      checked.push_back(detail::checked_label(
          fits ? static_cast<std::int64_t>(number) : std::numeric_limits<std::int64_t>::max(),
          checked.size(), Classes, source));
    }
    using Kept = std::conditional_t<std::same_as<Value, std::uint8_t>, std::uint8_t, float>;
    std::vector<Kept> values;
    if constexpr (std::same_as<Images, std::vector<Kept>>) {
      values = std::forward<Images>(images);
    } else {
      values.reserve(numbers.size() * static_cast<std::size_t>(Extent.size()));
      copy_row_major(images, std::back_inserter(values));
    }
    set_ = std::make_shared<const detail::StoredSet>(limits(), std::move(values),
                                                     std::move(checked), std::move(source));
  }

  [[nodiscard]] std::size_t size() const { return set_->size(); }

  /// @throws Error if there is no such sample
  [[nodiscard]] int label(std::size_t index) const {
    check_index(name, index, size());
    return set_->label(index);
  }

  /// @throws Error if there is no such sample or `image` has another size
  void read(std::size_t index, std::span<float> image) const {
    check_index(name, index, size());
    check_image_size(name, image.size(), static_cast<std::size_t>(Extent.size()));
    set_->read(index, image);
  }

  /// CRC-32 of the values as they are kept, followed by the labels.
  [[nodiscard]] std::uint32_t checksum() const { return set_->checksum(); }

  [[nodiscard]] const std::string& source() const { return set_->source(); }

 private:
  static constexpr detail::SetLimits limits() { return {name, Extent, Classes, Values}; }

  std::shared_ptr<const detail::StoredSet> set_;
};

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/in_memory.ipp>
#endif
