#pragma once

#include <cstddef>
#include <cstdint>

#include "idx_files.hpp"

namespace snnbd_tests {

inline constexpr std::size_t cifar_image = 3072;
inline constexpr std::size_t cifar_record = 1 + cifar_image;

/// A byte that tells image, plane and pixel apart.
inline std::uint8_t cifar_value(std::size_t image, std::size_t plane, std::size_t pixel) {
  return static_cast<std::uint8_t>(image * 31 + plane * 101 + pixel * 7 + pixel / 32);
}

/// The bytes of a CIFAR-10 file with these labels.
///
/// @param first the number of its first image, for the pixels
inline Bytes cifar_bytes(const Bytes& labels, std::size_t first = 0) {
  Bytes bytes;
  for (std::size_t image = 0; image < labels.size(); ++image) {
    bytes.push_back(labels[image]);
    for (std::size_t plane = 0; plane < 3; ++plane)
      for (std::size_t pixel = 0; pixel < 1024; ++pixel)
        bytes.push_back(cifar_value(first + image, plane, pixel));
  }
  return bytes;
}

}  // namespace snnbd_tests
