#pragma once

#include <cstdint>

#include <snnbd/kernels/events.hpp>
#include <snnbd/kernels/geometry.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

/// Where a strip of outputs goes: value (pixel, column) at `data + pixel * pixel_stride + column`.
template <class Scalar>
struct StripTarget {
  Scalar* data = nullptr;
  Index pixel_stride = 0;
  int columns = 0;
};

/// Event-driven convolution of one frame, one panel of output channels, neighbouring output pixels
/// of one row: for each event, adds its row of weights. Sums stay in registers.
///
/// @param starts the frame's part of `RowEvents::starts`
/// @param panel packed weights of this panel, weight_rows() x panel_width
/// @param bias one value for each column, or null; added after the amplitude was multiplied in
template <class Scalar>
void spike_conv_strip(const RowEvents& events, const std::int32_t* starts,
                      const ConvGeometry& geometry, const Scalar* panel, const Scalar* bias,
                      Scalar amplitude, int out_y, int out_x, int pixels,
                      const StripTarget<Scalar>& target);

/// The weight gradient of one input channel and one panel of output channels over one sample: adds,
/// for each event and tap, the row of the output's gradient that the event met.
///
/// @param entries where the channel's events stand on the gradient plane
/// @param plane the sample's gradient planes, first column of the panel
/// @param gradient rows [kernel_y, kernel_x] of this channel, `tap_stride` values apart
template <class Scalar>
void spike_conv_weight_gradient(const std::int32_t* entries, Index count,
                                const ConvGeometry& geometry, const Scalar* plane, int columns,
                                Scalar amplitude, Scalar* gradient, Index tap_stride);

/// The weight gradient of a dense layer on spikes, [unit, column] += sum over the frames in which
/// the unit fired of the frame's output gradient.
///
/// @param frame_gradients [frame, column] of the whole batch
template <class Scalar>
void spike_dense_weight_gradient(SpikeView<const Word> spikes, const Scalar* frame_gradients,
                                 Index columns, Scalar amplitude, Scalar* gradient);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/spike_conv.ipp>
#endif
