#pragma once

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/elementwise/pool.hpp>
#include <snnbd/kernels/linear/forward.hpp>
#include <snnbd/kernels/neuron/input_current.hpp>
#include <snnbd/kernels/neuron/scan_batch.hpp>

/// What becomes of the tiles of currents: memory, or spikes at once. A tile is scanned by the
/// thread that made it, while its cache still holds the currents; only bits reach memory, and in
/// training the membranes at charge or a constant current. On the way back the gradient of pooled
/// spikes is made band by band in the thread's cache, so that the whole of it never exists. Writers
/// and copies are bound by memory.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Writes tiles where they belong in a signal.
template <class Scalar>
struct TileWriter {
  RealView<Scalar> target;

  void operator()(const Tile& tile, const Scalar* values, Index step_stride,
                  Index pixel_stride) const {
    const Index width = target.shape.channels;
    const Cells place = cells(tile, target.extent.steps, target.shape.pixels());
    for (Index step = 0; step < target.extent.steps; ++step) {
      for (Index pixel = 0; pixel < tile.count; ++pixel) {
        const Index cell = place.first + step * place.step_stride + pixel * place.pixel_stride;
        std::copy_n(values + step * step_stride + pixel * pixel_stride, tile.channels,
                    target.data + cell * width + tile.first_channel);
      }
    }
  }
};

/// Scans tiles into spikes while they are in cache, and keeps what the reverse scan needs: the
/// membrane at charge, or the current itself if it is the same at each step.
template <class Cell, class Scalar>
struct TileScan {
  Cell cell;
  Extent extent;
  Shape shape;
  Scalar* charge = nullptr;   ///< [sample, step, pixel, channel], or null
  Scalar* current = nullptr;  ///< [sample, pixel, channel], or null
  Word* spikes = nullptr;
  Scalar* fired = nullptr;
  Word* gradient_mask = nullptr;   ///< laid out as the spikes, or null
  Membranes<Scalar*> membranes{};  ///< [sample, pixel, channel], or null

  void operator()(const Tile& tile, const Scalar* values, Index step_stride,
                  Index pixel_stride) const {
    if (current != nullptr)
      TileWriter<Scalar>{{current, {extent.samples, 1}, shape}}(tile, values, step_stride,
                                                                pixel_stride);
    scan(tile, Track<const Scalar>{values, step_stride, pixel_stride});
  }

  /// @param currents the currents of the tile
  template <class Current>
  void scan(const Tile& tile, const Current& currents) const {
    const Cells place = cells(tile, extent.steps, shape.pixels());
    const Index words = words_per_pixel(shape.channels);
    scan_forward<Cell, Scalar>(
        cell, {extent.steps, tile.count, tile.channels}, currents,
        track_of(charge, place, shape.channels, tile.first_channel),
        track_of(spikes, place, words, tile.first_channel / word_bits),
        track_of(fired, place, shape.channels, tile.first_channel),
        track_of(gradient_mask, place, words, tile.first_channel / word_bits),
        {membrane_track(membranes.before, tile), membrane_track(membranes.after, tile)});
  }

 private:
  Track<Scalar> membrane_track(Scalar* data, const Tile& tile) const {
    return track_of(data, cells(tile, 1, shape.pixels()), shape.channels, tile.first_channel);
  }
};

/// The gradient of spikes behind which a max pooling stands: made from the pooled gradient band by
/// band, in cache, so that the whole of it never exists.
template <class Scalar>
struct PooledGradient {
  SpikeView<const Word> spikes;
  Window window;
  const Scalar* pooled = nullptr;  ///< [sample, step, height, width, channel] behind the pooling

  [[nodiscard]] Index rows() const { return window.stride; }

  [[nodiscard]] Field<const Scalar> band(Index sample, Index first_row, Index first_channel) const {
    const Index channels = std::min<Index>(word_bits, spikes.shape.channels - first_channel);
    const Index row = spikes.shape.width * channels;
    const Index step = window.stride * row;
    Scalar* const values =
        thread_scratch<struct PooledBands, Scalar>(spikes.extent.steps * step + spare_values);
    max_pool_backward_band(spikes, window, pooled, sample, first_row, first_channel, values);
    return {values, 0, spikes.extent.steps == 1 ? 0 : step, row, channels};
  }
};

/// Zeroes a gradient plane and tells where the gradient of each output belongs on it.
template <class Scalar>
Field<Scalar> open_plane(std::span<Scalar> plane, const ConvGeometry& geometry, Index steps) {
  parallel_fill(plane, Scalar{0});
  const Shape shape = geometry.plane();
  const Index row = static_cast<Index>(shape.width) * shape.channels;
  return {plane.data() + geometry.border_y() * row +
              static_cast<Index>(geometry.border_x()) * shape.channels,
          steps * shape.size(), steps == 1 ? 0 : shape.size(), geometry.stride * row,
          static_cast<Index>(geometry.stride) * shape.channels};
}

/// Copies a signal from one layout to another.
template <class Scalar>
void copy_field(const Field<const Scalar>& from, const Extent& extent, const Shape& shape,
                const Field<Scalar>& to) {
  parallel_for(extent.samples, [&](Index sample) {
    for (Index y = 0; y < shape.height; ++y) {
      const Track<const Scalar> source = from.row(sample, y, 0);
      const Track<Scalar> target = to.row(sample, y, 0);
      for (Index step = 0; step < extent.steps; ++step)
        for (Index x = 0; x < shape.width; ++x)
          std::copy_n(source.at(step, x), shape.channels, target.at(step, x));
    }
  });
}

}  // namespace snnbd::inline SNNBD_ISA::kernels
