#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <snnbd/data/idx.hpp>

#include "input_file.hpp"

namespace fuzz {

/// Reads a file as labels or as images: as what its header says, and as the other.
inline void read_idx(const std::uint8_t* data, std::size_t size) {
  const InputFile file{data, size};
  const std::string path = file.path();
  const bool labels = accepts([&] {
    const auto values = snnbd::data::read_idx<1>(path);
    expect(values.size() == values.shape(0), "as many labels as the shape says");
  });
  const bool images = accepts([&] {
    const auto values = snnbd::data::read_idx<3>(path);
    expect(values.size() == values.shape(0) * values.shape(1) * values.shape(2),
           "as many pixels as the shape says");
  });
  expect(!(labels && images), "a file of labels or of images");
}

}  // namespace fuzz
