#pragma once

#include <snnbd/kernels/elementwise/normalize.hpp>

/// Interval arithmetic through a layer: what its outputs can reach if its inputs lie between
/// bounds. Two sums for each channel, in double, over one pass through the weights, channel by
/// channel. It runs once for each layer of a conversion, so that nothing was done for its speed.
namespace snnbd::inline SNNBD_ISA::kernels {

/// What values lie between: from -below to above, neither of which is negative.
struct Bounds {
  double below = 0.0;
  double above = 0.0;
};

/// The bounds of all outputs of W x + b if those of each input are given.
///
/// @param weights [rows, channels], outputs fastest
/// @param bias one for each channel, or null for none
template <class Scalar>
Bounds propagate(const Scalar* weights, const Scalar* bias, const Rows& rows, const Bounds& input);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/conversion/bounds.ipp>
#endif
