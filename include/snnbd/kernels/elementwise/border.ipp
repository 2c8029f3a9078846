#pragma once

#include <algorithm>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/elementwise/border.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

namespace detail {

/// Calls `body(small, large, count)` for each row of the smaller frames: where it begins in both.
template <class Body>
void for_each_bordered_row(const Shape& inner, Index frame, int border, const Body& body) {
  const Index row = static_cast<Index>(inner.width) * inner.channels;
  const Index outer_row = static_cast<Index>(inner.width + 2 * border) * inner.channels;
  const Index outer_size = (inner.height + 2 * border) * outer_row;
  for (Index y = 0; y < inner.height; ++y)
    body(frame * inner.size() + y * row,
         frame * outer_size + (y + border) * outer_row + Index{border} * inner.channels, row);
}

}  // namespace detail

template <class Value>
void add_border(const Value* values, Index frames, const Shape& in, int border, Value* result) {
  const Index size =
      static_cast<Index>(in.height + 2 * border) * (in.width + 2 * border) * in.channels;
  parallel_for(frames, [&](Index frame) {
    std::fill_n(result + frame * size, size, Value{0});
    detail::for_each_bordered_row(in, frame, border, [&](Index small, Index large, Index count) {
      std::copy_n(values + small, count, result + large);
    });
  });
}

template <class Scalar>
void cut_border(const Scalar* values, Index frames, const Shape& out, int border, Scalar* result) {
  parallel_for(frames, [&](Index frame) {
    detail::for_each_bordered_row(out, frame, border, [&](Index small, Index large, Index count) {
      std::copy_n(values + large, count, result + small);
    });
  });
}

#if defined(SNNBD_COMPILED)
template void add_border<float>(const float*, Index, const Shape&, int, float*);
template void add_border<double>(const double*, Index, const Shape&, int, double*);
template void add_border<Word>(const Word*, Index, const Shape&, int, Word*);
template void cut_border<float>(const float*, Index, const Shape&, int, float*);
template void cut_border<double>(const double*, Index, const Shape&, int, double*);
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
