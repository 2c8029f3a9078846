#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <snnbd/core/config.hpp>
#include <snnbd/core/shape.hpp>

namespace snnbd::inline SNNBD_ISA::report {

/// How images are laid side by side.
struct GridLayout {
  int columns = 10;  ///< images in a row
  int zoom = 4;      ///< pixels of the file along each side of an image's pixel
  int gap = 2;       ///< grey pixels of the file between neighbours and around all
};

namespace detail {

/// The pixels of the file along one side of a grid.
///
/// @param images along it
/// @param size of an image along it
/// @throws Error if they are more than 16,384
int grid_side(std::size_t images, int size, const GridLayout& layout);

}  // namespace detail

/// A grid of images, row by row, as the bytes of a PNG file. The frames of a sample are such
/// images: with as many columns as frames, each row is a sample.
///
/// @param images values in [0, 1], [image, height, width, channel]; what lies outside is clamped,
///        and what is not a number is black
/// @param shape of one image: one channel is grey, three are red, green and blue
/// @throws Error if there is no image, if the values are no whole number of images, if the channels
///         are neither one nor three, or if the grid exceeds 16,384 pixels a side
std::vector<std::byte> encode_png(std::span<const float> images, Shape shape,
                                  const GridLayout& layout = {});

/// Writes such a grid to a file, whole or not at all.
void write_png(const std::string& path, std::span<const float> images, Shape shape,
               const GridLayout& layout = {});

}  // namespace snnbd::inline SNNBD_ISA::report

#if !defined(SNNBD_COMPILED)
#include <snnbd/report/png.ipp>
#endif
