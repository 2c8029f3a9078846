#pragma once

#include <algorithm>
#include <type_traits>
#include <vector>

#include <snnbd/kernels/neuron/scan.hpp>

/// Scans over whole batches. A task is a band of rows of one sample, of at most 64 channels, over
/// all steps: one word of spikes for each pixel and step, which nobody else writes. Currents and
/// gradients stream from memory, which is the limit, unless their source makes a band of them in
/// cache (pooled gradients). Sums for the neurons' own parameters are folded in the order of the
/// tasks.
namespace snnbd::inline SNNBD_ISA::kernels {

/// The gradient of spikes as it lies in memory: what a scan reads row by row.
template <class Scalar>
struct StoredGradient {
  Field<const Scalar> field;

  /// How many rows of a sample one task takes.
  [[nodiscard]] Index rows() const { return 1; }

  /// The rows from `first_row` on, with channel `first_channel` first.
  [[nodiscard]] Field<const Scalar> band(Index sample, Index first_row, Index first_channel) const {
    Field<const Scalar> result = field;
    result.data += sample * field.sample_stride + first_row * field.row_stride + first_channel;
    return result;
  }
};

namespace detail {

/// The rows of a batch as spans, in parallel: `body(task, sample, first row, rows, first channel,
/// span of one row)`, for bands of `height` rows.
template <class Body>
void for_each_band(const Extent& extent, const Shape& shape, Index height, const Body& body) {
  const Index blocks = words_per_pixel(shape.channels);
  const Index bands = (shape.height + height - 1) / height;
  parallel_for(extent.samples * bands * blocks, [&](Index task) {
    const Index first = task % blocks * word_bits;
    const Index row = task / blocks % bands * height;
    const Span span{extent.steps, shape.width,
                    static_cast<int>(std::min<Index>(word_bits, shape.channels - first))};
    body(task, task / blocks / bands, row, std::min(height, shape.height - row), first, span);
  });
}

}  // namespace detail

/// Scans currents that lie in memory, or whose parts do.
template <class Cell, class Scalar, class Current = Field<const Scalar>>
void scan_forward(const Cell& cell, const Extent& extent, const Shape& shape,
                  const Current& current, const Field<Scalar>& charge, const Field<Word>& spikes,
                  const Field<Scalar>& fired, const Field<Word>& mask = {},
                  const Membranes<Field<Scalar>>& membranes = {}) {
  detail::for_each_band(
      extent, shape, 1,
      [&](Index /*task*/, Index sample, Index y, Index /*rows*/, Index first, const Span& span) {
        scan_forward<Cell, Scalar>(
            cell, span, current.row(sample, y, first), charge.row(sample, y, first),
            spikes.row(sample, y, first / word_bits), fired.row(sample, y, first),
            mask.row(sample, y, first / word_bits),
            {membranes.before.row(sample, y, first), membranes.after.row(sample, y, first)});
      });
}

/// Carries the gradient back through a whole batch.
///
/// @param source where the gradient of the spikes comes from, such as `StoredGradient`
/// @returns the gradients of the neuron's own parameters, summed in the order of the rows
template <class Scalar, class Cell, class Source, class Current = Field<const Scalar>>
detail::OwnGradients<Cell, Scalar> scan_backward(const Cell& cell, const Extent& extent,
                                                 const Shape& shape,
                                                 const Field<const Scalar>& charge,
                                                 const Current& current, const Source& source,
                                                 const Field<Scalar>& current_gradient) {
  const Index height = source.rows();
  const Index bands = (shape.height + height - 1) / height;
  std::vector<detail::OwnGradients<Cell, Scalar>> partial(
      static_cast<std::size_t>(extent.samples * bands * words_per_pixel(shape.channels)));
  detail::for_each_band(
      extent, shape, height,
      [&](Index task, Index sample, Index first_row, Index rows, Index first, const Span& span) {
        const Field<const Scalar> band = source.band(sample, first_row, first);
        detail::OwnGradients<Cell, Scalar> sum{};
        for (Index row = 0; row < rows; ++row) {
          const Index y = first_row + row;
          const auto input = current.row(sample, y, first);
          const auto part = scan_backward<Cell, Scalar>(
              cell, span,
              BackwardTracks<Scalar, std::remove_const_t<decltype(input)>>{
                  charge.row(sample, y, first), input, band.row(0, row, 0),
                  current_gradient.row(sample, y, first)});
          for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += part[p];
        }
        partial[static_cast<std::size_t>(task)] = sum;
      });
  detail::OwnGradients<Cell, Scalar> total{};
  for (const auto& values : partial)
    for (std::size_t p = 0; p < total.size(); ++p) total[p] += values[p];
  return total;
}

}  // namespace snnbd::inline SNNBD_ISA::kernels
