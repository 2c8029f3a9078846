#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/data/batch.hpp>
#include <snnbd/data/runtime_set.hpp>
#include <snnbd/defend/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

class FittedStrip;

/// STRIP (Gao et al. 2019): a sample is laid over several clean ones. A network that sees a trigger
/// gives its target whatever lies beneath: the mean entropy of its outputs is low. The score is
/// that entropy, negated, in bits.
///
/// The `temperature` divides the outputs before the softmax. Where outputs are rates, in [0, 1], it
/// must: without it, the surest ten of them, one of 1 and nine of 0, have 3.22 bits, and the least
/// sure have 3.32, so that all entropies lie together, whatever the network sees. That is why STRIP
/// was found useless on spiking networks. A temperature of 0 takes the standard deviation of the
/// outputs on clean samples, about 0.3 there, at which the surest have 1.6 bits. So networks with
/// rates, means of currents and accumulated membranes are measured alike: multiplying all outputs
/// by a number changes nothing.
struct Strip {
  static constexpr std::string_view name = "strip";
  std::size_t overlays = 64;  ///< clean samples laid under each
  double weight = 0.5;        ///< of the sample: weight x + (1 - weight) z, if it blends
  bool blends = false;        ///< or adds both and clips to the values that samples may have
  double temperature = 0.0;   ///< of the softmax; 0 to measure it
  std::uint64_t seed = 1;     ///< of the choice of overlays

  void check() const {
    if (overlays == 0) reject("overlays of strip", "at least 1", overlays);
    require_share("weight of strip", weight);
    require_not_negative("temperature of strip", temperature);
  }

  /// @throws Error if a setting is out of range or there are no clean samples
  [[nodiscard]] FittedStrip fit(const NetworkProbe& suspect,
                                const defend::Evidence& evidence) const;
};

/// What STRIP has learned from clean samples.
class FittedStrip {
 public:
  FittedStrip(const Strip& strip, const NetworkProbe& suspect, const defend::Evidence& evidence);

  /// The mean entropy of each sample under its overlays, in bits, negated.
  [[nodiscard]] std::vector<double> scores(data::DatasetView set) const;

  /// What the outputs are divided by.
  [[nodiscard]] double temperature() const { return temperature_; }

 private:
  Strip strip_;
  const NetworkProbe& suspect_;
  data::Samples clean_;
  double temperature_;
};

inline FittedStrip Strip::fit(const NetworkProbe& suspect, const defend::Evidence& evidence) const {
  return {*this, suspect, evidence};
}

}  // namespace snnbd::inline SNNBD_ISA::detect

#if !defined(SNNBD_COMPILED)
#include <snnbd/detect/strip.ipp>
#endif
