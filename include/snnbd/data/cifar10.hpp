#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <snnbd/core/shape.hpp>
#include <snnbd/data/dataset.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// The largest file of CIFAR-10 that is read, in bytes; an official one has 30,730,000.
inline constexpr std::uint64_t largest_cifar_file = std::uint64_t{1} << 28U;

/// Small photographs of ten kinds of things (Krizhevsky 2009), from the files of the official
/// "binary version". None come with the library. Copies share the pixels.
///
/// ```cpp
/// data::Cifar10 train{data::Part::train, "downloads"};  // downloads/cifar-10-batches-bin
/// data::Cifar10::class_names[train.label(0)];           // "frog"
/// ```
class Cifar10 {
 public:
  static constexpr Shape shape{32, 32, 3};
  static constexpr int classes = 10;
  static constexpr std::string_view name = "cifar10";

  /// Of each class, in the order of the labels, as `batches.meta.txt` has them.
  static constexpr std::array<std::string_view, 10> class_names{
      "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};

  /// Of red, green and blue over all pixels of the 50,000 training images, in the units of `read`:
  /// what `encode::Standardized` uses.
  static constexpr std::array<float, 3> mean{0.4914F, 0.4822F, 0.4465F};
  static constexpr std::array<float, 3> deviation{0.2470F, 0.2435F, 0.2616F};

  /// Reads `test_batch.bin`, or those of `data_batch_1.bin` to `data_batch_5.bin` that are there,
  /// in their order: a part of the training set is a training set, and `source` tells which part.
  ///
  /// @param directory holds `cifar-10-batches-bin/`, or the files themselves
  /// @throws Error if `directory` is empty, no file is there, or a file is unreadable, does not
  ///   consist of whole records or has a label above 9
  Cifar10(Part part, const std::string& directory);

  [[nodiscard]] std::size_t size() const;

  /// @throws Error if there is no such image
  [[nodiscard]] int label(std::size_t index) const;

  /// Writes one image as 3,072 values in [0, 1], [row, column, channel], channels red, green, blue.
  ///
  /// @throws Error if there is no such image or `image` has another size
  void read(std::size_t index, std::span<float> image) const;

  /// CRC-32 of the files, one after another.
  [[nodiscard]] std::uint32_t checksum() const;

  /// The files, as a shell names them: `DIR/data_batch_{1,2}.bin`.
  [[nodiscard]] const std::string& source() const;

  /// Never, as no images come with the library.
  [[nodiscard]] static constexpr bool is_embedded() { return false; }

 private:
  struct Content;
  std::shared_ptr<const Content> content_;
};

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/cifar10.ipp>
#endif
