#pragma once

#include <snnbd/kernels/linear/events.hpp>
#include <snnbd/kernels/linear/geometry.hpp>
#include <snnbd/kernels/simd/registers.hpp>

/// Weight gradients that follow events. The sums of up to nine taps of one input channel stay in
/// registers while all events of the channel pass by; each event adds, for each tap, the row of the
/// output's gradient that it met. Those rows are a slab: some columns of the gradient planes,
/// copied to where the second cache holds them. That cache is the nearest limit, one row of the
/// slab for each event and tap; where a dense layer meets few events, memory is.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Columns of the output's gradient that a task copies together: nine taps of them fit into
/// registers.
template <class Scalar>
inline constexpr int slab_width = (detail::held_sums >= 18 ? 2 : 1) * lanes::width<Scalar>;

/// Copies some columns of a matrix to where its rows are neighbours, zeros past the last column.
///
/// @param columns at most slab_width
template <class Scalar>
void copy_slab(const Scalar* matrix, Index rows, Index stride, int columns, Scalar* slab);

/// The weight gradient of some input channels and columns: adds, for each event and tap, the row of
/// the output's gradient that the event met.
///
/// @param events of the frames in the slab
/// @param slab the frames' gradient planes, slab_width columns of them
/// @param columns how many of them count
/// @param gradient [kernel_y, kernel_x, in, out], from the slab's first column on
template <class Scalar>
void spike_conv_weight_gradient(const ChannelEvents& events, Index first_channel,
                                Index last_channel, const ConvGeometry& geometry,
                                const Scalar* slab, int columns, Scalar amplitude,
                                Scalar* gradient);

/// The weight gradient of a dense layer on spikes, [unit, column] += sum over the frames in which
/// the unit fired of the frame's output gradient.
///
/// @param frame_gradients [frame, column] of the whole batch
template <class Scalar>
void spike_dense_weight_gradient(SpikeView<const Word> spikes, const Scalar* frame_gradients,
                                 Index columns, Scalar amplitude, Scalar* gradient);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/linear/event_weight_gradient.ipp>
#endif
