#pragma once

#include <type_traits>

#include <snnbd/core/signal.hpp>

/// Where the values of neurons through time lie in memory. Views of a pointer and strides: nothing
/// is copied, and one scan serves signals, tiles in cache and gradient planes alike. Channels are
/// always neighbours, so that a register is filled by one load; steps and pixels may be any
/// distance apart.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Neighbouring units of some pixels at each step: value (step, pixel, channel) stands at
/// `data + step * step_stride + pixel * pixel_stride + channel`. A step stride of 0 says that the
/// values are the same at each step.
template <class Value>
struct Track {
  Value* data = nullptr;
  Index step_stride = 0;
  Index pixel_stride = 0;

  [[nodiscard]] Value* at(Index step, Index pixel) const {
    return data + step * step_stride + pixel * pixel_stride;
  }
};

/// Values of a whole batch, [sample, step, row, pixel, channel], with strides of one's own: a
/// signal as it lies in memory, or the gradient plane of a convolution.
template <class Value>
struct Field {
  Value* data = nullptr;
  Index sample_stride = 0;
  Index step_stride = 0;
  Index row_stride = 0;
  Index pixel_stride = 0;

  /// One row of one sample over all steps, from a channel on.
  [[nodiscard]] Track<Value> row(Index sample, Index y, Index first) const {
    if (data == nullptr) return {};
    return {data + sample * sample_stride + y * row_stride + first, step_stride, pixel_stride};
  }
  // NOLINTNEXTLINE(google-explicit-constructor): a field of values is a field of constant values
  operator Field<const Value>() const requires(!std::is_const_v<Value>) {
    return {data, sample_stride, step_stride, row_stride, pixel_stride};
  }
};

/// Membranes on both sides of a scan, one for each unit: two `Track`s, `Field`s or pointers.
template <class Place>
struct Membranes {
  Place before{};  ///< where they begin; at rest if it is empty
  Place after{};   ///< where they are left; may be empty
};

/// A signal of `steps` steps in the library's memory order, `width` values for each pixel.
template <class Value>
Field<Value> field_of(Value* data, const Shape& shape, Index steps, Index width) {
  const Index frame = shape.pixels() * width;
  return {data, steps * frame, steps == 1 ? 0 : frame, shape.width * width, width};
}

/// How much of a track one call covers. At most 64 channels: one word of spikes for each pixel.
struct Span {
  Index steps = 1;
  Index pixels = 1;
  int channels = 1;
};

}  // namespace snnbd::inline SNNBD_ISA::kernels
