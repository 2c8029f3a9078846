#pragma once

#include <vector>

#include <snnbd/learn/training/optimizer.hpp>
#include <snnbd/network/network.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// What an optimizer does with a parameter of a kind: weights, biases and norms decay, as PyTorch's
/// do; a neuron's own parameter does not, as that would pull its time constant to 2.
constexpr SegmentKind segment_kind(layer::ParameterKind kind) {
  if (kind == layer::ParameterKind::statistic) return SegmentKind::statistic;
  return kind == layer::ParameterKind::neuron ? SegmentKind::constant : SegmentKind::decaying;
}

/// The flat vector of a network in stretches of one kind.
///
/// @param tensors `Net::tensors()`
inline std::vector<Segment> segments_of(const std::vector<network::ParameterTensor>& tensors) {
  std::vector<Segment> segments;
  for (const network::ParameterTensor& tensor : tensors) {
    const SegmentKind kind = segment_kind(tensor.parameter.kind);
    if (!segments.empty() && segments.back().kind == kind)
      segments.back().count += tensor.parameter.size();
    else
      segments.push_back({tensor.offset, tensor.parameter.size(), kind});
  }
  return segments;
}

}  // namespace snnbd::inline SNNBD_ISA::learn
