#pragma once

#include <algorithm>
#include <array>

#include <snnbd/core/signal.hpp>
#include <snnbd/kernels/neuron/input_current.hpp>
#include <snnbd/kernels/neuron/scan.hpp>
#include <snnbd/kernels/neuron/scan_batch.hpp>

/// The membranes of neurons through time, for whoever looks at them. A scan keeps the membrane of
/// its neurons in registers and gives only spikes; this is the same scan, with the same arithmetic
/// of the same cells, that writes the membrane twice a step and no spikes. It reads one value and
/// writes two, so that memory bounds it.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Writes the membranes of a span of neurons.
///
/// @param current a track of values, or an input current in place of one (input_current.hpp)
/// @param charge the membrane by which each neuron fires, H; may be where the currents are
/// @param after the membrane after the reset, V
template <class Cell, class Scalar, class Current>
void record_membranes(const Cell& neuron, const Span& span, const Current& current,
                      const Track<Scalar>& charge, const Track<Scalar>& after) {
  using Batch = lanes::Batch<Scalar>;
  const Cell cell = neuron;
  for (Index pixel = 0; pixel < span.pixels; ++pixel) {
    detail::for_each_group<Scalar>(span.channels, [&](int first, auto registers) {
      constexpr int count = decltype(registers)::value;
      const detail::Group<count, Scalar> group{
          std::min(lanes::width<Scalar>, span.channels - first)};
      std::array<Batch, std::size_t{count}> membrane;
      membrane.fill(cell.initial());
      for (Index step = 0; step < span.steps; ++step) {
        for (int v = 0; v < count; ++v) {
          Batch& potential = membrane[static_cast<std::size_t>(v)];
          const Batch input = detail::input_current(group, current, step, pixel, first, v);
          const Batch high = cell.charge(potential, input);
          potential = cell.reset(high, cell.fire(high), input);
          group.store(charge.at(step, pixel) + first, v, high);
          group.store(after.at(step, pixel) + first, v, potential);
        }
      }
    });
  }
}

/// The same for whole signals.
template <class Cell, class Scalar, class Current>
void record_membranes(const Cell& cell, const Current& current, const RealView<Scalar>& charge,
                      const RealView<Scalar>& after) {
  const Shape& shape = charge.shape;
  const auto field = [&](const RealView<Scalar>& view) {
    return field_of(view.data, shape, charge.extent.steps, Index{shape.channels});
  };
  const Field<Scalar> high = field(charge);
  const Field<Scalar> low = field(after);
  detail::for_each_band(
      charge.extent, shape, 1,
      [&](Index /*task*/, Index sample, Index y, Index /*rows*/, Index first, const Span& span) {
        record_membranes<Cell, Scalar>(cell, span, current.row(sample, y, first),
                                       high.row(sample, y, first), low.row(sample, y, first));
      });
}

}  // namespace snnbd::inline SNNBD_ISA::kernels
