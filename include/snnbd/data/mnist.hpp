#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <snnbd/core/shape.hpp>
#include <snnbd/data/dataset.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// Handwritten digits (LeCun et al. 1998): the whole set from the official files, or the few
/// thousand that come with the library. Copies share the pixels.
///
/// ```cpp
/// data::Mnist digits{data::Part::train};             // 4,000 digits that come with the library
/// data::Mnist all{data::Part::train, "downloads"};   // 60,000 digits in downloads/MNIST
/// ```
class Mnist {
 public:
  static constexpr Shape shape{28, 28, 1};
  static constexpr int classes = 10;
  static constexpr std::string_view name = "mnist";

  /// @param directory holds `MNIST/`, `MNIST/raw/` or the files themselves, named as the official
  ///   ones, with or without `.gz`; empty for the digits that come with the library
  /// @throws Error if a file is missing or damaged, or if images and labels do not match
  explicit Mnist(Part part, const std::string& directory = {});

  [[nodiscard]] std::size_t size() const;

  /// @throws Error if there is no such digit
  [[nodiscard]] int label(std::size_t index) const;

  /// Writes one digit as 784 values in [0, 1], 0 for paper and 1 for ink.
  ///
  /// @throws Error if there is no such digit or `image` has another size
  void read(std::size_t index, std::span<float> image) const;

  /// CRC-32 of the pixels followed by the labels.
  [[nodiscard]] std::uint32_t checksum() const;

  /// The file of the images, as it was found.
  [[nodiscard]] const std::string& source() const;

  /// Whether these are the digits that come with the library.
  [[nodiscard]] bool is_embedded() const;

 private:
  struct Content;
  std::shared_ptr<const Content> content_;
};

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/mnist.ipp>
#endif
