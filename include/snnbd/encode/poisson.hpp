#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <snnbd/core/policy.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/encode/encoder.hpp>

namespace snnbd::inline SNNBD_ISA::encode {

/// Rate coding: at each step, a unit with value x fires with probability x, whatever it did before:
/// S = 1[u < x], where x = clip(scale * image, 0, 1) and u is uniform over the multiples of 2^-24
/// in [0, 1). So 0 never fires, 1 always does, and between them the probability is x rounded up to
/// a multiple of 2^-24. Not a number never fires.
///
/// u follows from (seed, sample, step, unit) alone. For other spikes in each epoch, change the
/// seed.
struct Poisson {
  static constexpr std::string_view name = "poisson";

  template <Shape S>
  using Signal = Spikes<S>;

  std::optional<std::uint64_t> seed{};  ///< empty for the experiment's, else 1
  float scale = 1.0F;                   ///< multiplies the image; at least 0

  void check() const { require_not_negative("scale of the rates", scale); }

  /// @param out packed spikes; all its words are written
  /// @param steps which of them, if not all; a sequence has 1 to 65,536
  /// @throws Error if the views do not belong together, steps are out of range, a sample's id is
  ///   2^48 or more, or `scale` is negative or not finite
  void encode(RealView<const float> images, std::span<const std::uint64_t> sample_ids,
              SpikeView<Word> out, const Steps& steps = {}) const;
};

}  // namespace snnbd::inline SNNBD_ISA::encode

#if !defined(SNNBD_COMPILED)
#include <snnbd/encode/poisson.ipp>
#endif
