#pragma once

#include <algorithm>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/kernels/linear/event_conv.hpp>
#include <snnbd/kernels/linear/geometry.hpp>
#include <snnbd/kernels/linear/panel.hpp>
#include <snnbd/kernels/linear/tile.hpp>

/// How the outputs of a layer are cut into tiles and blocks, by their number and never by that of
/// the threads. A tile has at most 65,536 values over all its steps, so that it waits in the second
/// cache for its consumer. A block has about 512 outputs of 64 channels, 128 KiB of sums in float,
/// which share that cache with a slice of the weights. A group has lists of about a million
/// entries. A task is one tile or block: it writes what belongs to it alone.
namespace snnbd::inline SNNBD_ISA::kernels::detail {

inline constexpr Index list_budget = Index{1} << 20;  ///< entries of the event lists of a group
inline constexpr Index tile_budget = Index{1} << 16;  ///< values of one tile over all its steps
/// Outputs at a step that take a slice of the weights in turn.
inline constexpr Index block_cells = 512;

/// How many samples are listed or padded at a time.
constexpr Index group_size(Index sample_size, Index samples) {
  return std::clamp<Index>(list_budget / std::max<Index>(sample_size, 1), 1, samples);
}

/// Calls `body(panel's first channel, columns)` for the panels of some channels.
template <class Scalar, class Body>
void for_each_panel(int first_channel, int channels, const Body& body) {
  constexpr int wide = static_cast<int>(panel_width<Scalar>);
  for (int c = 0; c < channels; c += wide) body(first_channel + c, std::min(wide, channels - c));
}

/// Cuts the outputs of the samples `first` to `last` into tiles and calls `make(tile, values)`
/// and then `sink(tile, values, step stride, pixel stride)` for each, in parallel.
template <class Scalar, class Make, class Sink>
void for_each_conv_tile(const ConvGeometry& geometry, Index steps, Index first, Index last,
                        const Make& make, const Sink& sink) {
  const Index width = geometry.out.width;
  const Index longest =
      std::clamp<Index>(tile_budget / (steps * word_bits), std::min<Index>(4, width), width);
  const Index pieces = (width + longest - 1) / longest;
  const Index blocks = words_per_pixel(geometry.out.channels);
  const Index rows = geometry.out.height * pieces;
  parallel_for(blocks * (last - first) * rows, [&](Index task) {
    const Index block = task / ((last - first) * rows);
    const Index sample = task / rows % (last - first);
    const Index y = task % rows / pieces;
    const Index piece = task % pieces;
    const Index x = piece * width / pieces;
    Tile tile;
    tile.sample = first + sample;
    tile.pixel = y * width + x;
    tile.count = static_cast<int>((piece + 1) * width / pieces - x);
    tile.first_channel = static_cast<int>(block * word_bits);
    tile.channels = std::min(word_bits, geometry.out.channels - tile.first_channel);
    Scalar* const values =
        thread_scratch<struct TileValues, Scalar>(steps * tile.count * word_bits);
    make(tile, y, x, values);
    sink(tile, values, steps == 1 ? Index{0} : Index{tile.count} * word_bits, Index{word_bits});
  });
}

/// Frames of a dense layer that take a panel of the weights in turn.
inline constexpr Index panel_frames = 128;

/// The same for a dense layer, whose tiles run across samples, [sample, step, channel]. Before the
/// tiles of some samples come `prepare(first channel, channels)`, and what it gives goes to
/// `make`.
template <class Scalar, class Prepare, class Make, class Sink>
void for_each_dense_tile(Index columns, const Extent& extent, const Prepare& prepare,
                         const Make& make, const Sink& sink) {
  const Index steps = extent.steps;
  const Index longest = std::clamp<Index>(tile_budget / (steps * word_bits), 1, 8);
  const Index most = std::max(longest, panel_frames / steps);
  const Index pieces = (extent.samples + most - 1) / most;
  parallel_for(words_per_pixel(static_cast<int>(columns)) * pieces, [&](Index task) {
    const Index piece = task % pieces;
    const Index last = (piece + 1) * extent.samples / pieces;
    Tile tile;
    tile.sample = piece * extent.samples / pieces;
    tile.across_samples = true;
    tile.first_channel = static_cast<int>(task / pieces * word_bits);
    tile.channels = static_cast<int>(std::min<Index>(word_bits, columns - tile.first_channel));
    const auto prepared = prepare(tile.first_channel, tile.channels);
    Scalar* const values = thread_scratch<struct TileValues, Scalar>(steps * longest * word_bits);
    for (; tile.sample < last; tile.sample += tile.count) {
      tile.count = static_cast<int>(std::min(longest, last - tile.sample));
      make(tile, prepared, values);
      sink(tile, values, steps == 1 ? Index{0} : Index{word_bits}, steps * word_bits);
    }
  });
}

/// Cuts the outputs of the samples `first` to `last` into blocks that a slice of the weights serves
/// while it is in cache, and calls `body(first sample, samples, block, first channel, channels)`
/// for each, in parallel, one block of at most 64 channels after another.
template <class Body>
void for_each_block(const ConvGeometry& geometry, Index steps, Index first, Index last,
                    const Body& body) {
  const Shape out = geometry.out;
  const Index longest = std::clamp<Index>(block_cells / steps, 1, out.pixels());
  const Index width = std::min<Index>(longest, out.width);
  const Index rows = std::max<Index>(longest / out.width, 1);
  const Index samples = std::clamp<Index>(block_cells / (steps * out.pixels()), 1, last - first);
  const Index across = (out.width + width - 1) / width;
  const Index down = (out.height + rows - 1) / rows;
  const Index groups = (last - first + samples - 1) / samples;
  const Index tasks = groups * down * across;
  parallel_for(words_per_pixel(out.channels) * tasks, [&](Index task) {
    const Index channel = task / tasks * word_bits;
    const Index group = task % tasks / (down * across);
    const Index band = task % (down * across) / across;
    const Index piece = task % across;
    const Index sample = first + group * (last - first) / groups;
    const Index after = first + (group + 1) * (last - first) / groups;
    OutputBlock block;
    block.first_frame = (sample - first) * steps;
    block.frames = (after - sample) * steps;
    block.first_y = static_cast<int>(band * out.height / down);
    block.rows = static_cast<int>((band + 1) * out.height / down) - block.first_y;
    block.first_x = static_cast<int>(piece * out.width / across);
    block.width = static_cast<int>((piece + 1) * out.width / across) - block.first_x;
    body(sample, after - sample, block, static_cast<int>(channel),
         static_cast<int>(std::min<Index>(word_bits, out.channels - channel)));
  });
}

/// Gives the sums of a block to a sink, sample by sample, or all at once if a sample has one pixel.
template <class Scalar, class Sink>
void drain_block(Index sample, Index samples, const OutputBlock& block, Index steps,
                 Index out_width, int channel, int channels, const Scalar* values,
                 const Sink& sink) {
  const Index pixels = Index{block.rows} * block.width;
  Tile tile;
  tile.pixel = Index{block.first_y} * out_width + block.first_x;
  tile.first_channel = channel;
  tile.channels = channels;
  if (pixels == 1) {
    tile.sample = sample;
    tile.count = static_cast<int>(samples);
    tile.across_samples = true;
    sink(tile, values, steps == 1 ? Index{0} : Index{word_bits}, steps * word_bits);
    return;
  }
  tile.count = static_cast<int>(pixels);
  for (Index i = 0; i < samples; ++i) {
    tile.sample = sample + i;
    sink(tile, values + i * steps * pixels * word_bits, steps == 1 ? Index{0} : pixels * word_bits,
         Index{word_bits});
  }
}

}  // namespace snnbd::inline SNNBD_ISA::kernels::detail
