#pragma once

#include <span>
#include <vector>

#include <snnbd/core/shape.hpp>

/// Attention maps (Zagoruyko and Komodakis 2017): where in an image a layer is active.
namespace snnbd::inline SNNBD_ISA::repair {

/// The sizes of what a layer does, [sample, pixel, channel].
struct AttentionSize {
  Index samples = 0;
  Index pixels = 0;
  Index channels = 0;
};

/// The attention maps [sample, pixel]: A = a / |a| with a = sum over the channels of |F|^power; all
/// 0 where nothing is active.
///
/// @throws Error if the values are not as many
[[nodiscard]] std::vector<double> attention_maps(std::span<const double> features,
                                                 const AttentionSize& size, double power);

/// weight * sum over samples and pixels of (A - B)^2 / pixels, and its gradient by the features.
///
/// @param features [sample, pixel, channel]
/// @param maps B, [sample, pixel]
/// @param gradient by the features, overwritten; dA/dF is 0 where nothing is active
/// @throws Error if the values are not as many
double attention_distance(std::span<const double> features, std::span<const double> maps,
                          const AttentionSize& size, double power, double weight,
                          std::span<double> gradient);

}  // namespace snnbd::inline SNNBD_ISA::repair

#if !defined(SNNBD_COMPILED)
#include <snnbd/repair/attention.ipp>
#endif
