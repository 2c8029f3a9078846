#pragma once

#include <vector>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/linear/counts.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

template <class Scalar>
double density(const CountView<Scalar>& counts) {
  const RealView<const Scalar>& in = counts.values;
  const Index frames = in.extent.frames();
  std::vector<Index> found(static_cast<std::size_t>(frames));
  parallel_for(frames, [&](Index frame) {
    constexpr int width = lanes::width<Scalar>;
    const Scalar* const values = in.data + frame * in.frame_size();
    const lanes::Batch<Scalar> zero(Scalar{0});
    Index count = 0;
    Index i = 0;
    for (; i + width <= in.frame_size(); i += width)
      count += std::popcount(lanes::bits(lanes::Batch<Scalar>::load_unaligned(values + i) != zero));
    for (; i < in.frame_size(); ++i) count += values[i] != Scalar{0} ? 1 : 0;
    found[static_cast<std::size_t>(frame)] = count;
  });
  Index total = 0;
  for (const Index count : found) total += count;
  return static_cast<double>(total) / static_cast<double>(in.size());
}

template <class Scalar>
void list_count_rows(RealView<const Scalar> values, Index first, Index last,
                     const CountRows& rows) {
  const Index row = values.frame_size() / rows.height;
  parallel_for((last - first) * values.extent.steps, [&](Index frame) {
    const Scalar* value = values.frame(first) + frame * rows.frame_size;
    std::int32_t* const entries = rows.entries.data() + frame * rows.frame_size;
    std::int32_t count = 0;
    for (Index y = 0; y < rows.height; ++y, value += row) {
      detail::for_each_count(
          value, row, [&](Index number) { entries[count++] = static_cast<std::int32_t>(number); });
      rows.ends[static_cast<std::size_t>(frame * rows.height + y)] = count;
    }
  });
}

template <class Scalar>
void list_count_channels(RealView<const Scalar> values, Index first, const ConvGeometry& geometry,
                         const CountChannels<Scalar>& channels) {
  const Shape in = values.shape;
  const Shape plane = geometry.plane();
  const Index row = static_cast<Index>(in.width) * in.channels;
  parallel_for(channels.frames, [&](Index frame) {
    for (Index channel = 0; channel < in.channels; ++channel)
      channels.ends[static_cast<std::size_t>(channel * channels.frames + frame)] = 0;
    for (Index y = 0; y < in.height; ++y) {
      const Scalar* const value = values.frame(first) + frame * in.size() + y * row;
      const Index place = (frame * plane.height + y) * plane.width;
      detail::for_each_count(value, row, [&](Index number) {
        const Index list = number % in.channels * channels.frames + frame;
        std::int32_t& end = channels.ends[static_cast<std::size_t>(list)];
        const auto next = static_cast<std::size_t>(list * channels.pixels + end++);
        channels.entries[next] = static_cast<std::int32_t>(place + number / in.channels);
        channels.values[next] = value[number];
      });
    }
  });
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                                \
  template double density<Scalar>(const CountView<Scalar>&);                                     \
  template void list_count_rows<Scalar>(RealView<const Scalar>, Index, Index, const CountRows&); \
  template void list_count_channels<Scalar>(RealView<const Scalar>, Index, const ConvGeometry&,  \
                                            const CountChannels<Scalar>&);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
