#pragma once

#include <algorithm>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/panel.hpp>

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
void pack_transposed_panels(const Scalar* weights, const ConvGeometry& geometry, Scalar* packed) {
  constexpr Index wide = panel_width<Scalar>;
  constexpr Index block = 16;
  const Index in = geometry.in.channels;
  const Index out = geometry.out.channels;
  const Index taps = static_cast<Index>(geometry.kernel_height) * geometry.kernel_width;
  parallel_for(panel_count<Scalar>(in) * taps, [=](Index task) {
    const Index panel = task / taps;
    const Index tap = task % taps;
    const Index used = std::min(wide, in - panel * wide);
    const Scalar* source = weights + ((taps - 1 - tap) * in + panel * wide) * out;
    Scalar* target = packed + (panel * taps + tap) * out * wide;
    for (Index o = 0; o < out; o += block) {
      const Index last = std::min(out, o + block);
      for (Index i = 0; i < used; ++i)
        for (Index k = o; k < last; ++k) target[k * wide + i] = source[i * out + k];
      for (Index k = o; k < last; ++k)
        std::fill_n(target + k * wide + used, wide - used, Scalar{0});
    }
  });
}

#if defined(SNNBD_COMPILED)
template void copy_panel<float>(const float*, Index, Index, Index, float*);
template void copy_panel<double>(const double*, Index, Index, Index, double*);
template void pack_panels<float>(const float*, Index, Index, float*);
template void pack_panels<double>(const double*, Index, Index, double*);
template void pack_transposed_panels<float>(const float*, const ConvGeometry&, float*);
template void pack_transposed_panels<double>(const double*, const ConvGeometry&, double*);
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
