#pragma once

#include <cstddef>
#include <string>

#include <snnbd/core/error.hpp>
#include <snnbd/encode/frames.hpp>
#include <snnbd/kernels/elementwise/spike_code.hpp>

namespace snnbd::inline SNNBD_ISA::encode {

SNNBD_INLINE void BinaryFrames::encode(RealView<const float> samples,
                                       std::span<const std::uint64_t> sample_ids,
                                       SpikeView<Word> out, const Steps& steps) const {
  detail::check_frames(samples, sample_ids.size(), out.extent, out.shape, steps);
  const kernels::NoBit wrong = kernels::pack_frames(samples, steps.first, out);
  if (wrong.sample >= 0)
    reject("binary frames, sample " +
               std::to_string(sample_ids[static_cast<std::size_t>(wrong.sample)]),
           "values that are 0 or 1; encode::Frames passes counts on", wrong.value);
}

}  // namespace snnbd::inline SNNBD_ISA::encode
