#pragma once

#include <algorithm>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/linear/panel.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

template <class Scalar>
void copy_panel(const Scalar* matrix, Index rows, Index stride, Index columns, Scalar* panel) {
  using Batch = lanes::Batch<Scalar>;
  constexpr int width = lanes::width<Scalar>;
  constexpr Index wide = panel_width<Scalar>;
  if (columns == wide) {
    // By registers: rows are too short for a call of memcpy each.
    for (Index row = 0; row < rows; ++row)
      for (int v = 0; v < 4; ++v)
        Batch::load_unaligned(matrix + row * stride + v * width)
            .store_unaligned(panel + row * wide + v * width);
    return;
  }
  for (Index row = 0; row < rows; ++row) {
    Scalar* const target = panel + row * wide;
    std::copy_n(matrix + row * stride, columns, target);
    std::fill_n(target + columns, wide - columns, Scalar{0});
  }
}

template <class Scalar>
void pack_panels(const Scalar* matrix, Index rows, Index columns, Scalar* packed) {
  constexpr Index wide = panel_width<Scalar>;
  constexpr Index grain = 512;
  const Index chunks = (rows + grain - 1) / grain;
  parallel_for(panel_count<Scalar>(columns) * chunks, [=](Index task) {
    const Index panel = task / chunks;
    const Index first = task % chunks * grain;
    const Index used = std::min(wide, columns - panel * wide);
    copy_panel(matrix + first * columns + panel * wide, std::min(rows - first, grain), columns,
               used, packed + (panel * rows + first) * wide);
  });
}

template <class Scalar>
void turn_panel(const Scalar* weights, const ConvGeometry& geometry, Index panel, Index tap,
                Index first, Index rows, Scalar* target) {
  constexpr Index wide = panel_width<Scalar>;
  const Index in = geometry.in.channels;
  const Index out = geometry.out.channels;
  const Index used = std::min(wide, in - panel * wide);
  const Index turned = geometry.taps() - 1 - tap;
  const Scalar* const source = weights + (turned * in + panel * wide) * out + first;
  for (Index i = 0; i < used; ++i)
    for (Index row = 0; row < rows; ++row) target[row * wide + i] = source[i * out + row];
  for (Index row = 0; row < rows; ++row)
    std::fill_n(target + row * wide + used, wide - used, Scalar{0});
}

template <class Scalar>
void pack_transposed_panels(const Scalar* weights, const ConvGeometry& geometry, Scalar* packed) {
  constexpr Index wide = panel_width<Scalar>;
  constexpr Index block = 16;
  const Index out = geometry.out.channels;
  const Index taps = geometry.taps();
  parallel_for(panel_count<Scalar>(geometry.in.channels) * taps, [=](Index task) {
    Scalar* const target = packed + task * out * wide;
    for (Index first = 0; first < out; first += block)
      turn_panel(weights, geometry, task / taps, task % taps, first, std::min(out - first, block),
                 target + first * wide);
  });
}

#if defined(SNNBD_COMPILED)
template void copy_panel<float>(const float*, Index, Index, Index, float*);
template void copy_panel<double>(const double*, Index, Index, Index, double*);
template void pack_panels<float>(const float*, Index, Index, float*);
template void pack_panels<double>(const double*, Index, Index, double*);
template void turn_panel<float>(const float*, const ConvGeometry&, Index, Index, Index, Index,
                                float*);
template void turn_panel<double>(const double*, const ConvGeometry&, Index, Index, Index, Index,
                                 double*);
template void pack_transposed_panels<float>(const float*, const ConvGeometry&, float*);
template void pack_transposed_panels<double>(const double*, const ConvGeometry&, double*);
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
