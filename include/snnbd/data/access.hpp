#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <snnbd/core/error.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// Refuses an index that a set does not have.
///
/// @throws Error that names `set`
inline void check_index(std::string_view set, std::size_t index, std::size_t size) {
  if (index >= size)
    reject(std::string{set} + ": index of a sample", "a number below " + std::to_string(size),
           index);
}

/// Refuses room for an image that is not exactly as large as one.
///
/// @throws Error that names `set`
inline void check_image_size(std::string_view set, std::size_t found, std::size_t expected) {
  if (found != expected)
    reject(std::string{set} + ": room for an image", std::to_string(expected) + " values", found);
}

}  // namespace snnbd::inline SNNBD_ISA::data
